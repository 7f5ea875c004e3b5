import type { ReactNode } from 'react'

import { Dialog } from '@/ui/controls/Dialog'
import { SHORTCUTS } from '@/ui/shortcuts'

const GROUPS = ['Picture', 'Canvas', 'Layer', 'Fuse'] as const

/** All shortcuts, from the same table that binds them. */
export function ShortcutsDialog({ onClose }: { onClose(): void }): ReactNode {
  return (
    <Dialog title="Keyboard shortcuts" wide onClose={onClose}>
      <div className="shortcuts">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {SHORTCUTS.filter((shortcut) => shortcut.group === group).map(({ label, shown }) => (
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
    </Dialog>
  )
}
