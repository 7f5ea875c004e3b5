/** An engine for pages: documents made of what callers say, fused on the studio's own worker. */
import { fail, InlayError, type Problem } from '@/base/errors'
import type {
  AlignOptions,
  ComposeOptions,
  Engine,
  EngineOptions,
  EngineState,
  MixOptions,
  PictureInput,
  PlaceOptions,
  RunOptions,
} from '@/engine/api'
import { createEngineClient } from '@/engine/client'
import type { Running } from '@/engine/jobs'
import { DOCUMENTS } from '@/engine/modes'
import { fetched, PictureBook } from '@/engine/pictures'
import { runDocument, runRecipe, type MadeHere } from '@/engine/runs'
import type { FusionDocument } from '@/schema/document'
import type { Mode } from '@/schema/modes'
import { perBuiltIn, ships, type BuiltInFamily } from '@/schema/pack'
import { readRecipe } from '@/schema/recipe'
import type { EngineInfo } from '@/worker/protocol'
import { valueOf } from '@/worker/supervised'

/** The same with all that the engine tells; the command line writes layers from it. */
export interface StudioEngine extends Engine {
  readonly state: EngineState
  place(options: PlaceOptions): Promise<MadeHere<'place'>>
  compose(options: ComposeOptions): Promise<MadeHere<'compose'>>
  align(options: AlignOptions): Promise<MadeHere<'align'>>
  mix(options: MixOptions): Promise<MadeHere<'mix'>>
  again(recipe: unknown, pictures: readonly PictureInput[], options?: RunOptions): Promise<MadeHere>
  project(file: Blob | URL | string, options?: RunOptions): Promise<MadeHere>
}

const ENDED: Problem = {
  code: 'cancelled',
  message: 'The engine was ended.',
  hint: 'Create another one.',
}

/** @throws InlayError where no backend or runtime can be had */
export async function createStudioEngine(options: EngineOptions): Promise<StudioEngine> {
  let ended = false
  const start = async (): Promise<EngineInfo> => (info = valueOf(await client.start(startOptions(options))))
  const client = createEngineClient('Run it again.', () => {
    started = start()
    // What goes wrong then is told to the next call.
    started.catch(() => undefined)
  })
  let info: EngineInfo
  let started: Promise<EngineInfo> | null = start()
  info = await started.catch((error: unknown) => {
    client.kill(ENDED)
    throw error
  })

  /** A start that failed is told to whoever asks next; the one after that finds another. */
  const running = async (): Promise<Running> => {
    if (ended) throw new InlayError(ENDED)
    const mine = (started ??= start())
    try {
      return { client, info: await mine }
    } catch (error) {
      if (started === mine) started = null
      throw error
    }
  }
  const run = async <O extends RunOptions, M extends Mode>(
    document: (running: Running, given: O, book: PictureBook) => Promise<FusionDocument>,
    given: O,
  ): Promise<MadeHere<M>> => {
    const book = new PictureBook()
    const now = await running()
    return runDocument<M>(now, await document(now, given, book), book, given)
  }

  return {
    get state() {
      const { backend, arithmetic, reason, adapter } = info
      return { backend, arithmetic, reason, adapter }
    },
    place: (given) => run(DOCUMENTS.place, given),
    compose: (given) => run(DOCUMENTS.compose, given),
    align: (given) => run(DOCUMENTS.align, given),
    mix: (given) => run(DOCUMENTS.mix, given),
    async again(given, pictures, runOptions = {}) {
      const read = readRecipe(given)
      if (!read.ok)
        return fail('bad-recipe', 'This recipe cannot be read.', 'Give it as its PNG has it.', read.reason)
      const book = new PictureBook()
      for (const picture of pictures) await book.add(picture, 'Picture')
      return runRecipe(await running(), read.value, book, runOptions)
    },
    async project(file, runOptions = {}) {
      const { runProject } = await import('@/engine/project')
      const blob = file instanceof Blob ? file : await fetched(file, 'The project')
      return runProject(await running(), blob, new PictureBook(), runOptions)
    },
    dispose() {
      ended = true
      client.kill(ENDED)
    },
  }
}

function startOptions({ assets, backend = 'auto', arithmetic = 'exact', models = {} }: EngineOptions) {
  const folder = (address: string | URL, base: string): string => {
    const { href } = new URL(address, base)
    return href.endsWith('/') ? href : `${href}/`
  }
  const root = folder(assets, location.href)
  const urlOf = (family: BuiltInFamily): string | null => {
    const own = models[family]
    if (own !== undefined) return folder(own, location.href)
    return ships(family) ? folder(`models/${family}/`, root) : null
  }
  return { backend, arithmetic, packUrls: perBuiltIn(urlOf), runtimeUrl: folder('ort/', root) }
}
