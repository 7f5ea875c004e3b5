/** What becomes of two colours where one lies over the other: the formulas of Compositing and Blending Level 1, §9. */
import type { BlendMode } from '@/base/look'

/** Mixes a colour with the one below it; encoded, 0..255, three channels each. Writes into `out`, which may be either. */
export type Mixer = (
  source: ArrayLike<number>,
  s: number,
  below: ArrayLike<number>,
  b: number,
  out: Mixed,
) => void
/** Red, green and blue. */
export type Mixed = [number, number, number]

type Channel = (source: number, below: number) => number

const separable =
  (mix: Channel): Mixer =>
  (source, s, below, b, out) => {
    for (let c = 0; c < 3; c++) out[c] = mix(source[s + c], below[b + c])
  }

const multiply: Channel = (source, below) => (source * below) / 255
const screen: Channel = (source, below) => source + below - (source * below) / 255
const overlay: Channel = (source, below) =>
  below <= 127.5 ? multiply(source, 2 * below) : screen(source, 2 * below - 255)

const luminosity = (colour: ArrayLike<number>, at: number): number =>
  0.3 * colour[at] + 0.59 * colour[at + 1] + 0.11 * colour[at + 2]

/** A colour's hue and saturation at another luminosity; what leaves the range is drawn towards grey. */
function lit(colour: ArrayLike<number>, at: number, wanted: number, out: Mixed): void {
  const shift = wanted - luminosity(colour, at)
  for (let c = 0; c < 3; c++) out[c] = colour[at + c] + shift
  const least = Math.min(...out)
  const most = Math.max(...out)
  if (least < 0) for (let c = 0; c < 3; c++) out[c] = wanted + ((out[c] - wanted) * wanted) / (wanted - least)
  if (most > 255)
    for (let c = 0; c < 3; c++) out[c] = wanted + ((out[c] - wanted) * (255 - wanted)) / (most - wanted)
}

export const MIXERS: Record<BlendMode, Mixer> = {
  normal: separable((source) => source),
  multiply: separable(multiply),
  screen: separable(screen),
  overlay: separable(overlay),
  color: (source, s, below, b, out) => lit(source, s, luminosity(below, b), out),
  luminosity: (source, s, below, b, out) => lit(below, b, luminosity(source, s), out),
}
