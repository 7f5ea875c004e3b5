/** One graph cut of a small picture, by the colours that both sides have and the edges between neighbours. */
import type { Raster } from '@/base/geometry'

import { colourCost, fitColours } from '@/assets/colourModel'
import { DIRECTIONS, makeGrid, minCut } from '@/assets/maxFlow'
import type { Pace } from '@/assets/pace'

/** Price of an edge between equal colours, and of one against which everything else is cheap. */
const SMOOTHNESS = 50
const CERTAIN = 1e6

/** Labels of pixels before the cut. */
export const BACKGROUND = 0
export const UNKNOWN = 1
export const FOREGROUND = 2

/** Small picture to cut: colours [n, 3] in 0..255 and what is known of each pixel. */
export interface Cut {
  width: number
  height: number
  colours: Float32Array
  labels: Uint8Array
  /** What speaks for the object beside the colours, nats; as much as log odds. [n] */
  prior?: Float32Array
}

/** [n, 3] */
export function coloursOf(r: Raster): Float32Array {
  const colours = new Float32Array(r.width * r.height * 3)
  for (let i = 0; i < r.width * r.height; i++)
    for (let c = 0; c < 3; c++) colours[i * 3 + c] = r.data[i * 4 + c]
  return colours
}

/**
 * Learns the colours of both sides (of `teacher` where given) and cuts.
 * Returns 1 for the object, 0 for the rest, per pixel.
 */
export async function solve(
  cut: Cut,
  side: Uint8Array,
  pace: Pace,
  teacherSide: Uint8Array = side,
  teacher: Cut = cut,
): Promise<Uint8Array<ArrayBuffer>> {
  const pixelsOf = (value: number): Int32Array => {
    const found: number[] = []
    for (let i = 0; i < teacherSide.length; i++) if (teacherSide[i] === value) found.push(i)
    return Int32Array.from(found)
  }
  const [back, front] = [pixelsOf(0), pixelsOf(1)]
  if (front.length === 0 || back.length === 0) return new Uint8Array(side)
  const backColours = fitColours(teacher.colours, back)
  const frontColours = fitColours(teacher.colours, front)
  await pace.breathe()

  const { width, height, colours, labels, prior } = cut
  const graph = makeGrid(width, height)
  const n = graph.width * graph.height
  const beta = contrast(cut)
  await pace.breathe()
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const node = (y + 1) * graph.width + x + 1
      const [red, green, blue] = [colours[i * 3], colours[i * 3 + 1], colours[i * 3 + 2]]
      if (labels[i] === UNKNOWN)
        graph.terminal[node] =
          colourCost(backColours, red, green, blue) -
          colourCost(frontColours, red, green, blue) +
          (prior?.[i] ?? 0)
      else graph.terminal[node] = labels[i] === FOREGROUND ? CERTAIN : -CERTAIN
      for (let d = 0; d < 4; d++) {
        const [dx, dy] = DIRECTIONS[d]
        if (x + dx < 0 || x + dx >= width || y + dy >= height) continue
        const j = i + dy * width + dx
        // Between two pixels that are certain nothing can be cut; leaving the edge out keeps the search short.
        if (labels[i] !== UNKNOWN && labels[j] !== UNKNOWN) continue
        const difference =
          (red - colours[j * 3]) ** 2 + (green - colours[j * 3 + 1]) ** 2 + (blue - colours[j * 3 + 2]) ** 2
        const price = (SMOOTHNESS * Math.exp(-beta * difference)) / (dx && dy ? Math.SQRT2 : 1)
        graph.capacity[d * n + node] = price
        graph.capacity[(d ^ 4) * n + node + dy * graph.width + dx] = price
      }
    }
    if (y % 16 === 0) await pace.breathe()
  }
  const run = minCut(graph)
  let step = run.next()
  while (!step.done) {
    await pace.breathe()
    step = run.next()
  }
  const answer = step.value as Uint8Array
  return Uint8Array.from(
    labels,
    (_, i) => answer[(Math.floor(i / width) + 1) * graph.width + (i % width) + 1],
  )
}

/** One over twice the mean squared colour difference of neighbours: what counts as an edge in this picture. */
function contrast({ width, height, colours }: Cut): number {
  let sum = 0
  let count = 0
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 3
      for (const j of [x + 1 < width ? i + 3 : -1, y + 1 < height ? i + width * 3 : -1]) {
        if (j < 0) continue
        for (let c = 0; c < 3; c++) sum += (colours[i + c] - colours[j + c]) ** 2
        count++
      }
    }
  return count / (2 * Math.max(sum, 1e-6))
}

/** Pixels that hang together, side by side, and are of one side. */
export interface Piece {
  value: number
  pixels: number[]
  /** Whether it reaches the border of the picture. */
  open: boolean
}

/** All of them. @param side 1 for the object, else 0; row by row */
export function piecesOf(side: Uint8Array, width: number): Piece[] {
  const height = side.length / width
  const seen = new Uint8Array(side.length)
  const found: Piece[] = []
  for (let start = 0; start < side.length; start++) {
    if (seen[start]) continue
    const piece: Piece = { value: side[start], pixels: [start], open: false }
    seen[start] = 1
    for (let k = 0; k < piece.pixels.length; k++) {
      const i = piece.pixels[k]
      const x = i % width
      const y = (i - x) / width
      piece.open ||= x === 0 || y === 0 || x + 1 === width || y + 1 === height
      for (const j of [
        x > 0 ? i - 1 : i,
        x + 1 < width ? i + 1 : i,
        y > 0 ? i - width : i,
        y + 1 < height ? i + width : i,
      ])
        if (!seen[j] && side[j] === piece.value) {
          seen[j] = 1
          piece.pixels.push(j)
        }
    }
    found.push(piece)
  }
  return found
}

/** Drops specks, and fills holes of the same size: pieces smaller than this share of the object. */
const SPECK = 0.01

export function tidy(side: Uint8Array, width: number): void {
  const object = side.reduce((sum, value) => sum + value, 0)
  for (const { value, pixels } of piecesOf(side, width)) {
    const limit = value === 1 ? object * SPECK : object * SPECK * 0.2
    if (pixels.length < limit) for (const i of pixels) side[i] = 1 - value
  }
}
