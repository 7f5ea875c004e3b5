import { Group } from 'konva/lib/Group'

import type { Rect, Size } from '@/base/geometry'
import type { Drawable } from '@/canvas/drawable'
import { PictureShape } from '@/canvas/pictureShape'

/** A preview of a running job, shown where it will land. */
export interface ScenePreview {
  /** Background px. */
  rect: Rect
  picture: Drawable
}

/** A result that waits for the user's verdict. */
export interface SceneStaged {
  picture: Drawable
  /** Where the divider stands, 0..1 of the background's width; left of it is before, right of it after. */
  position: number
}

/** What is drawn over the document without being part of it: previews and the staged result. */
export interface Staging {
  readonly group: Group
  show(previews: ScenePreview[], staged: SceneStaged | null, background: Size): void
}

export function staging(): Staging {
  const group = new Group({ listening: false })
  /** Background px; previews may reach beyond the picture. */
  const whole = { width: 0, height: 0 }
  const clip = { x: 0, width: 0, height: 0 }
  const previewGroup = new Group({ clipFunc: (context) => context.rect(0, 0, whole.width, whole.height) })
  const stagedGroup = new Group({
    visible: false,
    clipFunc: (context) => context.rect(clip.x, 0, clip.width, clip.height),
  })
  const stagedShape = new PictureShape()
  stagedGroup.add(stagedShape)
  group.add(previewGroup, stagedGroup)
  let shown: ScenePreview[] = []

  const all = (picture: Drawable): Rect => ({ x: 0, y: 0, width: picture.width, height: picture.height })

  return {
    group,
    show(previews, staged, background) {
      Object.assign(whole, { width: background.width, height: background.height })
      if (previews !== shown) {
        shown = previews
        previewGroup.destroyChildren()
        for (const preview of previews) {
          const shape = new PictureShape(true)
          shape.setAttrs(preview.rect)
          previewGroup.add(shape)
          shape.setPicture(preview.picture, all(preview.picture))
        }
      }
      stagedGroup.visible(staged !== null)
      if (!staged) return
      const edge = staged.position * background.width
      clip.x = edge
      clip.width = Math.max(0.001, background.width - edge)
      clip.height = background.height
      stagedShape.setAttrs({ x: 0, y: 0, ...background })
      stagedShape.setPicture(staged.picture, all(staged.picture))
    },
  }
}
