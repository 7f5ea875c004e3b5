/** Words that sentences of this folder share. */

/** "a", "a and b", "a, b and c". */
export function listWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** The first of many, so that a sentence stays one. */
export const someWords = (words: readonly string[]): string =>
  listWords(words.length > 4 ? [...words.slice(0, 3), `${words.length - 3} more`] : words)
