/** What the user paints on the canvas in Place: masks that are read, painted on and kept as pictures. */
import { keepLatest } from '@/base/latest'
import { createQueue } from '@/base/queue'
import { withStroke } from '@/assets/brush'
import { maskAsLying, strokeOnLayer, type Lying } from '@/assets/layerMask'
import { blankMask, inverted, isEven, maskOf, maskSizeOf } from '@/assets/mask'
import type { Mask, Size } from '@/base/geometry'
import type { AppServices } from '@/app/services'
import { placedRect } from '@/canvas/placement'
import { baseLayer, findLayer } from '@/document/layers'
import { modeOf } from '@/document/modes'
import { layerOfMask, maskAt, setMask, setMaskUsed, type MaskTarget } from '@/document/place/masks'
import { drawsLayers } from '@/document/place/queries'
import type { FusionDocument, Layer } from '@/schema/document'
import { maskName } from '@/ui/place/maskNames'
import type { MaskService } from '@/ui/place/service'

type MaskServices = Pick<AppServices, 'document' | 'view' | 'toasts' | 'pixels' | 'library' | 'importing'>

interface PaintedStroke {
  documentId: string
  target: MaskTarget
  /** Over the whole picture. */
  stroke: Mask
  erase: boolean
}

/** Where nobody has painted: nothing is in front, and everything else shows everywhere. */
const unpainted = (target: MaskTarget): number => (target === 'front' ? 0 : 255)

/** Where the brush may be: what is painted on is there, and is shown. */
const canPaint = (doc: FusionDocument, target: MaskTarget): boolean => {
  const id = layerOfMask(target)
  return id === null ? drawsLayers(doc) : modeOf(doc).onCanvas && findLayer(doc, id) !== null
}

