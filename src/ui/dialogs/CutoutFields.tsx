/** What can be set for each way of cutting out. */
import { Redo2, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'

import type { Raster, Rect } from '@/base/geometry'
import { IconButton } from '@/ui/controls/IconButton'
import { Segmented } from '@/ui/controls/Segmented'
import { percent, Slider } from '@/ui/controls/Slider'
import type { StrokeBrush } from '@/ui/dialogs/StrokeLayer'
import { say, sayNumber } from '@/words/say'

export interface CornerSettings {
  tolerance: number
  /** px */
  feather: number
}

export function CornerFields(props: {
  settings: CornerSettings
  onChange(settings: CornerSettings): void
}): ReactNode {
  const { settings, onChange } = props
  return (
    <>
      <Slider
        label={say('Tolerance')}
        min={0.01}
        max={0.6}
        step={0.01}
        value={settings.tolerance}
        format={percent}
        testId="cutout-tolerance"
        onChange={(tolerance) => onChange({ ...settings, tolerance })}
      />
      <Slider
        label={say('Soft edge')}
        min={0}
        max={8}
        step={0.5}
        value={settings.feather}
        format={(value) => `${sayNumber(value)} px`}
        onChange={(feather) => onChange({ ...settings, feather })}
      />
    </>
  )
}

/** The box by keyboard: a start that is nearly always good enough. */
export function BoxFields(props: {
  source: { image: Raster; scale: number }
  box: Rect | null
  onBox(box: Rect | null): void
}): ReactNode {
  const { source, box, onBox } = props
  const width = source.image.width / source.scale
  const height = source.image.height / source.scale
  const inset = { x: width * 0.08, y: height * 0.08, width: width * 0.84, height: height * 0.84 }
  return (
    <div className="row">
      <button type="button" className="button" onClick={() => onBox(inset)}>
        {say('Nearly everything')}
      </button>
      <button type="button" className="button quiet" disabled={!box} onClick={() => onBox(null)}>
        {say('Clear|box')}
      </button>
    </div>
  )
}

/** Smallest and largest brush, of the picture's longer side. */
export const STROKE_SIZES = [0.01, 0.2] as const

export function StrokeFields(props: {
  brush: StrokeBrush
  strokes: number
  undone: number
  onBrush(brush: StrokeBrush): void
  onUndo(): void
  onRedo(): void
}): ReactNode {
  const { brush, strokes, undone, onBrush, onUndo, onRedo } = props
  return (
    <>
      <Segmented
        label={say('Paint to correct it')}
        testId="cutout-brush"
        value={brush.keep ? 'keep' : 'remove'}
        choices={[
          { value: 'keep', label: say('Keep') },
          { value: 'remove', label: say('Remove') },
        ]}
        hint={say('X or Alt: the other. Shift: a line from the last place. [ and ]: size.')}
        onChange={(value) => onBrush({ ...brush, keep: value === 'keep' })}
      />
      <Slider
        label={say('Brush size')}
        min={STROKE_SIZES[0]}
        max={STROKE_SIZES[1]}
        step={0.005}
        value={brush.size}
        format={(value) => say('{count} %', { count: sayNumber(value * 100, 1) })}
        testId="cutout-brush-size"
        onChange={(size) => onBrush({ ...brush, size })}
      />
      <div className="row">
        <IconButton
          icon={Undo2}
          label={say('Undo the last stroke')}
          disabled={strokes === 0}
          testId="cutout-undo"
          onClick={onUndo}
        />
        <IconButton
          icon={Redo2}
          label={say('Paint it again')}
          disabled={undone === 0}
          testId="cutout-redo"
          onClick={onRedo}
        />
      </div>
    </>
  )
}
