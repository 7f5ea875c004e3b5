/** Axis-aligned rectangle; `x, y` is the top-left corner, in the units that the owner states. */
export interface Rect {
  x: number
  y: number
  width: number
  height: number
}

export interface Size {
  width: number
  height: number
}

/** Straight (not premultiplied) 8-bit RGBA pixels, sRGB-encoded, row-major, top-left first. */
export interface Raster {
  width: number
  height: number
  data: Uint8ClampedArray<ArrayBuffer>
}

/** A raster of 16 bits a channel. */
export interface DeepRaster {
  width: number
  height: number
  data: Uint16Array<ArrayBuffer>
}

/** How much of something holds in each cell over a picture of any size, row-major, top-left first. */
export interface Mask {
  width: number
  height: number
  /** [height, width], 0..255 */
  values: Uint8Array
}

export const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value))

/**
 * Where a picture of `content` size lands in `box`: aspect kept, as large as fits, centred
 * horizontally and standing on the box's bottom edge, since objects stand on the ground.
 * Same units as `box`. The studio and the command line both use this.
 */
export function fitInBox(content: Size, box: Rect, stretch: boolean): Rect {
  if (stretch) return { ...box }
  const scale = Math.min(box.width / content.width, box.height / content.height)
  const width = content.width * scale
  const height = content.height * scale
  return { x: box.x + (box.width - width) / 2, y: box.y + box.height - height, width, height }
}

/** The part of `a` inside `b`, or null where they do not meet. */
export function intersect(a: Rect, b: Rect): Rect | null {
  const x = Math.max(a.x, b.x)
  const y = Math.max(a.y, b.y)
  const width = Math.min(a.x + a.width, b.x + b.width) - x
  const height = Math.min(a.y + a.height, b.y + b.height) - y
  return width > 0 && height > 0 ? { x, y, width, height } : null
}

/** Bounding box of a rectangle turned by `degrees` clockwise about its centre. */
export function rotatedBounds(rect: Rect, degrees: number): Rect {
  const angle = (degrees * Math.PI) / 180
  const cos = Math.abs(Math.cos(angle))
  const sin = Math.abs(Math.sin(angle))
  const width = rect.width * cos + rect.height * sin
  const height = rect.width * sin + rect.height * cos
  return {
    x: rect.x + (rect.width - width) / 2,
    y: rect.y + (rect.height - height) / 2,
    width,
    height,
  }
}
