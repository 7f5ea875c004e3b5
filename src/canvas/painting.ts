import { Group } from 'konva/lib/Group'
import { Circle } from 'konva/lib/shapes/Circle'

import { strokeOver } from '@/assets/brush'
import type { Mask, Rect, Size } from '@/base/geometry'
import { opaqueDrawable } from '@/canvas/drawable'
import { PictureShape } from '@/canvas/pictureShape'
import { toScreen, type Point, type Viewport } from '@/canvas/viewport'

/** The brush that is in use, and what it paints on. */
export interface SceneBrush {
  /** As it is before the stroke that goes on. */
  mask: Mask
  /** What the mask covers, background px. */
  picture: Size
  /** Background px. */
  diameter: number
  hardness: number
  erase: boolean
  /** Shown is where the mask is not: what was taken away of something that is everywhere. */
  inverted: boolean
  /** Colour that it is shown in; null: it is not. */
  tint: readonly [number, number, number] | null
}

/** A stroke that goes on. */
export interface ShownStroke {
  stroke: Mask
  erase: boolean
  /** The cells that have changed since it was shown last. */
  touched: Rect | null
}

/** How strongly a mask is shown over the picture. */
const TINT = 0.5

/** The mask that is painted on, as a tint over the picture, and the brush as a ring. */
export interface Painting {
  /** Background px. */
  readonly tint: Group
  /** css px. */
  readonly ring: Group
  show(brush: SceneBrush | null): void
  stroke(shown: ShownStroke | null): void
  /** The brush at a point, background px; null: the pointer is elsewhere. */
  brushAt(point: Point | null, view: Viewport): void
}

export function painting(): Painting {
  const tint = new Group({ listening: false, visible: false })
  const shape = new PictureShape(true)
  tint.add(shape)
  const ring = new Group({ listening: false, visible: false })
  const dark = new Circle({ radius: 1, stroke: '#000000', strokeWidth: 2.5, opacity: 0.45 })
  const light = new Circle({ radius: 1, stroke: '#ffffff', strokeWidth: 1.25 })
  ring.add(dark, light)
  let brush: SceneBrush | null = null
  let shownStroke: ShownStroke | null = null
  let canvas: OffscreenCanvas | null = null

  /** Draws cells of the mask with the stroke on it. */
  const draw = (area: Rect) => {
    const context = canvas?.getContext('2d')
    if (!context || !brush?.tint) return
    const image = new ImageData(area.width, area.height)
    const colour = new Uint32Array(image.data.buffer)
    const { mask, tint: channels, inverted } = brush
    const [red, green, blue] = channels
    const erase = shownStroke?.erase ?? false
    for (let y = 0; y < area.height; y++)
      for (let x = 0; x < area.width; x++) {
        const cell = (area.y + y) * mask.width + area.x + x
        const value = strokeOver(mask.values[cell], shownStroke?.stroke.values[cell] ?? 0, erase)
        // Bytes are red, green, blue, alpha on every machine that browsers run on.
        colour[y * area.width + x] =
          ((TINT * (inverted ? 255 - value : value)) << 24) | (blue << 16) | (green << 8) | red
      }
    context.putImageData(image, area.x, area.y)
    shape.getLayer()?.batchDraw()
  }
  const drawAll = () => brush && draw({ x: 0, y: 0, width: brush.mask.width, height: brush.mask.height })

  return {
    tint,
    ring,
    show(next) {
      const last = brush
      brush = next
      tint.visible(next !== null && next.tint !== null)
      if (!next) {
        ring.visible(false)
        return
      }
      if (last?.mask === next.mask && last.tint === next.tint) return
      const { width, height } = next.mask
      if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height)
      shape.setAttrs({ x: 0, y: 0, ...next.picture })
      shape.setPicture(opaqueDrawable(canvas), { x: 0, y: 0, width, height })
      drawAll()
    },
    stroke(shown) {
      const ended = shown === null && shownStroke !== null
      shownStroke = shown
      if (shown?.touched) draw(shown.touched)
      // What was shown of a stroke that has ended is in the mask now, or nowhere.
      if (ended) drawAll()
    },
    brushAt(point, view) {
      ring.visible(point !== null && brush !== null)
      if (!point || !brush) return
      ring.position(toScreen(view, point))
      for (const circle of [dark, light]) circle.radius(Math.max(2, (brush.diameter / 2) * view.zoom))
      ring.getLayer()?.batchDraw()
    },
  }
}
