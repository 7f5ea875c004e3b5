import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import { InlayError } from '@/base/errors'
import type { PlaceRecipe } from '@/schema/modes/place'

import { hashRaster } from '@/assets/hash'
import { decodePng, encodePng } from '@/assets/png'
import { embedRecipe, extractCarried, extractRecipe, RECIPE_KEY } from '@/assets/recipe'
import { paint, randomRaster } from '@/assets/testImages'

const asset = { hash: 'a'.repeat(64), name: 'chäir.png', width: 30, height: 40 }
const recipe: PlaceRecipe = {
  schema: 2,
  mode: 'place',
  model: { name: 'Inlay Mini', hash: 'f'.repeat(64), parts: [] },
  background: { ...asset, name: 'room 房.png' },
  foregrounds: [
    {
      asset,
      box: { x: 1.5, y: 2, width: 30, height: 40 },
      stretch: false,
      rotationDegrees: -12.5,
      flipX: true,
    },
  ],
  prompt: 'a red chair 🪑',
  seed: '18446744073709551615',
  steps: 4,
  strength: 0.75,
}

const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof InlayError) return error.problem.code
  }
  return 'no error'
}

describe('recipes in PNGs', () => {
  it('come back as they were, and the pixels too', async () => {
    const r = randomRaster(12, 9, 3, true)
    const bytes = await embedRecipe(r, recipe)
    expect(extractRecipe(bytes)).toEqual(recipe)
    expect(await decodePng(bytes)).toEqual(r)
  })

  it('take small pictures along, which come back where they are whole', async () => {
    const r = randomRaster(12, 9, 3, true)
    const masks = [randomRaster(7, 5, 4, true), randomRaster(3, 8, 5, true)]
    const bytes = await embedRecipe(r, recipe, masks)
    expect(extractRecipe(bytes)).toEqual(recipe)
    expect(await decodePng(bytes)).toEqual(r)
    expect(await extractCarried(bytes)).toEqual(masks)
    expect(await extractCarried(await embedRecipe(r, recipe))).toEqual([])
    expect(await extractCarried(Uint8Array.of(0xff, 0xd8))).toEqual([])
  })

  it('leave out what is not the picture that it says, and what is none', async () => {
    const [hash, text] = [await hashRaster(randomRaster(7, 5, 4, true)), 'not base64 …']
    const other = btoa(String.fromCharCode(...(await encodePng(randomRaster(7, 5, 6, true)))))
    for (const carried of [text, 'AAAA', other]) {
      const bytes = await encodePng(randomRaster(2, 2, 1), { [`inlay-asset ${hash}`]: carried })
      expect(await extractCarried(bytes)).toEqual([])
    }
  })

  it('are null where there is none', async () => {
    expect(extractRecipe(await encodePng(randomRaster(2, 2, 1)))).toBeNull()
    expect(extractRecipe(Uint8Array.of(0xff, 0xd8, 0xff))).toBeNull()
  })

  it('of version 1 are read', () => {
    const fixture = (name: string) => readFileSync(new URL(`../schema/fixtures/v1/${name}`, import.meta.url))
    const stored = JSON.parse(fixture('recipe-place.json').toString()) as object
    const read = extractRecipe(Uint8Array.from(fixture('result.png')))
    expect(read).toEqual({ ...stored, schema: 2, seed: '4294967295' })
  })

  it('are refused when they cannot be read', async () => {
    const broken = [
      '{',
      'null',
      '{}',
      JSON.stringify({ ...recipe, schema: 3 }),
      JSON.stringify({ ...recipe, steps: 0 }),
    ]
    for (const text of broken) {
      const bytes = await encodePng(randomRaster(2, 2, 1), { [RECIPE_KEY]: text })
      expect(codeOf(() => extractRecipe(bytes))).toBe('bad-recipe')
    }
  })
})

describe('hashRaster', () => {
  it('depends on pixels and shape alone', async () => {
    const wide = paint(4, 2, () => [1, 2, 3, 255])
    const tall = paint(2, 4, () => [1, 2, 3, 255])
    expect(await hashRaster(wide)).not.toBe(await hashRaster(tall))
    expect(await hashRaster(wide)).toBe(await hashRaster(paint(4, 2, () => [1, 2, 3, 255])))
    // sha256 of 01000000 01000000 01020304, by another implementation
    expect(await hashRaster(paint(1, 1, () => [1, 2, 3, 4]))).toBe(EXPECTED)
  })
})

const EXPECTED = '47be0ce84d230de92e1ac78e275c9dd974b56567686eb2f2653b9ebd43b91125'
