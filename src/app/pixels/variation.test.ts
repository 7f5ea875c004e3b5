import { expect, it } from 'vitest'

import { frameOf } from '@/app/pixels/variation'

const PICTURE = { width: 400, height: 300 }

it('shows an object with room around it, more below than above', () => {
  const frame = frameOf([{ x: 180, y: 140, width: 40, height: 30 }], PICTURE)
  expect(frame.width).toBeCloseTo(88)
  expect(frame.height / frame.width).toBeCloseTo(0.75)
  expect(frame.x + frame.width / 2).toBeCloseTo(200)
  expect(frame.y).toBeLessThan(140)
  expect(frame.y + frame.height).toBeGreaterThan(170 + 20)
})

it('never leaves the picture, wherever objects lie and however flat it is', () => {
  const boxes = [
    { x: -90, y: 250, width: 100, height: 100 },
    { x: 390, y: -40, width: 60, height: 10 },
  ]
  for (const picture of [PICTURE, { width: 900, height: 100 }, { width: 60, height: 700 }])
    for (const some of [boxes, boxes.slice(0, 1), boxes.slice(1)]) {
      const { x, y, width, height } = frameOf(some, picture)
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0)
      expect(x + width).toBeLessThanOrEqual(picture.width + 1e-9)
      expect(y + height).toBeLessThanOrEqual(picture.height + 1e-9)
    }
})
