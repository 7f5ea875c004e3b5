import { Group } from 'konva/lib/Group'

import type { Rect, Size } from '@/base/geometry'
import type { Drawable } from '@/canvas/drawable'
import { PictureShape } from '@/canvas/pictureShape'
import type { Placement } from '@/canvas/placement'

/** What the foregrounds do to the ground; both cover the whole background. */
export interface SceneGround {
  /** Multiplied with what is below. */
  darkening: Drawable
  /** Laid over that. */
  reflection: Drawable
  /** Foregrounds as they look in the picture. */
  objects: readonly SceneObject[]
}

/** A foreground as it looks in the picture; drawn instead of it as long as it stands there. */
export interface SceneObject {
  /** Its layer. */
  id: string
  placement: Placement
  picture: Drawable
  /** Where that lies, mirrored and turned already, background px. */
  rect: Rect
}

/** Draws the ground's layers over the background. */
export function groundLayers() {
  const node = new Group({ listening: false, visible: false })
  const darkening = new PictureShape(true)
  darkening.globalCompositeOperation('multiply')
  const reflection = new PictureShape(true)
  node.add(darkening, reflection)
  return {
    node,
    show(ground: SceneGround | null, background: Size | null): void {
      node.visible(ground !== null && background !== null)
      if (!ground || !background) return
      for (const [shape, picture] of [
        [darkening, ground.darkening],
        [reflection, ground.reflection],
      ] as const) {
        shape.setAttrs({ x: 0, y: 0, width: background.width, height: background.height })
        shape.setPicture(picture, picture.content)
      }
    },
  }
}
