/**
 * Applies Mini's gain and offset at full resolution. The maps are upsampled by a cubic B-spline, which
 * has no creases, guided by alpha: a pixel of the object takes its light from the object's samples and
 * a pixel beside it from the background's, so that no halo follows the outline.
 */
import type { PlacedRaster } from '@/assets/paste'
import type { Raster, Rect } from '@/base/geometry'
import type { GainOffset } from '@/nets/mini'

/** Weight that samples of the other side of an outline keep, so that no pixel is left without light. */
const OTHER_SIDE = 0.02
/** Share of the crop's side over which a change fades towards a border that lies inside the picture. */
const FADE = 0.08
/** Largest change, in [0,1] colour, that rounds to nothing. */
const INVISIBLE = 0.5 / 255

const bspline = (t: number): [number, number, number, number] => {
  const s = 1 - t
  return [
    (s * s * s) / 6,
    (3 * t * t * t - 6 * t * t + 4) / 6,
    (3 * s * s * s - 6 * s * s + 4) / 6,
    (t * t * t) / 6,
  ]
}

/**
 * For every pixel of a line: the first of four samples, their weights, and how much of a change it takes, so that
 * no edge shows where the crop ends. Where the crop ends with the picture, nothing fades.
 */
function taps(
  from: number,
  to: number,
  cropStart: number,
  side: number,
  pictureSize: number,
  perPixel: number,
) {
  const fade = side * FADE
  return Array.from({ length: to - from }, (_, i) => {
    const pixel = from + i + 0.5
    const at = (pixel - cropStart) * perPixel - 0.5
    const low = cropStart <= 0.5 ? 1 : smoothstep((pixel - cropStart) / fade)
    const high = cropStart + side >= pictureSize - 0.5 ? 1 : smoothstep((cropStart + side - pixel) / fade)
    return { first: Math.floor(at) - 1, weights: bspline(at - Math.floor(at)), share: low * high }
  })
}

function smoothstep(t: number): number {
  const x = Math.min(1, Math.max(0, t))
  return x * x * (3 - 2 * x)
}

/**
 * result = composite*(1+g) + o inside the crop; all other pixels, and those where g and o vanish, keep
 * their bits. Returns a new raster.
 * @param crop square in background pixels that the maps cover
 * @param alpha [size, size] placed alpha at the maps' resolution
 */
export function applyMaps(
  composite: Raster,
  placed: PlacedRaster,
  crop: Rect,
  maps: GainOffset,
  alpha: Float32Array,
  size: number,
): Raster {
  const out: Raster = { ...composite, data: new Uint8ClampedArray(composite.data) }
  const left = Math.max(0, Math.floor(crop.x))
  const top = Math.max(0, Math.floor(crop.y))
  const right = Math.min(composite.width, Math.ceil(crop.x + crop.width))
  const bottom = Math.min(composite.height, Math.ceil(crop.y + crop.height))
  const perPixel = size / crop.width
  const columns = taps(left, right, crop.x, crop.width, composite.width, perPixel)
  const rows = taps(top, bottom, crop.y, crop.height, composite.height, perPixel)
  const area = size * size
  const { gain, offset } = maps
  const active = activeSamples(maps, area)
  const clampIndex = (index: number) => Math.min(size - 1, Math.max(0, index))
  const sum = new Float64Array(6)

  for (let y = top; y < bottom; y++) {
    const row = rows[y - top]
    for (let x = left; x < right; x++) {
      const column = columns[x - left]
      const own = alphaAt(placed, x, y)
      let total = 0
      let touched = false
      sum.fill(0)
      for (let v = 0; v < 4; v++) {
        const line = clampIndex(row.first + v) * size
        for (let u = 0; u < 4; u++) {
          const sample = line + clampIndex(column.first + u)
          const likeness = 1 - Math.abs(own - alpha[sample])
          const weight = row.weights[v] * column.weights[u] * (OTHER_SIDE + likeness ** 4)
          total += weight
          if (!active[sample]) continue
          touched = true
          for (let c = 0; c < 3; c++) {
            sum[c] += weight * gain[c * area + sample]
            sum[3 + c] += weight * offset[c * area + sample]
          }
        }
      }
      if (!touched) continue
      const at = 4 * (y * composite.width + x)
      for (let c = 0; c < 3; c++) {
        const before = composite.data[at + c] / 255
        const change = ((before * sum[c] + sum[3 + c]) / total) * column.share * row.share
        // Uint8ClampedArray rounds and clamps.
        if (Math.abs(change) >= INVISIBLE) out.data[at + c] = 255 * (before + change)
      }
    }
  }
  return out
}

/** Samples with any gain or offset. */
function activeSamples({ gain, offset }: GainOffset, area: number): Uint8Array {
  const active = new Uint8Array(area)
  for (let i = 0; i < gain.length; i++) if (gain[i] !== 0 || offset[i] !== 0) active[i % area] = 1
  return active
}

function alphaAt({ rect, image }: PlacedRaster, x: number, y: number): number {
  const column = x - rect.x
  const row = y - rect.y
  if (column < 0 || row < 0 || column >= rect.width || row >= rect.height) return 0
  return image.data[4 * (row * rect.width + column) + 3] / 255
}
