/** What mode Compose asks of a model that looks at references as DreamO does: FLUX with its adapters, and the built-in Painter-D. */
import type { Raster } from '@/base/geometry'
import type { ComposeText } from '@/pipelines/compose/composeDenoise'
import type { FluxPicture } from '@/pipelines/flux/fluxPictures'
import type { PictureModel } from '@/pipelines/shared/pictureModel'
import type { ComposeRecipe } from '@/schema/modes/compose'
import type { DreamoEmbeddings } from '@/weights/lora/loraEmbeddings'

export interface ComposeJob {
  recipe: ComposeRecipe
  /** Pixels of each reference, in the order of `recipe.references`; alpha is the cut-out. */
  references: readonly Raster[]
}

type OnPart = (done: number, total: number) => void

export interface ComposeModel extends PictureModel {
  /** What is added to the tokens of a picture and of so many references; null where nothing is. @throws bad-weights */
  referenceRows(references: number): Promise<DreamoEmbeddings | null>
  /** The prompt and, where true guidance is on, the negative prompt. @throws missing-asset, bad-weights; AbortError */
  readTexts(recipe: ComposeRecipe, onPart: OnPart, signal: AbortSignal): Promise<ComposeText[]>
  /** The references, each prepared by its role. @throws bad-image, bad-weights; AbortError */
  encode(job: ComposeJob, onPart: OnPart, signal: AbortSignal): Promise<FluxPicture[]>
}

/** Whether some steps run a second time, with the negative prompt. */
export const usesNegative = ({ trueCfg, cfgStart, cfgEnd, steps }: ComposeRecipe['compose']): boolean =>
  trueCfg !== 1 && cfgStart < Math.min(cfgEnd, steps)
