/** Prompts: what is read of them is seen, and those that were used come back. */
import AxeBuilder from '@axe-core/playwright'

import { idle, openAlign } from './gallery'
import { expect, test } from './studio'

test('a prompt is counted and marked, words are clicked in, and what was used comes back', async ({
  page,
  studio,
}) => {
  await openAlign(studio, 'a red ball on a sofa')
  const prompt = studio.get('prompt')
  const struck = page.locator('.prompt-marks .unread')
  await expect(studio.get('prompt-count')).toHaveText('6 of 14 words')
  await expect(prompt).toHaveAccessibleDescription(/does not know “sofa”/)
  await expect(page.locator('.prompt-marks .unknown')).toHaveText('sofa')

  await prompt.fill('a red ball and a blue cube and a green cone on the left of a tree')
  await expect(studio.get('prompt-count')).toHaveText('17 of 14 words')
  await expect(struck).toHaveText('of a tree')
  await expect(prompt).toHaveAccessibleDescription(/The last 3 words are not read/)

  await prompt.fill('a ball')
  await expect(struck).toHaveCount(0)
  await studio.get('words-open').click()
  const words = studio.get('known-words')
  await words.getByRole('button', { name: 'striped' }).press('Enter')
  await expect(prompt).toHaveValue('a ball striped')
  await words.getByRole('button', { name: 'ball' }).click()
  await expect(prompt).toHaveValue('a striped')
  await words.getByRole('button', { name: 'mug' }).click()
  await expect(prompt).toHaveValue('a striped mug')

  await studio.get('sample-count').fill('1')
  await studio.get('sample-count').blur()
  await expect(studio.get('sample')).toBeEnabled({ timeout: 60_000 })
  await studio.get('sample').click()
  await idle(studio)

  // After a reload, in another mode, by keyboard alone.
  await studio.expectSaved()
  await page.reload()
  await studio.get('mode-place').click()
  await prompt.press('ArrowUp')
  const used = page.getByRole('group', { name: 'Prompts that you used' })
  await expect(used.getByRole('button', { name: 'a striped mug', exact: true })).toBeFocused()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.keyboard.press('Enter')
  await expect(prompt).toHaveValue('a striped mug')
  await expect(prompt).toBeFocused()
  await expect(studio.get('read-note')).toContainText('No word of this says anything of light')

  await studio.get('history-open').click()
  await page.keyboard.press('Delete')
  await expect(used).toContainText('Prompts that you make pictures with')
  await studio.get('toast').getByRole('button', { name: 'Undo' }).click()
  await expect(used.getByRole('button', { name: 'a striped mug', exact: true })).toBeVisible()
})

test('text from right to left, and an input method’s Enter', async ({ page, studio }) => {
  await openAlign(studio, 'כדור אדום ליד הבית')
  const prompt = studio.get('prompt')
  expect(await prompt.evaluate((field) => getComputedStyle(field).direction)).toBe('rtl')

  // What is being composed reaches the prompt, and the keys that compose it reach nothing else.
  await prompt.fill('a red ball')
  const keyboard = await page.context().newCDPSession(page)
  await prompt.press('End')
  await keyboard.send('Input.imeSetComposition', { text: 'か', selectionStart: 1, selectionEnd: 1 })
  await expect(prompt).toHaveValue('a red ballか')
  const taken = await prompt.evaluate((field) =>
    [{ key: 'Enter', ctrlKey: true }, { key: 'Escape' }, { key: 'ArrowUp' }].map(
      (one) =>
        !field.dispatchEvent(
          new KeyboardEvent('keydown', { ...one, isComposing: true, bubbles: true, cancelable: true }),
        ),
    ),
  )
  expect(taken).toEqual([false, false, false])
  await expect(studio.get('fuse')).toBeVisible()
  await keyboard.send('Input.insertText', { text: '家' })
  await expect(prompt).toHaveValue('a red ball家')
})
