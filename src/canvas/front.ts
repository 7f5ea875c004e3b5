import type { Rect } from '@/base/geometry'
import type { Drawable } from '@/canvas/drawable'
import { PictureShape } from '@/canvas/pictureShape'

/** What stands before the objects: the background's own pixels, transparent elsewhere. */
export interface SceneFront {
  picture: Drawable
  /** Background px. */
  rect: Rect
}

/** Draws that over the layers. */
export function frontLayer() {
  const node = new PictureShape()
  node.visible(false)
  return {
    node,
    show(front: SceneFront | null): void {
      node.visible(front !== null)
      if (!front) return
      node.setAttrs(front.rect)
      node.setPicture(front.picture, front.picture.content)
    },
  }
}
