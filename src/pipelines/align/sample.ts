import { sampleGallery } from '@/pipelines/align/alignGallery'
import { openAlignModel } from '@/pipelines/align/openAlign'
import type { ExtraWork } from '@/pipelines/shared/engineMode'

/** Makes pictures of one prompt for the gallery. */
export const sample: ExtraWork<'sample'> = async (context, recipe, pictures, announce) => {
  const model = await openAlignModel(context, recipe)
  await sampleGallery(model, { recipe, pictures }, context, announce)
}
