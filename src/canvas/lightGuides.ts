/**
 * Where the handles of light and horizon lie over a picture, and what a pointer on them means. Points are background px;
 * the world is the layers' own (layers/camera.ts): heights of the camera, x right, y up, z away.
 *
 * The light is shown on a dome that stands on the ground around an object's foot: the dome's rim is the horizon all
 * around, its top straight above. The real camera sees it, so the rim lies on the picture's ground in perspective.
 */
import { clamp, type Size } from '@/base/geometry'
import type { Point } from '@/canvas/viewport'
import {
  cameraOf,
  depthOf,
  farthestRow,
  pointWithFoot,
  project,
  rayOf,
  tilted,
  upright,
  type Camera,
  type CameraParameters,
  type Point3,
} from '@/layers/camera'
import { directionOf, LOWEST_ELEVATION, type DiscLight } from '@/layers/light'

/** Whence a light comes, whole degrees. */
export type LightDirection = Pick<DiscLight, 'azimuthDegrees' | 'elevationDegrees'>

export interface Dome {
  camera: Camera
  /** On the ground. */
  centre: Point3
  /** Heights of the camera. */
  radius: number
}

/** Of its middle's distance: what is nearer to the camera is seen too distorted. */
const LARGEST = 0.5
/** So near to straight above a light has no side that it comes from. */
const NO_SIDE = 0.02
const DEGREES = 180 / Math.PI

/**
 * The dome around a foot.
 * @param foot background px; above the horizon nothing stands: the dome then lies as far away as things can
 * @param reach half the rim's width as it should be and at least, background px
 * @param below rows that the rim may take below the foot; the dome is smaller where there are few
 */
export function domeOver(
  parameters: CameraParameters,
  picture: Size,
  foot: Point,
  reach: { most: number; least: number },
  below: number,
): Dome {
  const camera = cameraOf(parameters, picture)
  const [u, v] = upright(camera, foot.x, foot.y)
  const { x, z } = pointWithFoot(camera, u, v, v)
  const depth = depthOf(camera, 0, z)
  const front = pointWithFoot(camera, u, v, Math.max(v, farthestRow(camera)) + below)
  const wide = (px: number) => (depth * px) / camera.focal
  const fitting = Math.max(wide(reach.least), Math.min(wide(reach.most), z - front.z))
  return { camera, centre: { x, y: 0, z }, radius: Math.min(fitting, LARGEST * depth) }
}

/** Where a direction meets the dome, background px. */
export function onDome(dome: Dome, azimuthDegrees: number, elevationDegrees: number): Point {
  const { camera, centre, radius } = dome
  const azimuth = azimuthDegrees / DEGREES
  const elevation = elevationDegrees / DEGREES
  const level = radius * Math.cos(elevation)
  const [u, v] = project(
    camera,
    centre.x + level * Math.cos(azimuth),
    radius * Math.sin(elevation),
    centre.z + level * Math.sin(azimuth),
  )
  const [x, y] = tilted(camera, u, v)
  return { x, y }
}

/** The rim, once around. */
export const rimOf = (dome: Dome): Point[] =>
  Array.from({ length: 73 }, (_, step) => onDome(dome, step * 5, 0))

/** A line down the dome from one elevation to another, degrees. */
export const meridianOf = (dome: Dome, azimuthDegrees: number, from: number, to: number): Point[] =>
  Array.from({ length: 25 }, (_, step) => onDome(dome, azimuthDegrees, from + ((to - from) * step) / 24))

/** Whether a light stands on the dome's far side, which is seen through the near one. */
export function isFar({ centre, radius }: Dome, light: LightDirection): boolean {
  const { x, y, z } = directionOf({ ...light, discDegrees: 0 })
  return x * (centre.x + radius * x) + y * (radius * y - 1) + z * (centre.z + radius * z) > 0
}

/**
 * The light that stands on the dome under a pointer, or as near to it as there is one.
 * @param far the side of the dome that it keeps to: a pointer alone does not tell
 * @param last gives the azimuth where the pointer does not: straight above
 */
export function lightAt(dome: Dome, pointer: Point, far: boolean, last: LightDirection): LightDirection {
  const { camera, centre, radius } = dome
  const ray = rayOf(camera, ...upright(camera, pointer.x, pointer.y))
  const length = Math.hypot(ray.x, ray.y, ray.z)
  const eye = { x: -centre.x, y: 1, z: -centre.z }
  const along = (eye.x * ray.x + eye.y * ray.y + eye.z * ray.z) / length
  const apart = eye.x ** 2 + eye.y ** 2 + eye.z ** 2 - radius ** 2
  // A ray that misses the dome passes its edge where it is nearest to it.
  const chord = Math.sqrt(Math.max(0, along ** 2 - apart))
  const reached = (-along + (far ? chord : -chord)) / length
  const x = eye.x + reached * ray.x
  const y = eye.y + reached * ray.y
  const z = eye.z + reached * ray.z
  const level = Math.hypot(x, z)
  const sideless = level < NO_SIDE * Math.hypot(x, y, z)
  return lightFrom(
    sideless ? last.azimuthDegrees : Math.atan2(z, x) * DEGREES,
    Math.atan2(y, level) * DEGREES,
  )
}

/** The azimuth whose point on the rim is nearest to a pointer, whole degrees. */
export function azimuthAt(dome: Dome, pointer: Point): number {
  let best = 0
  let least = Infinity
  for (let azimuth = 0; azimuth < 360; azimuth++) {
    const { x, y } = onDome(dome, azimuth, 0)
    const distance = (x - pointer.x) ** 2 + (y - pointer.y) ** 2
    if (distance < least) [best, least] = [azimuth, distance]
  }
  return best
}

/** A direction in whole degrees within what a light can have. */
export const lightFrom = (azimuthDegrees: number, elevationDegrees: number): LightDirection => ({
  azimuthDegrees: ((Math.round(azimuthDegrees) % 360) + 360) % 360,
  elevationDegrees: Math.round(clamp(elevationDegrees, LOWEST_ELEVATION, 90)),
})

/** Row of the horizon in a column of the picture, background px. */
export const horizonRow = (
  { horizon, tiltDegrees }: CameraParameters,
  picture: Size,
  column: number,
): number => horizon * picture.height + (column - picture.width / 2) * Math.tan(tiltDegrees / DEGREES)

/** A horizon where the panel can show it, in thousandths of the picture's height. */
export const horizonFrom = (share: number): number => Math.round(clamp(share, -0.5, 1.2) * 1000) / 1000

/** A tilt where the panel can show it, in halves of a degree. */
export const tiltFrom = (degrees: number): number => Math.round(clamp(degrees, -20, 20) * 2) / 2

/** The tilt with which the horizon, turned about the picture's middle column, passes through a point. */
export function tiltThrough({ horizon }: CameraParameters, picture: Size, { x, y }: Point): number {
  const across = x - picture.width / 2
  return tiltFrom(Math.atan2((y - horizon * picture.height) * Math.sign(across), Math.abs(across)) * DEGREES)
}
