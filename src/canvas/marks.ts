import { Group } from 'konva/lib/Group'
import { Line } from 'konva/lib/shapes/Line'
import { Rect as KonvaRect } from 'konva/lib/shapes/Rect'

import type { Rect } from '@/base/geometry'
import type { Guide } from '@/canvas/snapping'
import { toScreen, type Viewport } from '@/canvas/viewport'

/** Guide lines and box outlines; drawn in css px so that their width does not depend on the zoom. */
export interface Marks {
  readonly group: Group
  guides(guides: Guide[], view: Viewport): void
  /** The box that is being drawn, or that waits for the next foreground. */
  drawnBox(box: Rect | null, view: Viewport): void
  /** The box of the selected foreground where its picture does not fill it. */
  layerBox(box: Rect | null, view: Viewport): void
}

const GUIDE = '#ff4d8d'

export function marks(accent: string): Marks {
  const group = new Group({ listening: false })
  const lines = new Group()
  const outline = { strokeWidth: 1.5, dash: [6, 4], visible: false, cornerRadius: 2 }
  const drawn = new KonvaRect({ ...outline, stroke: accent, fill: 'rgba(226, 165, 74, 0.14)' })
  const layer = new KonvaRect({ ...outline, stroke: accent, opacity: 0.7 })
  group.add(lines, layer, drawn)

  const showBox = (shape: KonvaRect, box: Rect | null, view: Viewport) => {
    shape.visible(box !== null)
    if (!box) return
    const corner = toScreen(view, box)
    shape.setAttrs({ ...corner, width: box.width * view.zoom, height: box.height * view.zoom })
  }

  return {
    group,
    guides(guides, view) {
      lines.destroyChildren()
      for (const guide of guides) {
        const at = (along: number) =>
          toScreen(view, guide.axis === 'x' ? { x: guide.at, y: along } : { x: along, y: guide.at })
        const a = at(guide.from)
        const b = at(guide.to)
        lines.add(new Line({ points: [a.x, a.y, b.x, b.y], stroke: GUIDE, strokeWidth: 1 }))
      }
    },
    drawnBox: (box, view) => showBox(drawn, box, view),
    layerBox: (box, view) => showBox(layer, box, view),
  }
}
