/**
 * Reflections in the ground: a surface point at height y appears at -y. The front surface's cells are drawn there as
 * triangles that carry where they lie in the object's box; the object's own pixels are then read from that.
 */
import type { PlacedRaster } from '@/assets/paste'
import type { Raster, Rect, Size } from '@/base/geometry'
import { beat } from '@/base/heartbeat'

import { blur, blurBy } from './blur'
import { depthOf, project, rayOf, tilted, upright, type Camera } from './camera'
import { NEAR } from './cast'
import { readRow, type PixelGrid } from './gridMap'
import type { SceneParameters } from './scene'
import { LINEAR, toEncoded } from '@/base/srgb'
import { cellCorners, LEAST_COVERAGE, type Volume } from './volume'

/** What is mirrored in the pixels of a grid: premultiplied linear colour and how much of the pixel it covers. */
export interface Mirrored {
  grid: PixelGrid
  /** Red, green, blue, coverage, each [rows, columns]. */
  channels: readonly Float32Array[]
}

/** Where in an object's box a pixel's mirror ray ends, and how high that is. */
export interface MirrorMap {
  /** Column and row in the box, 0..1; -1 where nothing is mirrored. [rows, columns] */
  u: Float32Array
  v: Float32Array
  /** Height of the mirrored point, in heights of the camera. [rows, columns] */
  height: Float32Array
}

/** Mirrored light comes from all over a cone of this half-angle's tangent at full roughness. */
const ROUGHEST = 0.35
/** Reflectance of a coat looked at from straight above, as of water, lacquer and glass. */
const NORMAL_REFLECTANCE = 0.04

/** The whole pixels of the picture in which a body may be mirrored, its blur too; null where there are none. */
export function mirrorRegion(
  camera: Camera,
  volume: Volume,
  { ground }: Pick<SceneParameters, 'ground'>,
  picture: Size,
): Rect | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [cell, coverage] of volume.coverage.entries()) {
    if (coverage < LEAST_COVERAGE) continue
    for (const corner of cellCorners(volume, cell).slice(0, 4)) {
      const [u, v] = mirroredCorner(camera, volume, corner)
      const [, y, z] = volume.corners.subarray(3 * corner, 3 * corner + 3)
      const soft = 2 * spreadOf(camera, ground.roughness, y, depthOf(camera, 0, z))
      left = Math.min(left, u - soft)
      right = Math.max(right, u + soft)
      top = Math.min(top, v - soft)
      bottom = Math.max(bottom, v + soft)
    }
  }
  const x = Math.max(0, Math.floor(left))
  const y = Math.max(0, Math.floor(top))
  const width = Math.min(picture.width, Math.ceil(right)) - x
  const height = Math.min(picture.height, Math.ceil(bottom)) - y
  return width > 0 && height > 0 ? { x, y, width, height } : null
}

/** Half-width of the blur of a point that is mirrored at this depth, px of the picture. */
const spreadOf = ({ focal }: Camera, roughness: number, height: number, depth: number): number =>
  (ROUGHEST * roughness * height * focal) / Math.max(NEAR, depth)

/** Where a corner's mirror image lies, px of the picture. */
function mirroredCorner(camera: Camera, { corners }: Volume, corner: number): [u: number, v: number] {
  const [x, y, z] = [corners[3 * corner], corners[3 * corner + 1], corners[3 * corner + 2]]
  // A high point's image may lie behind the camera: it is kept in front, far below the picture.
  const forward = Math.max(z, z + (NEAR - depthOf(camera, -y, z)) / camera.cos)
  return tilted(camera, ...project(camera, x, -y, forward))
}

/** Draws the front surface's mirror image; what is nearer hides what is behind it. */
export function mirrorMap(camera: Camera, volume: Volume, grid: PixelGrid): MirrorMap {
  const area = grid.rows * grid.columns
  const map: MirrorMap = {
    u: new Float32Array(area).fill(-1),
    v: new Float32Array(area).fill(-1),
    height: new Float32Array(area),
  }
  const nearest = new Float32Array(area).fill(Infinity)
  const point = (corner: number): Vertex => {
    const [u, v] = mirroredCorner(camera, volume, corner)
    const row = Math.floor(corner / (volume.columns + 1))
    const [, y, z] = volume.corners.subarray(3 * corner, 3 * corner + 3)
    return {
      column: (u - grid.x) / grid.step - 0.5,
      row: (v - grid.y) / grid.step - 0.5,
      u: (corner - row * (volume.columns + 1)) / volume.columns,
      v: row / volume.rows,
      height: y,
      depth: depthOf(camera, -y, z),
    }
  }
  for (const [cell, coverage] of volume.coverage.entries()) {
    if (coverage < LEAST_COVERAGE) continue
    const [a, b, c, d] = cellCorners(volume, cell).slice(0, 4).map(point)
    drawTriangle(grid, [a, b, c], map, nearest)
    drawTriangle(grid, [a, c, d], map, nearest)
  }
  return map
}

