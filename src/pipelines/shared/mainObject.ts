/** Finds the main object of a photo: what the cut-out network says of it. */
import { resizeRaster } from '@/assets/resample'
import { CUTOUT_SIDE, CutoutNet } from '@/nets/cutout'
import type { ExtraWork, RunContext } from '@/pipelines/shared/engineMode'
import { readPack } from '@/weights/packs/pack'

/** @throws bad-weights, hash-mismatch, network; AbortError */
function openCutoutNet({ backend, models, builtIn, onLoading, signal }: RunContext): Promise<CutoutNet> {
  return models.always('cutout', async () => {
    const pack = await builtIn('cutout')
    return CutoutNet.load(backend, pack.manifest.config, await readPack(pack, onLoading, signal))
  })
}

/** The whole photo squeezed into a square, as the network learnt it. */
export const cutout: ExtraWork<'cutout'> = async (context, _, [photo], announce) => {
  const net = await openCutoutNet(context)
  context.signal.throwIfAborted()
  announce(await net.predict(resizeRaster(photo, CUTOUT_SIDE, CUTOUT_SIDE)))
}
