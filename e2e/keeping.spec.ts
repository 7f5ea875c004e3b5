/** What stays on this machine: the document after a reload, and everything else always. */
import AxeBuilder from '@axe-core/playwright'

import { background, ball } from './pictures'
import { expect, test } from './studio'

test('a reload keeps the document, its pictures and its results', async ({ page, studio }) => {
  await studio.open()
  await studio.setBackground(background())
  await studio.addForeground(ball())
  await studio.get('prompt').fill('a red ball')
  await studio.pressFuse()
  await studio.expectResult()
  await studio.get('result-accept').click()
  await expect(studio.get('layer-row')).toHaveCount(2)
  const before = await studio.document()
  await studio.expectSaved()

  await page.reload()
  await expect(studio.get('layer-row')).toHaveCount(2)
  expect(await studio.document()).toEqual(before)

  // The pixels are back, too: the first foreground can be fused again.
  await page.getByRole('button', { name: /^Hide Result/ }).click()
  await page.getByRole('button', { name: /^Show ball/ }).click()
  await studio.pressFuse()
  await studio.expectResult()
})

test('no request leaves the origin during a whole session', async ({ studio }) => {
  await studio.open()
  await studio.setBackground(background())
  await studio.addForeground(ball())
  await studio.pressFuse()
  await studio.expectResult()
  await studio.download(() => studio.get('result-download').click())
  await studio.get('result-accept').click()
  await studio.expectSaved()
  // The watch is worth something only if it sees what the workers ask for; the fixture looks at every address.
  expect(studio.requests.some((url) => url.includes('/ort/'))).toBe(true)
  expect(studio.requests.some((url) => url.endsWith('manifest.json'))).toBe(true)
  expect(studio.requests.some((url) => url.endsWith('.safetensors'))).toBe(true)
})

test('axe finds nothing on the start screen and in the settings, in high contrast too', async ({
  page,
  studio,
}) => {
  await studio.open()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await studio.get('settings-open').click()
  await studio.get('contrast').getByText('High').click()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
})

test('axe finds nothing in the editor, with a result staged', async ({ page, studio }) => {
  await studio.open()
  await studio.setBackground(background())
  await studio.addForeground(ball())
  await expect(studio.get('fuse')).toBeEnabled({ timeout: 60_000 })
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await studio.pressFuse()
  await studio.expectResult()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
})
