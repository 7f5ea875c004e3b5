import { srgbCurve, type ColourSpace } from '@/assets/colour/space'
import { clamp } from '@/base/geometry'
import { beat } from '@/base/heartbeat'
import { quicklyEncoded, toEncoded } from '@/base/srgb'

/** Converts colours to sRGB, rounded correctly from 64-bit arithmetic; what sRGB cannot show is clipped per channel. */
export interface ToSrgb {
  /** In place: `count` RGBA pixels from pixel `at` on, every `step` pixels. Alpha stays. */
  convert8(data: Uint8ClampedArray, at: number, count: number, step: number): void
  /** One pixel of 16-bit samples, written as 8-bit colours at index `o`. */
  write16(red: number, green: number, blue: number, out: Uint8ClampedArray, o: number): void
  /** The same as 16-bit colours, which `write16`'s are those of rounded to 8. */
  write16Deep(red: number, green: number, blue: number, out: Uint16Array, o: number): void
}

/** Levels that a conversion must change a colour by to be one: profiles that mean sRGB differ from it by rounding. */
const NOTICEABLE = 1.5
const LATTICE = [0, 16, 40, 64, 96, 128, 160, 192, 224, 255]

/** The linear light from which on a level is the nearest one. */
const FROM = Float64Array.from({ length: 257 }, (_, level) =>
  level === 0 ? -Infinity : level === 256 ? Infinity : srgbCurve((level - 0.5) / 255),
)
const GUESSES = 1 << 14
const GUESS = Uint8Array.from({ length: GUESSES + 1 }, (_, i) => Math.round(toEncoded(i / GUESSES) * 255))

/** The nearest level; a guess from a table, put right by the exact borders. */
function level(linear: number): number {
  if (!(linear > 0)) return 0
  if (linear >= 1) return 255
  let guess = GUESS[Math.floor(linear * GUESSES)]
  while (linear < FROM[guess]) guess--
  while (linear >= FROM[guess + 1]) guess++
  return guess
}

/** A level of 65,536 that rounds to the nearest of 256, within half a level of the nearest of them before it is rounded. */
function deepLevel(linear: number): number {
  const nearest = level(linear) * 257
  return clamp(Math.round(quicklyEncoded(linear) * 65535), nearest - 128, nearest + 128)
}

/** The conversion from a space, or null where it means sRGB. */
export function conversionToSrgb(space: ColourSpace): ToSrgb | null {
  if (isSrgb(space)) return null
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = space.toLinearSrgb
  const tables = (size: number): Float64Array[] =>
    space.curves.map((curve) => Float64Array.from({ length: size }, (_, i) => curve(i / (size - 1))))
  const writer =
    <T extends Uint8ClampedArray | Uint16Array>(nearest: (linear: number) => number) =>
    (r: number, g: number, b: number, out: T, o: number): void => {
      out[o] = nearest(m0 * r + m1 * g + m2 * b)
      out[o + 1] = nearest(m3 * r + m4 * g + m5 * b)
      out[o + 2] = nearest(m6 * r + m7 * g + m8 * b)
    }
  const write = writer<Uint8ClampedArray>(level)
  const writeDeep = writer<Uint16Array>(deepLevel)
  const [red8, green8, blue8] = tables(256)
  let wide: Float64Array[] | null = null
  return {
    convert8(data, at, count, step) {
      beat()
      for (let i = 0, o = at * 4; i < count; i++, o += step * 4)
        write(red8[data[o]], green8[data[o + 1]], blue8[data[o + 2]], data, o)
    },
    write16(red, green, blue, out, o) {
      wide ??= tables(65536)
      write(wide[0][red], wide[1][green], wide[2][blue], out, o)
    },
    write16Deep(red, green, blue, out, o) {
      wide ??= tables(65536)
      writeDeep(wide[0][red], wide[1][green], wide[2][blue], out, o)
    },
  }
}

function isSrgb({ curves, toLinearSrgb: m }: ColourSpace): boolean {
  const linear = curves.map((curve) => LATTICE.map((value) => curve(value / 255)))
  const last = LATTICE.length
  for (let i = 0; i < last ** 3; i++) {
    const at = [i % last, Math.floor(i / last) % last, Math.floor(i / last ** 2)]
    const [r, g, b] = at.map((index, channel) => linear[channel][index])
    for (let c = 0; c < 3; c++) {
      const value =
        toEncoded(Math.min(1, Math.max(0, m[c * 3] * r + m[c * 3 + 1] * g + m[c * 3 + 2] * b))) * 255
      if (!(Math.abs(value - LATTICE[at[c]]) < NOTICEABLE)) return false
    }
  }
  return true
}