interface Vertex {
  column: number
  row: number
  u: number
  v: number
  height: number
  depth: number
}

function drawTriangle(
  grid: PixelGrid,
  [a, b, c]: [Vertex, Vertex, Vertex],
  map: MirrorMap,
  nearest: Float32Array,
): void {
  const area = (b.column - a.column) * (c.row - a.row) - (b.row - a.row) * (c.column - a.column)
  if (area === 0) return
  const top = Math.max(0, Math.ceil(Math.min(a.row, b.row, c.row)))
  const bottom = Math.min(grid.rows - 1, Math.floor(Math.max(a.row, b.row, c.row)))
  const left = Math.max(0, Math.ceil(Math.min(a.column, b.column, c.column)))
  const right = Math.min(grid.columns - 1, Math.floor(Math.max(a.column, b.column, c.column)))
  for (let y = top; y <= bottom; y++)
    for (let x = left; x <= right; x++) {
      const wb = ((x - a.column) * (c.row - a.row) - (y - a.row) * (c.column - a.column)) / area
      const wc = ((b.column - a.column) * (y - a.row) - (b.row - a.row) * (x - a.column)) / area
      const wa = 1 - wb - wc
      // A hair's breadth over, so that no seam opens between neighbours.
      if (wa < -1e-9 || wb < -1e-9 || wc < -1e-9) continue
      const at = y * grid.columns + x
      const depth = wa * a.depth + wb * b.depth + wc * c.depth
      if (depth >= nearest[at]) continue
      nearest[at] = depth
      map.u[at] = wa * a.u + wb * b.u + wc * c.u
      map.v[at] = wa * a.v + wb * b.v + wc * c.v
      map.height[at] = wa * a.height + wb * b.height + wc * c.height
    }
}

/** A body's mirror image, blurred the more the higher the mirrored point. */
export function mirrored(
  camera: Camera,
  volume: Volume,
  placed: PlacedRaster,
  scene: SceneParameters,
  grid: PixelGrid,
): Mirrored {
  const map = mirrorMap(camera, volume, grid)
  const area = grid.rows * grid.columns
  const channels = Array.from({ length: 4 }, () => new Float32Array(area))
  const radius = new Float32Array(area)
  for (let pixel = 0; pixel < area; pixel++) {
    if (map.u[pixel] < 0) continue
    readColour(placed, map.u[pixel], map.v[pixel], channels, pixel)
    const [u, v] = pixelCentre(grid, pixel)
    const ray = rayOf(camera, ...upright(camera, u, v))
    // Of the ground in which it is seen, along the camera's axis, which a pixel's ray goes along once.
    const depth = ray.y < 0 ? -1 / ray.y : Infinity
    const spread = spreadOf(camera, scene.ground.roughness, map.height[pixel], depth)
    radius[pixel] = Math.min(grid.columns / 4, spread / grid.step)
  }
  // Beside the image, too: it fades into the ground instead of ending at its outline.
  const widest = radius.reduce((most, value) => Math.max(most, value), 0)
  blur(radius, grid.columns, grid.rows, widest / 2)
  return { grid, channels: channels.map((channel) => blurBy(channel, radius, grid.columns, grid.rows)) }
}

const pixelCentre = ({ x, y, columns, step }: PixelGrid, pixel: number): [u: number, v: number] => [
  x + ((pixel % columns) + 0.5) * step,
  y + (Math.floor(pixel / columns) + 0.5) * step,
]

/** The object's colour at a place of its box, premultiplied and linear; nothing where the picture cuts it off. */
function readColour(
  { rect, image, contentRect }: PlacedRaster,
  u: number,
  v: number,
  channels: Float32Array[],
  pixel: number,
): void {
  const x = Math.floor(contentRect.x + u * contentRect.width - rect.x)
  const y = Math.floor(contentRect.y + v * contentRect.height - rect.y)
  if (x < 0 || y < 0 || x >= rect.width || y >= rect.height) return
  const at = (y * rect.width + x) * 4
  const alpha = image.data[at + 3] / 255
  for (let channel = 0; channel < 3; channel++)
    channels[channel][pixel] = LINEAR[image.data[at + channel]] * alpha
  channels[3][pixel] = alpha
}

