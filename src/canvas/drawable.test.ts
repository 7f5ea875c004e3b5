import { expect, it } from 'vitest'

import { opaqueDrawable, pixelsFor, type Drawable, type Pixels } from '@/canvas/drawable'

const level = (width: number, height: number) => ({ width, height }) as unknown as Pixels
/** Of 4,000 x 2,000 px, of which memory has kept a half. */
const picture: Drawable = {
  ...opaqueDrawable(level(4000, 2000)),
  levels: [level(2000, 1000), level(1000, 500), level(500, 250)],
}

it.each([
  { wanted: 1, width: 2000 },
  { wanted: 0.5, width: 2000 },
  { wanted: 0.26, width: 2000 },
  { wanted: 0.25, width: 1000 },
  { wanted: 0.2, width: 1000 },
  { wanted: 0.01, width: 500 },
])('draws a picture at $wanted of its size from $width px', ({ wanted, width }) => {
  const { image, scale } = pixelsFor(picture, wanted)
  expect(image.width).toBe(width)
  expect(scale).toEqual({ x: width / 4000, y: width / 4000 })
})

it('takes all of a level whose sides were rounded up, and no more, on either axis', () => {
  const narrow = {
    ...opaqueDrawable(level(3, 4000)),
    levels: [level(3, 4000), level(2, 2000), level(1, 1000), level(1, 500)],
  }
  const { image, scale } = pixelsFor(narrow, 0.1)
  expect([narrow.width * scale.x, narrow.height * scale.y]).toEqual([image.width, image.height])
  expect(image.height).toBe(500)
})
