/** Finds the main object of a photo: what the cut-out network says of it, the built-in one or one that somebody brought. */
import { resizeRaster } from '@/assets/resample'
import { fail } from '@/base/errors'
import type { Mask, Raster } from '@/base/geometry'
import { MATTING_FILE } from '@/families/matting'
import { CUTOUT_SIDE, CutoutNet } from '@/nets/cutout'
import { MattingNet } from '@/nets/matting'
import type { ExtraWork, RunContext } from '@/pipelines/shared/engineMode'
import type { ModelPart } from '@/schema/modelRef'
import { readPack } from '@/weights/packs/pack'

/** @throws bad-weights, hash-mismatch, network; AbortError */
function openCutoutNet({
  backend,
  models,
  builtIn,
  onLoading,
  signal,
}: RunContext<never>): Promise<CutoutNet> {
  return models.always('cutout', async () => {
    const pack = await builtIn('cutout')
    return CutoutNet.load(backend, pack.manifest.config, await readPack(pack, onLoading, signal))
  })
}

/** As large as other models, it makes room for them and they for it. @throws missing-asset; as `MattingNet.load` */
function openMatting({ backend, models, find }: RunContext, part: ModelPart): Promise<MattingNet> {
  return models.latest(['matting', part.hash], async () => {
    const pack = await find(part)
    if (pack?.manifest.family !== 'matting')
      return fail(
        'missing-asset',
        `The model “${part.name}” is not here any more.`,
        'Import it again in the model manager, or choose the built-in one.',
      )
    const file = await pack.file(MATTING_FILE)
    const bytes = new Uint8Array(await file.arrayBuffer())
    return MattingNet.load(backend, pack.manifest.config, pack.hash, bytes)
  })
}

/** How surely each place of a photo is its main object's, as the built-in network sees it. @throws as `openCutoutNet` */
export async function findMainObject(context: RunContext<never>, photo: Raster): Promise<Mask> {
  const net = await openCutoutNet(context)
  context.signal.throwIfAborted()
  return net.predict(resizeRaster(photo, CUTOUT_SIDE, CUTOUT_SIDE))
}

/** Each network sees the whole photo, squeezed as it learnt it. */
export const cutout: ExtraWork<'cutout'> = async (context, { model }, [photo], announce) => {
  const { signal } = context
  if (model) {
    const net = await openMatting(context, model)
    signal.throwIfAborted()
    const { width, height } = net.sizeFor(photo)
    return announce(await net.predict(resizeRaster(photo, width, height)))
  }
  announce(await findMainObject(context, photo))
}
