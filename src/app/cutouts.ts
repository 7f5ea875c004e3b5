import type { EngineClient } from '@/engine/client'
import type { Library } from '@/app/library'
import type { Pixels } from '@/app/pixels/client'
import { freePixels } from '@/app/pixels/protocol'
import type { Problem } from '@/base/errors'
import type { Mask } from '@/base/geometry'
import { newId } from '@/base/id'
import { keepLatest } from '@/base/latest'
import type { ModelPart } from '@/schema/modelRef'
import { cuttersOf, type ModelsStore } from '@/ui/stores/models'
import type { EngineStatus, RunStore } from '@/ui/stores/run'
import type { CutoutService } from '@/ui/studio'
import type { Outcome } from '@/worker/protocol'

interface CutoutsOptions {
  pixels: Pick<Pixels, 'cutoutOpen' | 'cutoutPreview' | 'cutoutApply' | 'progressPort' | 'forget'>
  library: Pick<Library, 'add'>
  engine: Pick<EngineClient, 'extra' | 'cancel'>
  run: RunStore
  models: ModelsStore
}

/** Masks that are remembered; one takes 16 kB, or a megabyte where somebody's own network gives it. */
const KEPT = 32
const STOPPED: Problem = {
  code: 'cancelled',
  message: 'Looking for the main object was stopped.',
  hint: 'Choose it again, or another way to cut out.',
}

/** Cut-outs for the dialog: the engine finds the object, the pixel worker cuts it out. */
export function createCutouts({ pixels, library, engine, run, models }: CutoutsOptions): CutoutService {
  const known = new Map<string, Mask>()
  const partOf = (cutter: string | null): ModelPart | null => {
    const pack = cuttersOf(models.getState()).find(({ id }) => id === cutter)
    return pack ? { family: pack.family, name: pack.name, hash: pack.hash, weight: 1 } : null
  }
  return {
    open: (hash) => pixels.cutoutOpen(hash),
    async find(hash, cutter, signal) {
      const model = partOf(cutter)
      const key = `${hash} ${model?.hash ?? ''}`
      const kept = known.get(key)
      if (kept) return { ok: true, value: keepLatest(known, key, kept, KEPT) }
      const small = await pixels.cutoutOpen(hash)
      if (!small.ok) return small
      const status = await settled(run, signal)
      if (signal.aborted) return { ok: false, problem: STOPPED }
      if (status.kind === 'failed') return { ok: false, problem: status.problem }
      const found = await new Promise<Outcome<Mask>>((resolve) => {
        const id = newId()
        signal.addEventListener('abort', () => engine.cancel(id))
        engine.extra({ kind: 'cutout', id, recipe: { model }, rasters: [small.value.image] }, (event) => {
          if (event.kind === 'item') resolve({ ok: true, value: event.item })
          else if (event.kind === 'failed') resolve({ ok: false, problem: event.problem })
          else if (event.kind === 'cancelled') resolve({ ok: false, problem: STOPPED })
        })
      })
      if (found.ok) keepLatest(known, key, found.value, KEPT)
      return found
    },
    preview: (hash, method, signal, onProgress) =>
      pixels.cutoutPreview(hash, method, pixels.progressPort(signal, onProgress)),
    async apply(hash, method, signal, onProgress) {
      const done = await pixels.cutoutApply(hash, method, pixels.progressPort(signal, onProgress))
      if (!done.ok) return done
      if (!done.value.content) {
        freePixels(done.value)
        void pixels.forget(done.value.asset.hash)
        return {
          ok: false,
          problem: {
            code: 'empty-foreground',
            message: 'Nothing would be left of the picture.',
            hint: 'Lower the tolerance, paint over what is to be kept, or draw the box more loosely.',
          },
        }
      }
      library.add(done.value)
      return { ok: true, value: done.value.asset.hash }
    },
  }
}

/** The engine's status once it has started, or cannot; as it is when `signal` fires. */
function settled(run: RunStore, signal: AbortSignal): Promise<EngineStatus> {
  return new Promise((resolve) => {
    const look = () => {
      const { engine } = run.getState()
      if (engine.kind === 'starting' && !signal.aborted) return
      stop()
      signal.removeEventListener('abort', look)
      resolve(engine)
    }
    const stop = run.subscribe(look)
    signal.addEventListener('abort', look)
    look()
  })
}
