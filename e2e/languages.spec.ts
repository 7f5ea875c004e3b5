/** The studio in German and Japanese: all of it, at once, and after a reload. */
import type { Page } from '@playwright/test'

import { de } from '@/words/de'
import { ja } from '@/words/ja'

import { background, ball } from './pictures'
import { expect, test, type Studio } from './studio'

/** What is seen and what screen readers hear, but for what is marked as names and the users' own. */
const wordsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found = new Set<string>()
    for (const element of document.querySelectorAll('body *')) {
      if (!(element instanceof HTMLElement) || element.closest('[translate="no"], script, style')) continue
      for (const node of element.childNodes)
        if (node.nodeType === Node.TEXT_NODE && element.offsetParent !== null)
          found.add((node.textContent ?? '').trim())
      for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
        found.add((element.getAttribute(name) ?? '').trim())
    }
    return [...found].filter((text) => text !== '')
  })

/** English sentences that the catalogue says otherwise and that are on the page all the same. */
async function leftIn(page: Page, catalogue: Readonly<Record<string, string>>): Promise<string[]> {
  const said = new Set(Object.values(catalogue))
  return (await wordsOf(page)).filter(
    (text) => Object.hasOwn(catalogue, text) && catalogue[text] !== text && !said.has(text),
  )
}

async function speak(studio: Studio, name: string) {
  await studio.get('settings-open').click()
  await studio.get('language').getByText(name, { exact: true }).click()
}

test('German: chosen in the settings, said everywhere, kept over a reload', async ({ page, studio }) => {
  await studio.open({ tiny: true })
  await speak(studio, 'Deutsch')
  // The settings stay open, and speak it.
  await expect(page.getByRole('dialog', { name: de.Settings })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
  expect(await leftIn(page, de)).toEqual([])
  await page.keyboard.press('Escape')
  expect(await leftIn(page, de)).toEqual([])
  for (const dialog of ['models-open', 'documents-open']) {
    await studio.get(dialog).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    expect(await leftIn(page, de)).toEqual([])
    await page.keyboard.press('Escape')
  }
  for (const mode of ['compose', 'align', 'mix', 'place']) {
    await studio.get(`mode-${mode}`).click()
    expect(await leftIn(page, de), mode).toEqual([])
  }

  await page.reload()
  await studio.setBackground(background())
  await studio.addForeground(ball())
  expect(await leftIn(page, de)).toEqual([])
  await studio.pressFuse()
  await studio.expectResult()
  expect(await leftIn(page, de)).toEqual([])
  await expect(page.getByRole('button', { name: de.Accept })).toBeVisible()
  expect(studio.errors).toEqual([])
})

test('Japanese: said at once, and English again', async ({ page, studio }) => {
  await studio.open()
  await speak(studio, '日本語')
  await expect(page.getByRole('dialog', { name: ja.Settings })).toBeVisible()
  expect(await leftIn(page, ja)).toEqual([])
  await studio.get('language').getByText('English', { exact: true }).click()
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
})

test.describe('a browser that speaks German', () => {
  test.use({ locale: 'de-AT' })

  test('finds the studio in German', async ({ page, studio }) => {
    await studio.open()
    await expect(studio.get('open-background')).toHaveText(de['Open a background'])
    expect(await leftIn(page, de)).toEqual([])
  })
})
