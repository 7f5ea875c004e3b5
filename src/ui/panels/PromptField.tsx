import { useId, useMemo, useRef, useState, type ReactNode } from 'react'

import { setPrompt } from '@/document/commands'
import { builtInFamily } from '@/document/models'
import { promptOf } from '@/document/queries'
import { Section } from '@/ui/controls/Section'
import { PromptNotes, useTypedPrompt } from '@/ui/panels/PromptNotes'
import { useDocument, useRun, useStudio } from '@/ui/studio'
import { markWords, suggestWords, vocabularyOf, wordAt } from '@/ui/words'

const NO_WORDS: string[] = []

interface PromptFieldProps {
  /** What the prompt is for, or an example. */
  placeholder: string
  /** Prompts to begin with, offered while there is none. */
  examples?: readonly string[]
}

/** The prompt; words that the model does not know are underlined, known ones are offered. */
export function PromptField({ placeholder, examples = [] }: PromptFieldProps): ReactNode {
  const { document } = useStudio()
  const prompt = useDocument((state) => promptOf(state.document))
  // Only the built-in models have a list of words; other text encoders read anything.
  const family = useDocument((state) => builtInFamily(state.document))
  const words = useRun(({ engine }) =>
    engine.kind === 'ready' && family ? (engine.info.builtIn[family]?.words ?? NO_WORDS) : NO_WORDS,
  )
  const typedPrompt = useTypedPrompt()
  const field = useRef<HTMLTextAreaElement>(null)
  const marks = useRef<HTMLDivElement>(null)
  const [caret, setCaret] = useState(0)
  const [focused, setFocused] = useState(false)
  const id = useId()

  const vocabulary = useMemo(() => vocabularyOf(words), [words])
  const known = useMemo(() => new Set(vocabulary), [vocabulary])
  const parts = useMemo(() => (known.size > 0 ? markWords(prompt, known) : []), [prompt, known])
  const unknown = [...new Set(parts.filter((part) => part.known === false).map((part) => part.text))]
  const typed = wordAt(prompt, caret)
  // A whole known word needs no suggestions; away from the field only what is wrong is worth a word.
  const typing = focused && !known.has(typed.text.toLowerCase())
  const suggestions = typing ? suggestWords(typed.text, vocabulary) : []
  const lastUnknown = unknown.at(-1)
  const offered = typing || !lastUnknown ? suggestions : suggestWords(lastUnknown, vocabulary)

  const insert = (word: string) => {
    const target = typing ? typed : findWord(prompt, lastUnknown ?? '')
    const next = `${prompt.slice(0, target.from)}${word}${prompt.slice(target.to)}`
    const spaced = target.to === prompt.length ? `${next} ` : next
    setPrompt(document, spaced)
    const at = target.from + word.length + (target.to === prompt.length ? 1 : 0)
    setCaret(at)
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(at, at)
    })
  }

  return (
    <Section title="Prompt">
      <div
        onFocus={() => setFocused(true)}
        onBlur={(event) => setFocused(event.currentTarget.contains(event.relatedTarget))}
      >
        <div className="prompt">
          <div className="prompt-marks" ref={marks} aria-hidden="true">
            {parts.map((part, index) =>
              part.known === false ? (
                <mark key={index}>{part.text}</mark>
              ) : (
                <span key={index}>{part.text}</span>
              ),
            )}
          </div>
          <textarea
            ref={field}
            id={id}
            aria-label="Prompt"
            aria-describedby={unknown.length > 0 ? `${id}-unknown` : undefined}
            data-testid="prompt"
            placeholder={placeholder}
            spellCheck={false}
            value={prompt}
            onChange={(event) => {
              typedPrompt.take(event.target.value)
              setCaret(event.target.selectionStart)
            }}
            onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
            onScroll={(event) => {
              if (marks.current) marks.current.scrollTop = event.currentTarget.scrollTop
            }}
          />
        </div>
        {unknown.length > 0 && (
          <p className="unknown-note" id={`${id}-unknown`}>
            The model does not know {unknown.map((word) => `“${word}”`).join(', ')}.
          </p>
        )}
        <PromptNotes cut={typedPrompt.cut} />
        {offered.length > 0 && (
          <div className="chips" role="group" aria-label="Words that the model knows">
            {offered.map((word) => (
              <button
                key={word}
                type="button"
                className="chip"
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => insert(word)}
              >
                {word}
              </button>
            ))}
          </div>
        )}
        {examples.length > 0 && prompt === '' && <Examples examples={examples} />}
      </div>
    </Section>
  )
}

/** Prompts to begin with. */
function Examples({ examples }: { examples: readonly string[] }): ReactNode {
  const { document } = useStudio()
  return (
    <div className="chips" role="group" aria-label="Examples">
      {examples.map((prompt) => (
        <button key={prompt} type="button" className="chip" onClick={() => setPrompt(document, prompt)}>
          {prompt}
        </button>
      ))}
    </div>
  )
}

function findWord(prompt: string, word: string): { from: number; to: number } {
  const from = prompt.lastIndexOf(word)
  return { from, to: from + word.length }
}
