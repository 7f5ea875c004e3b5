import type { Size } from '@/base/geometry'
import type { PictureTokens } from '@/pipelines/flux2/kleinDenoise'
import { tokenGrid } from '@/pipelines/flux2/kleinVae'
import { interleave } from '@/nets/strips/picture'
import { philoxNormals } from '@/samplers/philox'

/**
 * What sampling starts from: standard normals drawn as [channels, rows, columns] (specs: FLUX.2 §2), as tokens.
 * @param variation several pictures of one seed have streams of their own, from 0
 */
export function kleinNoise(seed: string, size: Size, channels: number, variation = 0): PictureTokens {
  const { rows, columns } = tokenGrid(size)
  const drawn = philoxNormals(BigInt(seed), variation, channels * rows * columns)
  return { rows, columns, values: interleave(drawn, channels) }
}
