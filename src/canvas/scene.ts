import { Layer as KonvaLayer } from 'konva/lib/Layer'
import { Rect as KonvaRect } from 'konva/lib/shapes/Rect'
import { Stage } from 'konva/lib/Stage'

import type { Rect, Size } from '@/base/geometry'
import type { DrawableSource } from '@/canvas/drawable'
import { groundLayers, type SceneGround } from '@/canvas/ground'
import { handles } from '@/canvas/handles'
import { frontLayer, type SceneFront } from '@/canvas/front'
import { horizonRow } from '@/canvas/lightGuides'
import { marks } from '@/canvas/marks'
import { painting, type SceneBrush } from '@/canvas/painting'
import { pictures } from '@/canvas/pictures'
import { PictureShape } from '@/canvas/pictureShape'
import { onPixelRatio } from '@/canvas/pixelRatio'
import { placedBounds, placedRect, toUnitSquare } from '@/canvas/placement'
import { pointerInput } from '@/canvas/pointerInput'
import { staging, type ScenePreview, type SceneStaged } from '@/canvas/staging'
import type { SceneEvents, ToolContext, ToolLayer, ToolName } from '@/canvas/tools/tool'
import { visibleRect, type Point, type Viewport } from '@/canvas/viewport'
import type { WheelUse } from '@/canvas/wheel'
import { intersect } from '@/base/geometry'
import type { CameraParameters } from '@/layers/camera'
import type { ForegroundLayer, FusionDocument } from '@/schema/document'

/** Everything the scene shows; pushed in whole, never read back. */
export interface SceneInput {
  document: FusionDocument
  /** Id of the selected layer. */
  selection: string | null
  viewport: Viewport
  tool: ToolName
  /** What scrolling does. */
  wheel: WheelUse
  /** A drawn box that waits for its foreground, background px. */
  pendingBox: Rect | null
  previews: ScenePreview[]
  staged: SceneStaged | null
  /** Drawn between the background and the layers. */
  ground: SceneGround | null
  /** Drawn over the layers. */
  front: SceneFront | null
  /** Set while the brush is in use. */
  brush: SceneBrush | null
  /** How the photo sees its ground; null where objects are not drawn on it. */
  camera: CameraParameters | null
  /** What is moved along the ground grows and shrinks with its distance. */
  sizesFollow: boolean
  /** While true only looking around is possible. */
  locked: boolean
}

export interface Scene {
  render(input: SceneInput): void
  /** Draws again because pictures have arrived. */
  refresh(): void
  resize(size: Size): void
  /** Ends a running gesture without a trace; says whether there was one. */
  cancelGesture(): boolean
  destroy(): void
}

interface SceneOptions {
  container: HTMLDivElement
  drawables: DrawableSource
  events: SceneEvents
  /** Colour of handles and boxes. */
  accent: string
}

/** A horizon that is tilted by less is level, degrees. */
const LEVEL = 0.5
/** Side of a check, screen px. */
const CHECK = 8

/** What shows through transparent parts of the background: white, as models see it, with marks that it is none. */
function checkerboard(): HTMLCanvasElement {
  const canvas = window.document.createElement('canvas')
  canvas.width = canvas.height = CHECK * 2
  const context = canvas.getContext('2d')
  if (context) {
    context.fillStyle = '#ffffff'
    context.fillRect(0, 0, CHECK * 2, CHECK * 2)
    context.fillStyle = '#e6e6e9'
    context.fillRect(0, 0, CHECK, CHECK)
    context.fillRect(CHECK, CHECK, CHECK, CHECK)
  }
  return canvas
}

