import type { FinishedRun } from '@/app/finishedRun'
import { builtInOf, memoryOf } from '@/app/fusing'
import type { AppServices } from '@/app/services'
import { unreachable } from '@/base/errors'
import { createQueue } from '@/base/queue'
import type { Raster } from '@/base/geometry'
import { newId } from '@/base/id'
import { randomSeed } from '@/base/seed'
import { addCandidate, giveRoles, setRole } from '@/document/align/commands'
import {
  byScore,
  candidateIn,
  conditionsOf,
  nextSeeds,
  pairRecipeOf,
  pairsOf,
  sampleRecipeOf,
  type PairRule,
} from '@/document/align/queries'
import { chooseModel, modelReadiness } from '@/document/models'
import type { ModelRef } from '@/schema/modelRef'
import { MAX_CANDIDATES, type AlignStart, type SampleConditions } from '@/schema/modes/align'
import type { AlignStore } from '@/ui/align/store'
import { startWords } from '@/ui/align/words'
import type { AlignService } from '@/ui/align/service'
import type { ExtraEvent, SampledCandidate } from '@/worker/protocol'
import { say } from '@/words/say'

interface GalleryOptions extends AppServices {
  align: AlignStore
  /** A finished target of several: kept, not shown. */
  onPair(done: FinishedRun<'align'>): Promise<void>
}

/** A start and the candidate that it makes, which may be in the gallery already. */
interface Wanted {
  id: string
  start: AlignStart
}

type Gallery = Pick<AlignService, 'sample' | 'sampleAgain' | 'makePairs'> & {
  /** The user's own pictures, inverted (beyond the paper). */
  addPictures(files: File[]): Promise<void>
  /** Fuses with the next base of the gallery. */
  anotherBase(): Promise<void>
}

