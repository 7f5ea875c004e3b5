import { lazy, Suspense, type ReactNode } from 'react'

import { findLayer } from '@/document/layers'
import { layerOfMask, type MaskTarget } from '@/document/place/masks'
import type { FusionDocument } from '@/schema/document'
import { LightGuides } from '@/ui/canvas/guides/LightGuides'
import { CompareSlider } from '@/ui/canvas/CompareSlider'
import { StagedBar } from '@/ui/canvas/StagedBar'
import { ToolBar } from '@/ui/canvas/ToolBar'
import { maskName } from '@/ui/place/maskNames'
import { isLocked } from '@/ui/stores/run'
import { isBrushingChanges, type Brush } from '@/ui/stores/view'
import { useDocument, useRun, useShelf, useStudio, useView } from '@/ui/studio'

/** Without a picture nobody needs Konva: the page opens without it. */
const CanvasView = lazy(async () => ({ default: (await import('@/ui/canvas/CanvasView')).CanvasView }))

/** The canvas with everything that floats over it. @param more what can be done with a staged result beside the usual */
export function CanvasArea({ more }: { more?: ReactNode }): ReactNode {
  const staged = useRun((state) => state.staged !== null)
  const locked = useRun(isLocked)
  const brushing = useView(isBrushingChanges)
  return (
    <div className="canvas-area">
      <Suspense fallback={null}>
        <CanvasView />
      </Suspense>
      <LightGuides />
      {(!locked || brushing) && <CanvasNote />}
      {staged && !brushing && <CompareSlider />}
      {staged ? <StagedBar more={more} /> : !locked && <ToolBar />}
    </div>
  )
}

/** What is painted, and the brush's two ways. */
function maskWords(doc: FusionDocument, kind: MaskTarget): { what: string; add: string; erase: string } {
  if (kind === 'front') return { what: 'what stands before the objects', add: 'Paint', erase: 'Erase' }
  if (kind === 'ground') return { what: 'where shadows and reflections fall', add: 'Paint', erase: 'Erase' }
  const name = maskName(doc, kind)
  const what = layerOfMask(kind) === null ? name.toLowerCase() : `parts of “${name}”`
  return { what, add: 'Paint back', erase: 'Hide' }
}

/** What the brush does. */
function brushWords({ kind, erase }: Brush, doc: FusionDocument): string {
  if (kind === 'changes')
    return `${erase ? 'Brush away what changed: the photo comes back.' : 'Bring back what was brushed away.'} X changes to ${erase ? 'bringing back' : 'brushing away'}, Esc ends.`
  const words = maskWords(doc, kind)
  const [now, other] = erase ? [words.erase, words.add] : [words.add, words.erase]
  return `${now}: ${words.what}. X changes to “${other}”, Esc ends.`
}

/** One line that says what the active tool waits for. */
function CanvasNote(): ReactNode {
  const { document } = useStudio()
  const tool = useView((state) => state.tool)
  const pending = useView((state) => state.pendingBox !== null)
  const target = useDocument((state) => {
    const layer = findLayer(state.document, state.selection)
    return layer?.kind === 'foreground' ? layer.name : null
  })
  const brush = useView((state) => (state.tool === 'brush' ? state.brush : null))
  const empty = useDocument((state) => state.document.layers.length === 0)
  const importing = useShelf((state) => state.importing > 0)
  const text = importing
    ? 'Opening …'
    : brush
      ? brushWords(brush, document.getState().document)
      : tool === 'box' && !(pending && target === null)
        ? `Drag a box for ${target ? `“${target}”` : 'the next foreground'}. Shift makes it square.`
        : pending
          ? 'The next foreground goes into this box. Esc clears it.'
          : empty
            ? 'Drop, paste or add a cut-out to place on this picture.'
            : null
  return text === null ? null : <p className="canvas-note">{text}</p>
}
