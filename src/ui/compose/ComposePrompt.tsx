import { useId, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react'

import { placeholder } from '@/base/placeholders'
import { setPrompt } from '@/document/commands'
import { STYLE_PREFIX } from '@/document/compose/queries'
import {
  insertPlaceholder,
  offeredReferences,
  openPlaceholder,
  splitPlaceholders,
} from '@/ui/compose/placeholders'
import { colourOf, css } from '@/ui/compose/responseMaps'
import { ROLES } from '@/ui/compose/roles'
import { Section } from '@/ui/controls/Section'
import { ownKeys } from '@/ui/keys'
import { PromptNotes, useTypedPrompt } from '@/ui/panels/PromptNotes'
import { useDocument, useStudio } from '@/ui/studio'

/** The prompt of Compose: `[` offers the references. */
export function ComposePrompt(): ReactNode {
  const { document } = useStudio()
  const prompt = useDocument((state) => state.document.composePrompt)
  const references = useDocument((state) => state.document.references)
  const typed = useTypedPrompt()
  const field = useRef<HTMLTextAreaElement>(null)
  const marks = useRef<HTMLDivElement>(null)
  /** Where the caret goes once the completed prompt is shown. */
  const caretAfter = useRef<number | null>(null)
  const [caret, setCaret] = useState(0)
  const [active, setActive] = useState(0)
  /** Where an opened list was sent away; it stays away until another one is begun. */
  const [closedAt, setClosedAt] = useState<number | null>(null)
  const [focused, setFocused] = useState(false)
  const id = useId()

  const parts = useMemo(() => splitPlaceholders(prompt, references.length), [prompt, references.length])
  const open = focused ? openPlaceholder(prompt, caret) : null
  const offered = open && open.from !== closedAt ? offeredReferences(open.typed, references.length) : []
  const chosen = Math.min(active, offered.length - 1)
  const model = useDocument((state) => state.document.composeModel)
  const styled = model === 'dreamo' && references.some(({ role }) => role === 'style')

  const insert = (index: number) => {
    const next = insertPlaceholder(prompt, caret, index)
    setPrompt(document, next.prompt)
    setCaret(next.caret)
    caretAfter.current = next.caret
  }
  // Before the next key: whoever types on at once must not find the caret elsewhere.
  useLayoutEffect(() => {
    const at = caretAfter.current
    caretAfter.current = null
    if (at === null) return
    field.current?.focus()
    field.current?.setSelectionRange(at, at)
  }, [prompt])

  const step = (by: 1 | -1) => setActive((chosen + by + offered.length) % offered.length)
  const take = () => insert(offered[chosen])
  /** Of the list of references while it is open. */
  const listKeys = ownKeys({
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: take,
    Tab: take,
    Escape: () => setClosedAt(open?.from ?? null),
  })

  return (
    <Section title="Prompt">
      <div
        className="prompt tall"
        onFocus={() => setFocused(true)}
        onBlur={(event) => setFocused(event.currentTarget.contains(event.relatedTarget))}
      >
        <div className="prompt-marks" ref={marks} aria-hidden="true">
          {parts.map(({ text, reference, known }, index) =>
            reference === null ? (
              <span key={index}>{text}</span>
            ) : known ? (
              <span key={index} className="tag" style={{ background: css(colourOf(reference)) }}>
                {text}
              </span>
            ) : (
              <mark key={index}>{text}</mark>
            ),
          )}
        </div>
        <textarea
          ref={field}
          aria-label="Prompt"
          aria-autocomplete="list"
          aria-controls={offered.length > 0 ? `${id}-list` : undefined}
          aria-activedescendant={offered.length > 0 ? `${id}-${offered[chosen]}` : undefined}
          aria-describedby={`${id}-hint`}
          data-testid="prompt"
          placeholder="For example: the toy from [ref#1] on a beach at sunset"
          spellCheck={false}
          value={prompt}
          onChange={(event) => {
            typed.take(event.target.value)
            setCaret(event.target.selectionStart)
            setActive(0)
            if (openPlaceholder(event.target.value, event.target.selectionStart)?.from !== closedAt)
              setClosedAt(null)
          }}
          onKeyDown={offered.length > 0 ? listKeys : undefined}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onScroll={(event) => {
            if (marks.current) marks.current.scrollTop = event.currentTarget.scrollTop
          }}
        />
        {offered.length > 0 && (
          <ul className="completion" id={`${id}-list`} role="listbox" aria-label="References">
            {offered.map((index, place) => (
              <li
                key={index}
                id={`${id}-${index}`}
                role="option"
                aria-selected={place === chosen}
                onMouseDown={(event) => event.preventDefault()}
                onMouseEnter={() => setActive(place)}
                onClick={() => insert(index)}
              >
                <span className="swatch" style={{ background: css(colourOf(index)) }} />
                <strong>{placeholder(index)}</strong>
                <span>
                  {ROLES[references[index].role].name}, {references[index].asset.name}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
      <PromptNotes cut={typed.cut} />
      <p className="hint prompt-hint" id={`${id}-hint`}>
        {styled ? (
          <>With a style reference the prompt is sent with “{STYLE_PREFIX}” before it.</>
        ) : (
          <>
            Type <kbd>[</kbd> to name a reference. Naming them is optional.
          </>
        )}
      </p>
    </Section>
  )
}
