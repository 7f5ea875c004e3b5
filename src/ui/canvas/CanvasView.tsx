import { useEffect, useRef, type ReactNode } from 'react'

import { unreachable } from '@/base/errors'
import type { SceneBrush } from '@/canvas/painting'
import { createScene, type SceneInput } from '@/canvas/scene'
import type { PlacementChange, SceneEvents } from '@/canvas/tools/tool'
import { moveLayer, setRotation, setStretch } from '@/document/commands'
import { findLayer } from '@/document/layers'
import { drawsLayers } from '@/document/place/queries'
import { printedKeys } from '@/ui/bindings'
import { isLocked } from '@/ui/stores/run'
import { isBrushingChanges, type Brush } from '@/ui/stores/view'
import { useSettings, useStudio, type Studio } from '@/ui/studio'
import { say } from '@/words/say'

/** Colour of handles and boxes; light enough for dark pictures, strong enough for light ones. */
const ACCENT = '#e2a54a'

/** Holds the Konva scene and pushes the stores into it; React renders this once. */
export function CanvasView(): ReactNode {
  const studio = useStudio()
  const ref = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const container = ref.current
    if (!container) return
    const { document, view, run, settings, drawables } = studio
    const scene = createScene({ container, drawables, events: sceneEvents(studio), accent: ACCENT })
    const push = () => scene.render(sceneInput(studio))
    const measure = () => {
      const size = { width: container.clientWidth, height: container.clientHeight }
      if (size.width === 0 || size.height === 0) return
      scene.resize(size)
      view.actions.resize(size, document.getState().document.background)
    }
    const observer = new ResizeObserver(measure)
    observer.observe(container)
    measure()
    push()
    const stops = [
      document.subscribe(push),
      view.subscribe(push),
      run.subscribe(push),
      settings.subscribe(push),
      studio.onDrawable(() => {
        push()
        scene.refresh()
      }),
    ]
    studio.canvas.cancelGesture = () => scene.cancelGesture()
    return () => {
      studio.canvas.cancelGesture = () => false
      observer.disconnect()
      for (const stop of stops) stop()
      scene.destroy()
    }
  }, [studio])

  const zooming = useSettings(({ keys }) => {
    const [nearer, farther] = [printedKeys('zoom-in', keys), printedKeys('zoom-out', keys)]
    return nearer && farther ? ` ${say('{nearer} and {farther} zoom.', { nearer, farther })}` : ''
  })
  return (
    <div
      ref={ref}
      className="stage"
      role="application"
      tabIndex={0}
      aria-label={`${say('Canvas. Arrow keys move the selected layer.')}${zooming}`}
      data-testid="canvas"
    />
  )
}

function sceneInput(studio: Studio): SceneInput {
  const { document, selection } = studio.document.getState()
  const { viewport, tool, brush, pendingBox, divider, peek, ground, front, sizesFollow } =
    studio.view.getState()
  const run = studio.run.getState()
  const brushing = isBrushingChanges({ tool, brush })
  const picture = run.staged ? studio.drawables(run.staged.asset.hash) : null
  return {
    document,
    selection,
    viewport,
    tool,
    wheel: studio.settings.getState().wheel,
    pendingBox,
    previews: run.previews,
    ground,
    front,
    brush: brushOf(studio),
    staged: picture ? { picture, position: peek ? 1 : brushing ? 0 : divider } : null,
    camera: drawsLayers(document) ? document.scene.camera : null,
    sizesFollow,
    locked: isLocked(run) && !brushing,
  }
}

/** Colours in which masks are shown. */
const TINTS = {
  front: [240, 60, 110],
  ground: [60, 110, 240],
  changes: [230, 120, 20],
} as const
const HIDDEN = [235, 30, 40] as const

function tintOf({ kind, overlay }: Brush): SceneBrush['tint'] {
  if (kind === 'front' || kind === 'ground' || kind === 'changes') return TINTS[kind]
  return overlay ? HIDDEN : null
}

function brushOf({ document, view, run }: Studio): SceneBrush | null {
  const { tool, painted, brush } = view.getState()
  const picture = document.getState().document.background
  if (tool !== 'brush' || !painted || !picture) return null
  if (isLocked(run.getState()) && !isBrushingChanges({ tool, brush })) return null
  return {
    mask: painted,
    picture,
    diameter: brush.size * Math.max(picture.width, picture.height),
    hardness: brush.hardness,
    erase: brush.erase,
    inverted: brush.kind !== 'front' && brush.kind !== 'changes',
    tint: tintOf(brush),
  }
}

function sceneEvents({ document, view, modes }: Studio): SceneEvents {
  const inOneStep = (label: string, change: () => void) => {
    document.actions.begin(label)
    change()
    document.actions.commit()
  }
  const nameOf = (id: string) => findLayer(document.getState().document, id)?.name ?? 'layer'
  return {
    select: (id) => document.actions.select(id),
    place: (id, placement, change) =>
      inOneStep(`${verb(change)} ${nameOf(id)}`, () => {
        moveLayer(document, id, placement.box)
        setRotation(document, id, placement.rotationDegrees)
        setStretch(document, id, placement.stretch)
      }),
    drawBox(box) {
      const { document: doc, selection } = document.getState()
      const layer = findLayer(doc, selection)
      if (layer?.kind !== 'foreground' || layer.locked) {
        view.actions.setPendingBox(box)
        return
      }
      inOneStep(`Place ${layer.name} into box`, () => {
        moveLayer(document, layer.id, box)
        setRotation(document, layer.id, 0)
        setStretch(document, layer.id, view.getState().stretchBoxes)
      })
      view.actions.setTool('select')
    },
    paint: (stroke, erase) =>
      isBrushingChanges(view.getState())
        ? modes.place.paintChanges(stroke, erase)
        : modes.place.paint(stroke, erase),
    look(viewport) {
      const { background } = document.getState().document
      if (background) view.actions.look(viewport, background)
    },
  }
}

function verb(change: PlacementChange): string {
  switch (change) {
    case 'move':
      return 'Move'
    case 'resize':
      return 'Resize'
    case 'rotate':
      return 'Rotate'
    default:
      return unreachable(change)
  }
}
