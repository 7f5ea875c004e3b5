/** Place on FLUX.2 [klein] that somebody brings: three pictures at once, what changed, kept over a reload. */
import { decode } from 'fast-png'

import { importSet, PATIENCE, shrink } from './modelHelpers'
import { background, ball } from './pictures'
import { expect, test, type Studio } from './studio'
import { kleinSet } from './tinyModels'

const room = background()
const before = decode(room.buffer)

/** The box of what was changed of the background in the staged result; null: nothing was. */
async function changedBox(studio: Studio): Promise<{ left: number; right: number; count: number } | null> {
  const after = decode(await studio.download(() => studio.get('result-download').click()))
  let [left, right, count] = [Infinity, -1, 0]
  for (let pixel = 0; pixel < before.width * before.height; pixel++) {
    const [i, j] = [pixel * before.channels, pixel * after.channels]
    if ([0, 1, 2].every((c) => before.data[i + c] === after.data[j + c])) continue
    left = Math.min(left, pixel % before.width)
    right = Math.max(right, pixel % before.width)
    count++
  }
  return count > 0 ? { left, right, count } : null
}

test('Place on klein: three pictures at once, what changed brushed away, reload, the encoder deleted', async ({
  studio,
}) => {
  test.setTimeout(300_000)
  await studio.open()
  await importSet(studio, kleinSet())
  await studio.setBackground(room)
  await studio.addForeground(ball(40))
  await studio.page.getByRole('radio', { name: 'klein', exact: true }).check()
  await studio.get('klein-instruction').getByText('The built-in instruction').click()
  await expect(studio.get('klein-instruction')).toContainText('Image 2 shows the object alone')
  await expect(studio.get('plan')).toContainText('It fits', { timeout: PATIENCE })
  await studio.get('fuse').click()
  await studio.expectResult(PATIENCE)

  // What tiny weights make is noise: it stays within its zone, and is not taken for the cut-out.
  await expect(studio.page.getByText(/detail lock did nothing/).first()).toBeVisible()
  const { layers } = await studio.document()
  const [{ box }] = layers.filter((layer) => layer.kind === 'foreground')
  const changed = await changedBox(studio)
  const reach = 0.5 * Math.max(box.width, box.height)
  expect(changed?.count).toBeGreaterThan(box.width * box.height)
  expect(changed?.left).toBeGreaterThan(box.x - reach)
  expect(changed?.right).toBeLessThan(box.x + box.width + reach)

  // Each of the three is a result of its own.
  await expect(studio.get('variation')).toHaveCount(3)
  await expect(studio.page.locator('.result')).toHaveCount(3)
  await studio.get('variation').nth(2).click()
  await expect(studio.get('variation').nth(2)).toHaveAttribute('aria-pressed', 'true')
  expect(await changedBox(studio)).not.toBeNull()

  // Brushed away wholly, it is the photo again; the picture without strokes stays among the results.
  await studio.get('result-changes').click()
  await expect(studio.get('brush-size')).toBeVisible()
  await studio.get('brush-size').fill('0.3')
  const y = box.y + box.height / 2
  for (const up of [-0.4, 0, 0.4])
    await studio.drag(
      { x: box.x - 60, y: y + up * box.height },
      { x: box.x + box.width + 60, y: y + up * box.height },
    )
  await studio.page.keyboard.press('Escape')
  await expect(studio.page.locator('.result')).toHaveCount(4)
  await expect(studio.get('variation').nth(2)).toHaveAttribute('aria-pressed', 'true')
  const left = await changedBox(studio)
  expect(left?.count ?? 0).toBeLessThan((changed?.count ?? 0) / 4)

  // Strokes of a session that has ended can be brought back.
  await studio.get('result-changes').click()
  await expect(studio.get('brush-size')).toBeVisible()
  await studio.get('brush-mode').getByText('Bring back').click()
  await studio.drag({ x: box.x - 60, y }, { x: box.x + box.width + 60, y })
  await studio.page.keyboard.press('Escape')
  await expect(studio.page.locator('.result')).toHaveCount(5)
  expect((await changedBox(studio))?.count).toBeGreaterThan((changed?.count ?? 0) / 4)
  await studio.get('result-discard').click()

  await studio.page.reload()
  await expect(studio.get('klein-variations')).toBeVisible()
  await studio.get('models-open').click()
  await expect(studio.get('model-row')).toHaveCount(kleinSet().length)
  await studio.page.getByRole('button', { name: /^Remove Qwen3 text encoder$/ }).click()
  await studio.page.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(studio.get('model-row')).toHaveCount(kleinSet().length - 1)
  await studio.page.keyboard.press('Escape')
  await studio.get('klein-variations').getByText('1').click()
  await studio.get('fuse').click()
  await studio.expectResult(PATIENCE)
  await studio.get('result-discard').click()
  // Words of one's own make another text, which nothing can read any more.
  await studio.get('prompt').fill('a red ball')
  await studio.get('fuse').click()
  await expect(studio.page.getByText('This text needs the text encoder Qwen3-4B').first()).toBeVisible()
  expect(studio.errors).toEqual([])
})

test('klein’s Base is known by its name, told what it needs, and led away from the empty text', async ({
  studio,
}) => {
  test.setTimeout(300_000)
  await studio.open()
  await importSet(studio, kleinSet('flux-2-klein-base-4b.safetensors'))
  await studio.get('models-open').click()
  await expect(studio.get('model-row').filter({ hasText: 'Base' })).toHaveCount(1)
  await studio.page.keyboard.press('Escape')
  await studio.setBackground(room)
  await studio.addForeground(ball(40))
  await studio.page.getByRole('radio', { name: 'klein', exact: true }).check()
  await shrink(studio, 'kleinPlace', { steps: 2, variations: 1, detail: 0 })
  await expect(studio.get('plan')).toContainText('This is Base, which needs about 50 steps', {
    timeout: PATIENCE,
  })
  await studio.get('fuse').click()
  await studio.expectResult(PATIENCE)
  expect(await changedBox(studio)).not.toBeNull()
  // Its own text and the empty one.
  await studio.get('models-open').click()
  await expect(studio.get('kept-texts')).toContainText('2 texts are kept')
  expect(studio.errors).toEqual([])
})

test('a run of three that is stopped keeps the pictures that were sampled', async ({ studio }) => {
  test.setTimeout(300_000)
  await studio.open()
  await importSet(studio, kleinSet())
  await studio.setBackground(room)
  await studio.addForeground(ball(40))
  await studio.page.getByRole('radio', { name: 'klein', exact: true }).check()
  await shrink(studio, 'kleinPlace', { steps: 8, variations: 3 })
  await studio.get('fuse').click()
  await expect(studio.get('progress')).toContainText(/step (?:9|1\d) of 24/, { timeout: PATIENCE })
  await studio.get('stop').click()
  await studio.expectResult(PATIENCE)
  await expect(studio.page.getByText('The pictures that were finished are kept').first()).toBeVisible()
  expect(await studio.page.locator('.result').count()).toBeLessThan(3)
  expect(studio.errors).toEqual([])
})
