import { useState, type ReactNode } from 'react'

import { setPrompt } from '@/document/commands'
import { MAX_PROMPT } from '@/schema/common'
import { useRun, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

/** Sets the prompt from what was typed or pasted; how many letters of it did not fit. */
export function useTypedPrompt(): { cut: number; take(text: string): void } {
  const { document } = useStudio()
  const [cut, setCut] = useState(0)
  return {
    cut,
    take(text) {
      setCut(Math.max(0, text.length - MAX_PROMPT))
      setPrompt(document, text)
    },
  }
}

/** How many of the prompt's last words are not read. An instruction around them hides which of its words those are. */
export const useUnread = (): number =>
  useRun(({ reading }) => (reading?.of === 'prompt' ? reading.unread : 0))

const COUNTS = { tokens: '{count} of {most} tokens', words: '{count} of {most} words' } as const

/** "38 of 77 tokens", where the model's tokenizer is there. */
export function PromptCount(): ReactNode {
  const taken = useRun((state) => state.reading?.taken)
  if (!taken || taken.count === 0) return null
  const { count, most, unit } = taken
  return (
    <span className={count > most ? 'prompt-count over' : 'prompt-count'} data-testid="prompt-count">
      {say(COUNTS[unit], { count, most })}
    </span>
  )
}

/** Of one word, and of several. */
const UNREAD = {
  prompt: [
    'The last word is not read: the prompt is longer than the model’s text encoder takes.',
    'The last {count} words are not read: the prompt is longer than the model’s text encoder takes.',
  ],
  instruction: [
    'The last word is not read: the instruction is longer than the model’s text encoder takes.',
    'The last {count} words are not read: the instruction is longer than the model’s text encoder takes.',
  ],
} as const

/** What of the prompt is not used. @param id for who describes the field by it */
export function PromptNotes({ id, cut }: { id: string; cut: number }): ReactNode {
  const reading = useRun((state) => state.reading)
  const unread = reading?.unread ?? 0
  const [one, several] = UNREAD[reading?.of ?? 'prompt']
  return (
    <div id={id}>
      {cut > 0 && (
        <p className="unknown-note" role="status">
          {say('A prompt holds {most} characters; the last {cut} did not fit.', { most: MAX_PROMPT, cut })}
        </p>
      )}
      {unread > 0 && (
        <p className="unknown-note" role="status" data-testid="unread-note">
          {say(unread === 1 ? one : several, { count: unread })}
        </p>
      )}
    </div>
  )
}
