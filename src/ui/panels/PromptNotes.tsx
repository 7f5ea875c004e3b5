import { useState, type ReactNode } from 'react'

import { setPrompt } from '@/document/commands'
import { MAX_PROMPT } from '@/schema/common'
import { useRun, useStudio } from '@/ui/studio'

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

/** What of the prompt is not used. */
export function PromptNotes({ cut }: { cut: number }): ReactNode {
  const unread = useRun((state) => state.unreadWords)
  return (
    <>
      {cut > 0 && (
        <p className="unknown-note" role="status">
          A prompt holds {MAX_PROMPT} characters; the last {cut} did not fit.
        </p>
      )}
      {unread > 0 && (
        <p className="unknown-note" role="status" data-testid="unread-note">
          {unread === 1 ? 'The last word is not read' : `The last ${unread} words are not read`}: the prompt
          is longer than the model’s text encoder takes.
        </p>
      )}
    </>
  )
}
