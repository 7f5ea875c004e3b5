/** Shared cases of the response map: attention's cases, with the groups of keys that are asked for. */
import { ATTENTION_CASES, fullCase, type AttentionCase } from '@/backend/kernels/sharedAttention/cases'
import type { KeyRange } from '@/backend/kernels/sharedAttention/types'

export interface ResponseCase extends AttentionCase {
  /** `whole`: the groups hold every visible key once, so that they add up to 1. */
  groups: readonly (readonly KeyRange[])[] | 'whole'
  weight?: number
  accumulate?: boolean
}

const range = (start: number, length: number, source = 0): KeyRange => ({ source, start, length })

/** The ranges cut into `count` groups of near equal size; small ones are empty. */
export function partition(keys: readonly KeyRange[], count: number): KeyRange[][] {
  const total = keys.reduce((sum, { length }) => sum + length, 0)
  const groups: KeyRange[][] = Array.from({ length: count }, () => [])
  let at = 0
  for (const { source, start, length } of keys)
    for (let taken = 0; taken < length;) {
      const group = Math.min(count - 1, Math.floor((at * count) / total))
      const end = Math.ceil(((group + 1) * total) / count)
      const size = Math.min(length - taken, end - at)
      groups[group].push({ source, start: start + taken, length: size })
      taken += size
      at += size
    }
  return groups
}

/** How many groups a case that asks for the whole gets. */
export const WHOLE_GROUPS = 3

const named = (name: string): AttentionCase => {
  const found = ATTENTION_CASES.find((item) => item.name === name)
  if (!found) throw new Error(`no attention case "${name}"`)
  return found
}

const CROSS: AttentionCase = fullCase('', { batch: 2, heads: 5, headDim: 16, queries: 16, keys: 77 })

export const RESPONSE_CASES: readonly ResponseCase[] = [
  ...[8, 18, 32, 72, 128].map((headDim): ResponseCase => ({
    ...fullCase(`head dim ${headDim}`, { heads: 3, headDim, queries: 37, keys: 53 }),
    groups: 'whole',
  })),
  { ...fullCase('one of each', { heads: 1, headDim: 8, queries: 1, keys: 1 }), groups: [[range(0, 1)]] },
  {
    ...CROSS,
    name: 'columns of words, one word of two tokens apart',
    groups: [[range(2, 1)], [range(5, 1), range(9, 1)], [range(76, 1)]],
  },
  {
    ...CROSS,
    name: 'nine groups, some empty, some overlapping',
    groups: [
      [],
      [range(0, 77)],
      [range(3, 0)],
      [range(0, 5)],
      [range(0, 5), range(5, 6)],
      [range(70, 7)],
      [range(1, 1)],
      [range(40, 31)],
      [],
    ],
  },
  { ...CROSS, name: 'added to what is there', groups: [[range(1, 3)], []], weight: 0.25, accumulate: true },
  { ...CROSS, name: 'weighted', groups: [[range(1, 3)], []], weight: -2 },
  {
    ...CROSS,
    name: 'more ranges than one dispatch takes',
    groups: [0, 1].map((odd) => Array.from({ length: 38 }, (_, index) => range(2 * index + odd, 1))),
  },
  {
    ...fullCase('more queries than a workgroup', { heads: 6, headDim: 8, queries: 300, keys: 19 }),
    groups: 'whole',
  },
  {
    ...fullCase('half precision', { batch: 2, heads: 3, headDim: 18, queries: 19, keys: 41, half: true }),
    groups: 'whole',
  },
  { ...named('segments, three outputs, keys of one source in two ranges'), groups: [[range(0, 7)]] },
  { ...named('arena and cached keys, masked, LSE, output rows shifted'), groups: 'whole' },
  { ...named('cached keys in half precision'), groups: [[range(10, 9, 1), range(20, 1)], [range(7, 30, 1)]] },
  { ...named('an item that sees nothing'), groups: 'whole' },
  {
    ...fullCase('large scores', { heads: 2, headDim: 16, queries: 16, keys: 64 }),
    scale: 8,
    groups: 'whole',
  },
]
