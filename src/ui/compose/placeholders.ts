/** `[ref#n]` in the prompt's field: marking and completing. */
import { findPlaceholders, placeholder } from '@/base/placeholders'

export interface PlaceholderPart {
  text: string
  /** Place of the reference, from 0; null for plain text. */
  reference: number | null
  /** False for a placeholder that no reference stands behind. */
  known: boolean
}

/** Splits a prompt into placeholders and text. Joined together the parts are the prompt. */
export function splitPlaceholders(prompt: string, references: number): PlaceholderPart[] {
  const parts: PlaceholderPart[] = []
  let at = 0
  const plain = (to: number) => {
    if (to > at) parts.push({ text: prompt.slice(at, to), reference: null, known: true })
  }
  for (const { text, begin, end, reference } of findPlaceholders(prompt)) {
    plain(begin)
    parts.push({ text, reference, known: reference >= 0 && reference < references })
    at = end
  }
  plain(prompt.length)
  return parts
}

/** A placeholder that is being typed before the caret: `[`, `[r`, `[ref#1`; null where there is none. */
export function openPlaceholder(prompt: string, caret: number): { from: number; typed: string } | null {
  const from = prompt.lastIndexOf('[', caret - 1)
  if (from < 0) return null
  const typed = prompt.slice(from, caret)
  return /^\[(r|re|ref|ref#|ref#\d+)?$/i.test(typed) || /^\[\d+$/.test(typed) ? { from, typed } : null
}

/** References, from 0, that what was typed may become. */
export function offeredReferences(typed: string, references: number): number[] {
  const digits = /\d+$/.exec(typed)?.[0] ?? ''
  return [...Array(references).keys()].filter((index) => String(index + 1).startsWith(digits))
}

/** Puts a placeholder where one is being typed, or at the caret; what of an old one follows the caret goes. */
export function insertPlaceholder(
  prompt: string,
  caret: number,
  index: number,
): { prompt: string; caret: number } {
  const open = openPlaceholder(prompt, caret)
  const from = open?.from ?? caret
  const rest = prompt.slice(caret).replace(open ? /^[ref#\d]*\]/i : /^/, '')
  const before = prompt.slice(0, from)
  const gap = before === '' || /\s$/.test(before) || open ? '' : ' '
  const text = `${gap}${placeholder(index)}${/^[\s.,;:!?)]/.test(rest) ? '' : ' '}`
  return { prompt: before + text + rest, caret: from + text.length }
}
