/** Shadow and contact as layers that are multiplied with what lies below them, the way image editors do it. */
import { fileOpacity, type StackLayer } from '@/assets/layered'
import { blankRaster } from '@/assets/raster'
import { intersect, type Raster, type Rect, type Size } from '@/base/geometry'
import { beat } from '@/base/heartbeat'
import { LINEAR, quicklyEncoded } from '@/base/srgb'

import { readRow, type PixelGrid } from './gridMap'
import { maskOver, type LayerMasks } from './masks'
import type { LayerAmounts, SceneParameters } from './scene'
import { amountOf, darkenings, maskOfPart, type Darkening, type Hidden } from './shade'

interface Multiplied extends Darkening {
  amount: number
  stack: StackLayer
}

/**
 * What darkens a background, a layer for every light and one for contact. Each holds the ratio of the encoded colours after
 * and before it, with those below it; ratios are of this background, as sRGB's curve is no power. What is hidden has its
 * layer too, as if it were the only one to be added to those that show. Masks are the layers' own; where one is half open a
 * layer holds what makes up half of the light, not half of the encoded colours.
 * @param drawn how strongly each is drawn, above 0 also where it is not shown
 * @param shown the same, 0 for what is not
 */
export function multiplyLayers(
  background: Raster,
  hidden: Hidden,
  scene: SceneParameters,
  drawn: LayerAmounts,
  shown: LayerAmounts,
  masks: LayerMasks,
): StackLayer[] {
  const parts = darkenings(hidden, scene).flatMap((part): Multiplied[] => {
    const rect = reachOf(part.map.grid, background)
    if (!rect) return []
    const amount = amountOf(part, drawn)
    const image = blankRaster(rect.width, rect.height)
    image.data.fill(255)
    const name = part.light === null ? 'Contact' : 'Shadow'
    const visible = amountOf(part, shown) > 0
    const painted = maskOfPart(part, masks)
    const mask = painted && maskOver(painted, rect, background)
    const stack = {
      name,
      blend: 'multiply' as const,
      opacity: fileOpacity(amount),
      visible,
      rect,
      image,
      mask,
    }
    return [{ ...part, amount, stack }]
  })
  const { width, height } = background
  const buffers = {
    line: new Float32Array(width),
    losses: new Float32Array(3 * width),
    current: new Float32Array(3 * width),
  }
  for (let y = 0; y < height; y++) {
    beat()
    multiplyRow(background, parts, y, buffers)
  }
  return parts.map(({ stack }) => stack)
}

interface RowBuffers {
  line: Float32Array
  /** Of the light, so far. [pixels, 3] */
  losses: Float32Array
  /** What the layers so far make of the background, with the bytes that they hold: errors do not add up. [pixels, 3] */
  current: Float32Array
}

function multiplyRow(
  { data, width }: Raster,
  parts: readonly Multiplied[],
  y: number,
  { line, losses, current }: RowBuffers,
): void {
  let begun = false
  for (const { map, share, amount, stack } of parts) {
    const { rect, image, opacity, visible, mask } = stack
    if (y < rect.y || y >= rect.y + rect.height || !readRow(map, 0, y, line)) continue
    if (!begun) {
      losses.fill(0)
      for (let i = 0; i < losses.length; i++) current[i] = data[(y * width + Math.floor(i / 3)) * 4 + (i % 3)]
      begun = true
    }
    const row = (y - rect.y) * rect.width
    for (let x = rect.x; x < rect.x + rect.width; x++) {
      if (line[x] <= 0) continue
      const open = mask ? mask.values[row + x - rect.x] / 255 : 1
      // Where it is closed the layer holds what would be seen without its mask.
      const weight = open || 1
      const cover = opacity * weight
      for (let channel = 0; channel < 3; channel++) {
        const i = 3 * x + channel
        const byte = data[(y * width + x) * 4 + channel]
        const loss = losses[i] + weight * amount * share[channel] * line[x]
        const wanted = ratio(byte, current[i], losses[i], loss)
        const stored = Math.min(255, Math.max(0, Math.round((255 * (wanted - 1 + cover)) / cover)))
        image.data[(row + x - rect.x) * 4 + channel] = stored
        if (!visible || open === 0) continue
        losses[i] = loss
        current[i] *= 1 - cover + (cover * stored) / 255
      }
    }
  }
}

/** Of a background's byte with so much of its light lost, to what it is now. */
function ratio(byte: number, current: number, before: number, loss: number): number {
  const left = Math.max(0, 1 - loss)
  if (current > 0) return (255 * quicklyEncoded(LINEAR[byte] * left)) / current
  // Black stays black; its layer is that of what is almost black, where sRGB's curve is straight.
  return before < 1 ? left / (1 - before) : 1
}

/** The whole pixels of a picture at which a map may not be 0. */
function reachOf({ x, y, columns, rows, step }: PixelGrid, picture: Size): Rect | null {
  const left = Math.floor(x - step)
  const top = Math.floor(y - step)
  const reach = {
    x: left,
    y: top,
    width: Math.ceil(x + (columns + 1) * step) - left,
    height: Math.ceil(y + (rows + 1) * step) - top,
  }
  return intersect(reach, { x: 0, y: 0, width: picture.width, height: picture.height })
}
