import { Contrast, Eraser, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'

import { maskAt, type MaskTarget } from '@/document/place/masks'
import { IconButton } from '@/ui/controls/IconButton'
import { BrushSettings } from '@/ui/place/BrushSettings'
import { saidMaskName } from '@/ui/place/maskNames'
import { isLocked } from '@/ui/stores/run'
import { useDocument, useRun, useStudio, useView } from '@/ui/studio'
import { say } from '@/words/say'

interface MaskProps {
  target: MaskTarget
  disabled?: boolean
}

/** Takes the brush for the mask of an effect or a layer, or puts it down. */
export function MaskButton({ target, disabled = false, testId }: MaskProps & { testId: string }): ReactNode {
  const { view } = useStudio()
  const name = useDocument((state) => saidMaskName(state.document, target))
  const pressed = useView((state) => state.tool === 'brush' && state.brush.kind === target)
  const busy = useRun(isLocked)
  return (
    <IconButton
      small
      icon={Eraser}
      label={say('Mask: {name}', { name })}
      note={say('paint to hide a part of it, and back')}
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
  const name = useDocument((state) => saidMaskName(state.document, target))
  const painted = useDocument((state) => maskAt(state.document, target).asset !== null)
  const off = useDocument((state) => maskAt(state.document, target).off)
  const painting = useView((state) => state.tool === 'brush' && state.brush.kind === target)
  const overlay = useView((state) => state.brush.overlay)
  const busy = useRun(isLocked)
  if (!painting || busy) return null
  return (
    <div
      className="mask-tools"
      role="group"
      aria-label={say('Mask of {name}', { name })}
      data-testid="mask-tools"
    >
      <BrushSettings verbs={[say('Paint back'), say('Hide')]} />
      <div className="row">
        <label className="check">
          <input
            type="checkbox"
            data-testid="mask-overlay"
            checked={overlay}
            onChange={(event) => view.actions.setBrush({ overlay: event.target.checked })}
          />
          {say('Show it in red')}
        </label>
        <label className="check">
          <input
            type="checkbox"
            data-testid="mask-off"
            checked={off}
            disabled={!painted}
            onChange={(event) => modes.place.useMask(target, !event.target.checked)}
          />
          {say('Disable mask')}
        </label>
        <span className="push" />
        <IconButton
          small
          icon={Contrast}
          label={say('Invert: {name}', { name })}
          testId="mask-invert"
          onClick={() => modes.place.invertMask(target)}
        />
        <IconButton
          small
          icon={Trash2}
          label={say('Clear: {name}', { name })}
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
  mask && say(mask.off ? 'mask disabled' : 'masked')
