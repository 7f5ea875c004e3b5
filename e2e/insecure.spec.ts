/**
 * Over plain http from another machine the browser keeps GPU, private files, locks and threads to itself: the studio
 * works with what is left, keeps the work and says what is missing.
 */
import { chromiumArguments, findChromium } from '../scripts/chromium.mjs'
import { background, ball } from './pictures'
import { expect, test } from './studio'

const port = process.env.INLAY_E2E_PORT ?? '4317'
/** An address that belongs to nobody (RFC 5737); the browser is told that it is this machine. */
const AWAY = '198.51.100.7'

test.use({
  baseURL: `http://${AWAY}:${port}`,
  launchOptions: {
    executablePath: findChromium(),
    args: [...chromiumArguments('software'), `--host-resolver-rules=MAP ${AWAY} 127.0.0.1`],
  },
})

test('fuses, keeps the work over a reload and says what is missing', async ({ page, studio }) => {
  await studio.open({ backend: null })
  expect(await page.evaluate(() => [isSecureContext, 'gpu' in navigator, 'randomUUID' in crypto])).toEqual([
    false,
    false,
    false,
  ])
  await expect(studio.get('limits')).toContainText('not secure')
  await expect(studio.get('limits')).toContainText(`http://localhost:${port}`)
  await expect(page.getByText(/secure addresses only/)).toBeVisible()

  await studio.setBackground(background())
  await studio.addForeground(ball())
  await studio.pressFuse()
  await studio.expectResult()
  await studio.get('result-accept').click()
  await studio.expectSaved()
  const before = await studio.document()

  await page.reload()
  await expect(studio.get('layer-row')).toHaveCount(2)
  expect(await studio.document()).toEqual(before)
  const png = await studio.download(() => studio.get('download').click())
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  await expect(studio.get('toast')).toHaveCount(0)

  await studio.get('limits').getByRole('button', { name: 'Close' }).click()
  await expect(studio.get('limits')).toHaveCount(0)
})

test('a page that may store nothing works and says so', async ({ page, studio }) => {
  await page.addInitScript(() => {
    const denied = () => new DOMException('denied', 'SecurityError')
    Object.defineProperty(window, 'indexedDB', {
      get: () => {
        throw denied()
      },
    })
    // Where site data is blocked, locks are refused, too. Over plain http there are none.
    Object.defineProperty(navigator, 'locks', {
      value: { request: () => Promise.reject(denied()), query: () => Promise.reject(denied()) },
    })
  })
  await studio.open()
  await expect(studio.get('limits')).toContainText('Nothing is kept')
  await studio.setBackground(background())
  await studio.addForeground(ball())
  await studio.pressFuse()
  await studio.expectResult()
  await expect(studio.get('fuse')).toBeVisible()
  await studio.get('result-accept').click()
  await expect(studio.get('layer-row')).toHaveCount(2)

  // Nothing of it can be kept: another document is a question.
  await page.getByRole('button', { name: 'New', exact: true }).click()
  await studio.get('unsaved-leave').click()
  await expect.poll(async () => (await studio.document()).background).toBeNull()
})
