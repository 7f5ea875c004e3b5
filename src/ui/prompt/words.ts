import { promptWords } from '@/base/promptWords'

/** A piece of a prompt; `known` is null for what is no word. */
export interface PromptPart {
  text: string
  known: boolean | null
}

/** The words that a model knows, all there are. */
export interface Vocabulary {
  groups: readonly { name: string; words: readonly string[] }[]
  /** What else is written: `unknown` words mean something else to the model, `passed` ones nothing. */
  others: 'unknown' | 'passed'
}

/** What people take for a word. */
const WORD = /[\p{L}\p{N}\p{M}\u200c\u200d'’-]+/gu
/** What the models look up in their vocabularies: the built-in ones (base/promptWords, cut at apostrophes), and words of light. */
const PIECES = { unknown: /[\p{L}\p{N}][\p{L}\p{N}\p{M}\u200c\u200d]*/gu, passed: /\p{L}+/gu } as const

const plain = (word: string): string => word.normalize('NFC').toLowerCase()

/** The words a person may use; entries like <pad> are the model's own business. */
export const vocabularyOf = (words: readonly string[]): string[] =>
  words.filter((word) => !/^<.*>$/.test(word))

export const everyWord = ({ groups }: Vocabulary): string[] => groups.flatMap(({ words }) => words)

/** Splits a prompt into words and what stands between them. Joined together the parts are the prompt. */
export function markWords(
  prompt: string,
  known: ReadonlySet<string>,
  others: Vocabulary['others'] = 'unknown',
): PromptPart[] {
  const parts: PromptPart[] = []
  let at = 0
  for (const { 0: text, index } of prompt.matchAll(PIECES[others])) {
    if (index > at) parts.push({ text: prompt.slice(at, index), known: null })
    parts.push({ text, known: known.has(plain(text)) })
    at = index + text.length
  }
  if (at < prompt.length) parts.push({ text: prompt.slice(at), known: null })
  return parts
}

/** Where the last `unread` words of a prompt begin; its end where there are none. */
export function endOfRead(prompt: string, unread: number): number {
  const words = promptWords(prompt)
  return unread > 0 ? (words.at(Math.max(-words.length, -unread))?.start ?? 0) : prompt.length
}

/** The parts of a prompt up to an index of it, the last one cut there, and the text beyond. */
export function cutParts<P extends { text: string }>(
  parts: readonly P[],
  end: number,
): { read: P[]; beyond: string } {
  let at = 0
  const read: P[] = []
  for (const part of parts) {
    if (at < end) read.push({ ...part, text: part.text.slice(0, end - at) })
    at += part.text.length
  }
  const text = parts.map((part) => part.text).join('')
  return { read, beyond: text.slice(end) }
}

export const hasWord = (prompt: string, word: string): boolean =>
  [...prompt.matchAll(WORD)].some(([text]) => plain(text) === word)

/** Puts a word where the caret is, or behind the word that it stands in, and where the caret is then. */
export function withWord(prompt: string, caret: number, word: string): { prompt: string; caret: number } {
  const { to } = wordAt(prompt, caret)
  const [before, after] = [prompt.slice(0, to), prompt.slice(to)]
  const put = `${before === '' || /\s$/u.test(before) ? '' : ' '}${word}`
  const gap = after !== '' && /^[\p{L}\p{N}]/u.test(after) ? ' ' : ''
  return { prompt: before + put + gap + after, caret: before.length + put.length }
}

/** Takes a word out wherever it stands, with the gap before it. */
export function withoutWord(prompt: string, word: string): string {
  const rest = prompt.replace(WORD, (text) => (plain(text) === word ? '\0' : text))
  return rest.replace(/ *\0/g, '').replace(/^ +/, '')
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
export function suggestWords(typed: string, vocabulary: readonly string[], most = 6): string[] {
  const word = typed.toLowerCase()
  if (word === '') return []
  const starts = vocabulary.filter((one) => one.startsWith(word) && one !== word)
  const limit = word.length > 5 ? 2 : 1
  const close = vocabulary.filter(
    (one) => !one.startsWith(word) && word.length > 2 && distance(word, one, limit) <= limit,
  )
  return [...starts, ...close].slice(0, most)
}