/** The gallery of Align: sampling, inverting, and pairs drawn from it. */
export function createGallery(options: GalleryOptions): Gallery {
  const { document, run, models, toasts, align, pixels, library, importing, engine, running, fusing, fuses } =
    options
  const partOf = () => document.getState().document.align
  const room = () => MAX_CANDIDATES - partOf().candidates.length
  const full = () =>
    toasts.actions.note(
      say('The gallery holds at most {n} pictures. Remove some first.', { n: MAX_CANDIDATES }),
    )

  const inTurn = createQueue()

  /** The model to run on; null while something runs or is missing. */
  const modelNow = (): ModelRef | null => {
    const { engine: status, run: current } = run.getState()
    const { document: doc } = document.getState()
    const { installed } = models.getState()
    const ready = current.kind === 'idle' && status.kind === 'ready' && doc.align.prompt.trim() !== ''
    if (!ready || modelReadiness(doc, installed).reasons.length > 0) return null
    return chooseModel(doc, builtInOf(doc, status.info), installed).model
  }

  const keep = async (
    { image, score, reconstruction, maps }: SampledCandidate,
    { id, start }: Wanted,
    made: SampleConditions,
    jobId: string,
  ): Promise<void> => {
    const done = await pixels.importRaster(image, startWords(start))
    if (!done.ok) return toasts.actions.problem(done.problem)
    library.add(done.value)
    const { asset } = done.value
    await importing.persist(asset.hash)
    align.setState((state) => ({ maps: { ...state.maps, [id]: maps } }))
    addCandidate(document, { id, start, asset, made, score, reconstruction }, jobId)
  }

  const make = async (wanted: Wanted[]): Promise<void> => {
    const model = modelNow()
    if (!model || wanted.length === 0) return
    const again = () => void make(wanted)
    const recipe = sampleRecipeOf(
      partOf(),
      model,
      wanted.map(({ start }) => start),
    )
    const jobId = running.begin('sample')
    const pictures: Raster[] = []
    for (const { start } of wanted) {
      if (start.kind === 'seed') continue
      const read = await pixels.raster(start.asset)
      if (!read.ok) return running.failed(read.problem, again)
      pictures.push(read.value)
    }
    if (!running.isShown(jobId)) return
    if (running.isStopping()) return running.idle()

    const made = conditionsOf(recipe)
    // One after the other, so that the gallery grows in order.
    const keepInTurn = createQueue()
    const kept: Promise<void>[] = []
    const job = {
      kind: 'sample' as const,
      id: jobId,
      recipe,
      rasters: pictures,
      ...memoryOf(model, models.getState().memoryGB),
    }
    const last = await running.follow<ExtraEvent<'sample'>>(
      jobId,
      wanted.every(({ start }) => start.kind === 'picture') ? 'Inverting' : 'Sampling',
      (onEvent) => engine.extra(job, onEvent),
      (event) => {
        if (event.kind !== 'item') return
        const { item: candidate } = event
        kept.push(keepInTurn(() => keep(candidate, wanted[candidate.index], made, jobId)))
      },
    )
    await Promise.all(kept)
    giveRoles(document, jobId)
    switch (last.kind) {
      case 'done':
        return running.idle()
      case 'cancelled':
        running.idle()
        return toasts.actions.note(say('Stopped. The pictures that were finished stay.'))
      case 'failed':
        return running.failed(last.problem, again)
      default:
        return unreachable(last)
    }
  }

  const fresh = (start: AlignStart): Wanted => ({ id: newId(), start })

  const makePairs = async (rule: PairRule): Promise<void> => {
    const part = partOf()
    const model = modelNow()
    const pairs = pairsOf(part.candidates, rule)
    if (!model || pairs.length === 0) return
    let done = 0
    running.begin('pairs')
    for (const { base, reference } of pairs) {
      const recipe = pairRecipeOf(part, model, base.start, reference.start)
      const finished = await fusing.runRecipe<'align'>(running.next(), recipe, {
        verb: `Pair ${done + 1} of ${pairs.length}`,
        documentId: document.getState().document.id,
        stopped: say('Stopped. The results of {n} of {total} pairs stay.', {
          n: done,
          total: pairs.length,
        }),
        retry: () => void makePairs(rule),
      })
      // Stopped or failed: that has been told, and what is finished stays.
      if (!finished) return
      await options.onPair(finished)
      done += 1
      if (running.isStopping()) break
    }
    running.idle()
    toasts.actions.note(
      say('{n} of {total} pairs are done; their targets are in the results.', {
        n: done,
        total: pairs.length,
      }),
    )
  }

  return {
    async sample() {
      const { settings } = document.getState().document
      const count = Math.min(partOf().count, room())
      if (count <= 0) return full()
      const first = settings.randomSeed ? randomSeed() : settings.seed
      await make(nextSeeds(partOf(), first, count).map(fresh))
    },

    async sampleAgain(ids) {
      await make(
        ids.flatMap((id) => {
          const candidate = candidateIn(partOf(), id)
          return candidate ? [{ id, start: candidate.start }] : []
        }),
      )
    },

    addPictures: (files) =>
      // Another lot waits for the pictures of the one before it to be followed back to noise.
      inTurn(async () => {
        if (!importing.makeFree()) return
        if (!modelNow())
          return toasts.actions.note(say('Write a prompt that says what your pictures show first.'))
        const starts: AlignStart[] = []
        await importing.busy(async () => {
          for (const file of files) {
            if (starts.length >= room()) return full()
            const picture = await importing.readPicture(file)
            if (!picture) continue
            library.add(picture)
            await importing.persist(picture.asset.hash)
            starts.push({ kind: 'picture', asset: picture.asset })
          }
        })
        if (importing.makeFree()) await make(starts.map(fresh))
      }),

    makePairs,

    async anotherBase() {
      const part = partOf()
      const others = byScore(part.candidates).filter(({ id }) => id !== part.reference)
      // From the worst upwards, and round again.
      const now = others.findIndex(({ id }) => id === part.base)
      const next = others.at(now < 0 ? -1 : now - 1)
      if (!next || next.id === part.base)
        return toasts.actions.note(say('There is no other picture for a base: sample more.'))
      setRole(document, 'base', next.id)
      await fuses.fuse()
    },
  }
}
