import { Contrast, Eraser, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'

import { maskAt, type MaskTarget } from '@/document/place/masks'
import { IconButton } from '@/ui/controls/IconButton'
import { BrushSettings } from '@/ui/place/BrushSettings'
import { maskName } from '@/ui/place/maskNames'
import { isLocked } from '@/ui/stores/run'
import { useDocument, useRun, useStudio, useView } from '@/ui/studio'

interface MaskProps {
  target: MaskTarget
  disabled?: boolean
}

/** Takes the brush for the mask of an effect or a layer, or puts it down. */
export function MaskButton({ target, disabled = false, testId }: MaskProps & { testId: string }): ReactNode {
  const { view } = useStudio()
  const name = useDocument((state) => maskName(state.document, target))
  const pressed = useView((state) => state.tool === 'brush' && state.brush.kind === target)
  const busy = useRun(isLocked)
  return (
    <IconButton
      small
      icon={Eraser}
      label={`Mask: ${name}`}
      note="paint to hide a part of it, and back"
      {...(target.startsWith('layer:') ? { shortcut: 'mask' as const } : {})}
      pressed={pressed}
      disabled={busy || disabled}
      testId={testId}
      onClick={() => (pressed ? view.actions.setTool('select') : view.actions.paint(target))}
    />
  )
}

/** The brush on a mask, and what else can be done with it; shown while it is painted. */
export function MaskTools({ target }: MaskProps): ReactNode {
  const { view, modes } = useStudio()
  const name = useDocument((state) => maskName(state.document, target))
  const painted = useDocument((state) => maskAt(state.document, target).asset !== null)
  const off = useDocument((state) => maskAt(state.document, target).off)
  const painting = useView((state) => state.tool === 'brush' && state.brush.kind === target)
  const overlay = useView((state) => state.brush.overlay)
  const busy = useRun(isLocked)
  if (!painting || busy) return null
  return (
    <div className="mask-tools" role="group" aria-label={`Mask of ${name}`} data-testid="mask-tools">
      <BrushSettings verbs={['Paint back', 'Hide']} />
      <div className="row">
        <label className="check">
          <input
            type="checkbox"
            data-testid="mask-overlay"
            checked={overlay}
            onChange={(event) => view.actions.setBrush({ overlay: event.target.checked })}
          />
          Show it in red
        </label>
        <label className="check">
          <input
            type="checkbox"
            data-testid="mask-off"
            checked={off}
            disabled={!painted}
            onChange={(event) => modes.place.useMask(target, !event.target.checked)}
          />
          Disable mask
        </label>
        <span className="push" />
        <IconButton
          small
          icon={Contrast}
          label={`Invert: ${name}`}
          testId="mask-invert"
          onClick={() => modes.place.invertMask(target)}
        />
        <IconButton
          small
          icon={Trash2}
          label={`Clear: ${name}`}
          disabled={!painted}
          testId="mask-clear"
          onClick={() => modes.place.clearMask(target)}
        />
      </div>
    </div>
  )
}

/** What a row says of its mask; nothing where there is none. */
export const maskWords = (mask: { off?: boolean } | null): string | null =>
  mask && (mask.off ? 'mask disabled' : 'masked')
