import { useRef, type KeyboardEvent, type ReactNode, type Ref } from 'react'
import { say } from '@/words/say'

interface PromptAreaProps {
  field: Ref<HTMLTextAreaElement>
  /** What lies under the words, letter for letter, with its marks. */
  marks: ReactNode
  value: string
  placeholder: string
  tall?: boolean
  /** Of what says more about it. */
  describedBy?: string
  /** An open list of completions, and its chosen entry. */
  list?: { id: string; active: string } | null
  onKeyDown?: (event: KeyboardEvent) => void
  /** Where the caret stands whenever it moves, as an index into the text. */
  onCaret(at: number): void
  onChange(text: string, caret: number): void
  /** What floats over it. */
  children?: ReactNode
}

/** The field of every prompt. Each paragraph is laid out in its own direction. */
export function PromptArea(props: PromptAreaProps): ReactNode {
  const {
    field,
    marks,
    value,
    placeholder,
    tall,
    describedBy,
    list,
    onKeyDown,
    onCaret,
    onChange,
    children,
  } = props
  const under = useRef<HTMLDivElement>(null)
  return (
    <div className={tall ? 'prompt tall' : 'prompt'}>
      <div className="prompt-marks" ref={under} dir="auto" aria-hidden="true">
        {marks}
      </div>
      <textarea
        ref={field}
        dir="auto"
        aria-label={say('Prompt')}
        aria-autocomplete={list === undefined ? undefined : 'list'}
        aria-controls={list?.id}
        aria-activedescendant={list?.active}
        aria-describedby={describedBy}
        data-testid="prompt"
        placeholder={placeholder}
        spellCheck={false}
        value={value}
        onChange={({ target }) => onChange(target.value, target.selectionStart)}
        onKeyDown={onKeyDown}
        onSelect={({ currentTarget }) => onCaret(currentTarget.selectionStart)}
        onScroll={({ currentTarget }) => {
          if (under.current) under.current.scrollTop = currentTarget.scrollTop
        }}
      />
      {children}
    </div>
  )
}
