/** From objects' pictures to what FLUX reads of them: SigLIP, then Redux (specs: vmdiff §1, §2). */
import { pilBicubic, type Samples } from '@/assets/pilResize'
import type { Backend } from '@/backend/types'
import type { Raster } from '@/base/geometry'
import { macrotask } from '@/base/macrotask'
import type { VisionConfig } from '@/families/shared/vision'
import { Redux } from '@/nets/encoders/redux'
import { Vit } from '@/nets/encoders/vit'
import type { MixSet } from '@/pipelines/mix/mixSet'
import { onWhite, signedPlanes } from '@/pipelines/shared/samples'

/** Pixels per side that every picture is brought to first, whatever its shape. */
export const OBJECT_SIDE = 512

/** Without any smoothing, as Pillow's nearest takes them: the pixel in whose middle a new one's lies. */
export function nearestPixels({ width, height, data }: Raster, side: number): Raster {
  const out = new Uint8ClampedArray(4 * side * side)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const from = Math.floor(((y + 0.5) * height) / side) * width + Math.floor(((x + 0.5) * width) / side)
      out.set(data.subarray(4 * from, 4 * from + 4), 4 * (y * side + x))
    }
  return { width: side, height: side, data: out }
}

/** so400m was trained on 384 pixels, of which its patches leave out the last 6. */
const SO400M = { patch: 14, grid: 27, image: 384 }

const imageOf = ({ patch, grid }: VisionConfig): number =>
  patch === SO400M.patch && grid === SO400M.grid ? SO400M.image : patch * grid

/** What SigLIP sees of an object. @returns [3, side, side] in [-1,1] */
const siglipPixels = (square: Samples, side: number): Float32Array =>
  signedPlanes(pilBicubic(square, side, side))

/**
 * Tokens of each picture, [tokens, text]. The encoders are on the device only meanwhile.
 * @param pictures of `OBJECT_SIDE` a side; what is transparent is white
 * @throws bad-weights, out-of-memory; AbortError
 */
export async function embedObjects(
  backend: Backend,
  { siglip, redux }: MixSet,
  pictures: readonly Raster[],
  { signal, onProgress }: { signal: AbortSignal; onProgress(done: number, total: number): void },
): Promise<Float32Array[]> {
  const { config } = siglip.manifest
  const side = imageOf(config)
  const seen: Float32Array[] = []
  onProgress(0, pictures.length + 1)
  const eyes = await Vit.load(backend, config, siglip.source())
  try {
    for (const picture of pictures) {
      await macrotask()
      const pixels = siglipPixels(onWhite(picture), side)
      seen.push(await eyes.tokens(pixels, [1, side, side], { signal })) // [1, tokens, vision]
      onProgress(seen.length, pictures.length + 1)
    }
  } finally {
    eyes.dispose()
    backend.trim()
  }
  const words = await Redux.load(backend, redux.manifest.config, redux.source())
  try {
    const tokens: Float32Array[] = []
    for (const one of seen) tokens.push(await words.embed(one, [1, one.length / config.width]))
    onProgress(pictures.length + 1, pictures.length + 1)
    return tokens
  } finally {
    words.dispose()
    backend.trim()
  }
}
