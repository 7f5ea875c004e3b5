import { fail, problemOf, type Problem } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { openFlux, planFluxRun } from '@/pipelines/flux/openFlux'
import { readingByKlein } from '@/pipelines/flux2/kleinReading'
import { openKlein, planKlein } from '@/pipelines/flux2/openKlein'
import { geometriesOf } from '@/pipelines/place/cutoutGeometry'
import { readingByT5 } from '@/pipelines/flux/reading'
import type { PlaceJob } from '@/pipelines/place/job'
import { kleinPlaceTypical, kleinWork } from '@/pipelines/place/kleinWork'
import { placeFlux, PLACE_TEXT_TOKENS } from '@/pipelines/place/placeFlux'
import { placeKlein } from '@/pipelines/place/placeKlein'
import { placeLayers } from '@/pipelines/place/placeLayers'
import { placeTypical, placeWork } from '@/pipelines/place/work'
import type { PlaceReport } from '@/pipelines/place/report'
import type { EngineMode, Finished, RunContext } from '@/pipelines/shared/engineMode'
import { stopwatch } from '@/pipelines/shared/stopwatch'
import { isOfMini1, type PlaceRecipe } from '@/schema/modes/place'
import { kleinText, type KleinPlaceSettings } from '@/schema/modes/placeKlein'
import { UNCOUNTED } from '@/text/reading'

export const placeMode: EngineMode<'place'> = {
  plan: (context, recipe) =>
    recipe.klein
      ? planKlein(context, recipe.model, workOf(recipe, recipe.klein))
      : planFluxRun(context, recipe.model, placeWork(recipe)),
  typical: (speed) => [...kleinPlaceTypical(speed), ...placeTypical(speed)],
  // Words of light are read to the last.
  reading: (context, { model, prompt, flux, klein, foregrounds: [first] }) =>
    klein
      ? readingByKlein(context, model, kleinText(klein, first, prompt))
      : flux
        ? readingByT5(context, model, prompt, { length: PLACE_TEXT_TOKENS })
        : Promise.resolve(UNCOUNTED),
  run: (context, recipe, rasters) => runnerOf(recipe)(context, jobOf(recipe, rasters)),
}

const workOf = (recipe: PlaceRecipe, klein: KleinPlaceSettings) => (isBase: boolean) =>
  kleinWork(recipe, klein, isBase)

/** The base picture's pixels come first, masks last. */
function jobOf(recipe: PlaceRecipe, [background, ...rest]: readonly Raster[]): PlaceJob {
  const count = recipe.foregrounds.length
  return { recipe, background, foregrounds: rest.slice(0, count), masks: rest.slice(count) }
}

function runnerOf(
  recipe: PlaceRecipe,
): (context: RunContext, job: PlaceJob) => Promise<Finished<PlaceReport>> {
  if (isOfMini1(recipe))
    fail('bad-recipe', 'The model of this recipe is no longer part of Inlay.', 'Restore it and fuse again.')
  return recipe.klein ? runKlein : recipe.flux ? runFlux : runLayers
}

async function runLayers(context: RunContext, job: PlaceJob): Promise<Finished<PlaceReport>> {
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
  const { image, seconds } = await placeLayers(job, seen.geometries, onProgress, signal)
  const report = { shapes: seen.geometries, notes: 'problem' in seen ? [unseen(seen.problem)] : [] }
  return { image, report, moves: [], steps: 0, seconds: { load, ...seconds }, modelHash: seen.modelHash }
}

const unseen = ({ message }: Problem): string =>
  `The shapes of the objects could not be told, so their shadows follow their outlines. ${message}`

async function runFlux(context: RunContext, job: PlaceJob): Promise<Finished<PlaceReport>> {
  const { model, steps } = job.recipe
  const models = await openFlux(context, model, placeWork(job.recipe))
  const { prompts, onProgress, signal } = context
  const { image, notes, seconds } = await placeFlux(models, job, prompts, onProgress, signal)
  const report = { shapes: null, notes }
  return { image, report, moves: [], steps, seconds, modelHash: models.set.transformer.hash }
}

async function runKlein(context: RunContext, job: PlaceJob): Promise<Finished<PlaceReport>> {
  const { model, steps, klein } = job.recipe
  if (!klein) fail('bad-recipe', 'The recipe is not for klein.', 'Choose the model again and fuse.')
  const models = await openKlein(context, model, workOf(job.recipe, klein))
  const { texts, onProgress, signal, stopNow } = context
  const { variations, seconds, wasStopped } = await placeKlein(
    models,
    job,
    texts,
    onProgress,
    signal,
    stopNow,
  )
  const [{ image, notes }, ...others] = variations
  return {
    image,
    report: { shapes: null, notes, others },
    moves: others.map((one) => one.image.data.buffer),
    steps,
    seconds,
    modelHash: models.set.transformer.hash,
    wasStopped,
  }
}
