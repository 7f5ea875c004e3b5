import { describe, expect, it } from 'vitest'

import { reconstructionWords, verdictOf } from '@/ui/align/words'

describe('the verdict', () => {
  const scores = { reference: 0.4, base: 0.2, target: 0.3 }

  it('says what was asked for (Eq. 7)', () => {
    expect(verdictOf({ scores, adopted: false }, 1)).toEqual({
      adopted: false,
      title: 'Not adopted: less aligned than the reference.',
      detail:
        'It scores 0.300; 0.400 was asked for. As a training pair the reference would win over the base.',
    })
    expect(verdictOf({ scores, adopted: true }, 0.5)?.detail).toMatch(/0\.300 was asked for/)
    expect(verdictOf({ scores, adopted: true }, 1)?.title).toMatch(/as aligned as the reference/)
  })

  it('says nothing without a scorer', () => {
    expect(verdictOf({ scores: null, adopted: null }, 1)).toBeNull()
  })
})

describe('how well a picture was inverted', () => {
  it.each([
    [0.004, /nearly as it was \(0\.4 %/],
    [0.03, /small changes/],
    [0.1, /only roughly/],
    [0.4, /another one \(40\.0 %/],
  ])('%f', (error, words) => {
    expect(reconstructionWords(error)).toMatch(words)
  })
})
