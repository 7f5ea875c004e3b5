/** The whole way on a phone, by touch: panels fold below the picture, nothing lies outside the screen. */
import AxeBuilder from '@axe-core/playwright'
import { decode } from 'fast-png'

import { downloadPsd, namesOf } from './psd'
import { expect, RUN_LIMIT, test, type Studio } from './studio'

test.describe.configure({ timeout: 2 * RUN_LIMIT })
test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

/** What a finger could miss: what is pressed and seen, and less than 40 px wide or high. */
const tooSmall = ({ page }: Studio) =>
  page.evaluate(() => {
    const scope = document.querySelector('dialog[open]') ?? document
    return (
      [...scope.querySelectorAll('button, summary, select, label.check, label.button, .segmented label')]
        .filter((element) => element.checkVisibility({ visibilityProperty: true }))
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        // Half a pixel is lost in rounding.
        .filter(({ box }) => box.width < 39.5 || box.height < 39.5)
        .map(({ element, box }) => `${element.outerHTML.slice(0, 120)} ${box.width} × ${box.height}`)
    )
  })
/** Opens a panel where they are folded away, or closes it; elsewhere they are there. */
async function fold(studio: Studio, panel: 'left' | 'right') {
  const tab = studio.get(`panel-tab-${panel}`)
  if (await tab.isVisible()) await tab.tap()
}

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

for (const [screen, width, height, folds] of [
  ['a phone', 390, 844, true],
  ['a small phone', 360, 640, true],
  ['a phone held sideways', 844, 390, true],
  ['a tablet', 1024, 1366, false],
] as const)
  test(`whatever is pressed is large enough for a finger: ${screen}`, async ({ page, studio }) => {
    await page.setViewportSize({ width, height })
    const look = async (what: string) => {
      expect(await tooSmall(studio), what).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth), what).toBeLessThanOrEqual(width)
      await page.screenshot({ path: test.info().outputPath(`${what}.png`) })
    }
    await studio.open({ tiny: true })
    await expect(studio.get('settings-open')).toBeInViewport({ ratio: 1 })
    expect(await studio.get('panel-tab-left').isVisible()).toBe(folds)
    await look('start')
    for (const dialog of ['settings-open', 'models-open', 'documents-open']) {
      await studio.get(dialog).tap()
      await expect(page.getByRole('dialog')).toBeVisible()
      await look(dialog)
      await page.keyboard.press('Escape')
      await expect(page.getByRole('dialog')).toBeHidden()
    }
    for (const mode of ['compose', 'align', 'mix', 'place']) {
      await fold(studio, 'left')
      await studio.get(`mode-${mode}`).tap()
      await look(`${mode}, left`)
      await fold(studio, 'right')
      await look(`${mode}, right`)
      await fold(studio, 'right')
    }
    await studio.get('sample-card').first().tap()
    await expect.poll(async () => (await studio.document()).layers.length).toBe(1)
    await look('picture')
    await fold(studio, 'left')
    await expect(studio.get('layer-alone')).toBeVisible()
    await look('layers')
    await fold(studio, 'right')
    for (const more of await page.locator('.panel.right summary').all()) await more.tap()
    await look('settings')
    await fold(studio, 'right')
    if (!folds || height < width) return
    await expect(studio.get('fuse')).toBeEnabled({ timeout: 60_000 })
    await studio.get('fuse').tap()
    await studio.expectResult()
    // The buttons over a result come a moment after it.
    await expect(page.locator('.result-actions button').first()).toBeVisible()
    await look('result')
  })

test('a layer is renamed and shown alone without keys', async ({ page, studio }) => {
  await studio.open({ tiny: true })
  await studio.get('sample-card').first().tap()
  await expect.poll(async () => (await studio.document()).layers.length).toBe(1)
  await studio.get('panel-tab-left').tap()
  await expect(studio.get('layer-alone')).toBeDisabled()
  await page.getByRole('button', { name: 'Duplicate' }).tap()
  await studio.get('layer-rename').tap()
  await page.keyboard.type('Mare')
  await page.keyboard.press('Enter')
  const shown = async () => (await studio.document()).layers.map(({ name, visible }) => `${name} ${visible}`)
  await expect.poll(shown).toEqual(['Horse true', 'Mare true'])
  await studio.get('layer-alone').tap()
  await expect.poll(shown).toEqual(['Horse false', 'Mare true'])
  await studio.get('layer-alone').tap()
  await expect.poll(shown).toEqual(['Horse true', 'Mare true'])
})
