import { Contrast, Paintbrush, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'

import { MASK_KINDS, masksOf, type MaskKind } from '@/schema/modes/place'
import { IconButton } from '@/ui/controls/IconButton'
import { Segmented } from '@/ui/controls/Segmented'
import { percent, Slider } from '@/ui/controls/Slider'
import { MASK_NAMES } from '@/ui/place/maskNames'
import { isLocked } from '@/ui/stores/run'
import { useDocument, useRun, useShelf, useStudio, useView } from '@/ui/studio'

const ABOUT: Record<MaskKind, string> = {
  front: 'What stands before the objects.',
  ground: 'Where shadows and reflections fall.',
}

/** The masks of Place, and the brush that paints them. */
export function MaskSettings(): ReactNode {
  const painting = useView((state) => state.tool === 'brush')
  return (
    <div className="control masks" role="group" aria-label="Masks">
      <div className="label">
        <span>Masks</span>
      </div>
      {MASK_KINDS.map((kind) => (
        <MaskRow key={kind} kind={kind} />
      ))}
      {painting && <BrushSettings />}
    </div>
  )
}

function MaskRow({ kind }: { kind: MaskKind }): ReactNode {
  const { view, modes } = useStudio()
  const mask = useDocument((state) => masksOf(state.document.scene)[kind])
  const address = useShelf((state) => (mask ? state.thumbnails[mask.hash] : undefined))
  const pressed = useView((state) => state.tool === 'brush' && state.brush.kind === kind)
  const locked = useRun(isLocked)
  const name = MASK_NAMES[kind]
  return (
    <div className="mask-row">
      <span className={`mask-thumb ${kind}`} data-testid={`mask-thumb-${kind}`}>
        {address && <img src={address} alt="" />}
      </span>
      <span className="mask-words">
        {name}
        <small>{ABOUT[kind]}</small>
      </span>
      <IconButton
        small
        icon={Paintbrush}
        label={`Paint: ${name}`}
        shortcut={kind === 'front' ? 'P' : 'G'}
        pressed={pressed}
        disabled={locked}
        testId={`mask-paint-${kind}`}
        onClick={() => (pressed ? view.actions.setTool('select') : view.actions.paint(kind))}
      />
      <IconButton
        small
        icon={Contrast}
        label={`Invert: ${name}`}
        disabled={locked}
        testId={`mask-invert-${kind}`}
        onClick={() => modes.place.invertMask(kind)}
      />
      <IconButton
        small
        icon={Trash2}
        label={`Clear: ${name}`}
        disabled={locked || mask === null}
        testId={`mask-clear-${kind}`}
        onClick={() => modes.place.clearMask(kind)}
      />
    </div>
  )
}

function BrushSettings(): ReactNode {
  const { view } = useStudio()
  const { erase, size, hardness, snap } = useView((state) => state.brush)
  return (
    <>
      <Segmented
        label="Brush"
        testId="brush-mode"
        value={erase ? 'erase' : 'add'}
        choices={[
          { value: 'add', label: 'Add' },
          { value: 'erase', label: 'Erase' },
        ]}
        hint="X or Alt: the other. Shift: a line from the last place. [ and ]: size."
        onChange={(value) => view.actions.setBrush({ erase: value === 'erase' })}
      />
      <Slider
        label="Brush size"
        testId="brush-size"
        min={0.005}
        max={0.3}
        step={0.005}
        value={size}
        format={(value) => `${(value * 100).toFixed(1)} %`}
        onChange={(value) => view.actions.setBrush({ size: value })}
      />
      <Slider
        label="Hardness"
        testId="brush-hardness"
        min={0}
        max={1}
        step={0.05}
        value={hardness}
        format={percent}
        onChange={(value) => view.actions.setBrush({ hardness: value })}
      />
      <label className="check">
        <input
          type="checkbox"
          data-testid="brush-snap"
          checked={snap}
          onChange={(event) => view.actions.setBrush({ snap: event.target.checked })}
        />
        Snap strokes to edges
      </label>
    </>
  )
}
