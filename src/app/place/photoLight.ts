/** Light, camera and ground as the engine reads them off a photo, and the document that follows them. */
import type { EngineClient } from '@/engine/client'
import type { Pixels } from '@/app/pixels/client'
import type { Problem } from '@/base/errors'
import { newId } from '@/base/id'
import { keepLatest } from '@/base/latest'
import { showPhotoScene } from '@/document/place/commands'
import { drawsLayers } from '@/document/place/queries'
import type { DocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import type { FusionDocument } from '@/schema/document'
import type { PhotoScene } from '@/schema/modes/place'
import type { RunStore } from '@/ui/stores/run'
import type { ExtraEvent, ExtraJob, Outcome } from '@/worker/protocol'

interface PhotoLightOptions {
  document: DocumentStore
  run: RunStore
  pixels: Pixels
  engine: EngineClient
}

interface Request {
  photo: AssetRef
  prompt: string
  seed: string
  /** Of the flow. */
  steps: number
}

export interface PhotoLight {
  /** What the photo says at several seeds, for which it is looked at once; each seed is read once. */
  readAll(request: Omit<Request, 'seed'>, seeds: readonly string[]): Promise<Outcome<PhotoScene[]>>
  /** Reads now what would be read soon, and waits until the document shows it; what went wrong, if anything did. */
  settled(): Promise<Problem | null>
  /** A document, open or not, in the light that its photo says, where it follows that; as it is where it cannot be read. */
  lit(doc: FusionDocument): Promise<{ lit: FusionDocument; problem: Problem | null }>
}

/** Quiet time before a photo is read again, ms: nobody looks while they type. */
const SETTLE = 250
const KEPT = 64
const STOPPED: Problem = {
  code: 'cancelled',
  message: 'Reading the photo was stopped.',
  hint: 'Fuse again.',
}

/** Keeps the scene of a document that follows its photo as the photo says it. */
export function followPhoto({ document, run, pixels, engine }: PhotoLightOptions): PhotoLight {
  const known = new Map<string, Promise<Outcome<PhotoScene>>>()
  let asked = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  let shown: Promise<Problem | null> = Promise.resolve(null)
  let failed = false

  const ask = async (
    { photo, prompt, steps }: Omit<Request, 'seed'>,
    [seed, ...others]: readonly string[],
  ): Promise<Outcome<PhotoScene[]>> => {
    const raster = await pixels.raster(photo)
    if (!raster.ok) return raster
    const job: ExtraJob<'scene'> = {
      kind: 'scene',
      id: newId(),
      recipe: { prompt, seed, others, steps },
      rasters: [raster.value],
    }
    const scenes: PhotoScene[] = []
    return new Promise((resolve) =>
      engine.extra(job, (event: ExtraEvent<'scene'>) => {
        if (event.kind === 'item') scenes.push(event.item)
        else if (event.kind === 'done') resolve({ ok: true, value: scenes })
        else if (event.kind === 'failed') resolve({ ok: false, problem: event.problem })
        else if (event.kind === 'cancelled') resolve({ ok: false, problem: STOPPED })
      }),
    )
  }

  const keyOf = ({ photo, seed, prompt, steps }: Request): string =>
    JSON.stringify([photo.hash, seed, prompt, steps])
  const keep = (request: Request, reading: Promise<Outcome<PhotoScene>>): Promise<Outcome<PhotoScene>> => {
    const key = keyOf(request)
    void reading.then((done) => done.ok || known.delete(key))
    return keepLatest(known, key, reading, KEPT)
  }
  const one = (done: Outcome<PhotoScene[]>, at = 0): Outcome<PhotoScene> =>
    done.ok ? { ok: true, value: done.value[at] } : done

  const read = (request: Request): Promise<Outcome<PhotoScene>> =>
    keep(request, known.get(keyOf(request)) ?? ask(request, [request.seed]).then((done) => one(done)))

  const readAll: PhotoLight['readAll'] = async (request, seeds) => {
    const unread = seeds.filter((seed) => !known.has(keyOf({ ...request, seed })))
    if (unread.length > 0) {
      const reading = ask(request, unread)
      for (const [at, seed] of unread.entries())
        void keep(
          { ...request, seed },
          reading.then((done) => one(done, at)),
        )
    }
    const scenes: PhotoScene[] = []
    for (const seed of seeds) {
      const done = await read({ ...request, seed })
      if (!done.ok) return done
      scenes.push(done.value)
    }
    return { ok: true, value: scenes }
  }

  const look = () => {
    const request = run.getState().engine.kind === 'ready' ? requestOf(document.getState().document) : null
    const key = JSON.stringify(request)
    if (key === asked) return
    asked = key
    clearTimeout(timer)
    if (!request) return
    timer = setTimeout(() => (shown = show(request, key)), SETTLE)
  }

  /** A photo that cannot be read leaves the light as it is; Fuse says what is wrong. */
  const show = async (request: Request, key: string): Promise<Problem | null> => {
    timer = undefined
    const done = await read(request)
    if (asked === key && done.ok) showPhotoScene(document, done.value)
    failed = !done.ok
    return done.ok ? null : done.problem
  }

  document.subscribe((state, last) => {
    if (state.document !== last.document) look()
  })
  run.subscribe((state, last) => {
    if (state.engine !== last.engine) look()
  })
  look()
  const settled = (): Promise<Problem | null> => {
    const request = requestOf(document.getState().document)
    if (!request) return Promise.resolve(null)
    // What failed is tried again.
    if (timer !== undefined || failed) {
      clearTimeout(timer)
      shown = show(request, asked)
    }
    return shown
  }
  return {
    readAll,
    settled,
    async lit(doc) {
      const request = requestOf(doc)
      if (!request) return { lit: doc, problem: null }
      const open = requestOf(document.getState().document)
      // The canvas shows what will be made.
      const problem = open && keyOf(open) === keyOf(request) ? await settled() : null
      if (problem) return { lit: doc, problem }
      const done = await read(request)
      return done.ok
        ? { lit: { ...doc, scene: { ...doc.scene, ...done.value } }, problem: null }
        : { lit: doc, problem: done.problem }
    },
  }
}

/** What the document's light is read from; null where it does not follow its photo. */
function requestOf(doc: FusionDocument): Request | null {
  // The bare photo: accepted results have light of their own in them.
  const photo = drawsLayers(doc) ? doc.background : null
  if (!photo || doc.scene.source !== 'photo') return null
  const { hash, name, width, height } = photo
  const { seed, steps } = doc.settings
  return { photo: { hash, name, width, height }, prompt: doc.prompt, seed, steps }
}