/**
 * Lays mirror images over the ground, in place: result = ground * (1 - s * coverage) + s * image in linear light, where
 * s = amount * reflectance * Fresnel's share at the angle of view (Schlick).
 */
export function layReflection(
  picture: Raster,
  camera: Camera,
  mirror: Mirrored,
  scene: SceneParameters,
  amount: number,
): void {
  const { data } = picture
  eachMirrored(picture, camera, mirror, scene, amount, (at, colour, alpha, share) => {
    for (let channel = 0; channel < 3; channel++) {
      const left = LINEAR[data[at + channel]] * (1 - share * alpha)
      data[at + channel] = 255 * toEncoded(left + share * colour[channel])
    }
  })
}

/**
 * The same, and what an image editor, which mixes encoded colours, must lay over this very picture to show it: straight
 * alpha, no less than the mirror image's own, and as much more as it takes to be brighter or darker than a mixture.
 */
export function layReflectionAsLayer(
  picture: Raster,
  camera: Camera,
  mirror: Mirrored,
  scene: SceneParameters,
  amount: number,
  layer: Raster,
): void {
  const { data } = picture
  eachMirrored(picture, camera, mirror, scene, amount, (at, colour, alpha, share) => {
    let cover = share * alpha
    for (let channel = 0; channel < 3; channel++) {
      const ground = data[at + channel] / 255
      const wanted = toEncoded(LINEAR[data[at + channel]] * (1 - share * alpha) + share * colour[channel])
      encoded[channel] = wanted
      const room = wanted > ground ? 1 - ground : ground
      if (room > 0) cover = Math.max(cover, Math.abs(wanted - ground) / room)
    }
    cover = Math.min(1, Math.ceil(255 * cover) / 255)
    for (let channel = 0; channel < 3; channel++) {
      const wanted = encoded[channel]
      encoded[channel] = (wanted - (data[at + channel] / 255) * (1 - cover)) / cover
      data[at + channel] = 255 * wanted
    }
    layOver(layer, at, encoded, cover)
  })
}

/** Of the pixel at hand, 0..1. */
const encoded = new Float64Array(3)

/** A layer of its own, with straight alpha, for a picture that is not known: mixed as encoded colours are. */
export function drawReflection(
  layer: Raster,
  camera: Camera,
  mirror: Mirrored,
  scene: SceneParameters,
  amount: number,
): void {
  eachMirrored(layer, camera, mirror, scene, amount, (at, colour, alpha, share) => {
    for (let channel = 0; channel < 3; channel++)
      encoded[channel] = toEncoded(Math.min(1, colour[channel] / alpha))
    layOver(layer, at, encoded, share * alpha)
  })
}

function layOver({ data }: Raster, at: number, colour: Float64Array, own: number): void {
  const below = (data[at + 3] / 255) * (1 - own)
  for (let channel = 0; channel < 3; channel++)
    data[at + channel] = (255 * colour[channel] * own + data[at + channel] * below) / (own + below)
  data[at + 3] = 255 * (own + below)
}

/** Visits the pixels in which something is mirrored: first byte, premultiplied linear colour, coverage, strength. */
function eachMirrored(
  { width, height }: Size,
  camera: Camera,
  { grid, channels }: Mirrored,
  scene: SceneParameters,
  amount: number,
  visit: (at: number, colour: Float32Array, alpha: number, share: number) => void,
): void {
  const strength = amount * scene.ground.reflectance
  const lines = channels.map(() => new Float32Array(width))
  const colour = new Float32Array(3)
  for (let y = 0; y < height; y++) {
    beat()
    // All four have one grid: none of them has a row that another lacks.
    if (!channels.every((values, channel) => readRow({ grid, values }, 0, y, lines[channel]))) continue
    for (let x = 0; x < width; x++) {
      const alpha = lines[3][x]
      if (alpha <= 0) continue
      const share = strength * schlick(camera, x + 0.5, y + 0.5)
      if (share <= 0) continue
      for (let channel = 0; channel < 3; channel++) colour[channel] = lines[channel][x]
      visit((y * width + x) * 4, colour, alpha, share)
    }
  }
}

/** Schlick's approximation of Fresnel's reflectance of level ground seen in a pixel; 0 above the horizon. */
export function schlick(camera: Camera, u: number, v: number): number {
  const ray = rayOf(camera, ...upright(camera, u, v))
  if (ray.y >= 0) return 0
  const cosine = -ray.y / Math.hypot(ray.x, ray.y, ray.z)
  return NORMAL_REFLECTANCE + (1 - NORMAL_REFLECTANCE) * (1 - cosine) ** 5
}
