/** Several pictures at once: what waits behind a run, and one placement with several pictures. */
import type { Page } from '@playwright/test'

import { background, ball } from './pictures'
import { expect, RUN_LIMIT, test, type Studio } from './studio'

test.describe.configure({ timeout: 2 * RUN_LIMIT })

/** Keeps the built-in networks from coming until it is called, so that a run lasts as long as a test needs it to. */
async function holdModels(page: Page): Promise<() => void> {
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  await page.route('**/models/**', async (route) => {
    if (!route.request().url().endsWith('.json')) await held
    await route.fallback()
  })
  return release
}

/** A ball on a photo, and a run that lasts. */
async function begin(page: Page, studio: Studio) {
  await studio.open({ tiny: true })
  const release = await holdModels(page)
  await studio.setBackground(background(640, 480, 'room.png'))
  await studio.addForeground(ball())
  await seed(studio, 11)
  await studio.pressFuse()
  await expect(studio.get('stop')).toBeVisible()
  return release
}

async function seed(studio: Studio, value: number) {
  await studio.get('seed').fill(String(value))
  await studio.get('seed').blur()
}

/** Drags a waiting row by its grip over another, and holds it. */
async function hold(page: Page, studio: Studio, from: number, to: number) {
  const middle = async (row: number) => {
    const box = await rows(studio).nth(row).boundingBox()
    if (!box) throw new Error('The row is not shown.')
    return { x: box.x + 8, y: box.y + box.height / 2 }
  }
  const [start, end] = [await middle(from), await middle(to)]
  await page.mouse.move(start.x, start.y)
  await page.mouse.down()
  await page.mouse.move(end.x, end.y, { steps: 4 })
  await expect(rows(studio).nth(from)).toHaveClass(/dragged/)
}

/** The same, let go there; a key may be pressed before. */
async function drag(page: Page, studio: Studio, from: number, to: number, key?: string) {
  await hold(page, studio, from, to)
  if (key) await page.keyboard.press(key)
  await page.mouse.up()
}

const rows = (studio: Studio) => studio.get('queue-row')
const results = (page: Page) => page.locator('.result')

test('three wait: in another order, one taken out, paused, left with a question, gone on with', async ({
  page,
  studio,
}) => {
  const release = await begin(page, studio)
  for (const value of [12, 13, 14]) {
    await seed(studio, value)
    await studio.get('fuse-next').click()
  }
  await expect(rows(studio)).toContainText([/seed 12/, /seed 13/, /seed 14/])
  // The same once more is not made twice.
  await studio.get('fuse-next').click()
  await studio.expectToast(/being made, or waits in the queue/)

  await page.getByRole('button', { name: /Make .*seed 14 sooner/ }).focus()
  await page.keyboard.press('Enter')
  await expect(rows(studio)).toContainText([/seed 12/, /seed 14/, /seed 13/])
  await page.keyboard.press('Enter')
  await expect(rows(studio)).toContainText([/seed 14/, /seed 12/, /seed 13/])
  await drag(page, studio, 2, 0)
  await expect(rows(studio)).toContainText([/seed 13/, /seed 14/, /seed 12/])
  // Escape takes it back, and stops nothing.
  await drag(page, studio, 0, 2, 'Escape')
  await expect(rows(studio)).toContainText([/seed 13/, /seed 14/, /seed 12/])
  await expect(studio.get('stop')).toContainText('Stop')
  await drag(page, studio, 0, 1)
  await expect(rows(studio)).toContainText([/seed 14/, /seed 13/, /seed 12/])
  await page.getByRole('button', { name: /Take .*seed 12 out/ }).click()
  await expect(rows(studio)).toHaveCount(2)
  await page.screenshot({ path: test.info().outputPath('queue.png') })

  await studio.get('queue-pause').click()
  release()
  // What ran is shown, since nothing follows.
  await studio.expectResult()
  await expect(results(page)).toHaveCount(1)
  await expect(studio.get('queue-left')).toContainText(/pauses, about .* in all/)

  const asked = page.waitForEvent('dialog')
  await page.close({ runBeforeUnload: true })
  await (await asked).dismiss()

  await studio.get('result-discard').click()
  await studio.get('queue-go-on').click()
  await studio.expectResult()
  await expect(results(page)).toHaveCount(3)
  await expect(
    results(page)
      .nth(0)
      .getByRole('button', { name: /seed 13/ }),
  ).toBeVisible()
  await expect(
    results(page)
      .nth(1)
      .getByRole('button', { name: /seed 14/ }),
  ).toBeVisible()
  await expect(studio.get('queue')).toHaveCount(0)
})

