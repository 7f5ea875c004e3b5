import { History, WholeWord } from 'lucide-react'
import { useRef, useState, type ReactNode } from 'react'

import { setPrompt } from '@/document/commands'
import { promptOf } from '@/document/queries'
import { IconButton } from '@/ui/controls/IconButton'
import { Section } from '@/ui/controls/Section'
import { ownKeys } from '@/ui/keys'
import { PromptCount } from '@/ui/prompt/PromptNotes'
import { PromptHistory } from '@/ui/prompt/PromptHistory'
import { WordChips } from '@/ui/prompt/WordChips'
import type { Vocabulary } from '@/ui/prompt/words'
import { useDocument, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

interface PromptSectionProps {
  /** Where the model knows no other words: all that it knows. */
  vocabulary?: Vocabulary | null
  onToggleWord?(word: string): void
  children: ReactNode
}

/** The part of the panel that a prompt is written in, with what was written before and how much room is left. */
export function PromptSection({ vocabulary, onToggleWord, children }: PromptSectionProps): ReactNode {
  const { document } = useStudio()
  const prompt = useDocument((state) => promptOf(state.document))
  const [open, setOpen] = useState<'history' | 'words' | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const toggle = (which: 'history' | 'words') => setOpen(open === which ? null : which)
  const back = () => {
    setOpen(null)
    box.current?.querySelector('textarea')?.focus()
  }
  return (
    <Section
      title={say('Prompt')}
      actions={
        <>
          <PromptCount />
          {vocabulary && onToggleWord && (
            <IconButton
              small
              icon={WholeWord}
              label={say('All words that are read')}
              pressed={open === 'words'}
              testId="words-open"
              onClick={() => toggle('words')}
            />
          )}
          <IconButton
            small
            icon={History}
            label={say('Prompts that you used')}
            note={say('Arrow up in an empty prompt')}
            pressed={open === 'history'}
            testId="history-open"
            onClick={() => toggle('history')}
          />
        </>
      }
    >
      <div
        ref={box}
        onKeyDown={ownKeys({
          ArrowUp: ({ target }) =>
            target instanceof HTMLTextAreaElement && target.value === '' && (setOpen('history'), true),
        })}
      >
        {children}
        {open === 'history' && (
          <PromptHistory
            onClose={back}
            onChoose={(chosen) => {
              setPrompt(document, chosen)
              back()
            }}
          />
        )}
        {open === 'words' && vocabulary && onToggleWord && (
          <WordChips vocabulary={vocabulary} prompt={prompt} onToggle={onToggleWord} />
        )}
      </div>
    </Section>
  )
}
