/** "Who listens to what" as colours: pure arithmetic on response maps (specs: DreamO §8). */
import type { Raster } from '@/base/geometry'
import type { ResponseMaps } from '@/worker/protocol'

export type Rgb = readonly [number, number, number]

/** One colour per reference, apart in hue and in lightness; the same on both themes. */
export const REFERENCE_COLOURS: readonly Rgb[] = [
  [232, 173, 85],
  [86, 156, 250],
  [88, 194, 125],
  [226, 100, 160],
  [151, 117, 250],
  [46, 196, 200],
  [240, 118, 70],
  [186, 200, 60],
  [205, 145, 235],
]
export const TEXT_COLOUR: Rgb = [150, 150, 158]

export const css = ([r, g, b]: Rgb): string => `rgb(${r} ${g} ${b})`

/** The map of one source: a reference by its place, or the text. */
export type Source = number | 'text'

/** All of them, references first. */
export const sourcesOf = ({ references }: ResponseMaps): Source[] => [...references.keys(), 'text']
export const mapOf = (maps: ResponseMaps, source: Source): Float32Array =>
  source === 'text' ? maps.text : maps.references[source]
export const colourOf = (source: Source): Rgb =>
  source === 'text' ? TEXT_COLOUR : REFERENCE_COLOURS[source % REFERENCE_COLOURS.length]

/** Values stretched to 0..1; all 0 where a map is flat or holds nothing finite. */
export function stretched(map: Float32Array): Float32Array {
  let low = Infinity
  let high = -Infinity
  for (const value of map) {
    if (!Number.isFinite(value)) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  const range = high - low
  return map.map((value) => (range > 0 && Number.isFinite(value) ? (value - low) / range : 0))
}

/** For every token the reference that it reads most (specs: DreamO §8, argmax of the shares). */
export function winners({ rows, columns, references }: ResponseMaps): Uint8Array {
  const won = new Uint8Array(rows * columns)
  for (let token = 0; token < won.length; token++)
    for (let source = 1; source < references.length; source++)
      if (references[source][token] > references[won[token]][token]) won[token] = source
  return won
}

/** Below this part of the largest share a token is left clear: it listens to no reference in particular. */
const QUIET = 0.12

/** One pixel per token: the winner's colour, as strong as it is listened to. The text has its own map. */
export function paintWinners(maps: ResponseMaps): Raster {
  if (maps.references.length === 0) return paint(maps, () => [0, 0, 0, 0])
  const won = winners(maps)
  const shares = Float32Array.from(won, (source, token) => maps.references[source][token] || 0)
  const most = shares.reduce((high, one) => Math.max(high, one), 0)
  return paint(maps, (token) => {
    const part = most > 0 ? shares[token] / most : 0
    return [...colourOf(won[token]), part < QUIET ? 0 : Math.round(70 + 130 * part)]
  })
}

/** One pixel per token: a source's colour, as strong as it is listened to. */
export function paintHeat(maps: ResponseMaps, source: Source): Raster {
  const heat = stretched(mapOf(maps, source))
  const colour = colourOf(source)
  return paint(maps, (token) => [...colour, Math.round(225 * heat[token])])
}

/** One pixel per token: a source's values as grey, 0..1 as they were measured. */
export function paintGrey(maps: ResponseMaps, source: Source): Raster {
  const map = mapOf(maps, source)
  return paint(maps, (token) => {
    const grey = Math.round(255 * Math.min(1, Math.max(0, map[token] || 0)))
    return [grey, grey, grey, 255]
  })
}

function paint(
  { rows, columns }: ResponseMaps,
  pixel: (token: number) => readonly [number, number, number, number],
): Raster {
  const data = new Uint8ClampedArray(rows * columns * 4)
  for (let token = 0; token < rows * columns; token++) data.set(pixel(token), token * 4)
  return { width: columns, height: rows, data }
}

/** The mean share of attention that goes to a source, 0..1. */
export function meanShare(maps: ResponseMaps, source: Source): number {
  const map = mapOf(maps, source)
  return map.reduce((sum, value) => sum + (Number.isFinite(value) ? value : 0), 0) / Math.max(1, map.length)
}
