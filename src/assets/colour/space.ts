/** A colour space of three channels: what a picture's numbers mean. */
export interface ColourSpace {
  /** As the user knows it: "Display P3". */
  name: string
  /** Encoded value 0..1 to linear light 0..1, per channel. */
  curves: [Curve, Curve, Curve]
  /** Linear colours of this space to linear sRGB, row-major; both relative to their white. */
  toLinearSrgb: Matrix
}
export type Curve = (encoded: number) => number
/** 3 x 3, row-major. */
export type Matrix = readonly [number, number, number, number, number, number, number, number, number]

/** CIE 1931 chromaticities x, y. */
export type Chromaticity = readonly [x: number, y: number]
export interface Primaries {
  red: Chromaticity
  green: Chromaticity
  blue: Chromaticity
  white: Chromaticity
}

export const D65: Chromaticity = [0.3127, 0.329]
export const SRGB_PRIMARIES: Primaries = {
  red: [0.64, 0.33],
  green: [0.3, 0.6],
  blue: [0.15, 0.06],
  white: D65,
}

export const IDENTITY: Matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1]

export function multiply(a: Matrix, b: Matrix): Matrix {
  const at = (i: number): number => {
    const [row, column] = [Math.floor(i / 3) * 3, i % 3]
    return a[row] * b[column] + a[row + 1] * b[column + 3] + a[row + 2] * b[column + 6]
  }
  return [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8)]
}

/** Null where the matrix has no inverse (primaries on a line). */
export function invert(m: Matrix): Matrix | null {
  const [a, b, c, d, e, f, g, h, i] = m
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
  if (!Number.isFinite(determinant) || Math.abs(determinant) < 1e-9) return null
  const s = 1 / determinant
  return [
    (e * i - f * h) * s,
    (c * h - b * i) * s,
    (b * f - c * e) * s,
    (f * g - d * i) * s,
    (a * i - c * g) * s,
    (c * d - a * f) * s,
    (d * h - e * g) * s,
    (b * g - a * h) * s,
    (a * e - b * d) * s,
  ]
}

/** Linear colours to XYZ (Y of white 1, not adapted). Null for primaries that span nothing. */
function toXyz({ red, green, blue, white }: Primaries): Matrix | null {
  const column = ([x, y]: Chromaticity): [number, number, number] => [x / y, 1, (1 - x - y) / y]
  const [r, g, b, w] = [red, green, blue, white].map(column)
  const corners: Matrix = [r[0], g[0], b[0], r[1], g[1], b[1], r[2], g[2], b[2]]
  const inverse = invert(corners)
  if (!inverse) return null
  const [sr, sg, sb] = [0, 3, 6].map((k) => inverse[k] * w[0] + inverse[k + 1] * w[1] + inverse[k + 2] * w[2])
  return multiply(corners, [sr, 0, 0, 0, sg, 0, 0, 0, sb])
}

const BRADFORD: Matrix = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296]

/** XYZ under one white to XYZ under another, by Bradford's cones. */
function adaptation(from: Chromaticity, to: Chromaticity): Matrix {
  const cones = ([x, y]: Chromaticity): number[] => {
    const [X, Y, Z] = [x / y, 1, (1 - x - y) / y]
    return [0, 3, 6].map((k) => BRADFORD[k] * X + BRADFORD[k + 1] * Y + BRADFORD[k + 2] * Z)
  }
  const [a, b] = [cones(from), cones(to)]
  const scale: Matrix = [b[0] / a[0], 0, 0, 0, b[1] / a[1], 0, 0, 0, b[2] / a[2]]
  return multiply(invert(BRADFORD) ?? IDENTITY, multiply(scale, BRADFORD))
}

/** From linear colours of these primaries to linear sRGB, white to white. Null for primaries that span nothing. */
export function primariesToSrgb(primaries: Primaries): Matrix | null {
  const from = toXyz(primaries)
  const srgb = toXyz(SRGB_PRIMARIES)
  const back = srgb && invert(srgb)
  if (!from || !back) return null
  return multiply(back, multiply(adaptation(primaries.white, D65), from))
}

/** XYZ of an ICC profile's connection space (D50) to linear sRGB: the inverse of sRGB's own colorants. */
export const D50_TO_SRGB: Matrix = invert([
  0.436065674, 0.385147095, 0.143066406, 0.222488403, 0.716873169, 0.06060791, 0.013916016, 0.097076416,
  0.714096069,
]) as Matrix

/** The parametric curve of ICC and of most standards: (a x + b)^g + e from d on, c x + f below. */
export function parametric(g: number, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0): Curve {
  return (x) => (x >= d ? Math.max(0, a * x + b) ** g + e : c * x + f)
}

export const srgbCurve: Curve = parametric(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
