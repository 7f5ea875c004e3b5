/** Photoshop documents with the layers of Place. */
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
