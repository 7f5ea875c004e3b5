import { useRef, useState, type ReactNode } from 'react'

import { ownKeys } from '@/ui/keys'
import { say, sayTogether } from '@/words/say'

interface Choice {
  seed: string
  /** Address of a small picture; null: it is not there yet. */
  picture: string | null
  ready: boolean
  chosen: boolean
}

interface ChoicesProps {
  label: string
  hint: string
  /** What one of them is. */
  one: 'Light' | 'Picture'
  choices: readonly Choice[]
  onChoose(index: number): void
}

/** A few pictures under the canvas, of which one is shown on it. */
export function Choices({ label, hint, one, choices, onChoose }: ChoicesProps): ReactNode {
  const [focused, setFocused] = useState(0)
  const buttons = useRef<(HTMLButtonElement | null)[]>([])
  if (choices.length === 0) return null
  const name = (index: number) => `${say(one)} ${index + 1}`
  const current = Math.min(focused, choices.length - 1)
  const focus = (index: number) => {
    const to = (index + choices.length) % choices.length
    setFocused(to)
    buttons.current[to]?.focus()
  }
  const pick = (index: number) => {
    if (index >= choices.length) return
    focus(index)
    onChoose(index)
  }
  return (
    <div
      className="variations"
      role="group"
      aria-label={label}
      data-testid="variations"
      onKeyDown={ownKeys({
        ArrowRight: () => focus(current + 1),
        ArrowLeft: () => focus(current - 1),
        Home: () => focus(0),
        End: () => focus(choices.length - 1),
        1: () => pick(0),
        2: () => pick(1),
        3: () => pick(2),
      })}
    >
      {choices.map(({ seed, picture, ready, chosen }, index) => (
        <button
          key={seed}
          ref={(button) => {
            buttons.current[index] = button
          }}
          type="button"
          className="variation"
          data-testid="variation"
          tabIndex={index === current ? 0 : -1}
          aria-pressed={chosen}
          aria-label={sayTogether([name(index), say('seed {seed}', { seed })])}
          title={say('{name} (key {key})', { name: name(index), key: index + 1 })}
          aria-disabled={!ready}
          onFocus={() => setFocused(index)}
          onClick={() => pick(index)}
        >
          {picture && <img src={picture} alt="" draggable={false} />}
          <span aria-hidden="true">{index + 1}</span>
        </button>
      ))}
      <p className="hint">{hint}</p>
    </div>
  )
}
