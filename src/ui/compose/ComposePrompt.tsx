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
import { ownKeys } from '@/ui/keys'
import { PromptArea } from '@/ui/prompt/PromptArea'
import { PromptNotes, useTypedPrompt, useUnread } from '@/ui/prompt/PromptNotes'
import { PromptSection } from '@/ui/prompt/PromptSection'
import { cutParts, endOfRead } from '@/ui/prompt/words'
import { useDocument, useStudio } from '@/ui/studio'
import { Say } from '@/ui/controls/Say'
import { say, sayTogether } from '@/words/say'

/** The prompt of Compose: `[` offers the references. */
export function ComposePrompt(): ReactNode {
  const { document } = useStudio()
  const prompt = useDocument((state) => state.document.composePrompt)
  const references = useDocument((state) => state.document.references)
  const typed = useTypedPrompt()
  const field = useRef<HTMLTextAreaElement>(null)
  /** Where the caret goes once the completed prompt is shown. */
  const caretAfter = useRef<number | null>(null)
  const [caret, setCaret] = useState(0)
  const [active, setActive] = useState(0)
  /** Where an opened list was sent away; it stays away until another one is begun. */
  const [closedAt, setClosedAt] = useState<number | null>(null)
  const [focused, setFocused] = useState(false)
  const id = useId()

  const unread = useUnread()
  const { read, beyond } = useMemo(
    () => cutParts(splitPlaceholders(prompt, references.length), endOfRead(prompt, unread)),
    [prompt, references.length, unread],
  )
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
    <PromptSection>
      <div
        onFocus={() => setFocused(true)}
        onBlur={(event) => setFocused(event.currentTarget.contains(event.relatedTarget))}
      >
        <PromptArea
          tall
          field={field}
          marks={
            <>
              {read.map(({ text, reference, known }, index) =>
                reference === null ? (
                  <span key={index}>{text}</span>
                ) : known ? (
                  <span key={index} className="tag" style={{ background: css(colourOf(reference)) }}>
                    {text}
                  </span>
                ) : (
                  <mark key={index} className="unknown">
                    {text}
                  </mark>
                ),
              )}
              {beyond !== '' && <mark className="unread">{beyond}</mark>}
            </>
          }
          value={prompt}
          placeholder={say('For example: the toy from [ref#1] on a beach at sunset')}
          describedBy={`${id}-hint ${id}-notes`}
          list={offered.length > 0 ? { id: `${id}-list`, active: `${id}-${offered[chosen]}` } : null}
          onKeyDown={offered.length > 0 ? listKeys : undefined}
          onCaret={setCaret}
          onChange={(text, at) => {
            typed.take(text)
            setCaret(at)
            setActive(0)
            if (openPlaceholder(text, at)?.from !== closedAt) setClosedAt(null)
          }}
        >
          {offered.length > 0 && (
            <ul className="completion" id={`${id}-list`} role="listbox" aria-label={say('References')}>
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
                    {sayTogether([say(ROLES[references[index].role].name), references[index].asset.name])}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </PromptArea>
      </div>
      <PromptNotes id={`${id}-notes`} cut={typed.cut} />
      <p className="hint prompt-hint" id={`${id}-hint`}>
        {styled ? (
          say('With a style reference the prompt is sent with “{prefix}” before it.', {
            prefix: STYLE_PREFIX,
          })
        ) : (
          <Say text="Type {bracket} to name a reference. Naming them is optional." bracket={<kbd>[</kbd>} />
        )}
      </p>
    </PromptSection>
  )
}
