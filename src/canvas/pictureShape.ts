import { Shape } from 'konva/lib/Shape'

import type { Rect } from '@/base/geometry'
import { pixelsFor, type Drawable } from '@/canvas/drawable'

/** css px per picture px above which single pixels are shown crisp instead of smoothed. */
const CRISP_ABOVE = 3

/**
 * A Konva shape that draws part of a picture into its own `width` x `height`. Smoothing is the
 * browser's best where the picture has no level of nearly the size, off when single pixels are visible.
 */
export class PictureShape extends Shape {
  private picture: Drawable | null = null
  /** The part that is drawn, asset px. */
  private part: Rect = { x: 0, y: 0, width: 1, height: 1 }
  private mirrored = false
  /** Drawn instead, upright, in `lookRect` of the shape's parent. */
  private look: Drawable | null = null
  private lookRect: Rect = { x: 0, y: 0, width: 1, height: 1 }

  /** `alwaysSmooth` for previews, whose pixels are larger than the document's and mean nothing by themselves. */
  constructor(alwaysSmooth = false) {
    super({ listening: false, perfectDrawEnabled: false })
    this.sceneFunc((context) => {
      const picture = this.picture
      if (!picture || this.width() <= 0 || this.height() <= 0) return
      const { x, y } = this.getAbsoluteScale()
      const drawn = Math.max((x * this.width()) / this.part.width, (y * this.height()) / this.part.height)
      const wanted = drawn * (this.getLayer()?.getCanvas().getPixelRatio() ?? 1)
      const { image, scale } = pixelsFor(picture, wanted)
      context.setAttr('imageSmoothingEnabled', alwaysSmooth || drawn < CRISP_ABOVE)
      // Between a level and the next smaller one the fast way is as good.
      const isNear = wanted <= scale.x && wanted > scale.x / 2
      context.setAttr('imageSmoothingQuality', isNear && !this.look ? 'low' : 'high')
      if (this.look) {
        const { x, y, width, height } = this.lookRect
        context.translate(this.offsetX(), this.offsetY())
        context.rotate((-this.rotation() * Math.PI) / 180)
        context.drawImage(this.look.levels[0], x - this.x(), y - this.y(), width, height)
        return
      }
      if (this.mirrored) {
        context.translate(this.width(), 0)
        context.scale(-1, 1)
      }
      context.drawImage(
        image,
        this.part.x * scale.x,
        this.part.y * scale.y,
        this.part.width * scale.x,
        this.part.height * scale.y,
        0,
        0,
        this.width(),
        this.height(),
      )
    })
  }

  /** Draws something else in the picture's place, as it lies in a rectangle of the parent; null for the picture. */
  setLook(look: Drawable | null, rect: Rect = this.lookRect): void {
    if (!look && !this.look) return
    this.look = look
    this.lookRect = rect
    this.getLayer()?.batchDraw()
  }

  /** Says what to draw; `part` in asset px. */
  setPicture(picture: Drawable, part: Rect, mirrored = false): void {
    this.picture = picture
    this.part = part
    this.mirrored = mirrored
    this.getLayer()?.batchDraw()
  }
}
