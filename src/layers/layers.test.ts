import { describe, expect, it } from 'vitest'

import {
  cameraOf,
  depthOf,
  groundPoint,
  pointWithFoot,
  project,
  tilted,
  upright,
  type CameraParameters,
} from '@/layers/camera'
import { castBits, hiddenShare, wordsFor } from '@/layers/cast'
import type { PixelGrid } from '@/layers/gridMap'
import { discSlopes, domeSlopes, type DiscLight } from '@/layers/light'
import { hiddenReference } from '@/layers/reference'
import { standingGeometry } from '@/layers/standing'
import { billboardGeometry } from '@/layers/testBodies'
import { gridFor, volumeOf, type CutoutFeet, type Outline } from '@/layers/volume'
import type { Rect, Size } from '@/base/geometry'

const PICTURE = { width: 81, height: 59 }
const LEVEL: CameraParameters = { horizon: 0.35, tiltDegrees: 0, fovDegrees: 55 }

/** An outline that is round, so that cells are covered whole, in part and not at all. */
function disc(size: Size, cells: number): Outline {
  const { columns, rows } = gridFor(size, cells)
  const coverage = new Float32Array(columns * rows)
  const FINE = 6
  for (let y = 0; y < rows * FINE; y++)
    for (let x = 0; x < columns * FINE; x++) {
      const dx = (x + 0.5) / (columns * FINE) - 0.5
      const dy = (y + 0.5) / (rows * FINE) - 0.5
      if (dx * dx + dy * dy <= 0.25)
        coverage[Math.floor(y / FINE) * columns + Math.floor(x / FINE)] += 1 / FINE ** 2
    }
  return { columns, rows, coverage }
}

/** Feet that rise and fall over the map, and a back that is a little farther. */
function bumpy(size: number): CutoutFeet {
  const front = Float32Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [(i % size) / size, Math.floor(i / size) / size]
    return 0.05 * Math.sin(7 * x + 3 * y) + 0.08 * (1 - y)
  })
  const back = front.map((value, i) => value + 0.05 + 0.04 * Math.cos(i / size))
  return {
    size,
    square: { x: -0.1, y: -0.1, side: 1.2 },
    front,
    back,
    contact: new Float32Array(size * size),
  }
}

interface Case {
  name: string
  camera?: Partial<CameraParameters>
  box?: Rect
  light?: Partial<DiscLight>
  geometry?: CutoutFeet
  lift?: number
  grid?: PixelGrid
  plane?: number
  second?: Rect
}

const BOX = { x: 26.3, y: 19.4, width: 15.8, height: 23.6 }
const CASES: Case[] = [
  { name: 'a billboard, light from the right' },
  { name: 'a body with depth', geometry: bumpy(9) },
  { name: 'light behind the object', geometry: bumpy(9), light: { azimuthDegrees: 90 } },
  { name: "light behind the viewer's back", geometry: bumpy(9), light: { azimuthDegrees: 263 } },
  { name: 'light at the zenith', geometry: bumpy(9), light: { elevationDegrees: 90 } },
  { name: 'a low light, whose shadow leaves the picture', light: { elevationDegrees: 3 } },
  { name: 'a large disc', geometry: bumpy(9), light: { discDegrees: 40 } },
  { name: 'the horizon above the picture', camera: { horizon: -0.4 }, geometry: bumpy(7) },
  { name: 'the horizon below the middle', camera: { horizon: 0.62 }, box: { ...BOX, y: 26 } },
  { name: 'a tilted horizon', camera: { tiltDegrees: -7 }, geometry: bumpy(9) },
  { name: 'cut by the left border', box: { ...BOX, x: -7.5 }, geometry: bumpy(9) },
  {
    name: 'cut by the lower border',
    box: { ...BOX, y: 46 },
    geometry: bumpy(9),
    light: { azimuthDegrees: 220 },
  },
  { name: 'hanging', geometry: bumpy(9), lift: 0.4 },
  {
    name: 'flying above the picture of its own shadow, the sun at 45 degrees',
    box: { ...BOX, y: 6 },
    geometry: bumpy(9),
    lift: 0.5,
    light: { azimuthDegrees: 60, elevationDegrees: 45 },
  },
  {
    name: 'hanging over something that stands',
    geometry: bumpy(9),
    lift: 0.8,
    plane: 0.15,
    light: { elevationDegrees: 60 },
  },
  { name: 'a coarse grid that begins outside', grid: { x: -7, y: 21, columns: 43, rows: 27, step: 1.7 } },
  { name: 'a receiver above the ground', geometry: bumpy(9), plane: 0.15 },
  { name: 'two bodies', geometry: bumpy(9), second: { x: 44, y: 25, width: 12, height: 15 } },
]

