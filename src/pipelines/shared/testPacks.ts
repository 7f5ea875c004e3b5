/** Packs made of waves instead of weights, and pictures, for the pipelines' tests. */
import type { Raster } from '@/base/geometry'
import type { TokenizerKind } from '@/families/registry'
import type { PackOf, PackProvider } from '@/pipelines/shared/modelSet'
import type { PackFamily, PackManifest } from '@/schema/pack'
import type { LinearWeights, WeightSource } from '@/weights/formats/source'

/** The config of one family's packs. */
type PackConfig<F extends PackFamily> = { [M in PackManifest as M['family']]: M['config'] }[F]

/** Every value another one, none of them random. */
export function waves(count: number, seed: number, scale: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => scale * Math.sin(0.7371 * i + 1.913 * seed))
}

export const seedOf = (name: string) =>
  [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 1009
export const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1)

/** Norms near 1, biases near 0, the rest so large that values neither die nor grow. */
export const WAVES: WeightSource = {
  has: (name) => !/quant_conv/.test(name),
  tensor: (name, shape) => {
    const count = sizeOf(shape)
    if (/norm.*(weight|scale)$/.test(name))
      return Promise.resolve(waves(count, seedOf(name), 0.1).map((value) => 1 + value))
    const fanIn = shape.length > 1 ? count / shape[0] : 100
    return Promise.resolve(waves(count, seedOf(name), 1.4 / Math.sqrt(fanIn)))
  },
  linear: (name, rows, cols): Promise<LinearWeights> =>
    Promise.resolve({
      rows,
      cols,
      format: 'f32',
      chunks: [{ rows, weight: waves(rows * cols, seedOf(name), 1.4 / Math.sqrt(cols)), scales: null }],
      bias: waves(rows, seedOf(name) + 1, 0.1),
      lora: null,
    }),
}

/** A pack of waves. */
export function pack<F extends PackFamily>(
  family: F,
  config: PackConfig<F>,
  rest: Partial<Pick<PackProvider, 'checkpoint' | 'file'>> & { source?: WeightSource } = {},
): PackOf<F> {
  const none = () => Promise.reject(new Error(`the ${family} pack has none`))
  const shards = [{ file: 'data', bytes: 2, sha256: '0'.repeat(64) }]
  const manifest = { schema: 1, name: family, licence: '', tensors: {}, shards, family, config }
  return {
    manifest: manifest as unknown as PackOf<F>['manifest'],
    hash: `${family} hash`,
    source: () => rest.source ?? WAVES,
    checkpoint: rest.checkpoint ?? none,
    file: rest.file ?? none,
  } as PackOf<F>
}

/** A tokenizer's pack. */
export const tokenizer = (of: TokenizerKind, json: unknown) =>
  pack('tokenizer', { of }, { file: () => Promise.resolve(new Blob([JSON.stringify(json)])) })

/** A picture of smooth colours; opaque, or an ellipse on nothing. */
export function testPicture(width: number, height: number, seed: number, ellipse = false): Raster {
  const data = new Uint8ClampedArray(4 * width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const inside = ((2 * x + 1) / width - 1) ** 2 + ((2 * y + 1) / height - 1) ** 2 < 1
      const colour = (k: number) => 127 + 100 * Math.sin(x / (7 + k) + y / (11 - k) + seed * k)
      data.set([colour(1), colour(2), colour(3), ellipse && !inside ? 0 : 255], 4 * (y * width + x))
    }
  return { width, height, data }
}
