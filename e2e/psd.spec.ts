/** Photoshop documents with the layers of Place. */
import type { Layer } from 'ag-psd'
import { decode } from 'fast-png'

import { readPsd } from '@/assets/testPsd'

import { background, ball } from './pictures'
import { expect, RUN_LIMIT, test, type Studio } from './studio'

test.describe.configure({ timeout: 2 * RUN_LIMIT })

const namesOf = (layers: readonly Layer[] = []): (string | undefined)[] =>
  layers.flatMap(({ name, children }) => (children ? [name, ...namesOf(children)] : [name]))

/** The document by mouse or key, which must look like the PNG. */
async function downloadPsd(studio: Studio, start = () => studio.get('download-psd').click()) {
  const before = await studio.document()
  const png = decode(await studio.download(() => studio.get('download').click()))
  const psd = readPsd(await studio.download(start), { useImageData: true, useRawThumbnail: true })
  const flat = psd.imageData?.data ?? []
  expect([psd.width, psd.height]).toEqual([png.width, png.height])
  expect(await studio.document()).toEqual(before)
  let most = 0
  for (let pixel = 0; pixel < png.width * png.height; pixel++)
    for (let channel = 0; channel < 3; channel++)
      most = Math.max(most, Math.abs(flat[4 * pixel + channel] - png.data[png.channels * pixel + channel]))
  expect(most).toBeLessThanOrEqual(2)
  return psd
}

test('by hand: the document and then its result go to Photoshop, by mouse and by keyboard', async ({
  page,
  studio,
}) => {
  await studio.open({ backend: 'cpu' })
  await studio.setBackground(background(640, 480))
  await studio.addForeground(ball())
  expect(namesOf((await downloadPsd(studio)).children)).toEqual(['room.png', 'ball.png'])
  await studio.get('place-model').getByText('By hand').click()
  await expect(studio.get('light-dial')).toBeVisible()

  const psd = await downloadPsd(studio)
  await expect(page.getByText('Writing the Photoshop document …')).toBeVisible()
  await page.screenshot({ path: test.info().outputPath('writing.png') })
  const layers = ['Ground', 'room.png', 'Shadow', 'Contact', 'ball.png']
  expect(namesOf(psd.children)).toEqual(layers)
  expect(psd.imageResources?.thumbnailRaw).toMatchObject({ width: 160, height: 120 })
  expect(psd.imageResources?.xmpMetadata).not.toContain('recipe')

  await studio.pressFuse()
  await studio.expectResult()
  const made = await downloadPsd(studio, () => page.keyboard.press('Control+Shift+S'))
  expect(namesOf(made.children)).toEqual(layers)
  expect(made.imageResources?.xmpMetadata).toContain('inlay:recipe')
})

test("a model's result lies over its background", async ({ studio }) => {
  await studio.open({ backend: 'cpu' })
  await studio.setBackground(background())
  await studio.addForeground(ball())
  await studio.pressFuse()
  await studio.expectResult()
  expect(namesOf((await downloadPsd(studio)).children)).toEqual(['room.png', 'Result'])
})
