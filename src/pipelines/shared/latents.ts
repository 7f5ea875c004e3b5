/** FLUX's latents between VAE and transformer: scaling, 2x2 packing, noise (specs: FLUX §2, §6). */
import { unreachable } from '@/base/errors'
import { lowBits } from '@/base/seed'
import { Mt19937 } from '@/samplers/mt19937'
import { philoxNormals } from '@/samplers/philox'
import type { NoiseSource } from '@/schema/common'

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

/** Standard normals for one picture after the other. */
export type NoiseStream = (count: number) => Float32Array

/**
 * Noise in the unpacked layout [channels, height, width]. `philox`: our own stream, picture n is its stream n. `torch`:
 * the numbers that torch draws on a CPU with this seed (its low 32 bits), one picture's after the other's from one generator.
 */
export function noiseStream(source: NoiseSource, seed: string): NoiseStream {
  switch (source) {
    case 'philox': {
      let stream = 0
      return (count) => philoxNormals(BigInt(seed), stream++, count)
    }
    case 'torch': {
      const generator = new Mt19937(Number(lowBits(seed)))
      return (count) => generator.randn(count)
    }
    default:
      return unreachable(source)
  }
}
