import { useRef, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'

import { ownKeys } from '@/ui/keys'
import { useRun, useStudio } from '@/ui/studio'

/** Three lights that the photo may have, to choose from while the result waits. */
export function VariationStrip(): ReactNode {
  const { modes } = useStudio()
  const { variations: store, choose } = modes.place
  const variations = useStore(store, (state) => state.variations)
  const chosen = useStore(store, (state) => state.chosen)
  const running = useRun((state) => state.run.kind === 'running')
  const [focused, setFocused] = useState(0)
  const buttons = useRef<(HTMLButtonElement | null)[]>([])
  if (variations.length === 0) return null
  const current = Math.min(focused, variations.length - 1)
  const focus = (index: number) => {
    const to = (index + variations.length) % variations.length
    setFocused(to)
    buttons.current[to]?.focus()
  }
  const pick = (index: number) => {
    focus(index)
    void choose(index)
  }
  return (
    <div
      className="variations"
      role="group"
      aria-label="Three lights that the photo may have"
      data-testid="variations"
      onKeyDown={ownKeys({
        ArrowRight: () => focus(current + 1),
        ArrowLeft: () => focus(current - 1),
        Home: () => focus(0),
        End: () => focus(variations.length - 1),
        1: () => pick(0),
        2: () => pick(1),
        3: () => pick(2),
      })}
    >
      {variations.map(({ seed, scene, picture }, index) => (
        <button
          key={seed}
          ref={(button) => {
            buttons.current[index] = button
          }}
          type="button"
          className="variation"
          data-testid="variation"
          tabIndex={index === current ? 0 : -1}
          aria-pressed={seed === chosen}
          aria-label={`Light ${index + 1}, seed ${seed}`}
          title={`Light ${index + 1} (key ${index + 1})`}
          aria-disabled={running || scene === null}
          onFocus={() => setFocused(index)}
          onClick={() => pick(index)}
        >
          {picture && <img src={picture} alt="" draggable={false} />}
          <span aria-hidden="true">{index + 1}</span>
        </button>
      ))}
      <p className="hint">Three lights that this photo may have. Choose one; Accept keeps it.</p>
    </div>
  )
}
