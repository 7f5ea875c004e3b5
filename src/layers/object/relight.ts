/**
 * Relight: an object's shading by the scene's lights instead of its own. Both are told on the coarse grid of the network's
 * normals, and only their smooth ratio is laid on the object: its detail stays.
 */
import type { PlacedRaster } from '@/assets/paste'
import { clamp, type Raster } from '@/base/geometry'
import { beat } from '@/base/heartbeat'
import { LINEAR, LUMINANCE, quicklyEncoded } from '@/base/srgb'
import { blur } from '@/layers/blur'
import { directionOf } from '@/layers/light'
import { ambientOf, type SceneLight } from '@/layers/scene'
import { bilinear, type CutoutGeometry } from '@/layers/volume'

import { leastSquares, type Shading } from './ownLight'

/** The grid of the normals, as far as the object covers it. Cells are row-major, [size, size]. */
interface Cells {
  size: number
  /** Share of each cell that the object covers. */
  coverage: Float32Array
  /** Mean linear luminance of what is covered. */
  luminance: Float32Array
  /** World frame: x right, y up, z away from the viewer. [size * size, 3] */
  normals: Float32Array
}

/** What light does to an object at most, in stops up and down. */
const MOST = 1
/** Ambient and light of the least lit side keep this much of the mean: shadows have no colour to bring back. */
const LEAST_SHADING = 0.3
/** Blur of the ratio, cells: normals are not exact. */
const SOFT = 1

/** An object under the scene's lights, `amount` of the way; brightness on the whole stays, that is tone's. */
export function withRelight(
  placed: PlacedRaster,
  geometry: CutoutGeometry | null,
  lights: readonly SceneLight[],
  amount: number,
): PlacedRaster {
  if (amount <= 0 || !geometry) return placed
  const cells = cellsOf(placed, geometry)
  const ratios = lightRatios(cells, lights)
  if (!ratios) return placed
  const { rect, image } = placed
  const out: Raster = { ...image, data: image.data.slice() }
  const gains = ratios.map((ratio) => ratio.map((stops) => 2 ** (amount * stops)))
  const { column, row } = cellAt(placed, geometry)
  for (let y = 0; y < image.height; y++) {
    beat()
    const down = row(rect.y + y + 0.5)
    for (let x = 0; x < image.width; x++) {
      const at = (y * image.width + x) * 4
      if (out.data[at + 3] === 0) continue
      const across = column(rect.x + x + 0.5)
      for (let c = 0; c < 3; c++)
        out.data[at + c] =
          255 * quicklyEncoded(LINEAR[out.data[at + c]] * bilinear(gains[c], cells.size, across, down))
    }
  }
  return { ...placed, image: out }
}

/** Column and row among the cells' centres of a point of the picture. */
function cellAt({ contentRect: box }: PlacedRaster, { size, square }: CutoutGeometry) {
  const longer = Math.max(box.width, box.height)
  const scale = size / square.side
  return {
    column: (u: number): number => ((u - box.x) / longer - square.x) * scale - 0.5,
    row: (v: number): number => ((v - box.y) / longer - square.y) * scale - 0.5,
  }
}

function cellsOf(placed: PlacedRaster, geometry: CutoutGeometry): Cells {
  const { size } = geometry
  const sums = new Float64Array(size * size)
  const alphas = new Float64Array(size * size)
  const counts = new Float64Array(size * size)
  const { rect, image } = placed
  const { column: columnOf, row: rowOf } = cellAt(placed, geometry)
  for (let y = 0; y < image.height; y++)
    for (let x = 0; x < image.width; x++) {
      const column = Math.round(columnOf(rect.x + x + 0.5))
      const row = Math.round(rowOf(rect.y + y + 0.5))
      if (!(column >= 0 && row >= 0 && column < size && row < size)) continue
      const at = (y * image.width + x) * 4
      const alpha = image.data[at + 3] / 255
      const cell = row * size + column
      counts[cell]++
      alphas[cell] += alpha
      for (let c = 0; c < 3; c++) sums[cell] += alpha * LUMINANCE[c] * LINEAR[image.data[at + c]]
    }
  return {
    size,
    coverage: Float32Array.from(alphas, (alpha, cell) => alpha / Math.max(1, counts[cell])),
    luminance: Float32Array.from(sums, (sum, cell) => sum / Math.max(1e-6, alphas[cell])),
    normals: worldNormals(geometry),
  }
}

/** From the cut-out's own camera, which looks down by `sight`, to the world. [size * size, 3] */
export function worldNormals({ size, normals, sight }: CutoutGeometry): Float32Array {
  const [sin, cos] = [Math.sin(sight), Math.cos(sight)]
  const area = size * size
  const world = new Float32Array(3 * area)
  for (let cell = 0; cell < area; cell++) {
    const [x, down, into] = [normals[cell], normals[area + cell], normals[2 * area + cell]]
    world.set([x, -down * cos - into * sin, -down * sin + into * cos], 3 * cell)
  }
  return world
}

/** How much brighter the scene's lights make each cell, in stops per channel, the mean 0; null where too little is seen. */
export function lightRatios(cells: Cells, lights: readonly SceneLight[]): Float32Array[] | null {
  const own = leastSquares(cells.luminance, cells.normals, cells.coverage)
  if (!own) return null
  const ratios = [0, 1, 2].map((c) => ratioOf(cells, sceneShading(lights, c as 0 | 1 | 2), own))
  const mean = weightedMean(ratios, cells.coverage)
  return ratios.map((ratio) => {
    const stops = ratio.map((value) => clamp(value - mean, -MOST, MOST))
    return spread(stops, cells)
  })
}

/** Light that falls on a normal: the ambient part and what of the lights faces it. */
function sceneShading(lights: readonly SceneLight[], channel: 0 | 1 | 2): Shading {
  const ambient = ambientOf(lights)[channel]
  const discs = lights.map((light) => ({ towards: directionOf(light), share: light.share[channel] }))
  return (x, y, z) =>
    discs.reduce(
      (sum, { towards, share }) => sum + share * Math.max(0, x * towards.x + y * towards.y + z * towards.z),
      ambient,
    )
}

function ratioOf({ normals, coverage }: Cells, scene: Shading, own: Shading): Float32Array {
  const shadings = [scene, own].map((shading) => {
    const values = Float32Array.from(coverage, (_, cell) =>
      shading(normals[3 * cell], normals[3 * cell + 1], normals[3 * cell + 2]),
    )
    const least = LEAST_SHADING * weightedMean([values], coverage)
    return values.map((value) => Math.max(least, value, 1e-6))
  })
  return shadings[0].map((value, cell) => Math.log2(value / shadings[1][cell]))
}

function weightedMean(maps: readonly Float32Array[], weights: Float32Array): number {
  const sum = maps.reduce(
    (all, map) => all + map.reduce((part, value, at) => part + weights[at] * value, 0),
    0,
  )
  return sum / (maps.length * weights.reduce((total, weight) => total + weight, 1e-9))
}

/** Smooths a map inside the object alone, and carries it a little over its outline. */
function spread(map: Float32Array, { size, coverage }: Cells): Float32Array {
  const sums = map.map((value, cell) => value * coverage[cell])
  const weights = coverage.slice()
  blur(sums, size, size, SOFT)
  blur(weights, size, size, SOFT)
  return sums.map((sum, cell) => sum / Math.max(1e-6, weights[cell]))
}
