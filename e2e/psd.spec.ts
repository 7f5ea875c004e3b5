/** Photoshop documents with the layers of Place. */
import { decodePng } from '@/assets/png'
import type { Raster } from '@/base/geometry'

import { background, ball } from './pictures'
import { downloadPsd, namesOf } from './psd'
import { expect, RUN_LIMIT, test } from './studio'

test.describe.configure({ timeout: 2 * RUN_LIMIT })

test('by hand: the document and then its result go to Photoshop, by mouse and by keyboard', async ({
  page,
  studio,
}) => {
  await studio.open({ backend: 'cpu' })
  await studio.setBackground(background(640, 480))
  await studio.addForeground(ball())
  // Where no layers are drawn.
  await studio.get('place-model').getByText('DreamFuse').click()
  expect(namesOf((await downloadPsd(studio)).children)).toEqual(['room.png', 'ball.png'])
  await studio.get('place-model').getByText('Inlay Mini 2').click()
  await studio.lightByHand()

  const psd = await downloadPsd(studio)
  await expect(page.getByText('Writing the Photoshop document …')).toBeVisible()
  await page.screenshot({ path: test.info().outputPath('writing.png') })
  const layers = ['Ground', 'room.png', 'Shadow', 'Contact', 'ball.png']
  // What was read off the photo by then stays: its ground may mirror a little.
  const drawn = namesOf(psd.children)
  expect(drawn.filter((name) => name !== 'Reflection')).toEqual(layers)
  expect(psd.imageResources?.thumbnailRaw).toMatchObject({ width: 160, height: 120 })
  expect(psd.imageResources?.xmpMetadata).not.toContain('recipe')

  await studio.pressFuse()
  await studio.expectResult()
  const made = await downloadPsd(studio, () => page.keyboard.press('Control+Shift+S'))
  expect(namesOf(made.children)).toEqual(drawn)
  expect(made.imageResources?.xmpMetadata).toContain('inlay:recipe')
})

const decoded = (file: Buffer): Promise<Raster> => decodePng(new Uint8Array(file))
const redAt = ({ data, width }: Raster, x: number, y: number): number =>
  data[(Math.round(y) * width + Math.round(x)) * 4]

/** Where a shadow is darkest: how bright it is there, and how much darker than without. */
function darkened(lit: Raster, plain: Raster) {
  let most = { x: 0, y: 0, lit: 0, darker: 0 }
  for (let y = 0; y < lit.height; y++)
    for (let x = 0; x < lit.width; x++) {
      const darker = redAt(plain, x, y) - redAt(lit, x, y)
      if (darker > most.darker) most = { x, y, lit: redAt(lit, x, y), darker }
    }
  return most
}

test('by hand: a cut-out that is parked beside the picture is in no file, and stays a layer', async ({
  page,
  studio,
}) => {
  await studio.open({ backend: 'cpu' })
  await studio.setBackground(background(640, 480))
  await studio.addForeground(ball())
  await studio.lightByHand()
  await studio.get('layer-row').locator('.layer-name').dblclick()
  await page.keyboard.type('Red ball')
  await page.keyboard.press('Enter')
  await studio.get('canvas').focus()
  await page.keyboard.press('k')
  const alone = await studio.download(() => studio.get('download').click())
  const spot = darkened(await decoded(alone), await decoded(background(640, 480).buffer))
  await studio.addForeground(ball(64, 'parked.png'))
  const left = page.getByRole('spinbutton', { name: /Left edge/ })
  await left.fill('5000')
  await left.press('Enter')
  const parked = (await studio.document()).layers[1]

  // The light of the other is there, on the canvas and in every file.
  const { x, y } = await studio.onScreen(spot)
  await expect
    .poll(async () => redAt(await decoded(await page.screenshot()), x, y), { timeout: RUN_LIMIT })
    .toBeLessThan(spot.lit + spot.darker / 3)
  expect(await studio.download(() => studio.get('download').click())).toEqual(alone)
  const psd = await downloadPsd(studio)
  expect(namesOf(psd.children)).toContain('Red ball')
  expect(namesOf(psd.children)).not.toContain('parked.png')
  expect(psd.children?.at(-1)?.protected).toMatchObject({ composite: true, position: true })

  // What a file with layers lacks is said before it is written.
  await studio.get('export').click()
  await expect(studio.get('export-lacks')).toHaveText(/beside the picture/)
  await page.screenshot({ path: test.info().outputPath('lacks.png') })
  await page.keyboard.press('Escape')
  await page.locator('.layer-name', { hasText: 'parked.png' }).click()
  await left.fill('100')
  await left.press('Enter')
  await studio.get('export').click()
  await expect(studio.get('export-save')).toBeVisible()
  await expect(studio.get('export-lacks')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await studio.get('undo').click()

  await studio.get('canvas').focus()
  await page.keyboard.press('Control+e')
  await studio.expectToast(/is locked/)
  await page.getByRole('button', { name: 'Unlock Red ball' }).click()
  await page.locator('.layer-name', { hasText: 'parked.png' }).click()
  await studio.get('canvas').focus()
  await page.keyboard.press('Control+e')
  await expect(studio.get('layer-row')).toHaveCount(1)
  expect((await studio.document()).layers).toMatchObject([{ id: parked.id }])
  await studio.get('undo').click()
  await expect(studio.get('layer-row')).toHaveCount(2)
})
