import { afterEach, beforeEach, expect, it } from 'vitest'

import { importResults } from '@/app/pixels/importResults'
import { hashRaster } from '@/assets/hash'
import { decodePng, encodePng } from '@/assets/png'
import { blankRaster } from '@/assets/raster'
import { embedRecipe } from '@/assets/recipe'
import type { Recipe } from '@/schema/recipe'
import { createAssetStore } from '@/storage/assets'
import { createResultStore } from '@/storage/results'
import { clearStorage } from '@/storage/testStorage'

const assets = createAssetStore({ encode: encodePng, decode: decodePng, hash: hashRaster }, 'test-assets')
const results = createResultStore('test-results')
beforeEach(clearStorage)
afterEach(clearStorage)

const asset = { hash: 'a'.repeat(64), name: 'a.png', width: 2, height: 2 }
const recipeOf = (prompt: string): Recipe => ({
  ...{ schema: 2, mode: 'place', prompt, seed: '1', steps: 4, strength: 1 },
  model: { name: 'Mini', hash: 'm', parts: [] },
  background: asset,
  foregrounds: [
    { asset, box: { x: 0, y: 0, width: 1, height: 1 }, stretch: false, rotationDegrees: 0, flipX: false },
  ],
})
const made = (prompt: string, carried = [blankRaster(3, 5)]) =>
  embedRecipe(blankRaster(40, 30), recipeOf(prompt), carried)
const file = (name: string, bytes: Uint8Array<ArrayBuffer>) => new File([bytes], name)
const take = (
  files: File[],
  signal = new AbortController().signal,
  onProgress: () => void = () => undefined,
) => importResults(results, assets, files, signal, onProgress)

it('takes whole PNGs with recipes, and the masks that they carry; the rest is counted or told by name', async () => {
  const mask = blankRaster(7, 4)
  const png = await made('one', [mask])
  const taken = await take([
    file('one.png', png),
    file('again.png', png),
    file('two.png', await made('two')),
    file('photo.png', await encodePng(blankRaster(4, 4))),
    file(
      'page.psd',
      Uint8Array.from('8BPS and so on', (character) => character.charCodeAt(0)),
    ),
    file('cut.png', png.slice(0, png.length - 60)),
  ])
  expect(taken.results.map(({ recipe }) => recipe.prompt)).toEqual(['two', 'one'])
  expect([taken.known, taken.plain]).toEqual([1, 2])
  expect(taken.problems.map(({ code, message }) => [code, message.split(':')[0]])).toEqual([
    ['bad-image', 'cut.png'],
  ])
  expect(await assets.has(await hashRaster(mask))).toBe(true)
  const [newest] = (await results.list(1)).results
  expect(new Uint8Array(await (await results.get(newest.id)).arrayBuffer())).toEqual(await made('two'))
  // Another time all of it is there.
  expect(await take([file('one.png', png)])).toMatchObject({ results: [], known: 1 })
})

it('stopped, it keeps what it has', async () => {
  const stop = new AbortController()
  let told = 0
  const files = [file('one.png', await made('one')), file('two.png', await made('two'))]
  const taken = await take(files, stop.signal, () => (told++ === 0 ? stop.abort() : undefined))
  expect(taken.results).toHaveLength(1)
  expect((await results.list(9)).results).toHaveLength(1)
})
