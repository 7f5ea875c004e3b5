import { Contrast, Paintbrush, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'

import { masksOf } from '@/schema/modes/place'
import { IconButton } from '@/ui/controls/IconButton'
import { BrushSettings } from '@/ui/place/BrushSettings'
import { MASK_NAMES } from '@/ui/place/maskNames'
import { isLocked } from '@/ui/stores/run'
import { useDocument, useRun, useShelf, useStudio, useView } from '@/ui/studio'
import { type Message, say } from '@/words/say'

/** Those of the whole picture; an effect's is by its row among the layers. */
const KINDS = ['front', 'ground'] as const
type Kind = (typeof KINDS)[number]

const ABOUT = {
  front: 'What stands before the objects.',
  ground: 'Where shadows and reflections fall.',
} as const satisfies Record<Kind, Message>

/** The masks of Place, and the brush that paints them. */
export function MaskSettings(): ReactNode {
  const painting = useView(
    (state) => state.tool === 'brush' && KINDS.some((kind) => kind === state.brush.kind),
  )
  return (
    <div className="control masks" role="group" aria-label={say('Masks')}>
      <div className="label">
        <span>{say('Masks')}</span>
      </div>
      {KINDS.map((kind) => (
        <MaskRow key={kind} kind={kind} />
      ))}
      {painting && (
        <>
          <BrushSettings />
          <SnapCheck />
        </>
      )}
    </div>
  )
}

function MaskRow({ kind }: { kind: Kind }): ReactNode {
  const { view, modes } = useStudio()
  const mask = useDocument((state) => masksOf(state.document.scene)[kind])
  const address = useShelf((state) => (mask ? state.thumbnails[mask.hash] : undefined))
  const pressed = useView((state) => state.tool === 'brush' && state.brush.kind === kind)
  const locked = useRun(isLocked)
  const name = say(MASK_NAMES[kind])
  return (
    <div className="mask-row">
      <span className={`mask-thumb ${kind}`} data-testid={`mask-thumb-${kind}`}>
        {address && <img src={address} alt="" />}
      </span>
      <span className="mask-words">
        {name}
        <small>{say(ABOUT[kind])}</small>
      </span>
      <IconButton
        small
        icon={Paintbrush}
        label={say('Paint: {name}', { name })}
        shortcut={kind === 'front' ? 'paint-front' : 'paint-ground'}
        pressed={pressed}
        disabled={locked}
        testId={`mask-paint-${kind}`}
        onClick={() => (pressed ? view.actions.setTool('select') : view.actions.paint(kind))}
      />
      <IconButton
        small
        icon={Contrast}
        label={say('Invert: {name}', { name })}
        disabled={locked}
        testId={`mask-invert-${kind}`}
        onClick={() => modes.place.invertMask(kind)}
      />
      <IconButton
        small
        icon={Trash2}
        label={say('Clear: {name}', { name })}
        disabled={locked || mask === null}
        testId={`mask-clear-${kind}`}
        onClick={() => modes.place.clearMask(kind)}
      />
    </div>
  )
}

function SnapCheck(): ReactNode {
  const { view } = useStudio()
  const snap = useView((state) => state.brush.snap)
  return (
    <label className="check">
      <input
        type="checkbox"
        data-testid="brush-snap"
        checked={snap}
        onChange={(event) => view.actions.setBrush({ snap: event.target.checked })}
      />
      {say('Snap strokes to edges')}
    </label>
  )
}
