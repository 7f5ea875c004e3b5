import { MODES } from '@/schema/modes'
import { PAGE_MODES } from '@/ui/modes'
import type { Shortcut } from '@/ui/shortcut'
import { SHORTCUTS } from '@/ui/shortcuts'

/** All keys that the studio hears; a mode's own do something while it is on. */
export const EVERY_SHORTCUT: readonly Shortcut[] = [
  ...SHORTCUTS,
  ...MODES.flatMap((mode) =>
    (PAGE_MODES[mode].shortcuts ?? []).map((shortcut): Shortcut => ({
      ...shortcut,
      run(studio, event) {
        if (studio.document.getState().document.mode === mode) shortcut.run(studio, event)
      },
    })),
  ),
]