test('a row that is dragged is let go though the others leave, and when it leaves itself', async ({
  page,
  studio,
}) => {
  await begin(page, studio)
  for (const value of [12, 13]) {
    await seed(studio, value)
    await studio.get('fuse-next').click()
  }
  const dragged = page.locator('.queue-row.dragged')
  // As when it begins, which is not a matter of the pointer either.
  const takeOut = (value: number) =>
    page.getByRole('button', { name: new RegExp(`Take .*seed ${value} out`) }).dispatchEvent('click')

  await hold(page, studio, 1, 0)
  await takeOut(12)
  await expect(rows(studio)).toContainText([/seed 13/])
  await expect(dragged).toHaveCount(1)
  await page.mouse.up()
  await expect(dragged).toHaveCount(0)

  await seed(studio, 14)
  await studio.get('fuse-next').click()
  await hold(page, studio, 0, 1)
  await takeOut(13)
  await expect(rows(studio)).toContainText([/seed 14/])
  await expect(dragged).toHaveCount(0)
  // The first Escape is the run's: it stops, or has stopped and the next has begun.
  await page.keyboard.press('Escape')
  await expect(async () => {
    if ((await rows(studio).count()) > 0)
      await expect(studio.get('stop')).toContainText('Stopping', { timeout: 100 })
  }).toPass()
  await page.mouse.up()
})

test('a run goes on while another document is opened, and its picture stays with its own', async ({
  page,
  studio,
}) => {
  const release = await begin(page, studio)
  await page.getByRole('button', { name: 'New', exact: true }).click()
  await expect(studio.get('drop-zone')).toBeVisible()
  await studio.setBackground(background(400, 300, 'other.png'))
  release()
  await studio.expectToast(/A picture of another document is done/)
  await expect(studio.get('result-accept')).toHaveCount(0)
  await expect(results(page)).toHaveCount(1)
  await studio.get('gallery-open').click()
  await page.getByLabel('Of this document').check()
  await expect(studio.get('gallery-card')).toHaveCount(0)
})

test('one placement on two backgrounds: two results side by side, the document as it was', async ({
  page,
  studio,
}) => {
  await studio.open({ tiny: true })
  await studio.setBackground(background(640, 480, 'room.png'))
  await studio.addForeground(ball())
  const before = await studio.document()
  await studio.get('try-several').locator('summary').click()
  const chooser = page.waitForEvent('filechooser')
  await studio.get('try-backgrounds').click()
  await (await chooser).setFiles([background(800, 500, 'wide.png'), background(400, 600, 'tall.png')])
  await studio.expectToast(/2 of 2 pictures are done/)
  await expect(studio.get('result-accept')).toHaveCount(0)
  const after = await studio.document()
  expect([after.background, after.layers]).toEqual([before.background, before.layers])
  await page.getByRole('button', { name: 'Side by side' }).click()
  await expect(studio.get('gallery-large')).toHaveCount(2)
  await expect(studio.get('gallery-large').filter({ hasText: 'wide.png' })).toHaveCount(1)
  await expect(studio.get('gallery-large').filter({ hasText: 'tall.png' })).toHaveCount(1)
  await expect
    .poll(() =>
      studio
        .get('gallery-large')
        .locator('img')
        .evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalHeight).sort()),
    )
    .toEqual([500, 600])
  await page.screenshot({ path: test.info().outputPath('side-by-side.png') })
})
