import { promptWords } from '@/base/promptWords'

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

/** Whether a text surely fits: no tokenizer of ours makes more tokens than a text has bytes, and one for its start. */
export const surelyRead = (prompt: string, room: number): boolean =>
  new TextEncoder().encode(prompt).length < room
