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
  target: MaskTarget
  /** What it was painted on, as `placeOf` names it. */
  place: string
  /** Over the whole picture. */
  stroke: Mask
  erase: boolean
}

/** Where nobody has painted: nothing is in front, and everything else shows everywhere. */
const unpainted = (target: MaskTarget): number => (target === 'front' ? 0 : 255)

/** Whether there is something that a mask can be of. */
const isThere = (doc: FusionDocument, target: MaskTarget): boolean => {
  const id = layerOfMask(target)
  if (id !== null) return modeOf(doc).onCanvas && findLayer(doc, id) !== null
  return drawsLayers(doc) && (target !== 'shadow2' || doc.scene.lights.length > 1)
}

/** Where the brush may be: what is painted on is there, is shown, and may be changed. */
const canPaint = (doc: FusionDocument, target: MaskTarget): boolean => {
  const layer = findLayer(doc, layerOfMask(target))
  return isThere(doc, target) && (!layer || (layer.visible && !layer.locked))
}

/** What a mask lies on: what was painted there must not come to lie on anything else. */
const placeOf = (doc: FusionDocument, target: MaskTarget): string =>
  JSON.stringify([doc.id, doc.background?.hash, findLayer(doc, layerOfMask(target))?.asset.hash])

/** A step's name: what of the scene is meant, or the mask of a layer, whose name is the user's own. */
const stepName = (verb: string, doc: FusionDocument, target: MaskTarget): string => {
  const name = maskName(doc, target)
  return layerOfMask(target) === null ? `${verb} ${name.toLowerCase()}` : `${verb} the mask of ${name}`
}

/** @returns with `settle`, which waits until what was painted so far is kept */
export function createMasks(services: MaskServices): MaskService & { settle(): Promise<void> } {
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
      layer.stretch,
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
    // The layer's picture has not been read: it is tried anew when that comes.
    if (mask && !over) shown = ''
    view.setState({
      painted:
        over &&
        waiting
          .filter((one) => one.target === target)
          .reduce((under, { stroke, erase }) => withStroke(under, stroke, erase), over),
    })
  }

  /** Work on a mask when its turn has come, if it then still lies on what it was asked for. */
  const changing = (target: MaskTarget, work: (place: string) => void | Promise<void>): void => {
    const place = placeOf(now(), target)
    void inTurn(() => (place === placeOf(now(), target) ? work(place) : undefined))
  }

  /** Stores a mask and puts it into the document, if that is still as it was: one step. */
  const keep = async (target: MaskTarget, place: string, mask: Mask, verb: string): Promise<void> => {
    const name = maskName(now(), target)
    const label = stepName(verb, now(), target)
    if (isEven(mask, unpainted(target))) return setMask(document, label, target, null)
    const done = await pixels.takeMask(mask, `${name} mask`)
    if (!done.ok) return toasts.actions.problem(done.problem)
    const { asset } = done.value
    library.add(done.value)
    await importing.persist(asset.hash)
    if (asset.width === mask.width) remember(asset.hash, mask)
    if (place !== placeOf(now(), target) || !isThere(now(), target)) return
    setMask(document, label, target, asset)
  }

  const keepStroke = async (painted: PaintedStroke, snap: boolean): Promise<void> => {
    const { target, place, erase } = painted
    const base = baseLayer(now())
    const snapped = snap && base ? await pixels.snapStroke(base, painted.stroke) : null
    if (snapped && !snapped.ok) toasts.actions.problem(snapped.problem)
    const mask = await read(target)
    waiting.splice(waiting.indexOf(painted), 1)
    // Should the mask stay as it was, what was shown of the stroke has to go all the same.
    shown = ''
    if (mask && place === placeOf(now(), target) && isThere(now(), target)) {
      const stroke = onTarget(target, snapped?.ok ? snapped.value : painted.stroke, mask)
      const next = stroke && withStroke(mask, stroke, erase)
      // A stroke that changes nothing, such as one beside the layer, is no step.
      if (next && !isSame(next, mask)) await keep(target, place, next, erase ? 'Erase' : 'Paint')
    }
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
  library.onDrawable(() => {
    if (!view.getState().painted) void show()
  })
  view.subscribe((state, last) => {
    if (state.tool !== last.tool || state.brush.kind !== last.brush.kind) void show()
  })

  return {
    paint(stroke, erase) {
      const { brush, painted } = view.getState()
      if (!painted || brush.kind === 'changes') return
      const one = { target: brush.kind, place: placeOf(now(), brush.kind), stroke, erase }
      waiting.push(one)
      view.setState({ painted: withStroke(painted, stroke, erase) })
      const snaps = brush.snap && (brush.kind === 'front' || brush.kind === 'ground')
      void inTurn(() => keepStroke(one, snaps))
    },
    clearMask: (target) =>
      changing(target, () => setMask(document, stepName('Clear', now(), target), target, null)),
    invertMask: (target) =>
      changing(target, async (place) => {
        const mask = await read(target)
        if (mask && place === placeOf(now(), target)) await keep(target, place, inverted(mask), 'Invert')
      }),
    useMask: (target, used) =>
      changing(target, () => {
        const verb = used ? 'Enable' : 'Disable'
        const name = maskName(now(), target)
        const of = layerOfMask(target) === null ? `the ${name.toLowerCase()}` : name
        setMaskUsed(document, `${verb} the mask of ${of}`, target, used)
      }),
    settle: () => inTurn(() => undefined),
  }
}

const isSame = (a: Mask, b: Mask): boolean => a.values.every((value, cell) => value === b.values[cell])

const sizeOf = ({ width, height }: Size): Size => ({ width, height })
