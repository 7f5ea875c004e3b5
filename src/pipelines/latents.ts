/** FLUX's latents between VAE and transformer: scaling and 2x2 packing (specs: FLUX §2, §6). */

/** Latent [channels, height, width] -> tokens [height/2 * width/2, 4*channels]; even height and width. */
export function packLatent(
  latent: Float32Array,
  channels: number,
  height: number,
  width: number,
): Float32Array {
  const packed = new Float32Array(latent.length)
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        packed[packedIndex(channels, width, c, y, x)] = latent[(c * height + y) * width + x]
  return packed
}

/** Inverse of `packLatent`. */
export function unpackLatent(
  packed: Float32Array,
  channels: number,
  height: number,
  width: number,
): Float32Array {
  const latent = new Float32Array(packed.length)
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        latent[(c * height + y) * width + x] = packed[packedIndex(channels, width, c, y, x)]
  return latent
}

function packedIndex(channels: number, width: number, c: number, y: number, x: number): number {
  const token = (y >> 1) * (width / 2) + (x >> 1)
  return token * channels * 4 + c * 4 + (y & 1) * 2 + (x & 1)
}

interface LatentScale {
  scaling: number
  shift: number
}

/** What the VAE's encoder gives, as the transformer knows it. */
export const toModelLatent = (latent: Float32Array, { scaling, shift }: LatentScale): Float32Array =>
  latent.map((value) => (value - shift) * scaling)

/** What the transformer gives, as the VAE's decoder takes it. */
export const toVaeLatent = (latent: Float32Array, { scaling, shift }: LatentScale): Float32Array =>
  latent.map((value) => value / scaling + shift)
