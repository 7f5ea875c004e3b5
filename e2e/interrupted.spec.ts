/** Leaving in the middle of work, and what a session leaves on the disk. */
import type { Page } from '@playwright/test'

import { idle, openAlign, sample } from './gallery'
import { background, ball } from './pictures'
import { expect, test } from './studio'

/** Names of the pictures' files in the private file system. */
const stored = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const folder = await root.getDirectoryHandle('assets', { create: true })
    const names: string[] = []
    for await (const name of folder.keys()) names.push(name)
    return names.sort()
  })

/** The files once there are so many pictures, and each is a PNG, which it becomes a moment after it is stored. */
async function packed(page: Page, pictures: number): Promise<string[]> {
  await expect
    .poll(async () => (await stored(page)).map((name) => name.slice(64)), { timeout: 30_000 })
    .toEqual(Array<string>(pictures).fill('.png'))
  return stored(page)
}

/** A picture that nothing names: it is there until the next sweep. */
const ORPHAN = `${'0'.repeat(64)}.png`
const plantOrphan = (page: Page): Promise<void> =>
  page.evaluate(async (name) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('assets')
    const file = await (await folder.getFileHandle(name, { create: true })).createWritable()
    await file.close()
  }, ORPHAN)

/** How much is written down as going on. */
const going = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('inlay')
        opening.onerror = () => reject(new Error('not opened'))
        opening.onsuccess = () => {
          const counting = opening.result.transaction('interruptions').objectStore('interruptions').count()
          counting.onerror = () => reject(new Error('not counted'))
          counting.onsuccess = () => resolve(counting.result)
          opening.result.close()
        }
      }),
  )

test('leaving during a run asks first; afterwards the studio says what was cut off and does it again', async ({
  page,
  studio,
}) => {
  await openAlign(studio, 'a red mug', 40)
  await sample(studio, 2)
  for (const [index, role] of [
    [0, 'b'],
    [1, 'r'],
  ] as const) {
    await studio.get('candidate').nth(index).getByRole('button').first().focus()
    await page.keyboard.press(role)
  }
  await studio.get('word').filter({ hasText: 'mug' }).click()
  await studio.expectSaved()
  await studio.pressFuse()
  await studio.expectSteps()
  await expect.poll(() => going(page)).toBe(1)

  const asked = page.waitForEvent('dialog')
  await page.close({ runBeforeUnload: true })
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  await expect(studio.get('stop')).toBeVisible()

  await page.reload()
  await studio.expectToast(/The last fuse was cut off/)
  await expect(studio.get('candidate')).toHaveCount(2)
  await expect(studio.get('fuse')).toBeEnabled({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Fuse again' }).click()
  await studio.expectSteps()
  await studio.get('stop').click()
  await idle(studio)

  // It is told once, and idle work is left without a question.
  await expect.poll(() => going(page)).toBe(0)
  await page.reload()
  await expect(studio.get('candidate')).toHaveCount(2)
  await expect(studio.get('fuse')).toBeEnabled({ timeout: 60_000 })
  await expect(studio.get('toast')).toHaveCount(0)
})

test('replaced pictures leave the disk once nothing can bring them back', async ({ page, studio }) => {
  await studio.open()
  await studio.setBackground(background(400, 300, 'one.png'))
  await studio.addForeground(ball())
  await studio.pressFuse()
  await studio.expectResult()
  await studio.get('result-discard').click()
  await studio.expectSaved()
  const first = await packed(page, 2)
  for (const name of ['two.png', 'three.png', 'four.png']) {
    await studio.setBackground(background(400, 300 + name.length, name))
    await expect.poll(async () => (await studio.document()).background?.name).toBe(name)
  }
  for (let undo = 0; undo < 3; undo++) await page.keyboard.press('Control+z')
  expect((await studio.document()).background?.name).toBe('one.png')
  await studio.expectSaved()
  const all = await packed(page, 5)

  // A result that is deleted has the disk swept; redo can still bring the others back.
  await plantOrphan(page)
  await page.getByRole('button', { name: /^Delete result/ }).click()
  await expect.poll(() => stored(page), { timeout: 30_000 }).not.toContain(ORPHAN)
  expect(await stored(page)).toEqual(all)

  await page.reload()
  await expect.poll(() => stored(page), { timeout: 30_000 }).toEqual(first)
  await expect(studio.get('canvas')).toBeVisible()
})
