import { FlipHorizontal, RotateCcw } from 'lucide-react'
import type { ReactNode } from 'react'

import type { Rect } from '@/base/geometry'
import { flip, moveLayer, setRotation, setStretch } from '@/document/commands'
import { findLayer } from '@/document/layers'
import { IconButton } from '@/ui/controls/IconButton'
import { DustNote } from '@/ui/panels/DustNote'
import { NumberField } from '@/ui/controls/NumberField'
import { Section } from '@/ui/controls/Section'
import { useDocument, useRun, useStudio } from '@/ui/studio'
import { isLocked } from '@/ui/stores/run'

/** Where the selected foreground stands, in numbers: background px and degrees. */
export function PlacementPanel(): ReactNode {
  const { document } = useStudio()
  const layer = useDocument((state) => findLayer(state.document, state.selection))
  const locked = useRun(isLocked)
  if (layer?.kind !== 'foreground') return null
  const { id, box } = layer
  const set = (key: keyof Rect) => (value: number) => moveLayer(document, id, { ...box, [key]: value })
  const field = (mark: string, label: string, key: keyof Rect, min?: number) => (
    <NumberField
      mark={mark}
      label={`${label}, pixels of the background`}
      value={Math.round(box[key] * 10) / 10}
      min={min}
      disabled={locked}
      onCommit={set(key)}
    />
  )
  return (
    <Section
      title="Placement"
      actions={
        <>
          <IconButton
            small
            icon={FlipHorizontal}
            label="Flip horizontally"
            shortcut="X"
            pressed={layer.flipX}
            disabled={locked}
            onClick={() => flip(document, id)}
          />
          <IconButton
            small
            icon={RotateCcw}
            label="Reset rotation"
            disabled={locked || layer.rotationDegrees === 0}
            onClick={() => setRotation(document, id, 0)}
          />
        </>
      }
    >
      <div className="stack">
        <div className="grid-2">
          {field('X', 'Left edge of the box', 'x')}
          {field('Y', 'Top edge of the box', 'y')}
          {field('W', 'Width of the box', 'width', 1)}
          {field('H', 'Height of the box', 'height', 1)}
          <NumberField
            mark="∠"
            label="Rotation, degrees clockwise"
            value={Math.round(layer.rotationDegrees * 10) / 10}
            disabled={locked}
            onCommit={(value) => setRotation(document, id, value)}
          />
        </div>
        <label className="check">
          <input
            type="checkbox"
            checked={layer.stretch}
            disabled={locked}
            onChange={(event) => setStretch(document, id, event.target.checked)}
          />
          Stretch to fill the box
        </label>
        <DustNote layer={layer} locked={locked} />
      </div>
    </Section>
  )
}
