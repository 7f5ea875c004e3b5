import type { Rect as KonvaRect } from 'konva/lib/shapes/Rect'
import { Transformer } from 'konva/lib/shapes/Transformer'

import type { Rect, Size } from '@/base/geometry'
import type { PictureShape } from '@/canvas/pictureShape'
import type { Placement } from '@/canvas/placement'
import { SNAP_DISTANCE, snapResize, type MovingEdges } from '@/canvas/snapping'
import type { ToolContext, ToolLayer } from '@/canvas/tools/tool'
import { toDocument, toScreen } from '@/canvas/viewport'

/** Sides whose aspect differs by less than this are the same aspect. */
const SAME_ASPECT = 0.005

export interface Handles {
  readonly node: Transformer
  /** Shows the handles around a foreground, or hides them. */
  attach(layer: ToolLayer | null, shape: PictureShape | null): void
  /** Ends a running transform and puts the picture back; says whether there was one. */
  cancel(): boolean
  busy(): boolean
}

const edgesOf = (anchor: string | null): MovingEdges => ({
  x: anchor?.includes('left') ? -1 : anchor?.includes('right') ? 1 : 0,
  y: anchor?.includes('top') ? -1 : anchor?.includes('bottom') ? 1 : 0,
})

/** Scale and rotate handles: aspect is kept unless Shift is held, rotation snaps at 45 degrees. */
export function handles(context: ToolContext, accent: string): Handles {
  let attached: { layer: ToolLayer; shape: PictureShape } | null = null
  let cancelled = false
  const modifiers = { shift: false, free: false }

  const node = new Transformer({
    keepRatio: true,
    shiftBehavior: 'inverted',
    flipEnabled: false,
    ignoreStroke: true,
    rotationSnaps: [0, 45, 90, 135, 180, 225, 270, 315],
    rotationSnapTolerance: 6,
    rotateAnchorOffset: 26,
    rotateAnchorCursor: 'grab',
    borderStroke: accent,
    borderStrokeWidth: 1.5,
    anchorSize: 10,
    anchorStroke: accent,
    anchorStrokeWidth: 1.5,
    anchorFill: '#ffffff',
    anchorCornerRadius: 3,
    anchorStyleFunc: (anchor: KonvaRect) => {
      anchor.hitStrokeWidth(14)
      if (anchor.hasName('rotater')) anchor.cornerRadius(6)
      const side = ['middle-left', 'middle-right', 'top-center', 'bottom-center'].find((name) =>
        anchor.hasName(name),
      )
      if (!side) return
      const upright = side.startsWith('middle')
      anchor.setAttrs(
        upright
          ? { width: 6, height: 16, offsetX: 3, offsetY: 8 }
          : { width: 16, height: 6, offsetX: 8, offsetY: 3 },
      )
    },
    boundBoxFunc: (old, next) => {
      if (Math.abs(next.width) < 6 || Math.abs(next.height) < 6) return old
      const turned = Math.abs(Math.sin(next.rotation)) > 1e-4 || Math.cos(next.rotation) < 0
      const edges = edgesOf(node.getActiveAnchor())
      if (turned || modifiers.free || attached === null || (edges.x === 0 && edges.y === 0)) {
        context.showGuides([])
        return next
      }
      const view = context.viewport()
      const corner = toDocument(view, next)
      const rect: Rect = { ...corner, width: next.width / view.zoom, height: next.height / view.zoom }
      const targets = context.snapTargets(attached.layer.id).rects
      const snapped = snapResize(rect, edges, targets, SNAP_DISTANCE / view.zoom, !modifiers.shift)
      context.showGuides(snapped.guides)
      const back = toScreen(view, snapped.rect)
      return {
        ...back,
        width: snapped.rect.width * view.zoom,
        height: snapped.rect.height * view.zoom,
        rotation: next.rotation,
      }
    },
  })

  node.on('transformstart transform', (event) => {
    const source = event.evt as Partial<MouseEvent> | undefined
    modifiers.shift = source?.shiftKey ?? false
    modifiers.free = (source?.ctrlKey ?? false) || (source?.metaKey ?? false)
  })
  node.on('transformend', () => {
    context.showGuides([])
    if (!attached) return
    const { layer, shape } = attached
    if (cancelled) {
      cancelled = false
      context.showPlacement(layer.id, layer.placement)
      return
    }
    const turnedOnly = Math.abs(shape.scaleX() - 1) < 1e-4 && Math.abs(shape.scaleY() - 1) < 1e-4
    context.events.place(layer.id, placementOf(shape, layer, turnedOnly), turnedOnly ? 'rotate' : 'resize')
  })

  return {
    node,
    attach(layer, shape) {
      attached = layer && shape ? { layer, shape } : null
      const nodes = shape && layer ? [shape] : []
      if (node.nodes()[0] !== nodes[0] || node.nodes().length !== nodes.length) node.nodes(nodes)
      else node.forceUpdate()
    },
    cancel() {
      if (!node.isTransforming()) return false
      cancelled = true
      node.stopTransform()
      return true
    },
    busy: () => node.isTransforming(),
  }
}

/** Reads the transformed node back as a placement, background px; the node is centred on its origin. */
function placementOf(shape: PictureShape, layer: ToolLayer, turnedOnly: boolean): Placement {
  const rotationDegrees = ((((shape.rotation() + 180) % 360) + 360) % 360) - 180
  if (turnedOnly) return { ...layer.placement, rotationDegrees }
  const size: Size = {
    width: Math.max(1, shape.width() * Math.abs(shape.scaleX())),
    height: Math.max(1, shape.height() * Math.abs(shape.scaleY())),
  }
  const aspect = (size.width / size.height) * (layer.content.height / layer.content.width)
  return {
    ...layer.placement,
    rotationDegrees,
    box: { x: shape.x() - size.width / 2, y: shape.y() - size.height / 2, ...size },
    stretch: Math.abs(aspect - 1) > SAME_ASPECT,
  }
}
