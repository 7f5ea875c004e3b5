import { problemOf, type Problem } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { wordsOf } from '@/nets/mini'
import { openFlux, planFluxRun } from '@/pipelines/flux/openFlux'
import { placeByHand } from '@/pipelines/place/byHand'
import { geometriesOf } from '@/pipelines/place/cutoutGeometry'
import { unreadByT5 } from '@/pipelines/flux/unread'
import { loadPlaceModel, place, type PlaceJob } from '@/pipelines/place/place'
import { placeFlux, PLACE_TEXT_TOKENS } from '@/pipelines/place/placeFlux'
import { placeTypical, placeWork } from '@/pipelines/place/work'
import type { PlaceReport } from '@/pipelines/place/report'
import type { EngineContext, EngineMode, Finished, RunContext } from '@/pipelines/shared/engineMode'
import { stopwatch } from '@/pipelines/shared/stopwatch'
import type { PlaceRecipe } from '@/schema/modes/place'
import { readPack } from '@/weights/packs/pack'

export const placeMode: EngineMode<'place'> = {
  plan: (context, recipe) => planFluxRun(context, recipe.model, placeWork(recipe)),
  typical: placeTypical,
  unread: (context, { model, prompt, scene }) => {
    // Light that is set by hand has no words.
    if (scene) return Promise.resolve(0)
    return model.parts.length > 0
      ? unreadByT5(context, model, prompt, { length: PLACE_TEXT_TOKENS })
      : unreadByMini(context, prompt)
  },
  run: (context, recipe, rasters) => runnerOf(recipe)(context, jobOf(recipe, rasters)),
}

async function unreadByMini({ builtIn }: EngineContext, prompt: string): Promise<number> {
  const { textTokens } = (await builtIn('mini')).manifest.config
  return Math.max(0, wordsOf(prompt).length - textTokens)
}

/** The base picture's pixels come first, masks last. */
function jobOf(recipe: PlaceRecipe, [background, ...rest]: readonly Raster[]): PlaceJob {
  const count = recipe.foregrounds.length
  return { recipe, background, foregrounds: rest.slice(0, count), masks: rest.slice(count) }
}

function runnerOf({
  model,
  scene,
}: PlaceRecipe): (context: RunContext, job: PlaceJob) => Promise<Finished<PlaceReport | null>> {
  if (scene) return runByHand
  return model.parts.length > 0 ? runFlux : runMini
}

async function runByHand(context: RunContext, job: PlaceJob): Promise<Finished<PlaceReport>> {
  const { backend, onProgress, signal } = context
  const lap = stopwatch()
  const seen = await geometriesOf(context, job.recipe.foregrounds, job.foregrounds).catch(
    (error: unknown) => {
      signal.throwIfAborted()
      backend.assertAlive()
      return { geometries: null, modelHash: '', problem: problemOf(error) }
    },
  )
  const load = lap()
  const { image, seconds } = await placeByHand(job, seen.geometries, onProgress, signal)
  const report = { shapes: seen.geometries, notes: 'problem' in seen ? [unseen(seen.problem)] : [] }
  return { image, report, moves: [], steps: 0, seconds: { load, ...seconds }, modelHash: seen.modelHash }
}

const unseen = ({ message }: Problem): string =>
  `The shapes of the objects could not be told, so their shadows follow their outlines. ${message}`

async function runMini(context: RunContext, job: PlaceJob): Promise<Finished<null>> {
  const { backend, models, onLoading, onProgress, signal } = context
  const lap = stopwatch()
  const pack = await context.builtIn('mini')
  const net = await models.always('mini', async () =>
    loadPlaceModel(backend, pack.manifest, await readPack(pack, onLoading, signal)),
  )
  const load = lap()
  const { image, seconds } = await place(net, pack.manifest.words, job, onProgress, signal)
  const { steps } = job.recipe
  return { image, report: null, moves: [], steps, seconds: { load, ...seconds }, modelHash: pack.hash }
}

async function runFlux(context: RunContext, job: PlaceJob): Promise<Finished<null>> {
  const { model, steps } = job.recipe
  const models = await openFlux(context, model, placeWork(job.recipe))
  const { image, seconds } = await placeFlux(models, job, context.prompts, context.onProgress, context.signal)
  return { image, report: null, moves: [], steps, seconds, modelHash: models.set.transformer.hash }
}
