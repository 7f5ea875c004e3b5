/** What is typed is used as it was typed, or it is said what is not. */
import { openAlign } from './gallery'
import { background, ball } from './pictures'
import { expect, test } from './studio'

test('a seed of 64 bits is kept to its last digit, through a run and a reload', async ({ page, studio }) => {
  await studio.open()
  await studio.setBackground(background())
  await studio.addForeground(ball())
  const seed = studio.get('seed')
  await seed.fill('9007199254740993')
  await seed.press('Enter')
  await studio.pressFuse()
  await studio.expectResult()
  await expect(page.getByText('Seed 9007199254740993')).toBeVisible()
  await studio.get('result-accept').click()
  await studio.expectSaved()
  await page.reload()
  await expect(seed).toHaveValue('9007199254740993')

  await seed.fill('18446744073709551616')
  await seed.press('Enter')
  await expect(page.getByText(/whole number from 0 to 18446744073709551615/)).toBeVisible()
  await expect(seed).toHaveValue('9007199254740993')
})

test('a number field says what it changes', async ({ page, studio }) => {
  await studio.open()
  await studio.get('mode-align').click()
  const count = studio.get('sample-count')
  await count.fill('500')
  await count.press('Enter')
  await expect(count).toHaveValue('32')
  await expect(page.getByText('At most 32.')).toBeVisible()
  await count.fill('2.5')
  await count.press('Enter')
  await expect(page.getByText('Whole numbers only: now 3.')).toBeVisible()
  await count.fill('4')
  await count.press('Enter')
  await expect(page.locator('.field-note')).toHaveCount(0)
})

test('words that the model does not reach are counted, and letters that do not fit', async ({
  page,
  studio,
}) => {
  await openAlign(studio, 'a red ball')
  const prompt = studio.get('prompt')
  await prompt.fill('a red ball on a wooden floor '.repeat(5))
  await expect(studio.get('unread-note')).toContainText(/The last \d+ words are not read/)
  await prompt.fill('a red ball')
  await expect(studio.get('unread-note')).toHaveCount(0)
  await prompt.fill('x'.repeat(2010))
  await expect(page.getByText('A prompt holds 2000 characters; the last 10 did not fit.')).toBeVisible()
})
