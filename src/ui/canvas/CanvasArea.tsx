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
import { say, sayText } from '@/words/say'

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
  if (kind === 'front' || kind === 'ground') {
    const what =
      kind === 'front' ? say('what stands before the objects') : say('where shadows and reflections fall')
    return { what, add: say('Paint'), erase: say('Erase') }
  }
  const name = maskName(doc, kind)
  const what = layerOfMask(kind) === null ? sayText(name.toLowerCase()) : say('parts of “{name}”', { name })
  return { what, add: say('Paint back'), erase: say('Hide') }
}

/** What the brush does. */
function brushWords({ kind, erase }: Brush, doc: FusionDocument): string {
  if (kind === 'changes')
    return erase
      ? say('Brush away what changed: the photo comes back. X changes to bringing back, Esc ends.')
      : say('Bring back what was brushed away. X changes to brushing away, Esc ends.')
  const words = maskWords(doc, kind)
  const [now, other] = erase ? [words.erase, words.add] : [words.add, words.erase]
  return say('{now}: {what}. X changes to “{other}”, Esc ends.', { now, what: words.what, other })
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
    ? say('Opening …')
    : brush
      ? brushWords(brush, document.getState().document)
      : tool === 'box' && !(pending && target === null)
        ? target
          ? say('Drag a box for “{name}”. Shift makes it square.', { name: target })
          : say('Drag a box for the next foreground. Shift makes it square.')
        : pending
          ? say('The next foreground goes into this box. Esc clears it.')
          : empty
            ? say('Drop, paste or add a cut-out to place on this picture.')
            : null
  return text === null ? null : <p className="canvas-note">{text}</p>
}
