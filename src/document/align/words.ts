import { promptWords } from '@/base/promptWords'
import type { AlignWord } from '@/schema/modes/align'

/**
 * Where picked words stand after an edit of the prompt. What lies before and behind the edit moves along; within it a
 * word is found again by its text, and one that is gone is picked no longer.
 */
export function followWords(words: readonly AlignWord[], before: string, after: string): AlignWord[] {
  const [old, now] = [before, after].map((prompt) =>
    promptWords(prompt).map(({ text }) => text.normalize('NFC').toLowerCase()),
  )
  const shorter = Math.min(old.length, now.length)
  let head = 0
  while (head < shorter && old[head] === now[head]) head++
  let tail = 0
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++

  const taken = new Set<number>()
  const placeOf = (index: number): number => {
    if (index < head) return index
    if (index >= old.length - tail) return index + now.length - old.length
    const place = now.findIndex(
      (text, at) => at >= head && at < now.length - tail && text === old[index] && !taken.has(at),
    )
    taken.add(place)
    return place
  }
  return words.map((word) => ({ ...word, index: placeOf(word.index) })).filter(({ index }) => index >= 0)
}
