import { expect, it } from 'vitest'

import { opaqueDrawable, pixelsFor, type Drawable, type Pixels } from '@/canvas/drawable'

const level = (width: number) => ({ width, height: width / 2 }) as unknown as Pixels
/** Of 4,000 px, of which memory has kept a half. */
const picture: Drawable = {
  ...opaqueDrawable(level(4000)),
  levels: [2000, 1000, 500].map(level),
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
  expect([image.width, scale]).toEqual([width, width / 4000])
})
