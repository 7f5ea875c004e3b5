import { RotateCcw, X } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'

import { keysOf, ownerOf, printed, rebound, refusal, type Bindings } from '@/ui/bindings'
import { IconButton } from '@/ui/controls/IconButton'
import { EVERY_SHORTCUT } from '@/ui/everyShortcut'
import { isFixed, type ShortcutId } from '@/ui/keymap'
import { ownKeys, presses } from '@/ui/keys'
import type { Shortcut } from '@/ui/shortcut'
import { say } from '@/words/say'

interface ShortcutRowProps {
  shortcut: Shortcut
  bound: Bindings
  /** A new key is kept by its place, not by what it types. */
  byPlace: boolean
  /** It waits for new keys. */
  listening: boolean
  onListen(on: boolean): void
  onBind(bound: Bindings): void
  onReset(): void
}

/** A shortcut with its keys; a click on them waits for others. */
export function ShortcutRow(props: ShortcutRowProps): ReactNode {
  const { shortcut, bound, listening, onListen, onReset } = props
  const { id } = shortcut
  const label = say(shortcut.label)
  const keys = keysOf(id, bound)
  const button = useRef<HTMLButtonElement>(null)
  const was = useRef(false)
  // The field that took the keys is gone; the focus comes back to where it was.
  useEffect(() => {
    if (was.current && !listening && document.activeElement === document.body) button.current?.focus()
    was.current = listening
  }, [listening])
  const shown =
    keys.length > 0 ? <Keys presses={id === 'nudge' ? keys : keys.slice(0, 1)} /> : say('None|keys')
  if (listening) return <NewKeys {...props} />
  return (
    <li>
      <span>{label}</span>
      {isFixed(id) ? (
        <span className="keys">{shown}</span>
      ) : (
        <button
          ref={button}
          type="button"
          className="keys"
          data-testid={`keys-${id}`}
          aria-label={
            keys.length > 0
              ? say('Keys of {label}: {keys}. Change them', { label, keys: printed(keys[0]).join(' ') })
              : say('Keys of {label}: none. Change them', { label })
          }
          onClick={() => onListen(true)}
        >
          {shown}
        </button>
      )}
      {bound[id] && (
        <IconButton
          small
          icon={RotateCcw}
          label={say('Reset the keys of {label}', { label })}
          onClick={onReset}
        />
      )}
    </li>
  )
}

function Keys({ presses }: { presses: readonly string[] }): ReactNode {
  return presses.flatMap((press) => printed(press).map((key) => <kbd key={`${press} ${key}`}>{key}</kbd>))
}

const MODIFIERS = ['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'Dead', 'Process']
const labelOf = (id: ShortcutId): string => {
  const found = EVERY_SHORTCUT.find((one) => one.id === id)
  return found ? say(found.label) : id
}

/** Takes the next press; asks before it takes it from another shortcut. */
function NewKeys({
  shortcut: { id, label: name, whileTyping },
  bound,
  byPlace,
  onListen,
  onBind,
}: ShortcutRowProps): ReactNode {
  const label = say(name)
  const field = useRef<HTMLButtonElement>(null)
  const [pressed, setPressed] = useState<readonly string[]>([])
  const [trouble, setTrouble] = useState<{ why: string } | { owner: ShortcutId } | null>(null)
  const answer = useRef<HTMLButtonElement>(null)
  useEffect(() => field.current?.focus(), [])
  useEffect(() => answer.current?.focus(), [trouble])
  const bind = (readings: readonly string[]) => {
    const place = readings.find((press) => press.includes('@'))
    onBind(rebound(bound, id, (byPlace && place) || readings[0], readings))
  }
  const take = (event: KeyboardEvent) => {
    if (MODIFIERS.includes(event.key)) return
    const readings = presses(event.nativeEvent)
    // Tab goes on to the buttons beside it.
    if (readings.length === 0 || event.key === 'Tab') return
    if (readings[0] === 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    const why = refusal(readings, whileTyping !== undefined)
    const owner = ownerOf(readings, bound)
    setPressed(readings)
    if (why) setTrouble({ why })
    else if (owner && owner !== id) setTrouble({ owner })
    else bind(readings)
  }
  return (
    // Escape ends the waiting, not the dialog.
    <li className="new-keys" onKeyDown={ownKeys({ Escape: () => onListen(false) })}>
      <span>{label}</span>
      <button
        ref={field}
        type="button"
        className="keys"
        data-testid="new-keys"
        aria-label={say('New keys of {label}. Press them, or Escape', { label })}
        onKeyDown={take}
        onClick={() => field.current?.focus()}
      >
        {trouble ? <Keys presses={pressed.slice(0, 1)} /> : say('Press keys …')}
      </button>
      <IconButton
        small
        icon={X}
        label={say('No keys for {label}', { label })}
        onClick={() => onBind(rebound(bound, id, null))}
      />
      {trouble && (
        <p className="hint" role="alert">
          {'why' in trouble
            ? trouble.why
            : say('That is “{label}” already.', { label: labelOf(trouble.owner) })}{' '}
          {'owner' in trouble && (
            <button
              ref={answer}
              type="button"
              className="button"
              data-testid="keys-take"
              onClick={() => bind(pressed)}
            >
              {say('Take it from there')}
            </button>
          )}
        </p>
      )}
    </li>
  )
}