describe('cast shadows', () => {
  it.each(CASES)('are those of the slow reference: $name', (one) => {
    const camera = cameraOf({ ...LEVEL, ...one.camera }, PICTURE)
    const boxes = [one.box ?? BOX, ...(one.second ? [one.second] : [])]
    const geometry = one.geometry ?? billboardGeometry()
    const volumes = boxes.map((box) => volumeOf(camera, disc(box, 11), geometry, box, one.lift))
    const light = { azimuthDegrees: 12, elevationDegrees: 35, discDegrees: 6, ...one.light }
    const slopes = discSlopes(light, 35)
    const grid = one.grid ?? { x: 0, y: 0, columns: PICTURE.width, rows: PICTURE.height, step: 1 }
    const area = grid.columns * grid.rows
    const bits = new Uint32Array(wordsFor(slopes.length) * area)
    for (const volume of volumes) castBits(camera, volume, slopes, grid, bits, one.plane)
    const ours = hiddenShare(bits, slopes.length, area)
    const truth = hiddenReference(camera, volumes, slopes, grid, one.plane)
    const touched = truth.reduce((count, value) => count + (value > 0 ? 1 : 0), 0)
    expect(touched).toBeGreaterThan(10)
    // A pixel whose centre lies on an edge may fall on either side of it.
    const off = truth.reduce((sum, value, pixel) => sum + Math.abs(value - ours[pixel]), 0)
    expect(off / touched).toBeLessThan(5e-3)
  })

  it('give no light to what hangs in no light, and nothing above the horizon', () => {
    const camera = cameraOf(LEVEL, PICTURE)
    const volume = volumeOf(camera, disc(BOX, 11), billboardGeometry(), BOX)
    const grid = { x: 0, y: 0, columns: PICTURE.width, rows: PICTURE.height, step: 1 }
    const bits = new Uint32Array(2 * grid.columns * grid.rows)
    castBits(camera, volume, domeSlopes(64), grid, bits)
    const above = Math.floor(camera.horizonRow) * grid.columns
    expect(bits.subarray(0, above).every((word) => word === 0)).toBe(true)
    expect(bits.some((word) => word !== 0)).toBe(true)
  })
})

