/** What the user paints on the canvas in Place: masks that are read, painted on and kept as pictures. */
import { keepLatest } from '@/base/latest'
import { createQueue } from '@/base/queue'
import { withStroke } from '@/assets/brush'
import { blankMask, inverted, isEven, maskOf, maskSizeOf } from '@/assets/mask'
import type { Mask } from '@/base/geometry'
import type { AppServices } from '@/app/services'
import { baseLayer } from '@/document/layers'
import { setMask } from '@/document/place/commands'
import { drawsLayers } from '@/document/place/queries'
import type { AssetRef } from '@/schema/common'
import { masksOf, type MaskKind } from '@/schema/modes/place'
import { MASK_NAMES } from '@/ui/place/maskNames'
import type { MaskService } from '@/ui/place/service'

type MaskServices = Pick<AppServices, 'document' | 'view' | 'toasts' | 'pixels' | 'library' | 'importing'>

interface PaintedStroke {
  documentId: string
  kind: MaskKind
  stroke: Mask
  erase: boolean
}

/** Where nobody has painted: nothing is in front, and shadows may fall everywhere. */
const UNPAINTED: Record<MaskKind, number> = { front: 0, ground: 255 }

export function createMasks(services: MaskServices): MaskService {
  const { document, view, toasts, pixels, library, importing } = services
  const inTurn = createQueue()
  /** Strokes that are seen, but not kept yet. */
  const waiting: PaintedStroke[] = []
  /** The masks that were read or made last, by hash. */
  const known = new Map<string, Mask>()
  const remember = (hash: string, mask: Mask): Mask => keepLatest(known, hash, mask, 4)

  const assetOf = (kind: MaskKind): AssetRef | null => masksOf(document.getState().document.scene)[kind]
  const read = async (kind: MaskKind): Promise<Mask | null> => {
    const asset = assetOf(kind)
    const { background } = document.getState().document
    if (!asset) return background && blankMask(maskSizeOf(background), UNPAINTED[kind])
    const found = known.get(asset.hash)
    if (found) return remember(asset.hash, found)
    const done = await pixels.raster(asset)
    if (done.ok) return remember(asset.hash, maskOf(done.value))
    toasts.actions.problem(done.problem)
    return null
  }

  let shown = ''
  /** Shows the mask that the brush is for, with the strokes that are not kept yet. */
  const show = async (): Promise<void> => {
    const { tool, brush } = view.getState()
    const { document: doc } = document.getState()
    const { background } = doc
    const { kind: painted } = brush
    // That mask is not the document's.
    if (painted === 'changes') return void (shown = '')
    if (tool === 'brush' && !drawsLayers(doc)) return view.actions.setTool('select')
    const wanted =
      tool === 'brush' && background ? `${painted} ${assetOf(painted)?.hash ?? background.hash}` : ''
    if (wanted === shown) return
    shown = wanted
    const mask = wanted ? await read(painted) : null
    if (shown !== wanted) return
    view.setState({
      painted:
        mask &&
        waiting
          .filter(({ kind }) => kind === painted)
          .reduce((under, { stroke, erase }) => withStroke(under, stroke, erase), mask),
    })
  }

  /** Stores a mask and puts it into the document: one step. */
  const keep = async (kind: MaskKind, mask: Mask, verb: string): Promise<void> => {
    const label = `${verb} ${MASK_NAMES[kind].toLowerCase()}`
    if (isEven(mask, UNPAINTED[kind])) return setMask(document, label, kind, null)
    const done = await pixels.takeMask(mask, `${MASK_NAMES[kind]} mask`)
    if (!done.ok) return toasts.actions.problem(done.problem)
    const { asset } = done.value
    library.add(done.value)
    await importing.persist(asset.hash)
    if (asset.width === mask.width) remember(asset.hash, mask)
    setMask(document, label, kind, asset)
  }

  const keepStroke = async (painted: PaintedStroke, snap: boolean): Promise<void> => {
    const { documentId, kind, stroke, erase } = painted
    const base = baseLayer(document.getState().document)
    const snapped = snap && base ? await pixels.snapStroke(base, stroke) : null
    if (snapped && !snapped.ok) toasts.actions.problem(snapped.problem)
    const mask = await read(kind)
    waiting.splice(waiting.indexOf(painted), 1)
    if (!mask || documentId !== document.getState().document.id) return
    // Should the mask come out as it was, what was shown of the stroke has to go all the same.
    shown = ''
    await keep(kind, withStroke(mask, snapped?.ok ? snapped.value : stroke, erase), erase ? 'Erase' : 'Paint')
    await show()
  }

  document.subscribe((state, last) => {
    if (state.document !== last.document) void show()
  })
  view.subscribe((state, last) => {
    if (state.tool !== last.tool || state.brush.kind !== last.brush.kind) void show()
  })

  return {
    paint(stroke, erase) {
      const { brush, painted } = view.getState()
      if (!painted || brush.kind === 'changes') return
      const one = { documentId: document.getState().document.id, kind: brush.kind, stroke, erase }
      waiting.push(one)
      view.setState({ painted: withStroke(painted, stroke, erase) })
      void inTurn(() => keepStroke(one, brush.snap))
    },
    clearMask: (kind) =>
      void inTurn(() => setMask(document, `Clear ${MASK_NAMES[kind].toLowerCase()}`, kind, null)),
    invertMask: (kind) =>
      void inTurn(async () => {
        const mask = await read(kind)
        if (mask) await keep(kind, inverted(mask), 'Invert')
      }),
  }
}
