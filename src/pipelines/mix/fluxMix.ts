/** Mix on FLUX, SigLIP and Redux, with the scorers where they are installed. */
import type { Raster } from '@/base/geometry'
import type { FluxModels } from '@/pipelines/flux/fluxModel'
import { fluxPictureModel } from '@/pipelines/flux/fluxPictureModel'
import { embedPooled } from '@/pipelines/flux/prompt'
import { Judge } from '@/pipelines/mix/judge'
import type { MixModel } from '@/pipelines/mix/mixModel'
import type { MixSet } from '@/pipelines/mix/mixSet'
import { embedObjects, nearestPixels, OBJECT_SIDE } from '@/pipelines/mix/objects'
import type { RunContext } from '@/pipelines/shared/engineMode'
import { findMainObject } from '@/pipelines/shared/mainObject'

/** Every picture is brought to one size first, whatever its shape. */
const squares = (pictures: readonly Raster[]): Raster[] =>
  pictures.map((picture) => nearestPixels(picture, OBJECT_SIDE))

/** @throws bad-weights when VAE and transformer were not made for each other */
export function fluxMix(context: RunContext, models: FluxModels, set: MixSet): MixModel {
  const { backend, prompts, signal } = context
  return {
    ...fluxPictureModel(models),
    stays: models,
    async promptVector(prompt) {
      const [pooled] = await embedPooled(models, [prompt], { cache: prompts, signal })
      return pooled
    },
    embedObjects: (pictures, options) => embedObjects(backend, set, squares(pictures), options),
    async judge(pictures, labels) {
      if (!set.scorers) return null
      const options = {
        backend,
        scorers: set.scorers,
        tokenizer: models.set.clipTokenizer,
        makeRoom: () => models.makeRoom(),
        find: (picture: Raster) => findMainObject(context, picture),
        signal,
      }
      return Judge.begin(options, squares(pictures), labels)
    },
  }
}
