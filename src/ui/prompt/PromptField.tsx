import { useId, useMemo, useRef, useState, type ReactNode } from 'react'

import { setPrompt } from '@/document/commands'
import { builtInFamily } from '@/document/models'
import { promptOf } from '@/document/queries'
import { PromptArea } from '@/ui/prompt/PromptArea'
import { PromptNotes, useTypedPrompt, useUnread } from '@/ui/prompt/PromptNotes'
import { PromptSection } from '@/ui/prompt/PromptSection'
import {
  cutParts,
  endOfRead,
  everyWord,
  hasWord,
  markWords,
  suggestWords,
  vocabularyOf,
  withoutWord,
  withWord,
  wordAt,
  type Vocabulary,
} from '@/ui/prompt/words'
import { useDocument, useRun, useStudio } from '@/ui/studio'
import { say, sayQuoted } from '@/words/say'

const NO_WORDS: string[] = []

interface PromptFieldProps {
  /** What the prompt is for, or an example. */
  placeholder: string
  /** Prompts to begin with, offered while there is none. */
  examples?: readonly string[]
  /** All words that are read, where that is not the model's own list. */
  vocabulary?: Vocabulary
}

/** The prompt; what is not read of it is marked, words that are known are offered. */
export function PromptField({ placeholder, examples = [], vocabulary: given }: PromptFieldProps): ReactNode {
  const { document } = useStudio()
  const prompt = useDocument((state) => promptOf(state.document))
  const own = useOwnWords()
  const vocabulary = given ?? own
  const unread = useUnread()
  const typedPrompt = useTypedPrompt()
  const field = useRef<HTMLTextAreaElement>(null)
  const [caret, setCaret] = useState(prompt.length)
  const [focused, setFocused] = useState(false)
  const id = useId()

  const words = useMemo(() => (vocabulary ? everyWord(vocabulary) : NO_WORDS), [vocabulary])
  const known = useMemo(() => new Set(words), [words])
  const { read, beyond } = useMemo(() => {
    const parts = vocabulary ? markWords(prompt, known, vocabulary.others) : [{ text: prompt, known: null }]
    return cutParts(parts, endOfRead(prompt, unread))
  }, [prompt, vocabulary, known, unread])
  const others = [...new Set(read.filter((part) => part.known === false).map((part) => part.text))]
  const unknown = vocabulary?.others === 'unknown' ? others : NO_WORDS
  const typed = wordAt(prompt, caret)
  // A whole known word needs no suggestions; away from the field only what is wrong is worth a word.
  const typing = focused && !known.has(typed.text.toLowerCase())
  const suggestions = typing ? suggestWords(typed.text, words) : []
  const lastUnknown = unknown.at(-1)
  const offered = typing || !lastUnknown ? suggestions : suggestWords(lastUnknown, words)

  /** Shows a changed prompt, with the caret where the writing goes on. */
  const put = (text: string, at: number) => {
    setPrompt(document, text)
    setCaret(at)
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(at, at)
    })
  }
  const insert = (word: string) => {
    const target = typing ? typed : findWord(prompt, lastUnknown ?? '')
    const next = `${prompt.slice(0, target.from)}${word}${prompt.slice(target.to)}`
    const last = target.to === prompt.length
    put(last ? `${next} ` : next, target.from + word.length + (last ? 1 : 0))
  }
  // The focus stays on the word, so that several can be chosen.
  const toggle = (word: string) => {
    const next = hasWord(prompt, word)
      ? { prompt: withoutWord(prompt, word), caret: prompt.length }
      : withWord(prompt, caret, word)
    setPrompt(document, next.prompt)
    setCaret(Math.min(next.caret, next.prompt.length))
  }

  return (
    <PromptSection vocabulary={vocabulary} onToggleWord={toggle}>
      <div
        onFocus={() => setFocused(true)}
        onBlur={(event) => setFocused(event.currentTarget.contains(event.relatedTarget))}
      >
        <PromptArea
          field={field}
          marks={
            <>
              {read.map(({ text, known: isKnown }, index) =>
                isKnown === false && vocabulary ? (
                  <mark key={index} className={vocabulary.others}>
                    {text}
                  </mark>
                ) : (
                  <span key={index}>{text}</span>
                ),
              )}
              {beyond !== '' && <mark className="unread">{beyond}</mark>}
            </>
          }
          value={prompt}
          placeholder={placeholder}
          describedBy={`${id}-words ${id}-notes`}
          onCaret={setCaret}
          onChange={(text, at) => {
            typedPrompt.take(text)
            setCaret(at)
          }}
        />
        <div id={`${id}-words`}>
          {unknown.length > 0 && (
            <p className="unknown-note">
              {say('The model does not know {words}.', { words: sayQuoted(unknown) })}
            </p>
          )}
          {vocabulary?.others === 'passed' && others.length > 0 && (
            <p className="hint prompt-hint" data-testid="read-note">
              {readWords(read.filter((part) => part.known).map((part) => part.text))}
            </p>
          )}
        </div>
        <PromptNotes id={`${id}-notes`} cut={typedPrompt.cut} />
        {offered.length > 0 && (
          <div className="chips" role="group" aria-label={say('Words that the model knows')}>
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
    </PromptSection>
  )
}

/** The words of the built-in model; null of others, whose text encoders read anything. */
function useOwnWords(): Vocabulary | null {
  const family = useDocument((state) => builtInFamily(state.document))
  const words = useRun(({ engine }) =>
    engine.kind === 'ready' && family ? (engine.info.builtIn[family]?.words ?? NO_WORDS) : NO_WORDS,
  )
  return useMemo(() => {
    const own = vocabularyOf(words)
    return own.length > 0
      ? { groups: [{ name: 'All words that the model knows', words: own }], others: 'unknown' }
      : null
  }, [words])
}

/** Prompts to begin with. */
function Examples({ examples }: { examples: readonly string[] }): ReactNode {
  const { document } = useStudio()
  return (
    <div className="chips" role="group" aria-label={say('Examples')}>
      {examples.map((prompt) => (
        <button key={prompt} type="button" className="chip" onClick={() => setPrompt(document, prompt)}>
          {prompt}
        </button>
      ))}
    </div>
  )
}

const readWords = (words: readonly string[]): string =>
  words.length > 0
    ? say('Only words of light are read: {words}.', { words: sayQuoted([...new Set(words)]) })
    : say('No word of this says anything of light, so it changes nothing.')

function findWord(prompt: string, word: string): { from: number; to: number } {
  const from = prompt.lastIndexOf(word)
  return { from, to: from + word.length }
}
