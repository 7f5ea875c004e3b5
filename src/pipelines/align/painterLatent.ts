/**
 * The built-in model's latent: a fixed linear map of square patches onto their principal components and back
 * (training/unet/latent.py). z = basis (patch - mean) / scale, patch = mean + basis^T (z * scale).
 */
import type { Raster } from '@/base/geometry'
import type { WeightSource } from '@/weights/formats/source'

export class PainterLatent {
  readonly channels: number
  readonly patch: number
  private readonly basis: Float32Array // [channels, 3 * patch * patch]
  private readonly mean: Float32Array // [3 * patch * patch]
  private readonly scale: Float32Array // [channels]

  private constructor(
    channels: number,
    patch: number,
    basis: Float32Array,
    mean: Float32Array,
    scale: Float32Array,
  ) {
    this.channels = channels
    this.patch = patch
    this.basis = basis
    this.mean = mean
    this.scale = scale
  }

  /** @throws bad-weights when a tensor is missing or has another shape */
  static async load(source: WeightSource, channels: number, patch: number): Promise<PainterLatent> {
    const size = 3 * patch * patch
    return new PainterLatent(
      channels,
      patch,
      await source.tensor('basis', [channels, size]),
      await source.tensor('mean', [size]),
      await source.tensor('scale', [channels]),
    )
  }

  /** @param picture sides multiples of `patch`; alpha is laid over white. @returns [channels, rows, columns] */
  encode({ width, height, data }: Raster): Float32Array {
    const { channels, patch, basis, mean, scale } = this
    const [rows, columns] = [height / patch, width / patch]
    const size = mean.length
    const values = new Float32Array(size)
    const latent = new Float32Array(channels * rows * columns)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        for (let i = 0; i < size; i++) {
          const { c, y, x } = this.placeOf(i)
          const at = 4 * ((row * patch + y) * width + column * patch + x)
          const alpha = data[at + 3] / 255
          values[i] = (data[at + c] * alpha + 255 * (1 - alpha)) / 127.5 - 1 - mean[i]
        }
        for (let k = 0; k < channels; k++) {
          let sum = 0
          for (let i = 0; i < size; i++) sum += basis[k * size + i] * values[i]
          latent[(k * rows + row) * columns + column] = sum / scale[k]
        }
      }
    return latent
  }

  decode(latent: Float32Array, rows: number, columns: number): Raster {
    const { channels, patch, basis, mean, scale } = this
    const size = mean.length
    const width = columns * patch
    const data = new Uint8ClampedArray(4 * width * rows * patch).fill(255)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (let i = 0; i < size; i++) {
          let value = mean[i]
          for (let k = 0; k < channels; k++)
            value += basis[k * size + i] * latent[(k * rows + row) * columns + column] * scale[k]
          const { c, y, x } = this.placeOf(i)
          data[4 * ((row * patch + y) * width + column * patch + x) + c] = 127.5 * (value + 1)
        }
    return { width, height: rows * patch, data }
  }

  /** Patches run colour by colour, row by row. */
  private placeOf(i: number): { c: number; y: number; x: number } {
    const area = this.patch ** 2
    return { c: Math.floor(i / area), y: Math.floor((i % area) / this.patch), x: i % this.patch }
  }
}
