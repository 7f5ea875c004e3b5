/** Where everything begins: the start page, and the tour. */
import AxeBuilder from '@axe-core/playwright'

import { background } from './pictures'
import { expect, RUN_LIMIT, test } from './studio'

test('the start page goes on with documents and begins new ones', async ({ page, studio }) => {
  const violations = async () => (await new AxeBuilder({ page }).analyze()).violations
  await studio.open()
  await expect(studio.get('start-documents')).toBeVisible()
  await studio.setBackground(background(320, 240, 'kitchen.png'))
  await studio.expectSaved()

  await studio.get('home').click()
  const dialog = studio.get('documents-dialog')
  await expect(dialog.getByTestId('sample-card').first()).toBeVisible()
  expect(await violations()).toEqual([])
  await dialog.getByTestId('new-compose').click()
  await expect.poll(async () => (await studio.document()).mode).toBe('compose')

  // What was made before stands below what an empty document begins with, in every mode.
  const card = studio.get('start-documents').getByTestId('document-card')
  await expect(card).toContainText('kitchen')
  await studio.get('mode-place').click()
  await expect(card.locator('img')).toBeVisible()
  expect(await violations()).toEqual([])
  await card.getByRole('button', { name: 'Rename kitchen' }).press('Enter')
  await page.keyboard.type('Mugs')
  await page.keyboard.press('Enter')
  await card.getByRole('button', { name: 'Star Mugs' }).press('Enter')
  await expect(card.getByRole('button', { name: 'Star Mugs' })).toHaveAttribute('aria-pressed', 'true')
  await card.getByRole('button', { name: 'Delete Mugs' }).press('Enter')
  await expect(card).toHaveCount(0)
  await studio.get('start-documents').getByRole('button', { name: 'Undo' }).press('Enter')

  await page.setViewportSize({ width: 390, height: 844 })
  await expect(studio.get('new-align')).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await page.screenshot({ path: test.info().outputPath('start.png') })
  expect(await violations()).toEqual([])
  await card.getByRole('button', { name: 'Open Mugs', exact: true }).press('Enter')
  await expect(studio.get('canvas')).toBeVisible()
  await expect(studio.get('start-documents')).toHaveCount(0)
})

test('the tour goes on when something is done, and ends by Escape', async ({ page, studio }) => {
  test.setTimeout(2 * RUN_LIMIT)
  await studio.open({ tiny: true })
  const tour = studio.get('tour')
  await studio.get('tour-start').press('Enter')
  await expect(tour).toContainText('Begin with a picture')
  await expect(studio.get('tour-next')).toBeFocused()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])

  await studio.get('sample-card').first().click()
  await expect(tour).toContainText('Place an object')
  await studio.get('canvas').press('ArrowRight')
  await expect(tour).toContainText('Turn the light')
  await studio.get('guide-sun').press('ArrowRight')
  await expect(tour).toContainText('Fuse')
  await page.setViewportSize({ width: 390, height: 844 })
  await expect(tour).toBeInViewport({ ratio: 1 })
  await studio.pressFuse()
  await studio.expectResult()
  await expect(tour).toContainText('Take it with you')
  await expect(tour).toBeInViewport({ ratio: 1 })
  await studio.get('export').click()
  await expect(tour).toHaveCount(0)
  await page.keyboard.press('Escape')

  await studio.get('settings-open').click()
  await studio.get('tour-again').click()
  await expect(tour).toContainText('Place an object')
  await page.keyboard.press('Escape')
  await expect(tour).toHaveCount(0)
  await expect(studio.get('canvas')).toBeVisible()
})
