import { expect, it } from 'vitest'

import { paint } from '@/assets/testImages'
import { fail } from '@/base/errors'
import { placeMode } from '@/pipelines/place/mode'
import type { RunContext } from '@/pipelines/shared/engineMode'
import { defaultPlaceScene, MINI_2, type PlaceRecipe } from '@/schema/modes/place'

const BACKGROUND = paint(60, 40, () => [200, 200, 200, 255])
const BALL = paint(20, 20, (x, y) => [200, 60, 40, Math.hypot(x - 9.5, y - 9.5) < 9 ? 255 : 0])

const asset = { hash: '0'.repeat(64), name: 'x', width: 60, height: 40 }
const RECIPE: PlaceRecipe = {
  ...{
    schema: 2,
    mode: 'place',
    model: MINI_2,
    background: asset,
    prompt: '',
    seed: '1',
    steps: 1,
    strength: 1,
  },
  foregrounds: [
    {
      ...{ asset, box: { x: 20, y: 15, width: 15, height: 15 } },
      ...{ stretch: false, rotationDegrees: 0, flipX: false },
    },
  ],
  scene: defaultPlaceScene(),
}

/** An engine without the network's weights. */
const bare = (signal = new AbortController().signal) =>
  ({
    backend: { assertAlive: () => undefined },
    builtIn: () =>
      Promise.resolve().then(() => fail('network', 'The model could not be fetched.', 'Reload.')),
    onProgress: () => undefined,
    signal,
  }) as unknown as RunContext

it('draws shadows from the outline where the network cannot tell a shape, and says so', async () => {
  const { image, report, modelHash } = await placeMode.run(bare(), RECIPE, [BACKGROUND, BALL])
  expect(report?.shapes).toBeNull()
  expect(report?.notes).toHaveLength(1)
  expect(report?.notes[0]).toContain('The model could not be fetched.')
  expect(modelHash).toBe('')
  expect(image.data.some((value, i) => i % 4 === 0 && value < 190 && value > 100)).toBe(true)
})

it('stops when it is told to, whatever failed', async () => {
  const stopped = AbortSignal.abort()
  await expect(placeMode.run(bare(stopped), RECIPE, [BACKGROUND, BALL])).rejects.toThrow(/abort/i)
})

it('refuses a recipe of the model that is gone', () => {
  const { scene: _, ...old } = RECIPE
  expect(() => placeMode.run(bare(), old, [BACKGROUND, BALL])).toThrow('no longer part of Inlay')
})
