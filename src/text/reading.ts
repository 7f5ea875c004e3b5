import { promptWords } from '@/base/promptWords'

/** What a text encoder reads of a prompt. */
export interface PromptReading {
  /** What the encoder is given: the prompt, or an instruction with the prompt in it. */
  of: 'prompt' | 'instruction'
  /** How many of the last words of that are not read. */
  unread: number
  /** What that takes of the encoder's room, which may be more than there is; null where nothing here can count. */
  taken: { count: number; most: number; unit: 'tokens' | 'words' } | null
}

/** All is read as far as anybody can tell, and nothing is counted. */
export const UNCOUNTED: PromptReading = { of: 'prompt', unread: 0, taken: null }

/**
 * What is read of a text, counted by its model's tokenizer.
 * @param tokensOf how many tokens a text takes; more for a longer text
 * @param most tokens that are read
 */
export const countedReading = (
  text: string,
  tokensOf: (text: string) => number,
  most: number,
  of: PromptReading['of'] = 'prompt',
): PromptReading => ({
  of,
  unread: unreadWords(text, tokensOf, most),
  taken: { count: tokensOf(text), most, unit: 'tokens' },
})

/**
 * How many of a prompt's last words are not read where only `room` tokens are.
 * @param tokensOf how many tokens a text takes; more for a longer text
 */
export function unreadWords(prompt: string, tokensOf: (text: string) => number, room: number): number {
  const words = promptWords(prompt)
  // The first word that does not fit whole, by halving: a tokenizer is asked a dozen times at most.
  let [read, beyond] = [0, words.length]
  while (read < beyond) {
    const middle = (read + beyond) >> 1
    if (tokensOf(prompt.slice(0, words[middle].end)) <= room) read = middle + 1
    else beyond = middle
  }
  return words.length - read
}
