/** How pictures enter FLUX.2, as diffusers has it (specs: FLUX.2 §2, §8). */
import type { Rect, Size } from '@/base/geometry'

/** Pixels of a token's side. */
export const TOKEN_SIDE = 16
/** A reference's pixels, at most. */
export const MOST_PIXELS = 1024 ** 2
/** Tokens of a picture above which its schedule jumps (specs: FLUX.2 §5). */
export const KLEIN_TOKENS = 4300
/** References that klein was shown to take. */
export const KLEIN_REFERENCES = 4

/** What a reference is scaled to, and what of that is kept: the middle, in whole tokens. @param most of its pixels */
export function referenceFrame({ width, height }: Size, most = MOST_PIXELS): { scaled: Size; crop: Rect } {
  const scale = width * height > most ? Math.sqrt(most / (width * height)) : 1
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
