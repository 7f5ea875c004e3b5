/** What axe finds on every screen and in every dialog, light and dark: nothing. What only happens in the middle of a flow is looked at there. */
import AxeBuilder from '@axe-core/playwright'

import { background, ball, still } from './pictures'
import { expect, test, type Studio } from './studio'

// Each screen is looked at twice, and each look takes seconds.
test.describe.configure({ timeout: 400_000 })

async function expectClean({ page }: Studio, screen: string) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // Colours change a moment later where the machine is busy: what is found has to stay.
    await expect(async () => {
      const { violations } = await new AxeBuilder({ page }).analyze()
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
      expect(found, `${screen}, ${colorScheme}`).toEqual([])
    }).toPass({ timeout: 20_000 })
  }
}

async function expectCleanDialog(studio: Studio, opener: string) {
  await studio.get(opener).first().click()
  await expect(studio.page.getByRole('dialog')).toBeVisible()
  await expectClean(studio, opener)
  await studio.page.keyboard.press('Escape')
  await expect(studio.page.getByRole('dialog')).toHaveCount(0)
}

test('axe finds nothing where the studio is empty', async ({ studio }) => {
  await studio.open()
  await expectClean(studio, 'start')
  for (const mode of ['compose', 'align', 'mix', 'place']) {
    await studio.get(`mode-${mode}`).click()
    await expectClean(studio, mode)
  }
  for (const opener of ['models-open', 'documents-open']) await expectCleanDialog(studio, opener)
  await studio.get('settings-open').click()
  await expectClean(studio, 'settings')
  await studio.get('contrast').getByText('High').click()
  await expectClean(studio, 'settings in high contrast')
})

test('axe finds nothing with a picture, a result and its dialogs', async ({ page, studio }) => {
  await studio.open({ tiny: true })
  await studio.setBackground(background(640, 480))
  await studio.addForeground(ball())
  await expect(studio.get('fuse')).toBeEnabled({ timeout: 60_000 })
  await expectClean(studio, 'the editor')
  await studio.pressFuse()
  await studio.expectResult()
  await expectClean(studio, 'a staged result')
  const file = await studio.download(() => studio.get('result-download').click())
  await studio.get('result-discard').click()
  await expectCleanDialog(studio, 'gallery-open')

  await studio.get('canvas').focus()
  await page.keyboard.press('Shift+E')
  await expect(studio.get('export-dialog')).toBeVisible()
  await expectClean(studio, 'export')
  await page.keyboard.press('Escape')

  await studio.drop(page.locator('body'), still())
  await expect(studio.get('cutout-use')).toBeEnabled({ timeout: 60_000 })
  await expectClean(studio, 'cut-out')
  await page.keyboard.press('Escape')

  await studio.drop(page.locator('body'), { name: 'made.png', mimeType: 'image/png', buffer: file })
  await expect(studio.get('recipe-restore')).toBeVisible()
  await expectClean(studio, 'recipe')
})
