import { describe, expect, it } from 'vitest'

import {
  azimuthAt,
  domeOver,
  horizonFrom,
  horizonRow,
  isFar,
  lightAt,
  lightFrom,
  onDome,
  rimOf,
  tiltThrough,
} from '@/canvas/lightGuides'
import { cameraOf, groundPoint, upright, type CameraParameters } from '@/layers/camera'

const PICTURE = { width: 1200, height: 800 }
const FOOT = { x: 500, y: 640 }

const CAMERAS: [name: string, camera: CameraParameters][] = [
  ['level', { horizon: 0.5, tiltDegrees: 0, fovDegrees: 55 }],
  ['looking down', { horizon: -0.4, tiltDegrees: 0, fovDegrees: 40 }],
  ['looking up, wide', { horizon: 0.75, tiltDegrees: 0, fovDegrees: 100 }],
  ['tilted', { horizon: 0.3, tiltDegrees: 14, fovDegrees: 70 }],
]

describe.each(CAMERAS)('the dome, %s', (_, parameters) => {
  const camera = cameraOf(parameters, PICTURE)
  const dome = domeOver(parameters, PICTURE, FOOT, { most: 160, least: 40 }, 500)

  it('stands on the ground around the foot', () => {
    for (const { x, y } of rimOf(dome)) {
      const ground = groundPoint(camera, ...upright(camera, x, y))
      expect(ground).not.toBeNull()
      expect(Math.hypot(ground!.x - dome.centre.x, ground!.z - dome.centre.z)).toBeCloseTo(dome.radius, 6)
    }
    const foot = groundPoint(camera, ...upright(camera, FOOT.x, FOOT.y))
    expect(foot!.x).toBeCloseTo(dome.centre.x, 9)
    expect(foot!.z).toBeCloseTo(dome.centre.z, 9)
  })

  it('has the light where the pointer is, on both of its sides', () => {
    let [far, near] = [0, 0]
    for (let azimuth = 0; azimuth < 360; azimuth += 7)
      for (let elevation = 9; elevation < 88; elevation += 6) {
        const light = lightFrom(azimuth, elevation)
        const side = isFar(dome, light)
        if (side) far++
        else near++
        const found = lightAt(dome, onDome(dome, azimuth, elevation), side, lightFrom(0, 45))
        // Where the dome is seen edge-on a pixel is many degrees: what counts is that the sun is under the pointer.
        const at = onDome(dome, found.azimuthDegrees, found.elevationDegrees)
        const wanted = onDome(dome, azimuth, elevation)
        expect(Math.hypot(at.x - wanted.x, at.y - wanted.y)).toBeLessThan(3)
      }
    expect(far).toBeGreaterThan(100)
    expect(near).toBeGreaterThan(100)
  })

  it('has no light below the lowest, and none beside itself', () => {
    const last = lightFrom(30, 40)
    const { azimuthDegrees, elevationDegrees } = lightAt(dome, { x: FOOT.x - 900, y: FOOT.y }, true, last)
    expect(elevationDegrees).toBeGreaterThanOrEqual(8)
    expect(elevationDegrees).toBeLessThan(35)
    expect(Math.cos(((azimuthDegrees - 180) * Math.PI) / 180)).toBeGreaterThan(0.4)
    for (const far of [true, false])
      expect(lightAt(dome, { x: FOOT.x, y: FOOT.y + 2000 }, far, last).elevationDegrees).toBe(8)
  })

  it('keeps the side of a light that comes to stand straight above', () => {
    const top = onDome(dome, 0, 90)
    const last = lightFrom(211, 60)
    const side = isFar(dome, lightFrom(211, 90))
    expect(lightAt(dome, top, side, last)).toEqual({ azimuthDegrees: 211, elevationDegrees: 90 })
  })

  it('is turned by its rim', () => {
    for (let azimuth = 0; azimuth < 360; azimuth += 11)
      expect(azimuthAt(dome, onDome(dome, azimuth, 0))).toBe(azimuth)
    // From beside the rim: left is left, whatever the height.
    expect(azimuthAt(dome, { x: FOOT.x + 3000, y: FOOT.y })).toSatisfy((a: number) => a < 40 || a > 320)
  })
})

it('is as wide as it is told, and smaller where there is little room below or the camera is near', () => {
  const camera = { horizon: 0.5, tiltDegrees: 0, fovDegrees: 55 }
  const rim = (reach: number, below: number) =>
    rimOf(domeOver(camera, PICTURE, FOOT, { most: reach, least: 40 }, below))
  const lowest = (points: { y: number }[]) => Math.max(...points.map(({ y }) => y))
  expect(rim(160, 500)[0].x - FOOT.x).toBeCloseTo(160, 6)
  expect(lowest(rim(160, 500))).toBeGreaterThan(FOOT.y + 20)
  expect(lowest(rim(160, 20))).toBeCloseTo(FOOT.y + 20, 6)
  expect(rim(160, 1)[0].x - FOOT.x).toBeCloseTo(40, 6)
  expect(lowest(rim(5000, 5000))).toBeLessThan(FOOT.y + 400)
})

it('lies at the horizon for what hangs in the sky', () => {
  const camera = { horizon: 0.5, tiltDegrees: 0, fovDegrees: 55 }
  const dome = domeOver(camera, PICTURE, { x: 500, y: 100 }, { most: 160, least: 40 }, 500)
  for (const { y } of rimOf(dome)) {
    expect(y).toBeGreaterThan(400)
    expect(y).toBeLessThan(440)
  }
})

describe('the horizon', () => {
  const level: CameraParameters = { horizon: 0.4, tiltDegrees: 0, fovDegrees: 55 }

  it('crosses the middle column at its share of the height, its right end lower when turned clockwise', () => {
    expect(horizonRow(level, PICTURE, 0)).toBe(320)
    const turned = { ...level, tiltDegrees: 10 }
    expect(horizonRow(turned, PICTURE, 600)).toBe(320)
    expect(horizonRow(turned, PICTURE, 1200)).toBeCloseTo(320 + 600 * Math.tan(Math.PI / 18), 9)
  })

  it('is the row under which the camera sees ground', () => {
    const turned = { ...level, tiltDegrees: -12 }
    const camera = cameraOf(turned, PICTURE)
    for (const u of [0, 300, 1200]) {
      const v = horizonRow(turned, PICTURE, u)
      expect(groundPoint(camera, ...upright(camera, u, v - 0.01))).toBeNull()
      expect(groundPoint(camera, ...upright(camera, u, v + 0.01))).not.toBeNull()
    }
  })

  it('is turned about its middle to pass through a point at either end', () => {
    const turned = { ...level, tiltDegrees: 6.5 }
    for (const x of [0, 1200])
      expect(tiltThrough(level, PICTURE, { x, y: horizonRow(turned, PICTURE, x) })).toBe(6.5)
    expect(tiltThrough(level, PICTURE, { x: 0, y: 5000 })).toBe(-20)
  })

  it('stays where the panel can show it', () => {
    expect(horizonFrom(-3)).toBe(-0.5)
    expect(horizonFrom(0.41259)).toBe(0.413)
  })
})
