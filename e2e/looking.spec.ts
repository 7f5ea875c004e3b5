/** Looking around on the canvas: wheel, trackpad, and screens of another density. */
import type { CDPSession, Page } from '@playwright/test'

import { background } from './pictures'
import { expect, test, type Studio } from './studio'

type View = { zoom: number; x: number; y: number }

const viewport = (page: Page) =>
  page.evaluate(() => {
    const { inlay } = window as unknown as { inlay: { view: { getState(): { viewport: View } } } }
    return inlay.view.getState().viewport
  })

/** A wheel event as browsers send it for a notch, two fingers or a pinch. */
const scroll = (studio: Studio, init: WheelEventInit, wheelDeltaY: number) =>
  studio.get('canvas').evaluate(
    (element, [given, legacy]) => {
      const event = new WheelEvent('wheel', { bubbles: true, cancelable: true, ...given })
      Object.defineProperty(event, 'wheelDeltaY', { value: legacy })
      element.dispatchEvent(event)
    },
    [init as { deltaX?: number; deltaY?: number; ctrlKey?: boolean }, wheelDeltaY] as const,
  )

/** Longer than the pause that ends a movement. */
const pause = (page: Page) => page.waitForTimeout(350)

test('two fingers pan, a pinch and a mouse’s wheel zoom; the setting is kept', async ({ page, studio }) => {
  await studio.open()
  await studio.setBackground(background())
  const start = await viewport(page)
  await scroll(studio, { deltaX: 12, deltaY: -8 }, 24)
  expect(await viewport(page)).toEqual({ zoom: start.zoom, x: start.x - 12, y: start.y + 8 })
  await pause(page)
  await scroll(studio, { deltaY: -10, ctrlKey: true }, 30)
  const pinched = await viewport(page)
  expect(pinched.zoom / start.zoom).toBeCloseTo(Math.exp(0.1), 3)
  await pause(page)
  await scroll(studio, { deltaY: -100 }, 120)
  const turned = await viewport(page)
  expect(turned.zoom).toBeGreaterThan(pinched.zoom * 1.1)

  await page.keyboard.press('?')
  await studio.get('wheel-use').getByText('Pans').click()
  await page.keyboard.press('Escape')
  await pause(page)
  await scroll(studio, { deltaY: -100 }, 120)
  expect((await viewport(page)).zoom).toBe(turned.zoom)
  await page.reload()
  await studio.get('settings-open').click()
  await expect(studio.get('wheel-use').getByRole('radio', { name: 'Pans' })).toBeChecked()
})

/** Moves the page to a screen of another density; the emulation looks at it anew only where the size changes too. */
const setDensity = (session: CDPSession, deviceScaleFactor: number) =>
  session.send('Emulation.setDeviceMetricsOverride', {
    width: 1400 + deviceScaleFactor,
    height: 900,
    deviceScaleFactor,
    mobile: false,
  })

test('every canvas follows the density of the screen', async ({ page, studio }) => {
  await studio.open()
  await studio.setBackground(background())
  const density = () =>
    studio.get('canvas').evaluate((element) => {
      const canvases = [...element.querySelectorAll('canvas')]
      return [...new Set(canvases.map((canvas) => canvas.width / canvas.clientWidth))]
    })
  expect(await density()).toEqual([1])
  const session = await page.context().newCDPSession(page)
  for (const ratio of [2, 3, 1]) {
    await setDensity(session, ratio)
    await expect.poll(density).toEqual([ratio])
  }
})
