import { openJudge, openMix, planMixRun } from '@/pipelines/mix/openMix'
import { evaluationsOf, mixTypical } from '@/pipelines/mix/work'
import type { EngineMode } from '@/pipelines/shared/engineMode'
import { stopwatch } from '@/pipelines/shared/stopwatch'

export const mixMode: EngineMode<'mix'> = {
  plan: planMixRun,
  typical: mixTypical,
  // Of the prompt only CLIP's vector counts, in which the names come first.
  unread: () => Promise.resolve(0),

  async run(context, recipe, rasters) {
    const { noise, picture } = evaluationsOf(recipe.mix)
    const open = await openMix(context, recipe, rasters, noise + picture)
    const { models, session } = open
    try {
      const { image, turned, tokens } = await session.make(recipe.point)
      const lap = stopwatch()
      const judge = await openJudge(context, open, recipe)
      const judgement = judge && (await judge.judge(image))
      session.seconds.composite += lap()
      return {
        image,
        report: { judgement, turned, tokens },
        moves: [],
        steps: recipe.mix.steps,
        seconds: session.seconds,
        modelHash: models.set.transformer.hash,
      }
    } finally {
      models.makeRoom()
    }
  },
}
