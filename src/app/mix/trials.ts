import { builtInOf, memoryOf } from '@/app/fusing'
import type { AppServices } from '@/app/services'
import { unreachable, type Problem } from '@/base/errors'
import { createQueue } from '@/base/queue'
import type { Raster } from '@/base/geometry'
import { addTrial, beginTrials, endTrials } from '@/document/mix/commands'
import {
  areStale,
  bestTrial,
  conditionsOf,
  draftRecipeOf,
  isAutomatic,
  mixRecipeOf,
  samePoint,
  searchOf,
} from '@/document/mix/queries'
import { chooseModel } from '@/document/models'
import { readiness } from '@/document/queries'
import type { ModelRef } from '@/schema/modelRef'
import type { FusionDocument } from '@/schema/document'
import type { MixPoint, MixRecipe } from '@/schema/modes/mix'
import type { ExtraEvent, TriedMixture, WantedTrials } from '@/worker/protocol'
import { say } from '@/words/say'

export interface Trials {
  /**
   * Finds the balance of a document, as a part of the run that is shown; nothing where it is chosen by hand. The document with
   * it; null where it cannot be found any more, and that has been told.
   */
  find(of: FusionDocument): Promise<FusionDocument | null>
  /** Makes drafts of these mixtures, as far as they are not there. */
  make(points: MixPoint[]): Promise<void>
}

type Last = Extract<ExtraEvent<'mixtures'>, { kind: 'done' | 'cancelled' | 'failed' }>

/** Drafts of Mix. */
export function createTrials(services: AppServices): Trials {
  const { document, run, models, toasts, pixels, library, importing, engine, running, fuses } = services
  const mixNow = () => document.getState().document.mix

  const draftRecipe = (model: ModelRef): MixRecipe =>
    draftRecipeOf(mixRecipeOf(document.getState().document, model), searchOf(mixNow()))

  /** The model to run on; null while something is missing. */
  const modelNow = (): ModelRef | null => {
    const { document: doc } = document.getState()
    const { installed } = models.getState()
    const { engine: status } = run.getState()
    if (status.kind !== 'ready' || !readiness(doc, installed, status.info.lacking).ready) return null
    return chooseModel(doc, builtInOf(doc, status.info), installed).model
  }

  const keep = async ({ point, image, judgement }: TriedMixture, jobId: string): Promise<void> => {
    const done = await pixels.importRaster(image, say('Draft|picture'))
    if (!done.ok) return toasts.actions.problem(done.problem)
    library.add(done.value)
    const { asset } = done.value
    await importing.persist(asset.hash)
    addTrial(document, { point, asset, judgement }, jobId)
  }

  /** Makes drafts as the job that is shown. Null where it was stopped before it began, or its pictures are gone. */
  const draft = async (
    jobId: string,
    model: ModelRef,
    wanted: WantedTrials,
    retry: () => void,
  ): Promise<Last | null> => {
    const recipe = draftRecipe(model)
    beginTrials(document, conditionsOf(recipe), jobId)
    const rasters: Raster[] = []
    for (const { asset } of recipe.objects) {
      const read = await pixels.raster(asset)
      if (!read.ok) {
        running.failed(read.problem, retry)
        return null
      }
      rasters.push(read.value)
    }
    if (!running.isShown(jobId) || running.isStopping()) return null
    const known = mixNow().trials.list.flatMap(({ point, judgement }) =>
      judgement ? [{ point, judgement }] : [],
    )
    // One after the other, so that they are listed in order.
    const inTurn = createQueue()
    const kept: Promise<void>[] = []
    const memory = memoryOf(model, models.getState().memoryGB)
    const job = {
      kind: 'mixtures' as const,
      id: jobId,
      recipe: { recipe, wanted, known },
      rasters,
      ...memory,
    }
    const last = await running.follow<ExtraEvent<'mixtures'>>(
      jobId,
      'Trying mixtures',
      (onEvent) => engine.extra(job, onEvent),
      (event) => {
        if (event.kind !== 'item') return
        const { item } = event
        kept.push(inTurn(() => keep(item, jobId)))
      },
    )
    await Promise.all(kept)
    return last
  }

  const make = async (points: MixPoint[]): Promise<void> => {
    const model = modelNow()
    if (!model || run.getState().run.kind !== 'idle') return
    const jobId = running.begin('try')
    const last = await draft(jobId, model, { kind: 'points', points }, () => void make(points))
    if (!last) return running.isShown(jobId) ? running.idle() : undefined
    if (last.kind === 'failed') return running.failed(last.problem, () => void make(points))
    running.idle()
  }

  const search = async (): Promise<void> => {
    const { run: now } = run.getState()
    const model = modelNow()
    if (now.kind !== 'running' || !model) return
    const { jobId } = now
    const { rounds } = mixNow().search
    const again = () => void fuses.fuse()
    const last = await draft(jobId, model, { kind: 'search', rounds }, again)
    if (!last) return
    const best = bestTrial(mixNow().trials.list)?.point ?? null
    const { automatic } = mixNow()
    // What was set meanwhile stays as it is.
    const stale = areStale(document.getState().document, modelNow() ?? undefined)
    switch (last.kind) {
      case 'done':
        if (!stale) return endTrials(document, { point: best, done: true, automatic: true }, jobId)
        endTrials(document, { point: null, done: true, automatic }, jobId)
        running.idle()
        return toasts.actions.note(
          say('Settings were changed during the search. Press Fuse to search with those of now.'),
        )
      case 'cancelled':
        if (stale) return endTrials(document, { point: null, done: false, automatic }, jobId)
        // The best so far is what the next fuse makes.
        return endTrials(document, { point: best, done: false, automatic: best === null }, jobId)
      case 'failed':
        return running.failed(last.problem, again)
      default:
        return unreachable(last)
    }
  }

  return {
    async find(of) {
      if (!isAutomatic(of.mix)) return of
      // Drafts lie in the document, so they are made of what is open.
      const open = document.getState().document
      if (open.id !== of.id || open.mode !== of.mode || searchedFor(open) !== searchedFor(of)) {
        running.failed(CHANGED, () => void fuses.fuse())
        return null
      }
      running.hold(true)
      await search()
      running.hold(false)
      return { ...of, mix: mixNow() }
    },

    async make(points) {
      const { trials } = mixNow()
      const model = modelNow()
      if (!model) return
      const of = conditionsOf(draftRecipe(model))
      const isThere = (point: MixPoint) =>
        trials.of === of && trials.list.some((trial) => samePoint(trial.point, point))
      const missing = points.filter((point) => !isThere(point))
      if (missing.length > 0) await make(missing)
    },
  }
}

/** What a search goes by. */
function searchedFor({ mix, settings }: FusionDocument): string {
  const { trials: _trials, point: _point, ...rest } = mix
  return JSON.stringify([rest, settings.seed])
}

const CHANGED: Problem = {
  code: 'bad-recipe',
  message: 'The mixture that waited was not made: its objects or settings are not as they were.',
  hint: 'The balance is searched for on the open document. Press Fuse for what it is now, or choose the balance by hand.',
}