export function createMasks(services: MaskServices): MaskService {
  const { document, view, toasts, pixels, library, importing } = services
  const inTurn = createQueue()
  /** Strokes that are seen, but not kept yet. */
  const waiting: PaintedStroke[] = []
  /** The masks that were read or made last, by hash. */
  const known = new Map<string, Mask>()
  const remember = (hash: string, mask: Mask): Mask => keepLatest(known, hash, mask, 4)
  const now = (): FusionDocument => document.getState().document

  const assetOf = (target: MaskTarget) => maskAt(now(), target).asset
  const layerOf = (target: MaskTarget): Layer | null => findLayer(now(), layerOfMask(target))
  const read = async (target: MaskTarget): Promise<Mask | null> => {
    const asset = assetOf(target)
    const covered: Size | null = layerOf(target)?.asset ?? now().background
    if (!asset) return covered && blankMask(maskSizeOf(covered), unpainted(target))
    const found = known.get(asset.hash)
    if (found) return remember(asset.hash, found)
    const done = await pixels.raster(asset)
    if (done.ok) return remember(asset.hash, maskOf(done.value))
    toasts.actions.problem(done.problem)
    return null
  }

  /** How a layer lies in the picture; null where it has not been read. */
  const lyingOf = (layer: Layer, made: Size): Lying | null => {
    const whole = { x: 0, y: 0 }
    if (layer.kind === 'result') {
      const content = { ...whole, width: layer.asset.width, height: layer.asset.height }
      const fitted = { ...whole, width: made.width, height: made.height }
      return { picture: layer.asset, content, fitted, rotationDegrees: 0, flipX: false }
    }
    const content = library.drawables(layer.asset.hash)?.content
    if (!content) return null
    const { rotationDegrees, flipX } = layer
    return { picture: layer.asset, content, fitted: placedRect(content, layer), rotationDegrees, flipX }
  }

  /** A mask as it lies over the whole picture. */
  const overPicture = (target: MaskTarget, mask: Mask): Mask | null => {
    const layer = layerOf(target)
    const { background } = now()
    if (!layer || !background) return mask
    const lying = lyingOf(layer, background)
    return lying && maskAsLying(mask, lying, { x: 0, y: 0, ...sizeOf(background) }, maskSizeOf(background), 0)
  }

  let shown = ''
  /** Shows the mask that the brush is for, with the strokes that are not kept yet. */
  const show = async (): Promise<void> => {
    const { tool, brush } = view.getState()
    const { background } = now()
    const { kind: target } = brush
    // That mask is not the document's.
    if (target === 'changes') return void (shown = '')
    if (tool === 'brush' && !canPaint(now(), target)) return view.actions.setTool('select')
    const layer = layerOf(target)
    const place = layer?.kind === 'foreground' && [
      layer.asset.hash,
      layer.box,
      layer.rotationDegrees,
      layer.flipX,
    ]
    const wanted =
      tool === 'brush' && background
        ? JSON.stringify([target, assetOf(target)?.hash ?? background.hash, place])
        : ''
    if (wanted === shown) return
    shown = wanted
    const mask = wanted ? await read(target) : null
    if (shown !== wanted) return
    const over = mask && overPicture(target, mask)
    view.setState({
      painted:
        over &&
        waiting
          .filter((one) => one.target === target)
          .reduce((under, { stroke, erase }) => withStroke(under, stroke, erase), over),
    })
  }

  /** Stores a mask and puts it into the document: one step. */
  const keep = async (target: MaskTarget, mask: Mask, verb: string): Promise<void> => {
    const name = maskName(now(), target)
    const label = `${verb} ${name.toLowerCase()}`
    if (isEven(mask, unpainted(target))) return setMask(document, label, target, null)
    const done = await pixels.takeMask(mask, `${name} mask`)
    if (!done.ok) return toasts.actions.problem(done.problem)
    const { asset } = done.value
    library.add(done.value)
    await importing.persist(asset.hash)
    if (asset.width === mask.width) remember(asset.hash, mask)
    setMask(document, label, target, asset)
  }

  const keepStroke = async (painted: PaintedStroke, snap: boolean): Promise<void> => {
    const { documentId, target, erase } = painted
    const base = baseLayer(now())
    const snapped = snap && base ? await pixels.snapStroke(base, painted.stroke) : null
    if (snapped && !snapped.ok) toasts.actions.problem(snapped.problem)
    const mask = await read(target)
    waiting.splice(waiting.indexOf(painted), 1)
    if (!mask || documentId !== now().id || !canPaint(now(), target)) return
    // Should the mask come out as it was, what was shown of the stroke has to go all the same.
    shown = ''
    const stroke = onTarget(target, snapped?.ok ? snapped.value : painted.stroke, mask)
    if (stroke) await keep(target, withStroke(mask, stroke, erase), erase ? 'Erase' : 'Paint')
    await show()
  }

  /** A stroke over the picture, as it lies on what it is for. */
  const onTarget = (target: MaskTarget, stroke: Mask, size: Size): Mask | null => {
    const layer = layerOf(target)
    const { background } = now()
    if (!layer || !background) return stroke
    const lying = lyingOf(layer, background)
    return lying && strokeOnLayer(stroke, lying, background, size)
  }

  const follow = (selection: string | null): void => {
    const layer = findLayer(now(), selection)
    if (layer?.visible && !layer.locked) view.actions.paint(`layer:${layer.id}`)
    else view.actions.setTool('select')
  }

  document.subscribe((state, last) => {
    const { tool, brush } = view.getState()
    const painted = tool === 'brush' && brush.kind !== 'changes' ? layerOfMask(brush.kind) : null
    // The brush goes with the selection.
    if (painted && state.selection !== last.selection && state.selection !== painted) follow(state.selection)
    else if (state.document !== last.document) void show()
  })
  view.subscribe((state, last) => {
    if (state.tool !== last.tool || state.brush.kind !== last.brush.kind) void show()
  })

  return {
    paint(stroke, erase) {
      const { brush, painted } = view.getState()
      if (!painted || brush.kind === 'changes') return
      const one = { documentId: now().id, target: brush.kind, stroke, erase }
      waiting.push(one)
      view.setState({ painted: withStroke(painted, stroke, erase) })
      const snaps = brush.snap && (brush.kind === 'front' || brush.kind === 'ground')
      void inTurn(() => keepStroke(one, snaps))
    },
    clearMask: (target) =>
      void inTurn(() => setMask(document, `Clear ${maskName(now(), target).toLowerCase()}`, target, null)),
    invertMask: (target) =>
      void inTurn(async () => {
        const mask = await read(target)
        if (mask) await keep(target, inverted(mask), 'Invert')
      }),
    useMask: (target, used) =>
      void inTurn(() =>
        setMaskUsed(
          document,
          `${used ? 'Enable' : 'Disable'} mask of ${maskName(now(), target).toLowerCase()}`,
          target,
          used,
        ),
      ),
  }
}

const sizeOf = ({ width, height }: Size): Size => ({ width, height })
