import { createStore, type StoreApi } from 'zustand/vanilla'

import { plainWords } from '@/ui/plainWords'

/** How many are kept; the oldest go. */
export const MOST_PROMPTS = 200

export interface PromptsState {
  /** The prompts that pictures were made with, the latest first, each once. */
  used: readonly string[]
}

/** `app` remembers it. */
export type PromptsStore = StoreApi<PromptsState>

export const createPromptsStore = (used: readonly string[] = []): PromptsStore =>
  createStore<PromptsState>(() => ({ used }))

/** The list with a prompt that was used just now, which then stands first; as it was where there are no words. */
export function withUsed(used: readonly string[], prompt: string): readonly string[] {
  const text = prompt.trim()
  if (text === '' || used[0] === text) return used
  return [text, ...used.filter((one) => one !== text)].slice(0, MOST_PROMPTS)
}

/** Those in which all of the words are found, in any order; accents and capitals do not count. */
export function findPrompts(used: readonly string[], words: string): readonly string[] {
  const wanted = plainWords(words).split(/\s+/)
  return used.filter((one) => {
    const text = plainWords(one)
    return wanted.every((word) => text.includes(word))
  })
}
