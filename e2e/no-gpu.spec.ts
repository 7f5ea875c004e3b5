/** A browser without WebGPU. The engine asks for it in its worker, so it has to be missing there as well. */
import { chromiumArguments, findChromium } from '../scripts/chromium.mjs'
import { background, ball } from './pictures'
import { expect, test } from './studio'

const args = chromiumArguments('software').filter((arg) => !/webgpu/.test(arg))
test.use({
  launchOptions: { executablePath: findChromium(), args: [...args, '--disable-blink-features=WebGPU'] },
})

test('without navigator.gpu the studio works on the CPU and says so', async ({ page, studio }) => {
  await studio.openTiny({ backend: null, steps: 1 })
  expect(await page.evaluate(() => 'gpu' in navigator)).toBe(false)
  await studio.setBackground(background())
  await studio.addForeground(ball())
  await expect(page.locator('.engine-note')).toContainText(/CPU/)
  await expect(page.locator('.engine-note')).toContainText(/WebGPU/)
  await studio.pressFuse()
  await studio.expectResult()
})

test('asking for the GPU there gets a clear error and a way out', async ({ page, studio }) => {
  await studio.openTiny({ backend: 'webgpu', steps: 1 })
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
