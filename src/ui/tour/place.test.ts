import { expect, it } from 'vitest'

import { placeBubble } from '@/ui/tour/place'

const SCREEN = { width: 1000, height: 800 }
const BUBBLE = { width: 300, height: 150 }

it.each([
  ['below', { x: 400, y: 100, width: 100, height: 40 }, { x: 300, y: 154 }],
  ['above, where nothing else has room', { x: 100, y: 740, width: 880, height: 50 }, { x: 390, y: 576 }],
  [
    'at its left, where it is as high as the window',
    { x: 700, y: 20, width: 280, height: 760 },
    { x: 386, y: 325 },
  ],
  ['at its right', { x: 0, y: 20, width: 280, height: 760 }, { x: 294, y: 325 }],
  ['inside, where it fills the window', { x: 100, y: 50, width: 800, height: 750 }, { x: 350, y: 582 }],
  ['in the window’s middle, where nothing is pointed at', null, { x: 350, y: 582 }],
])('a bubble stands %s', (_, target, at) => expect(placeBubble(target, BUBBLE, SCREEN)).toEqual(at))

it('stays in a window that is hardly larger', () => {
  const at = placeBubble({ x: 340, y: 10, width: 40, height: 30 }, BUBBLE, { width: 320, height: 400 })
  expect(at).toEqual({ x: 12, y: 54 })
})

it('stands above what has its own below', () => {
  const target = { x: 400, y: 300, width: 40, height: 40 }
  expect(placeBubble(target, BUBBLE, SCREEN)).toEqual({ x: 270, y: 354 })
  expect(placeBubble(target, BUBBLE, SCREEN, true)).toEqual({ x: 270, y: 136 })
  expect(placeBubble({ ...target, y: 100 }, BUBBLE, SCREEN, true)).toEqual({ x: 270, y: 154 })
})
