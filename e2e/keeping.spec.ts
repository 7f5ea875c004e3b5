/** What stays on this machine: the document after a reload, and everything else always. */
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

test('what the browser deletes while the studio is open is stored again', async ({
  page,
  studio,
  context,
}) => {
  await studio.open()
  await studio.setBackground(background())
  await studio.addForeground(ball())
  await studio.expectSaved()
  // The photo's light may be read meanwhile.
  const shown = async () => {
    const { id, background: photo, layers } = await studio.document()
    return { id, photo, layers }
  }
  const before = await shown()
  const devtools = await context.newCDPSession(page)
  const { origin } = new URL(page.url())
  await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb,file_systems' })
  await expect(page.getByText('The open document is stored again.').first()).toBeVisible()

  await page.reload()
  await expect(studio.get('layer-row')).toHaveCount(1)
  expect(await shown()).toEqual(before)
  await expect(page.locator('.layers img')).toHaveCount(2)
  await expect(studio.get('toast').filter({ hasText: /no longer stored|damaged/ })).toHaveCount(0)
})
