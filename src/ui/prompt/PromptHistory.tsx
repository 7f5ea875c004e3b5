import { Trash2 } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'

import { IconButton } from '@/ui/controls/IconButton'
import { SearchField } from '@/ui/controls/SearchField'
import { ownKeys } from '@/ui/keys'
import { findPrompts, MOST_PROMPTS } from '@/ui/stores/prompts'
import { useStudio } from '@/ui/studio'
import { say } from '@/words/say'

/** As many are seen at a glance. */
const FEW = 8

interface PromptHistoryProps {
  onChoose(prompt: string): void
  onClose(): void
}

/** The prompts that were used, the latest first. Takes the focus; arrows go from one to the next. */
export function PromptHistory({ onChoose, onClose }: PromptHistoryProps): ReactNode {
  const { prompts, toasts } = useStudio()
  const used = useStore(prompts, (state) => state.used)
  const [words, setWords] = useState('')
  const [active, setActive] = useState(0)
  const box = useRef<HTMLDivElement>(null)
  const found = findPrompts(used, words)
  const chosen = Math.max(0, Math.min(active, found.length - 1))

  /** The list itself where no prompt is left. */
  const focus = (index: number) => {
    const at = Math.max(0, index)
    setActive(at)
    const { current } = box
    ;(current?.querySelectorAll<HTMLElement>('.used-prompt')[at] ?? current)?.focus()
  }
  useEffect(() => {
    box.current?.querySelector<HTMLElement>('input, .used-prompt')?.focus()
  }, [])

  const change = (next: readonly string[], message: string) => {
    prompts.setState({ used: next })
    // What was used meanwhile stays.
    const back = () =>
      prompts.setState(({ used: now }) => ({
        used: [...now.filter((one) => !used.includes(one)), ...used].slice(0, MOST_PROMPTS),
      }))
    toasts.actions.note(message, { label: say('Undo'), run: back })
  }
  const forget = (prompt: string) => {
    change(
      used.filter((one) => one !== prompt),
      say('A prompt was taken from the list.'),
    )
    // The next one has taken its place.
    requestAnimationFrame(() => focus(Math.min(chosen, found.length - 2)))
  }

  return (
    <div
      className="used-prompts"
      ref={box}
      tabIndex={-1}
      role="group"
      aria-label={say('Prompts that you used')}
      onKeyDown={ownKeys({
        Escape: onClose,
        ArrowDown: () => focus(Math.min(found.length - 1, isInSearch() ? 0 : chosen + 1)),
        ArrowUp: () =>
          chosen > 0 && !isInSearch() ? focus(chosen - 1) : box.current?.querySelector('input')?.focus(),
      })}
    >
      {used.length > FEW && (
        <SearchField
          label={say('Search prompts')}
          placeholder={say('Search')}
          value={words}
          onChange={(text) => {
            setWords(text)
            setActive(0)
          }}
        />
      )}
      {used.length === 0 && (
        <p className="hint">{say('Prompts that you make pictures with are listed here.')}</p>
      )}
      {used.length > 0 && found.length === 0 && (
        <p className="hint" role="status">
          {say('None of them has these words.')}
        </p>
      )}
      <ul>
        {found.map((prompt, index) => (
          <li key={prompt}>
            <button
              type="button"
              className="used-prompt"
              dir="auto"
              title={prompt}
              tabIndex={index === chosen ? 0 : -1}
              onFocus={() => setActive(index)}
              onKeyDown={ownKeys({ Delete: () => forget(prompt) })}
              onClick={() => onChoose(prompt)}
            >
              {prompt}
            </button>
            <IconButton
              small
              icon={Trash2}
              label={say('Forget: {prompt}', { prompt })}
              onClick={() => forget(prompt)}
            />
          </li>
        ))}
      </ul>
      {used.length > 1 && (
        <button
          type="button"
          className="button slim"
          onClick={() => {
            change([], say('{count} prompts were taken from the list.', { count: used.length }))
            onClose()
          }}
        >
          {say('Forget all {count}', { count: used.length })}
        </button>
      )}
    </div>
  )
}

const isInSearch = (): boolean => document.activeElement instanceof HTMLInputElement
