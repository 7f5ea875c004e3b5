/** All results of the browser: found, kept by a star, taken in from files, and the limit of what is kept. */
import { background, ball } from './pictures'
import { expect, test } from './studio'

test('results are searched, starred, deleted and brought back, deleted several at a time, and taken back in from files', async ({
  page,
  studio,
}) => {
  await studio.open({ backend: 'cpu', tiny: true })
  await studio.setBackground(background())
  await studio.addForeground(ball())
  for (const prompt of ['noon sun', 'evening sun', 'overcast']) {
    await studio.get('prompt').fill(prompt)
    await studio.pressFuse()
    await studio.expectResult()
    await studio.get('result-discard').click()
  }
  const strip = page.locator('.result')
  await expect(strip).toHaveCount(3)

  await studio.get('gallery-open').click()
  const cards = studio.get('gallery-card')
  await expect(cards).toHaveCount(3)
  await expect(studio.get('gallery-total')).toContainText('3 results')
  await studio.get('gallery-search').fill('SUN')
  await expect(cards).toHaveCount(2)
  await expect(cards.first()).toContainText('evening sun')
  await cards
    .first()
    .getByRole('button', { name: /^Give .* a star/ })
    .click()
  const file = await studio.download(() =>
    cards
      .nth(1)
      .getByRole('button', { name: /^Download .* as PNG/ })
      .click(),
  )
  await studio.get('gallery-search').press('Escape')
  await studio.get('gallery-mode').getByText('Align').click()
  await expect(page.getByText('No result is like that.')).toBeVisible()
  await studio.get('gallery-mode').getByText('All').click()

  // The picture's name finds all; one that is deleted comes back to its place.
  await studio.get('gallery-search').fill('ball.png')
  await expect(cards).toHaveCount(3)
  await studio.get('gallery-search').press('Escape')
  const remove = { name: /^Delete Place/ }
  await cards.nth(1).getByRole('button', remove).click()
  await expect(cards).toHaveCount(2)
  await studio.get('gallery').getByRole('button', { name: 'Undo' }).click()
  await expect(cards).toHaveCount(3)
  await expect(cards.nth(1)).toContainText('evening sun')
  await expect(page.getByText('The result is deleted.')).toHaveCount(0)

  await cards.nth(0).getByRole('checkbox').check()
  await cards.nth(2).getByRole('checkbox').check()
  await studio.get('gallery-delete').click()
  await studio.get('gallery-delete-sure').click()
  await expect(cards).toHaveCount(1)
  await expect(strip).toHaveCount(1)

  const kept = { name: 'noon.png', mimeType: 'image/png', buffer: file }
  await studio.drop(studio.get('gallery-drop'), kept, background())
  await expect(cards).toHaveCount(2)
  await expect(cards.first()).toContainText('noon sun')
  await expect(page.getByText('1 without a recipe left out').first()).toBeVisible()
  await studio.drop(studio.get('gallery-drop'), kept)
  await expect(page.getByText('1 there already.').first()).toBeVisible()

  // What is shown again has its settings; the star is kept over a reload.
  await cards
    .first()
    .getByRole('button', { name: /^Show Place/ })
    .click()
  await studio.expectResult()
  await strip
    .first()
    .getByRole('button', { name: /^Delete result/ })
    .click()
  await expect(strip).toHaveCount(1)
  await studio.get('toast').getByRole('button', { name: 'Undo' }).click()
  await page.reload()
  await expect(strip).toHaveCount(2)
  await page.keyboard.press('Shift+R')
  await expect(cards.nth(1).getByRole('button', { name: /^Take the star of/ })).toBeVisible()
})
