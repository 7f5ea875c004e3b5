import { align } from '@/pipelines/align/align'
import { openAlignModel, planAlignRun } from '@/pipelines/align/openAlign'
import type { AlignRecord } from '@/pipelines/align/report'
import { readingByAlign } from '@/pipelines/align/reading'
import type { EngineMode } from '@/pipelines/shared/engineMode'

export const alignMode: EngineMode<'align'> = {
  plan: planAlignRun,
  reading: readingByAlign,
  typical: () => [],

  async run(context, recipe, pictures) {
    const model = await openAlignModel(context, recipe)
    const { image, seconds, record } = await align(model, { recipe, pictures }, context)
    return {
      image,
      report: record,
      moves: movesOf(record),
      steps: recipe.align.steps,
      seconds,
      modelHash: model.hash,
    }
  },
}

/** Frames were told with their steps, and the prompt's embedding is the model's. */
function movesOf({ reference, base, maps, trajectories }: AlignRecord): ArrayBufferLike[] {
  const arrays = [...maps.steps, ...Object.values(trajectories).map(({ latents }) => latents)]
  return [reference.data, base.data, ...arrays].map(({ buffer }) => buffer)
}
