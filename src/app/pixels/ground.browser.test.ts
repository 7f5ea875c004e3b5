import { expect, it } from 'vitest'

import { previewGround } from '@/app/pixels/ground'
import { paint } from '@/assets/testImages'
import { placeRecipeOf } from '@/document/place/queries'
import { emptyDocument } from '@/schema/document'
import { MINI_2 } from '@/schema/modes/place'

const asset = (digit: string, width: number, height: number) => ({
  ...{ hash: digit.repeat(64), name: digit, width, height },
})

it('the light of the others is shown where one lies beside the picture, or is too small to be seen', async () => {
  const room = paint(2048, 1350, () => [150, 150, 150, 255])
  const ball = paint(12, 12, () => [200, 30, 20, 255])
  const at = (x: number, side: number) => ({ x, y: 700, width: side, height: side })
  const background = asset('a', 2048, 1350)
  const doc = { ...emptyDocument('d'), placeModel: 'mini2' as const, background }
  const recipe = placeRecipeOf(doc, MINI_2)
  const placed = { asset: asset('b', 12, 12), stretch: false, rotationDegrees: 0, flipX: false }
  const boxes = [at(9000, 300), at(1000, 300), at(500, 0.9)]
  const preview = await previewGround(
    { ...recipe, foregrounds: boxes.map((box) => ({ ...placed, box })) },
    boxes.map(() => null),
    true,
    (hash) => Promise.resolve(hash === background.hash ? room : ball),
  )
  expect(preview?.objects.map(({ index }) => index)).toEqual([1])
})
