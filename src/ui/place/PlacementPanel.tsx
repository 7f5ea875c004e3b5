import { FlipHorizontal, RotateCcw } from 'lucide-react'
import type { ReactNode } from 'react'

import type { Rect } from '@/base/geometry'
import { flip, moveLayer, setRotation, setStretch } from '@/document/commands'
import { findLayer } from '@/document/layers'
import { drawsLayers } from '@/document/place/queries'
import { IconButton } from '@/ui/controls/IconButton'
import { DustNote } from '@/ui/panels/DustNote'
import { NumberField } from '@/ui/controls/NumberField'
import { Section } from '@/ui/controls/Section'
import { useDocument, useRun, useStudio, useView } from '@/ui/studio'
import { ArrangeButtons } from '@/ui/place/ArrangeButtons'
import { isLocked } from '@/ui/stores/run'
import { say } from '@/words/say'

/** Where the selected foreground stands, in numbers: background px and degrees. */
export function PlacementPanel(): ReactNode {
  const { document, view } = useStudio()
  const background = useDocument((state) => state.document.background)
  const grounded = useDocument((state) => drawsLayers(state.document))
  const sizesFollow = useView((state) => state.sizesFollow)
  const layer = useDocument((state) => findLayer(state.document, state.selection))
  const busy = useRun(isLocked)
  if (layer?.kind !== 'foreground') return null
  const locked = busy || layer.locked === true
  const { id, box } = layer
  const set = (key: keyof Rect) => (value: number) => moveLayer(document, id, { ...box, [key]: value })
  const across = background?.width
  const down = background?.height
  const field = (mark: string, label: string, key: keyof Rect, whole?: number, min?: number) => (
    <NumberField
      mark={mark}
      label={label}
      value={Math.round(box[key] * 10) / 10}
      min={min}
      whole={whole}
      disabled={locked}
      onCommit={set(key)}
    />
  )
  return (
    <Section
      title={say('Placement')}
      actions={
        <>
          <IconButton
            small
            icon={FlipHorizontal}
            label={say('Flip horizontally')}
            shortcut="flip"
            pressed={layer.flipX}
            disabled={locked}
            onClick={() => flip(document, id)}
          />
          <IconButton
            small
            icon={RotateCcw}
            label={say('Reset rotation')}
            disabled={locked || layer.rotationDegrees === 0}
            onClick={() => setRotation(document, id, 0)}
          />
        </>
      }
    >
      <div className="stack">
        <div className="grid-2">
          {field('X', say('Left edge of the box, pixels or % of the background'), 'x', across)}
          {field('Y', say('Top edge of the box, pixels or % of the background'), 'y', down)}
          {field(say('W|width'), say('Width of the box, pixels or % of the background'), 'width', across, 1)}
          {field(say('H|height'), say('Height of the box, pixels or % of the background'), 'height', down, 1)}
          <NumberField
            mark="∠"
            label={say('Rotation, degrees clockwise')}
            value={Math.round(layer.rotationDegrees * 10) / 10}
            disabled={locked}
            onCommit={(value) => setRotation(document, id, value)}
          />
        </div>
        <ArrangeButtons layer={layer} locked={locked} />
        {grounded && (
          <label className="check" title={say('Alt while dragging keeps the size.')}>
            <input
              type="checkbox"
              checked={sizesFollow}
              data-testid="sizes-follow"
              onChange={(event) => view.actions.setSizesFollow(event.target.checked)}
            />
            {say('Size follows the ground while dragging')}
          </label>
        )}
        <label className="check">
          <input
            type="checkbox"
            checked={layer.stretch}
            disabled={locked}
            onChange={(event) => setStretch(document, id, event.target.checked)}
          />
          {say('Stretch to fill the box')}
        </label>
        <DustNote layer={layer} locked={locked} />
      </div>
    </Section>
  )
}
