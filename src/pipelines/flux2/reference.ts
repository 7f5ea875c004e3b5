/** Pictures on their way into FLUX.2's tokens, as diffusers has it (specs: FLUX.2 §2, §8, §13). */
import type { Rect, Size } from '@/base/geometry'

/** Pixels of a token's side. */
export const TOKEN_SIDE = 16
/** A reference's pixels, at most. */
const MOST_PIXELS = 1024 ** 2

/** What a reference is scaled to, and what of that is kept: the middle, in whole tokens. */
export function referenceFrame({ width, height }: Size): { scaled: Size; crop: Rect } {
  const scale = width * height > MOST_PIXELS ? Math.sqrt(MOST_PIXELS / (width * height)) : 1
  const scaled = { width: Math.trunc(width * scale), height: Math.trunc(height * scale) }
  const whole = (side: number): number => side - (side % TOKEN_SIDE)
  const [kept, tall] = [whole(scaled.width), whole(scaled.height)]
  const crop = {
    x: Math.floor((scaled.width - kept) / 2),
    y: Math.floor((scaled.height - tall) / 2),
    width: kept,
    height: tall,
  }
  return { scaled, crop }
}

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
