import { useState, type ReactNode } from 'react'

import { restored, type Bindings } from '@/ui/bindings'
import { ShortcutRow } from '@/ui/dialogs/settings/ShortcutRow'
import { EVERY_SHORTCUT } from '@/ui/everyShortcut'
import type { ShortcutId } from '@/ui/keymap'
import { useSettings, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

const GROUPS = ['Picture', 'Canvas', 'Layer', 'Fuse'] as const

/** All shortcuts, from the table that binds them; each can get other keys. */
export function ShortcutList(): ReactNode {
  const { settings } = useStudio()
  const bound = useSettings(({ keys }) => keys)
  const [listening, setListening] = useState<ShortcutId | null>(null)
  const [byPlace, setByPlace] = useState(false)
  const bind = (keys: Bindings) => {
    settings.setState({ keys })
    setListening(null)
  }
  return (
    <>
      <div className="shortcuts-head">
        <h3>{say('Keyboard')}</h3>
        <label
          className="check"
          title={say('A new key is then the one at that place, whatever the keyboard’s layout types there')}
        >
          <input type="checkbox" checked={byPlace} onChange={(event) => setByPlace(event.target.checked)} />
          {say('New keys by their place')}
        </label>
        <button
          type="button"
          className="button"
          disabled={Object.keys(bound).length === 0}
          data-testid="shortcuts-reset"
          onClick={() => bind({})}
        >
          {say('Reset all')}
        </button>
      </div>
      <p className="hint">{say('Click on keys to change them.')}</p>
      <div className="shortcuts">
        {GROUPS.map((group) => (
          <section key={group} aria-label={say(group)}>
            <h4>{say(group)}</h4>
            <ul>
              {EVERY_SHORTCUT.filter((shortcut) => shortcut.group === group).map((shortcut) => (
                <ShortcutRow
                  key={shortcut.id}
                  shortcut={shortcut}
                  bound={bound}
                  byPlace={byPlace}
                  listening={listening === shortcut.id}
                  onListen={(on) => setListening(on ? shortcut.id : null)}
                  onBind={bind}
                  onReset={() => bind(restored(bound, shortcut.id))}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  )
}
