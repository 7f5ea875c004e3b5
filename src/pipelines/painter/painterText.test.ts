import { expect, it } from 'vitest'

import { nounPhrase } from '@/pipelines/painter/painterText'

it('names things as the scorer was taught', () => {
  const names = ['owl', 'Apple', 'teapot', 'unicorn', 'UFO', 'umbrella']
  expect(names.map(nounPhrase)).toEqual([
    'an owl',
    'an Apple',
    'a teapot',
    'a unicorn',
    'a UFO',
    'an umbrella',
  ])
})
