/**
 * The one camera that all layers of a picture use.
 *
 * Picture frame: pixels, u right, v down, a pixel's centre at +0.5; the principal point is the picture's centre.
 * World frame: x right, y up from the ground, z along the camera's heading; the camera stands at (0, 1, 0), so that
 * lengths are in heights of the camera. The horizon's tilt is removed by turning the picture about its centre first.
 */
import type { Size } from '@/base/geometry'

/** What a document stores of a camera. */
export interface CameraParameters {
  /** Row in which the horizon crosses the picture's middle column, as a share of the height; may lie outside 0..1. */
  horizon: number
  /** Degrees by which the horizon is turned clockwise: positive where its right end lies lower. */
  tiltDegrees: number
  /** Field of view over the longer side, degrees. */
  fovDegrees: number
}

export interface Camera {
  /** Focal length, px. */
  focal: number
  /** Principal point, px. */
  cx: number
  cy: number
  /** Downward pitch: sine, cosine, tangent. */
  sin: number
  cos: number
  tan: number
  /** Row of the horizon once the picture has been turned level, px. */
  horizonRow: number
  tiltSin: number
  tiltCos: number
}

export interface Point3 {
  x: number
  y: number
  z: number
}

const RADIANS = Math.PI / 180

export function cameraOf({ horizon, tiltDegrees, fovDegrees }: CameraParameters, picture: Size): Camera {
  const cx = picture.width / 2
  const cy = picture.height / 2
  const focal = Math.max(picture.width, picture.height) / 2 / Math.tan((fovDegrees / 2) * RADIANS)
  // Of the picture that has been turned level.
  const horizonRow = cy + (horizon * picture.height - cy) * Math.cos(tiltDegrees * RADIANS)
  const pitch = Math.atan((cy - horizonRow) / focal)
  return {
    focal,
    cx,
    cy,
    sin: Math.sin(pitch),
    cos: Math.cos(pitch),
    tan: Math.tan(pitch),
    horizonRow,
    tiltSin: Math.sin(tiltDegrees * RADIANS),
    tiltCos: Math.cos(tiltDegrees * RADIANS),
  }
}

/** A pixel of the picture as it would lie with a level horizon. */
export function upright(camera: Camera, u: number, v: number): [u: number, v: number] {
  const du = u - camera.cx
  const dv = v - camera.cy
  return [
    camera.cx + camera.tiltCos * du + camera.tiltSin * dv,
    camera.cy - camera.tiltSin * du + camera.tiltCos * dv,
  ]
}

/** The inverse of `upright`. */
export function tilted(camera: Camera, u: number, v: number): [u: number, v: number] {
  const du = u - camera.cx
  const dv = v - camera.cy
  return [
    camera.cx + camera.tiltCos * du - camera.tiltSin * dv,
    camera.cy + camera.tiltSin * du + camera.tiltCos * dv,
  ]
}

/** Direction of the ray through an upright pixel, world frame, not normalised. */
export function rayOf({ focal, cx, cy, sin, cos }: Camera, u: number, v: number): Point3 {
  const down = (v - cy) / focal
  return { x: (u - cx) / focal, y: -sin - down * cos, z: cos - down * sin }
}

/** The ground seen in an upright pixel: (x, 0, z). Null at and above the horizon. */
export function groundPoint(camera: Camera, u: number, v: number): Point3 | null {
  const ray = rayOf(camera, u, v)
  if (ray.y >= 0) return null
  const t = -1 / ray.y
  return { x: t * ray.x, y: 0, z: t * ray.z }
}

/** Distance of a world point along the camera's axis; behind the camera it is negative. */
export const depthOf = ({ sin, cos }: Camera, y: number, z: number): number => z * cos - (y - 1) * sin

/** Where a world point appears, upright px. Sound only where `depthOf` is positive. */
export function project(camera: Camera, x: number, y: number, z: number): [u: number, v: number] {
  const { focal, cx, cy, sin, cos } = camera
  const depth = depthOf(camera, y, z)
  return [cx + (focal * x) / depth, cy + (focal * (-(y - 1) * cos - z * sin)) / depth]
}

/**
 * Rows below the horizon that a foot keeps at least, as a share of the focal length: a foot at the horizon would stand
 * infinitely far away.
 */
const NEAREST_TO_HORIZON = 0.01

/** The highest row, upright px, on which something can stand. */
export const farthestRow = ({ horizonRow, focal }: Camera): number => horizonRow + NEAREST_TO_HORIZON * focal

/**
 * The world point seen in upright pixel (u, v) whose foot stands in row `foot`: its vertical line meets the ground
 * there. Nothing has its foot above itself, and rows at or above the horizon are brought down to `farthestRow`.
 */
export function pointWithFoot(camera: Camera, u: number, v: number, foot: number): Point3 {
  const { cx, cy, focal, tan } = camera
  const row = Math.max(foot, v, farthestRow(camera))
  // Verticals meet at the nadir; for a level camera they are parallel.
  const nadir = cy + focal / tan
  const column = Math.abs(tan) < 1e-9 ? u : u + ((cx - u) * (row - v)) / (nadir - v)
  const ground = groundPoint(camera, column, row)!
  const ray = rayOf(camera, u, v)
  return { x: ground.x, y: Math.max(0, 1 + (ground.z * ray.y) / ray.z), z: ground.z }
}
