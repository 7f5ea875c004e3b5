import { useState, type ReactNode } from 'react'

import { SearchField } from '@/ui/controls/SearchField'
import { plainWords } from '@/ui/plainWords'
import { hasWord, type Vocabulary } from '@/ui/prompt/words'
import { say, sayText } from '@/words/say'

/** More than this is searched instead of looked through. */
const MOST = 80

interface WordChipsProps {
  vocabulary: Vocabulary
  prompt: string
  onToggle(word: string): void
}

/** Every word that the model knows, to put into the prompt and to take out again. */
export function WordChips({ vocabulary, prompt, onToggle }: WordChipsProps): ReactNode {
  const [words, setWords] = useState('')
  const count = vocabulary.groups.reduce((sum, group) => sum + group.words.length, 0)
  const groups = vocabulary.groups
    .map(({ name, words: all }) => ({
      name,
      words: all.filter((word) => plainWords(word).includes(plainWords(words))),
    }))
    .filter((group) => group.words.length > 0)
  return (
    <div className="word-groups" data-testid="known-words">
      {count > MOST && (
        <SearchField
          label={say('Search the words that the model knows')}
          placeholder={say('Search {count} words', { count })}
          value={words}
          onChange={setWords}
        />
      )}
      {groups.length === 0 && (
        <p className="hint" role="status">
          {say('The model does not know a word like “{words}”.', { words })}
        </p>
      )}
      {groups.map(({ name, words: some }) => (
        <div key={name} role="group" aria-label={sayText(name)}>
          {vocabulary.groups.length > 1 && <p className="hint">{sayText(name)}</p>}
          <div className="chips">
            {some.slice(0, MOST).map((word) => (
              <button
                key={word}
                type="button"
                className="chip"
                aria-pressed={hasWord(prompt, word)}
                onClick={() => onToggle(word)}
              >
                {word}
              </button>
            ))}
          </div>
        </div>
      ))}
    </div>
  )
}
