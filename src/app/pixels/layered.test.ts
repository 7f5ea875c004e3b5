import { describe, expect, it } from 'vitest'

import { flatOf, stackOf, type LitPicture, type PastedPicture } from '@/app/pixels/layered'
import { paint } from '@/assets/testImages'
import type { Raster, Rect } from '@/base/geometry'
import type { AssetRef } from '@/schema/common'
import { defaultPlaceScene, type PlacedForeground } from '@/schema/modes/place'

const SIZE = { width: 60, height: 40 }
const ROOM = paint(SIZE.width, SIZE.height, (x, y) => [120 + x, 90 + y, 140, 255])
const BALL = paint(12, 12, (x, y) => [200, 30, 20, Math.hypot(x - 5.5, y - 5.5) < 6 ? 255 : 0])

const room: AssetRef = { hash: 'a'.repeat(64), name: 'room.png', ...SIZE }
const ball: AssetRef = { hash: 'b'.repeat(64), name: 'ball.png', width: 12, height: 12 }
const read = (asset: AssetRef | string): Promise<Raster> =>
  Promise.resolve((typeof asset === 'string' ? asset : asset.hash) === room.hash ? ROOM : BALL)

const placed = (box: Rect): PlacedForeground => ({
  ...{ asset: ball, box, stretch: false, rotationDegrees: 0, flipX: false },
})
const HERE = placed({ x: 20, y: 20, width: 12, height: 12 })
const BESIDE = placed({ x: 200, y: 20, width: 12, height: 12 })
/** Its box reaches into the picture, the ball in its middle does not. */
const NEARLY = placed({ x: -95, y: 20, width: 100, height: 12 })
const NAMED = [{ name: 'Parked' }, { name: 'Mine', locked: true }, { name: 'Wide' }]

const lit = (foregrounds: PlacedForeground[], called = NAMED): LitPicture => ({
  ...{ base: room, foregrounds, called, scene: defaultPlaceScene() },
  shapes: foregrounds.map(() => null),
})
const pasted = (foregrounds: PlacedForeground[], called = NAMED): PastedPicture => ({
  ...{ base: room, scene: null },
  layers: foregrounds.map((one, index) => ({ kind: 'cutout', ...called[index], ...one })),
})

describe.each([
  ['in the light', lit],
  ['without light', pasted],
])('a picture %s', (_, drawn) => {
  it('is drawn as if what lies wholly beside it were not there', async () => {
    const { flat, beside } = await flatOf(drawn([BESIDE, HERE, NEARLY]), read)
    expect(beside).toEqual([0, 2])
    const alone = await flatOf(drawn([HERE]), read)
    expect(alone.beside).toEqual([])
    expect(flat).toEqual(alone.flat)
    expect(flat).not.toEqual(ROOM)
    expect((await flatOf(drawn([BESIDE]), read)).flat).toEqual(ROOM)
  })

  it('has its layers as the document calls them, locked where they are', async () => {
    const picture = drawn([BESIDE, HERE, NEARLY])
    const { layers, grounded } = await stackOf({ kind: 'drawn', recipe: null, picture }, read)
    expect(layers[0].name).toBe('room.png')
    expect(layers.slice(grounded)).toMatchObject([{ name: 'Mine', locked: true }])
  })
})

it('what a model made is called as its layer', async () => {
  const made = { kind: 'made' as const, base: room, asset: room, recipe: null as never }
  const { layers } = await stackOf({ ...made, called: { name: 'Evening', locked: true } }, read)
  expect(layers.map(({ name, locked = false }) => [name, locked])).toEqual([
    ['room.png', false],
    ['Evening', true],
  ])
})
