import type { ReactNode } from 'react'

import type { WheelUse } from '@/canvas/wheel'
import { Dialog } from '@/ui/controls/Dialog'
import { EVERY_SHORTCUT } from '@/ui/everyShortcut'
import { Segmented } from '@/ui/controls/Segmented'
import { MOD } from '@/ui/platform'
import { useStudio, useView } from '@/ui/studio'

const USES: { value: WheelUse; label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'zoom', label: 'Zooms' },
  { value: 'pan', label: 'Pans' },
]

const GROUPS = ['Picture', 'Canvas', 'Layer', 'Fuse'] as const

/** All shortcuts, from the same table that binds them, and what scrolling does. */
export function ShortcutsDialog({ onClose }: { onClose(): void }): ReactNode {
  return (
    <Dialog title="Keyboard and scrolling" wide onClose={onClose}>
      <div className="shortcuts">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {EVERY_SHORTCUT.filter((shortcut) => shortcut.group === group).map(({ label, shown }) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>
                    {shown.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Scrolling />
    </Dialog>
  )
}

function Scrolling(): ReactNode {
  const { view } = useStudio()
  const wheel = useView((state) => state.wheel)
  return (
    <div className="scrolling">
      <Segmented
        label="Scrolling on the canvas"
        value={wheel}
        choices={USES}
        testId="wheel-use"
        hint={`Automatic: a mouse’s wheel zooms, two fingers on a trackpad pan. A pinch, or ${MOD} with the wheel, always zooms.`}
        onChange={(use) => view.actions.setWheel(use)}
      />
    </div>
  )
}
