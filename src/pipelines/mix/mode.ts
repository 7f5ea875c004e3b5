import type { Raster } from '@/base/geometry'
import { openMix, planMixRun, type OpenMix } from '@/pipelines/mix/openMix'
import { evaluationsOf, mixTypical } from '@/pipelines/mix/work'
import type { EngineMode, RunContext } from '@/pipelines/shared/engineMode'
import { stopwatch } from '@/pipelines/shared/stopwatch'
import type { Judgement, MixRecipe } from '@/schema/modes/mix'
import { UNCOUNTED } from '@/text/reading'

export const mixMode: EngineMode<'mix'> = {
  plan: planMixRun,
  typical: mixTypical,
  // Of the prompt only CLIP's vector counts, in which the names come first.
  reading: () => Promise.resolve(UNCOUNTED),

  async run(context, recipe, rasters) {
    const { noise, picture } = evaluationsOf(recipe.mix)
    const open = await openMix(context, recipe, rasters, noise + picture)
    const { model, session } = open
    try {
      const { image, turned, tokens } = await session.make(recipe.point)
      const lap = stopwatch()
      const judgement = await judgementOf(context, open, recipe, rasters, image)
      session.seconds.composite += lap()
      return {
        image,
        report: { judgement, turned, tokens },
        moves: [],
        steps: recipe.mix.steps,
        seconds: session.seconds,
        modelHash: model.hash,
      }
    } finally {
      model.makeRoom()
    }
  },
}

/** Null where there are no scorers, or the picture cannot be judged: it is not lost for that. @throws device-lost; AbortError */
async function judgementOf(
  context: RunContext,
  { model }: OpenMix,
  { objects }: MixRecipe,
  rasters: readonly Raster[],
  image: Raster,
): Promise<Judgement | null> {
  try {
    const labels = objects.map(({ label }) => label)
    const judge = await model.judge(rasters, labels)
    return judge && (await judge.judge(image))
  } catch {
    context.signal.throwIfAborted()
    context.backend.assertAlive()
    return null
  }
}
