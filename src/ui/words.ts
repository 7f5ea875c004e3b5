/** A piece of a prompt; `known` is null for what is no word. */
export interface PromptPart {
  text: string
  known: boolean | null
}

const WORD = /[\p{L}\p{N}\p{M}\u200c\u200d'’-]+/gu

/** The words a person may use; entries like <pad> are the model's own business. */
export const vocabularyOf = (words: string[]): string[] => words.filter((word) => !/^<.*>$/.test(word))

/** Splits a prompt into words and what stands between them. Joined together the parts are the prompt. */
export function markWords(prompt: string, vocabulary: ReadonlySet<string>): PromptPart[] {
  const parts: PromptPart[] = []
  let at = 0
  for (const match of prompt.matchAll(WORD)) {
    if (match.index > at) parts.push({ text: prompt.slice(at, match.index), known: null })
    parts.push({ text: match[0], known: vocabulary.has(match[0].normalize('NFC').toLowerCase()) })
    at = match.index + match[0].length
  }
  if (at < prompt.length) parts.push({ text: prompt.slice(at), known: null })
  return parts
}

/** The word that the caret (an index into the prompt) stands in or right behind. */
export function wordAt(prompt: string, caret: number): { from: number; to: number; text: string } {
  for (const match of prompt.matchAll(WORD)) {
    const to = match.index + match[0].length
    if (match.index <= caret && caret <= to) return { from: match.index, to, text: match[0] }
  }
  return { from: caret, to: caret, text: '' }
}

/** Number of single-letter edits between two words, given up above `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]
}

/** Known words that somebody may have meant: those that begin so, then those spelled nearly so. */
export function suggestWords(typed: string, vocabulary: string[], most = 6): string[] {
  const word = typed.toLowerCase()
  if (word === '') return []
  const starts = vocabulary.filter((one) => one.startsWith(word) && one !== word)
  const limit = word.length > 5 ? 2 : 1
  const close = vocabulary.filter(
    (one) => !one.startsWith(word) && word.length > 2 && distance(word, one, limit) <= limit,
  )
  return [...starts, ...close].slice(0, most)
}
