/** A cut-out as the geometry network is shown it, and what the network says in the terms of the cut-out's box. */
import { contentBounds, trimToContent } from '@/assets/alpha'
import { placeForeground, type PlacedRaster } from '@/assets/paste'
import { clamp, type Raster, type Rect, type Size } from '@/base/geometry'
import type { Pose } from '@/layers/pose'
import type { CutoutGeometry } from '@/layers/volume'
import {
  GEOMETRY_BOX,
  GEOMETRY_GRID,
  GEOMETRY_INPUT,
  geometryInput,
  type GeometryMaps,
} from '@/nets/geometry'

/** Side of the square crop, px: drawn at twice the network's size and halved, as in training. */
const SIDE = 2 * GEOMETRY_INPUT
/** Longer side of what is visible in it. */
const EXTENT = GEOMETRY_BOX * SIDE
/** The thinnest thing that can be drawn. */
const THINNEST = 0.5
/** Cells that it covers less than this say nothing. */
const LEAST_COVERAGE = 1 / 16
/** Rings of cells around the outline that take its values. */
const RINGS = 2
/** From where on contact counts as certain, and by where it does wholly. */
const SURE = { from: 0.5, wholly: 0.8 }

export interface CutoutView {
  /** `geometryInput`'s. [6, 128, 128] */
  input: Float32Array
  /** Bounds of what is visible, and of the box (larger where it is turned), px of the crop. */
  visible: Rect
  box: Rect
  /** Share of each cell that it covers. [64, 64] */
  coverage: Float32Array
}

/** @throws empty-foreground */
export function cutoutView(raster: Raster, pose: Pose): CutoutView {
  const { placed, visible } = drawn(raster, pose)
  const { colour, alpha } = halved(placed)
  return {
    input: geometryInput(colour, alpha, (visible.y + visible.height) / SIDE),
    visible,
    box: placed.contentRect,
    coverage: cells(alpha),
  }
}

/** The cut-out in the crop, what is visible of it in the middle. */
function drawn(raster: Raster, pose: Pose): { placed: PlacedRaster; visible: Rect } {
  const trimmed = trimToContent(raster) ?? raster
  const aspect = pose.aspect ?? trimmed.width / trimmed.height
  const middle = SIDE / 2
  /** @param centre of the box */
  const draw = (scale: number, centre: { x: number; y: number }) => {
    const width = Math.max(THINNEST, Math.min(1, aspect) * scale)
    const height = Math.max(THINNEST, Math.min(1, 1 / aspect) * scale)
    const box = { x: centre.x - width / 2, y: centre.y - height / 2, width, height }
    return placeForeground(trimmed, { ...pose, box, stretch: true }, { width: SIDE, height: SIDE })
  }
  const turned = pose.rotationDegrees !== 0
  const scale = turned ? EXTENT / Math.SQRT2 : EXTENT
  const first = draw(scale, { x: middle, y: middle })
  if (!turned) return { placed: first, visible: first.contentRect }
  // What is turned seldom reaches the corners of its box: it is measured small, then drawn to fill the crop.
  const found = contentBounds(first.image) ?? { x: 0, y: 0, ...sizeOf(first.rect) }
  const larger = EXTENT / longer(found)
  const visible = {
    x: middle - (found.width * larger) / 2,
    y: middle - (found.height * larger) / 2,
    width: found.width * larger,
    height: found.height * larger,
  }
  const placed = draw(scale * larger, {
    x: middle + (middle - (first.rect.x + found.x + found.width / 2)) * larger,
    y: middle + (middle - (first.rect.y + found.y + found.height / 2)) * larger,
  })
  return { placed, visible }
}

const sizeOf = ({ width, height }: Size): Size => ({ width, height })
const longer = ({ width, height }: Size): number => Math.max(width, height)

