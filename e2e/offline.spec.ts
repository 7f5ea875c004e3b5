/** Without a network, on hosts that send no headers, and from one version to the next. */
import { fileURLToPath } from 'node:url'

import { background, ball } from './pictures'
import { openPlainHost } from './plainHost'
import { expect, RUN_LIMIT, Studio, test } from './studio'

test.use({ serviceWorkers: 'allow' })

test('once its models are kept it opens and fuses without a network', async ({ page, studio }) => {
  // Seconds where nothing else runs; 35 MB are stored and read again.
  test.setTimeout(300_000)
  await studio.open()
  const headers = (await page.request.get('/')).headers()
  expect(headers['content-security-policy']).toContain("frame-ancestors 'self'")
  await studio.get('models-open').click()
  await expect(studio.get('offline')).toContainText('opens without a network')
  await studio.get('offline-keep').click()
  await expect(studio.get('offline').getByRole('progressbar')).toBeVisible()
  await expect(studio.get('offline')).toContainText('opens and fuses without a network', {
    timeout: RUN_LIMIT,
  })
  await page.keyboard.press('Escape')

  await page.context().setOffline(true)
  await page.reload()
  await studio.setBackground(background())
  await studio.addForeground(ball())
  await studio.pressFuse()
  await studio.expectResult()
  await studio.get('result-accept').click()
  await studio.expectSaved()
  await expect(studio.get('toast')).toHaveCount(0)
  await page.context().setOffline(false)

  await studio.get('models-open').click()
  await page.getByRole('button', { name: 'Remove the kept built-in models' }).click()
  await expect(studio.get('offline-keep')).toContainText('Keep built-in models')
})

test('on a plain host, below a path: threads, shared pictures, and a new version that waits', async ({
  page,
}) => {
  const host = await openPlainHost(fileURLToPath(new URL('../dist', import.meta.url)))
  try {
    const studio = new Studio(page, new URL(host.address).origin)
    await page.goto(`${host.address}?debug&backend=cpu`)
    await expect(studio.get('limits')).toContainText('one processor core')
    await studio.get('limits').getByRole('button', { name: 'Reload' }).click()
    await page.waitForFunction(() => crossOriginIsolated)
    await expect(studio.get('start-screen').or(studio.get('open-background'))).toBeVisible()
    await expect(studio.get('limits')).toHaveCount(0)

    const shared = await page.evaluate(async (data) => {
      const form = new FormData()
      const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0))
      form.append('pictures', new File([bytes], 'meadow.png', { type: 'image/png' }))
      return (await fetch('share', { method: 'POST', body: form })).url
    }, background().buffer.toString('base64'))
    expect(shared).toBe(`${host.address}?shared`)
    await page.goto(`${shared}&debug&backend=cpu`)
    await expect(studio.get('canvas')).toBeVisible()
    await studio.lightByHand()
    await studio.expectSaved()
    const before = await studio.document()

    const script = host.publish()
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update())
    await studio.expectToast(/new version is ready/)
    // Gone from the host, and there for the page that still needs it.
    expect(await page.evaluate(async (path) => (await fetch(path)).status, script)).toBe(200)
    expect(await page.evaluate(() => caches.keys())).toHaveLength(2)
    await studio.get('toast').getByRole('button', { name: 'Reload' }).click()
    await expect(page.locator('script[src*="studio-new"]')).toHaveCount(1)
    await expect(studio.get('canvas')).toBeVisible()
    expect(await studio.document()).toEqual(before)
    await expect.poll(() => page.evaluate(() => caches.keys())).toHaveLength(1)
    expect(studio.errors).toEqual([])
  } finally {
    await host.close()
  }
})