/** The native Konva scene: a push-only renderer of the document with the tools' handles on top. */
export function createScene({ container, drawables, events, accent }: SceneOptions): Scene {
  const stage = new Stage({ container, width: 1, height: 1 })
  const backgroundLayer = new KonvaLayer({ listening: false })
  const pictureLayer = new KonvaLayer({ listening: false })
  const stagingLayer = new KonvaLayer({ listening: false })
  const overlay = new KonvaLayer()
  stage.add(backgroundLayer, pictureLayer, stagingLayer, overlay)

  const background = new PictureShape()
  const paper = new KonvaRect({ fill: '#ffffff', listening: false, visible: false })
  paper.fillPatternImage(checkerboard())
  const ground = groundLayers()
  backgroundLayer.add(paper, background, ground.node)
  const layers = pictures()
  const front = frontLayer()
  pictureLayer.add(layers.group, front.node)
  const stagingArea = staging()
  const painted = painting()
  stagingLayer.add(stagingArea.group, painted.tint)
  const drawn = marks(accent)
  overlay.add(drawn.group, painted.ring)
  let input: SceneInput | null = null

  const viewport = () => input?.viewport ?? { zoom: 1, x: 0, y: 0 }
  const foregrounds = (): ForegroundLayer[] =>
    (input?.document.layers ?? []).filter((layer) => layer.kind === 'foreground')
  const toolLayer = (layer: ForegroundLayer): ToolLayer | null => {
    const drawable = drawables(layer.asset.hash)
    return drawable ? { id: layer.id, content: drawable.content, placement: layer } : null
  }

  const context: ToolContext = {
    viewport,
    events,
    pick: (point) => pickLayer(foregrounds(), input?.selection ?? null, point),
    snapTargets(exceptId) {
      const size = input?.document.background
      if (!input || !size) return { rects: [], others: [], horizon: null }
      const seen = visibleRect(viewport(), stage.size())
      const others = foregrounds()
        .filter((layer) => layer.visible && layer.id !== exceptId)
        .flatMap((layer) => {
          const found = toolLayer(layer)
          return found ? [placedBounds(found.content, found.placement)] : []
        })
        .filter((bounds) => intersect(bounds, seen) !== null)
      const { camera } = input
      return {
        rects: [{ x: 0, y: 0, width: size.width, height: size.height }, ...others],
        others,
        horizon: camera && Math.abs(camera.tiltDegrees) < LEVEL ? camera.horizon * size.height : null,
      }
    },
    horizonFor(id) {
      const layer = foregrounds().find((one) => one.id === id)
      const { camera = null, sizesFollow = false, document } = input ?? {}
      const size = document?.background
      if (!sizesFollow || !camera || !size || layer?.stands === false) return null
      return (column) => horizonRow(camera, size, column)
    },
    showPlacement(id, placement) {
      layers.show(id, placement)
      if (id === input?.selection) drawn.layerBox(null, viewport())
      transformer.node.forceUpdate()
    },
    showGuides: (guides) => drawn.guides(guides, viewport()),
    brush: () => input?.brush ?? null,
    showStroke: (shown) => painted.stroke(shown),
    showBrush: (point) => painted.brushAt(point, viewport()),
    showBox: (box) => drawn.drawnBox(box ?? input?.pendingBox ?? null, viewport()),
  }

  /** The selected foreground where the pointer is on it, else the topmost with a visible pixel there; none that is locked. */
  function pickLayer(all: ForegroundLayer[], selected: string | null, point: Point): ToolLayer | null {
    let within: ToolLayer | null = null
    for (const layer of all.toReversed()) {
      const drawable = layer.visible && !layer.locked ? drawables(layer.asset.hash) : null
      if (!drawable) continue
      const rect = placedRect(drawable.content, layer)
      const at = toUnitSquare(point, rect, layer)
      if (at.x < 0 || at.x > 1 || at.y < 0 || at.y > 1) continue
      const found = { id: layer.id, content: drawable.content, placement: layer }
      const { content } = drawable
      if (drawable.opaqueAt(content.x + at.x * content.width, content.y + at.y * content.height)) return found
      if (layer.id === selected) within = found
    }
    return within
  }

  const transformer = handles(context, accent)
  overlay.add(transformer.node)
  const pointers = pointerInput({
    element: container,
    context,
    wheelUse: () => input?.wheel ?? 'auto',
    handles: {
      own: (point) =>
        transformer.busy() || (stage.getIntersection(point)?.getParent() ?? null) === transformer.node,
      busy: () => transformer.busy(),
      cancel: () => transformer.cancel(),
    },
  })

  const see = (layer: KonvaLayer, { x, y, zoom }: Viewport) =>
    layer.setAttrs({ x, y, scaleX: zoom, scaleY: zoom })
  const look = (view: Viewport) => {
    see(backgroundLayer, view)
    see(pictureLayer, view)
    // The checks keep their size on the screen.
    paper.fillPatternScale({ x: 1 / view.zoom, y: 1 / view.zoom })
  }

  /** From where the staging layer is seen: it is drawn anew with every change of that, and mostly there is nothing on it. */
  let stagedView: Viewport | null = null
  const lookAtStaging = ({ viewport: view, previews, staged, brush }: SceneInput) => {
    const isEmpty = previews.length === 0 && !staged && !brush?.tint
    if (isEmpty || stagedView === view) return
    stagedView = view
    see(stagingLayer, view)
  }

  const drawDocument = (next: SceneInput) => {
    const ref = next.document.background
    const picture = ref ? drawables(ref.hash) : null
    background.visible(picture !== null)
    paper.visible(picture !== null)
    if (ref && picture) {
      background.setAttrs({ x: 0, y: 0, width: ref.width, height: ref.height })
      paper.setAttrs({ x: 0, y: 0, width: ref.width, height: ref.height })
      paper.fillPriority(picture.opaque ? 'color' : 'pattern')
      background.setPicture(picture, { x: 0, y: 0, width: ref.width, height: ref.height })
    }
    layers.sync(next.document, drawables)
    // Colours mix on one canvas only; elsewhere the background is spared being drawn with everything that moves.
    const mixes = next.document.layers.some(({ visible, blend = 'normal' }) => visible && blend !== 'normal')
    const home = mixes ? pictureLayer : backgroundLayer
    if (background.getLayer() !== home) background.moveTo(home)
    const raised = layers.putAboveResult(ground.node, next.document)
    if (!raised && ground.node.getParent() !== home) ground.node.moveTo(home)
    if (mixes) {
      if (!raised) ground.node.moveToBottom()
      background.moveToBottom()
    }
  }

  const drawSelection = (next: SceneInput) => {
    const editable = !next.locked && next.tool === 'select'
    const layer = foregrounds().find((one) => one.id === next.selection && one.visible)
    const shown = layer ? toolLayer(layer) : null
    const attach = editable && shown && !layer?.locked ? shown : null
    transformer.attach(attach, attach ? layers.node(attach.id) : null)
    const filled = shown ? placedRect(shown.content, shown.placement) : null
    const box = shown?.placement.box ?? null
    const differs =
      filled && box && (Math.abs(filled.width - box.width) > 1 || Math.abs(filled.height - box.height) > 1)
    const show = differs && !next.locked && shown?.placement.rotationDegrees === 0
    drawn.layerBox(show ? box : null, next.viewport)
    drawn.drawnBox(next.locked ? null : next.pendingBox, next.viewport)
  }

  const render = (next: SceneInput, force: boolean) => {
    const last = input
    input = next
    if (force || last?.viewport !== next.viewport) look(next.viewport)
    if (force || last?.document !== next.document) drawDocument(next)
    if (force || last?.ground !== next.ground || last?.document !== next.document) {
      ground.show(next.ground, next.document.background)
      layers.dress(next.ground?.objects ?? [], next.document)
    }
    if (force || last?.front !== next.front) front.show(next.front)
    painted.show(next.brush)
    const { document, previews, staged } = next
    if (document.background) stagingArea.show(previews, staged, document.background)
    else stagingArea.show([], null, { width: 1, height: 1 })
    lookAtStaging(next)
    drawSelection(next)
    pointers.use(next.tool, next.locked)
  }

  const stopRatio = onPixelRatio((ratio) => {
    for (const layer of stage.getLayers()) {
      layer.getCanvas().setPixelRatio(ratio)
      layer.batchDraw()
    }
  })

  return {
    render: (next) => render(next, input === null),
    refresh() {
      if (input) render(input, true)
    },
    resize(size) {
      stage.size(size)
    },
    cancelGesture: () => transformer.cancel() || pointers.cancel(),
    destroy() {
      stopRatio()
      pointers.destroy()
      stage.destroy()
    },
  }
}
