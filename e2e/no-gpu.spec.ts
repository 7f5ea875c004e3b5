/** A browser without WebGPU. */
import { background, ball } from './pictures'
import { expect, test } from './studio'

// Its workers come out of blobs, which the studio's policy refuses.
test.use({ bypassCSP: true })

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(Navigator.prototype, 'gpu')
    // The engine asks in its worker, where init scripts do not run: each worker loads one before itself.
    const module = (text: string) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
    const without = module(`Reflect.deleteProperty(WorkerNavigator.prototype, 'gpu')`)
    const Original = window.Worker
    window.Worker = class extends Original {
      constructor(address: string | URL, options?: WorkerOptions) {
        const own = new URL(address, document.baseURI).href
        super(module(`import ${JSON.stringify(without)}; import ${JSON.stringify(own)}`), options)
      }
    }
  })
})

test('without navigator.gpu the studio works on the CPU and says so', async ({ page, studio }) => {
  await studio.open({ backend: null })
  expect(await page.evaluate(() => 'gpu' in navigator)).toBe(false)
  await studio.setBackground(background())
  await studio.addForeground(ball())
  await expect(page.locator('.engine-note')).toContainText(/CPU/)
  await expect(page.locator('.engine-note')).toContainText(/WebGPU/)
  await studio.pressFuse()
  await studio.expectResult()
})

test('asking for the GPU there gets a clear error and a way out', async ({ page, studio }) => {
  await studio.open({ backend: 'webgpu' })
  await studio.setBackground(background())
  await studio.addForeground(ball())
  await expect(
    page
      .getByRole('alert')
      .filter({ hasText: /WebGPU|GPU/ })
      .first(),
  ).toBeVisible()
  await page.getByRole('radio', { name: 'CPU' }).check()
  await studio.pressFuse()
  await studio.expectResult()
})