/** @returns straight colour [3, 128, 128] and alpha [128, 128], both 0..1 */
function halved({ rect, image }: PlacedRaster): { colour: Float32Array; alpha: Float32Array } {
  const side = GEOMETRY_INPUT
  const area = side * side
  const colour = new Float32Array(3 * area)
  const alpha = new Float32Array(area)
  for (let y = 0; y < rect.height; y++)
    for (let x = 0; x < rect.width; x++) {
      const pixel = ((rect.y + y) >> 1) * side + ((rect.x + x) >> 1)
      const at = (y * rect.width + x) * 4
      const covers = image.data[at + 3] / 255 / 4
      alpha[pixel] += covers
      for (let c = 0; c < 3; c++) colour[c * area + pixel] += (covers * image.data[at + c]) / 255
    }
  for (let i = 0; i < colour.length; i++) colour[i] /= Math.max(1e-3, alpha[i % area])
  return { colour, alpha }
}

/** Alpha [128, 128] -> [64, 64] */
function cells(alpha: Float32Array): Float32Array {
  const per = GEOMETRY_INPUT / GEOMETRY_GRID
  const coverage = new Float32Array(GEOMETRY_GRID ** 2)
  for (let i = 0; i < alpha.length; i++) {
    const row = Math.floor(i / GEOMETRY_INPUT / per)
    coverage[row * GEOMETRY_GRID + Math.floor((i % GEOMETRY_INPUT) / per)] += alpha[i] / per ** 2
  }
  return coverage
}

/** The network's word in units of the box's longer side. */
export function inBox(said: GeometryMaps, { visible, box, coverage }: CutoutView): CutoutGeometry {
  const unit = longer(box)
  const scale = longer(visible) / unit
  const lowest = (box.y + box.height - visible.y - visible.height) / unit
  const known = coverage.map((share) => (share >= LEAST_COVERAGE ? 1 : 0))
  const front = touching(said, visible)
  const elevation = (values: Float32Array) =>
    spread(
      values.map((value) => value * scale + lowest),
      known,
    )
  return {
    size: GEOMETRY_GRID,
    square: { x: -box.x / unit, y: -box.y / unit, side: SIDE / unit },
    front: elevation(front),
    back: elevation(front.map((value, cell) => value + said.gap[cell])),
    contact: spread(said.contact, known),
    normals: spread(said.normals, known),
    sight: said.sight,
    focal: said.focal * scale,
  }
}

/** The front map, where what surely touches the ground stands in the very row in which it is seen. */
function touching({ front, contact }: GeometryMaps, visible: Rect): Float32Array {
  const bottom = (visible.y + visible.height) / SIDE
  return front.map((value, cell) => {
    const row = Math.floor(cell / GEOMETRY_GRID)
    const own = (bottom - (row + 0.5) / GEOMETRY_GRID) / GEOMETRY_BOX
    const sure = clamp((contact[cell] - SURE.from) / (SURE.wholly - SURE.from), 0, 1)
    return value + sure * Math.max(0, own - value)
  })
}

/**
 * Planes [channels, 64, 64] whose unknown cells along the outline take the mean of the known ones beside them, so that
 * nothing unknown is mixed in there.
 */
function spread(planes: Float32Array, known: Float32Array): Float32Array {
  const area = known.length
  const channels = planes.length / area
  const out = planes.slice()
  let filled = known.slice()
  for (let ring = 0; ring < RINGS; ring++) {
    const next = filled.slice()
    for (let cell = 0; cell < area; cell++) {
      if (filled[cell] > 0) continue
      const beside = neighbours(cell).filter((other) => filled[other] > 0)
      if (beside.length === 0) continue
      next[cell] = 1
      for (let c = 0; c < channels; c++)
        out[c * area + cell] = beside.reduce((sum, other) => sum + out[c * area + other], 0) / beside.length
    }
    filled = next
  }
  return out
}

/** The up to eight cells around one. */
function neighbours(cell: number): number[] {
  const [row, column] = [Math.floor(cell / GEOMETRY_GRID), cell % GEOMETRY_GRID]
  const found: number[] = []
  for (let y = Math.max(0, row - 1); y <= Math.min(GEOMETRY_GRID - 1, row + 1); y++)
    for (let x = Math.max(0, column - 1); x <= Math.min(GEOMETRY_GRID - 1, column + 1); x++)
      if (y !== row || x !== column) found.push(y * GEOMETRY_GRID + x)
  return found
}
