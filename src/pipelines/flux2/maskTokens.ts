import type { Size } from '@/base/geometry'
import { TOKEN_SIDE } from '@/families/flux2/pictures'

/**
 * A mask of pixels, [height, width] in [0, 1], as one number per token: cut at a half, then read between the four pixels
 * around each token's middle, so that edges are soft by half a token.
 */
export function maskTokens(mask: Float32Array, { width, height }: Size): Float32Array {
  const [rows, columns] = [height / TOKEN_SIDE, width / TOKEN_SIDE]
  const cut = (x: number, y: number): number => (mask[y * width + x] >= 0.5 ? 1 : 0)
  const out = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const x = column * TOKEN_SIDE + TOKEN_SIDE / 2
      const y = row * TOKEN_SIDE + TOKEN_SIDE / 2
      out[row * columns + column] = (cut(x - 1, y - 1) + cut(x, y - 1) + cut(x - 1, y) + cut(x, y)) / 4
    }
  return out
}
