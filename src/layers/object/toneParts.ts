/** The tone network's weights, unpacked once. */
import { TONE_WEIGHTS } from './toneWeights'

/** Rows of a matrix, each with what is added. [rows, columns], [rows] */
export interface Layer {
  rows: number
  columns: number
  weight: Float32Array
  bias: Float32Array
}

/** Rows and columns of each layer, in the order in which they lie. */
const CONVS = [
  [16, 72],
  [32, 144],
  [48, 288],
  [64, 432],
] as const
const OVERVIEW = [
  [16, 27],
  [16, 144],
] as const
const LINEARS = [
  [96, 304],
  [96, 96],
  [7, 96],
] as const

interface ToneParts {
  convs: Layer[]
  overview: Layer[]
  linears: Layer[]
}

let parts: ToneParts | null = null

export function toneParts(): ToneParts {
  if (parts) return parts
  const bytes = Uint8Array.from(atob(TONE_WEIGHTS), (character) => character.charCodeAt(0))
  const view = new DataView(bytes.buffer)
  let at = 0
  const floats = (count: number) =>
    Float32Array.from({ length: count }, () => view.getFloat32((at += 4) - 4, true))
  /** Each row: what its bytes are multiplied with. Then bias, then the bytes. */
  const layer = ([rows, columns]: readonly [number, number]): Layer => {
    const scale = floats(rows)
    const bias = floats(rows)
    const weight = Float32Array.from(
      { length: rows * columns },
      (_, i) => view.getInt8(at++) * scale[Math.floor(i / columns)],
    )
    return { rows, columns, weight, bias }
  }
  parts = { convs: CONVS.map(layer), overview: OVERVIEW.map(layer), linears: LINEARS.map(layer) }
  return parts
}