describe('the camera', () => {
  const cameras = [LEVEL, { ...LEVEL, horizon: 0.5 }, { horizon: 1.3, tiltDegrees: 12, fovDegrees: 80 }]

  it.each(cameras)('sees the ground where it projects it: %j', (parameters) => {
    const camera = cameraOf(parameters, PICTURE)
    for (const [u, v] of [
      [3, 100],
      [40, 200],
      [75, 85],
    ]) {
      const point = groundPoint(camera, u, v)!
      expect(depthOf(camera, 0, point.z)).toBeGreaterThan(0)
      const [pu, pv] = project(camera, point.x, 0, point.z)
      expect(pu).toBeCloseTo(u, 8)
      expect(pv).toBeCloseTo(v, 8)
      const [tu, tv] = tilted(camera, ...upright(camera, u, v))
      expect(tu).toBeCloseTo(u, 10)
      expect(tv).toBeCloseTo(v, 10)
    }
  })

  it('has its horizon in the row that it was given', () => {
    const camera = cameraOf(LEVEL, PICTURE)
    expect(groundPoint(camera, 40, camera.horizonRow + 1e-6)).not.toBeNull()
    expect(groundPoint(camera, 40, camera.horizonRow - 1e-6)).toBeNull()
  })

  it('has it there too where it is tilted', () => {
    const camera = cameraOf({ ...LEVEL, tiltDegrees: 20 }, PICTURE)
    const row = LEVEL.horizon * PICTURE.height
    const seen = (v: number) => groundPoint(camera, ...upright(camera, PICTURE.width / 2, v))
    expect(seen(row + 1e-6)).not.toBeNull()
    expect(seen(row - 1e-6)).toBeNull()
    // Its right end lies lower.
    expect(groundPoint(camera, ...upright(camera, PICTURE.width, row))).toBeNull()
    expect(groundPoint(camera, ...upright(camera, 0, row))).not.toBeNull()
  })

  it.each(cameras.slice(0, 2))('sees a point with a foot in its own pixel: %j', (parameters) => {
    const camera = cameraOf(parameters, PICTURE)
    const { x, y, z } = pointWithFoot(camera, 20.5, 30.5, 45)
    const [u, v] = project(camera, x, y, z)
    expect(u).toBeCloseTo(20.5, 8)
    expect(v).toBeCloseTo(30.5, 8)
    expect(project(camera, x, 0, z)[1]).toBeCloseTo(45, 8)
    expect(y).toBeGreaterThan(0)
  })

  it('keeps feet below the horizon', () => {
    const camera = cameraOf(LEVEL, PICTURE)
    const { y, z } = pointWithFoot(camera, 40, 5, camera.horizonRow - 5)
    expect(Number.isFinite(z)).toBe(true)
    expect(z).toBeLessThan(150)
    expect(y).toBeGreaterThan(1)
  })
})

describe('light', () => {
  it('of a small disc comes from its direction; a low one is raised', () => {
    const [slope] = discSlopes({ azimuthDegrees: 90, elevationDegrees: 45, discDegrees: 1 }, 1)
    expect(slope.x).toBeCloseTo(0, 12)
    expect(slope.z).toBeCloseTo(1, 12)
    const [low] = discSlopes({ azimuthDegrees: 0, elevationDegrees: 1, discDegrees: 0 }, 1)
    expect(low.x).toBeCloseTo(1 / Math.tan((8 * Math.PI) / 180), 10)
  })

  it('of a dome is spread so that the ground gets the same from each direction', () => {
    const slopes = domeSlopes(4096)
    // Of a cosine-weighted dome above 12 degrees, half of the irradiance comes from above 46.2 degrees.
    const half = 1 / Math.tan(Math.asin(Math.sqrt((1 + Math.sin((12 * Math.PI) / 180) ** 2) / 2)))
    const higher = slopes.filter(({ x, z }) => Math.hypot(x, z) < half).length
    expect(higher / slopes.length).toBeCloseTo(0.5, 3)
    expect(slopes.reduce((sum, { x }) => sum + x, 0) / slopes.length).toBeCloseTo(0, 2)
  })
})

describe('what no network has seen', () => {
  it('stands on its lowest points: feet under a table lie on the line from leg to leg', () => {
    // A top on two legs, the right one shorter by two cells.
    const [columns, rows] = [10, 12]
    const coverage = new Float32Array(columns * rows)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const leg = (column === 0 && row < 12) || (column === 9 && row < 10)
        if (row < 3 || leg) coverage[row * columns + column] = 1
      }
    const { size, front, back } = standingGeometry({ columns, rows, coverage }, 10 / 12)
    const hanging = standingGeometry({ columns, rows, coverage }, 10 / 12, 0)
    expect(hanging.front.every((elevation) => elevation === 0)).toBe(true)
    expect(hanging.back.every((elevation) => elevation > 0)).toBe(true)
    const at = (share: number) => front[Math.floor(share * size)]
    expect(at(0)).toBeCloseTo(0, 2)
    // Ten twelfths of the longer side across: the maps cover more than the box.
    expect(at(0.82)).toBeCloseTo(2 / 12, 1)
    expect(at(0.42)).toBeCloseTo(1 / 12, 1)
    expect(back.every((value, index) => value >= front[index])).toBe(true)
  })
})
