import { describe, expect, it } from 'vitest'

import { cacheable, gridIds, keyRanges, plan, type TokenSegment } from '@/nets/runner/tokens'

const segment = (name: string, modulation: 'step' | 'fixed', sees: string[], tokens = 4): TokenSegment => ({
  name,
  weights: name === 'text' ? 'text' : 'image',
  tokens,
  modulation,
  sees,
  ids: new Float32Array(tokens * 3),
  affine: null,
})

const all = ['text', 'target', 'fg', 'bg']
const dreamfuse = [
  segment('text', 'step', all),
  segment('target', 'step', all),
  segment('fg', 'fixed', all),
  segment('bg', 'fixed', all),
]
const given = ['text', 'fg', 'bg']
const conditioned = [
  segment('text', 'fixed', given, 2),
  segment('target', 'step', all, 5),
  segment('fg', 'fixed', given, 3),
  segment('bg', 'fixed', given, 4),
]

describe('what may be cached', () => {
  it('is nothing in FLUX and DreamFuse, whose conditions see the target', () => {
    expect([...cacheable(dreamfuse)]).toEqual([])
  })

  it('is all but the target where conditions see only each other', () => {
    expect([...cacheable(conditioned)]).toEqual(given)
  })

  it('falls with one link of a chain', () => {
    const chain = [
      segment('a', 'fixed', ['a', 'b']),
      segment('b', 'fixed', ['c']),
      segment('c', 'fixed', ['d']),
      segment('d', 'step', ['d']),
    ]
    expect([...cacheable(chain)]).toEqual([])
  })
})

describe('a plan', () => {
  it('groups streams by weights and modulation where blocks have two sides, by modulation where they have one', () => {
    const { stepped, cached } = plan(dreamfuse)
    expect(cached.tokens).toBe(0)
    expect(stepped.apart.map((stream) => stream.segments.map(({ name }) => name))).toEqual([
      ['text'],
      ['target'],
      ['fg', 'bg'],
    ])
    expect(stepped.joined.map((stream) => stream.segments.map(({ name }) => name))).toEqual([
      ['text', 'target'],
      ['fg', 'bg'],
    ])
  })

  it('lets the target see the arena and the cache, neighbours merged', () => {
    const { stepped, cached } = plan(conditioned)
    expect(keyRanges(conditioned[1], stepped, cached)).toEqual([
      { source: 0, start: 0, length: 5 },
      { source: 1, start: 0, length: 9 },
    ])
  })

  it('leaves a gap where a segment is not seen', () => {
    const partial = conditioned.map((part) =>
      part.name === 'target' ? { ...part, sees: ['text', 'bg'] } : part,
    )
    const { stepped, cached } = plan(partial)
    expect(keyRanges(partial[1], stepped, cached)).toEqual([
      { source: 1, start: 0, length: 2 },
      { source: 1, start: 5, length: 4 },
    ])
  })

  it('refuses a segment that sees what does not exist', () => {
    expect(() => plan([segment('a', 'step', ['b'])])).toThrow(/unknown b/)
  })
})

it('numbers a grid rows first', () => {
  const centres = gridIds(2, 2, { row: 0.5, column: 0.5, index: 7 })
  expect([...centres]).toEqual([7, 0.5, 0.5, 7, 0.5, 1.5, 7, 1.5, 0.5, 7, 1.5, 1.5])
  expect([...gridIds(2, 1, { axes: 4, column: 3, index: 10 })]).toEqual([10, 0, 3, 0, 10, 1, 3, 0])
})
