import { describe, expect, it } from 'vitest'

import type { Judgement } from '@/schema/modes/mix'
import { failingsOf, imbalanceOf, scoreDetails, sharesWords } from '@/ui/mix/words'

const objects = [{ label: 'jar' }, { label: '' }]
const judged = (seen: [number, number], named: [number, number], apart = 0): Judgement => ({
  score: 1,
  likeness: [0, 1].map((i) => ({ seen: seen[i], named: named[i] })),
  apart,
  range: { from: 0.1, width: 0.2, measured: true },
  crops: { objects: ['outline', 'whole'], picture: 'found' },
})
const names = (judgement: Judgement) => failingsOf(judgement, objects).map(({ name }) => name)

describe('what is said of a mixture', () => {
  it('that has both in one: nothing', () => expect(names(judged([0.6, 0.5], [0.25, 0.24]))).toEqual([]))
  it('of objects beside each other', () =>
    expect(names(judged([0.6, 0.5], [0.25, 0.24], 0.3))).toEqual(['Side by side']))
  it('of one object alone names the other', () => {
    const [found] = failingsOf(judged([0.9, 0.3], [0.3, 0.12]), objects)
    expect(found).toMatchObject({ name: 'One-sided', advice: expect.stringContaining('object B') as string })
  })
  it('its imbalance counts no more than a whole object', () =>
    expect(imbalanceOf(judged([0.5, 0.5], [9, -9]))).toBeCloseTo(1))
  it('its shares and how it was scored', () => {
    const point = { shares: [0.48, 0.52], strengths: [1, 1], round: 0 }
    expect(sharesWords(point, objects)).toBe('48 % jar, 52 % object B')
    expect(scoreDetails(judged([0, 0], [0, 0]), objects)).toMatch(/jar: its own outline.*measured/)
  })
})
