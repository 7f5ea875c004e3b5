/** The whole way on a phone, by touch: panels fold below the picture, nothing lies outside the screen. */
import AxeBuilder from '@axe-core/playwright'
import { decode } from 'fast-png'

import { downloadPsd, namesOf } from './psd'
import { expect, RUN_LIMIT, test } from './studio'

test.describe.configure({ timeout: 2 * RUN_LIMIT })
test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

test('place, fuse, another light, sun, shadow, undo, PSD, PNG, drop back, sun', async ({ page, studio }) => {
  const tap = (id: string) => studio.get(id).tap()
  const sun = studio.get('guide-sun')
  /** Drags the sun, and says whether the light follows. */
  const dragSun = async (x: number) => {
    const from = await studio.middleOf(sun)
    const { scene } = await studio.document()
    await studio.swipe(from, { x: from.x + x, y: from.y + 5 })
    expect((await studio.document()).scene.lights).not.toEqual(scene.lights)
  }
  await studio.open({ tiny: true })
  const outside = () =>
    page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
  expect(await outside()).toBe(false)
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await studio.get('sample-card').first().tap()
  await expect.poll(async () => (await studio.document()).layers.length).toBe(1)

  // A panel opens and closes below the picture, which stays in sight; only one is open.
  await tap('panel-tab-right')
  await studio.get('light-source').getByText('Guessed').tap()
  await expect(sun).toBeInViewport()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.screenshot({ path: test.info().outputPath('settings.png') })
  await tap('panel-tab-left')
  await expect(studio.get('light-source')).toBeHidden()
  await expect(studio.get('layer-row')).toHaveCount(1)
  await page.screenshot({ path: test.info().outputPath('layers.png') })
  await tap('panel-tab-left')
  await expect(studio.get('layer-row')).toBeHidden()

  const [placed] = (await studio.document()).layers
  if (placed.kind !== 'foreground') throw new Error('the sample has no foreground')
  const middle = { x: placed.box.x + placed.box.width / 2, y: placed.box.y + placed.box.height / 2 }
  await studio.swipe(await studio.onScreen(middle), await studio.onScreen({ ...middle, x: middle.x - 80 }))
  const [moved] = (await studio.document()).layers
  expect(moved.kind === 'foreground' && moved.box.x).toBeLessThan(placed.box.x - 40)

  await expect(studio.get('fuse')).toBeEnabled({ timeout: 60_000 })
  await tap('fuse')
  await studio.expectResult()
  await studio.get('variation').nth(1).tap({ timeout: RUN_LIMIT })
  await expect(studio.get('variation').nth(1)).toHaveAttribute('aria-pressed', 'true')
  await studio.expectResult()
  await page.screenshot({ path: test.info().outputPath('result.png') })
  expect(await outside()).toBe(false)
  await dragSun(30)
  await expect(studio.get('result-accept')).toHaveCount(0)

  await tap('panel-tab-right')
  const turned = await studio.document()
  const share = studio.get('light-share')
  await share.scrollIntoViewIfNeeded()
  const track = await share.boundingBox()
  if (!track) throw new Error('the slider is not on the screen')
  await page.touchscreen.tap(track.x + 4, track.y + track.height / 2)
  expect((await studio.document()).scene.lights[0].share).not.toEqual(turned.scene.lights[0].share)
  await tap('undo')
  expect((await studio.document()).scene).toEqual(turned.scene)
  await tap('panel-tab-right')

  await tap('fuse')
  await studio.expectResult()
  await tap('result-accept')
  const psd = await downloadPsd(studio, async () => {
    await tap('export')
    await studio.get('export-format').getByText('PSD').tap()
    await tap('export-save')
  })
  expect(namesOf(psd.children)).toContain('Shadow')
  const file = await studio.download(() => tap('download'))
  const { width = 0, height = 0 } = turned.background ?? {}
  const image = decode(file)
  expect([image.width, image.height]).toEqual([width, height])

  await tap('undo')
  await studio.drop(page.locator('body'), { name: 'back.png', mimeType: 'image/png', buffer: file })
  await tap('recipe-restore')
  await expect.poll(async () => (await studio.document()).scene).toEqual(turned.scene)
  const at = moved.kind === 'foreground' ? moved.box : placed.box
  const onIt = await studio.onScreen({ x: at.x + at.width / 2, y: at.y + at.height / 2 })
  await page.touchscreen.tap(onIt.x, onIt.y)
  await dragSun(-25)
})
