/** Align on its built-in model: from a prompt to an accepted target and a pair for training, on `cpu`. */
import AxeBuilder from '@axe-core/playwright'
import { decode } from 'fast-png'
import type { Page } from '@playwright/test'

import type { AlignPart } from '@/schema/modes/align'

import { decodePair } from '@/weights/preferences/preferences'
import { openPreferences } from '@/weights/preferences/preferencesArchive'

import { beginSampling, idle, openAlign, sample } from './gallery'
import { background } from './pictures'
import { expect, RUN_LIMIT, test, type Studio } from './studio'

test.describe.configure({ timeout: 3 * RUN_LIMIT })

const partOf = async (studio: Studio): Promise<AlignPart> => (await studio.document()).align

/** How many pixels of the region's overlay over the reference are clear. */
const clearCells = (page: Page): Promise<number> =>
  page
    .getByTestId('align-reference')
    .locator('canvas.align-mask')
    .evaluate((canvas: HTMLCanvasElement) => {
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? []
      let clear = 0
      for (let i = 3; i < data.length; i += 4) if (data[i] === 0) clear++
      return clear
    })

test('prompt, gallery, words, target, steps, accept, undo, and the recipe back from the PNG', async ({
  page,
  studio,
}) => {
  await openAlign(studio, 'the ball above the house')
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await sample(studio, 4)
  const sampled = await partOf(studio)
  const scores = sampled.candidates.map(({ score }) => score ?? Number.NaN)
  expect(scores.every(Number.isFinite)).toBe(true)
  const scoreOf = (id: string | null) => sampled.candidates.find((one) => one.id === id)?.score
  expect(scoreOf(sampled.reference)).toBe(Math.max(...scores))
  expect(scoreOf(sampled.base)).toBe(Math.min(...scores))

  // All of one sampling is one step back.
  await studio.get('undo').click()
  await expect(studio.get('candidate')).toHaveCount(0)
  await studio.get('redo').click()
  await expect(studio.get('candidate')).toHaveCount(4)

  // The region follows the threshold before anything has run.
  await studio.get('word').filter({ hasText: 'ball' }).click()
  await expect(studio.get('word-row')).toHaveCount(1)
  const suggested = await clearCells(page)
  expect(suggested).toBeGreaterThan(0)
  await studio.get('threshold').fill('0')
  expect(await clearCells(page)).toBeGreaterThan(suggested)
  await studio.get('threshold-auto').click()
  expect(await clearCells(page)).toBe(suggested)

  await studio.pressFuse()
  await expect(studio.get('align-verdict')).toContainText(/dopted/, { timeout: RUN_LIMIT })
  await expect(studio.get('align-target').getByRole('img')).toBeVisible()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])

  // Step by step: the last one was fused, the first one was not.
  const target = studio.get('align-target')
  await studio.get('align-step').fill('3')
  await expect(target.locator('canvas.align-mask')).toHaveCount(1)
  await studio.get('align-step').fill('0')
  await expect(target.locator('canvas.align-mask')).toHaveCount(0)

  const file = await studio.download(() => studio.get('result-download').click())
  expect(decode(file)).toMatchObject({ width: 64, height: 64 })

  await studio.get('keep-pair').first().click()
  await expect(studio.get('pair-row')).toHaveCount(1, { timeout: 30_000 })

  // The archive goes out, reads back here, and brings the pair back once it was removed.
  await page.evaluate(() => Reflect.deleteProperty(window, 'showSaveFilePicker'))
  const zip = await studio.download(() => studio.get('export-pairs').click())
  const archive = await openPreferences(new Blob([new Uint8Array(zip)]))
  expect(archive.pairs).toHaveLength(1)
  const [pair] = archive.pairs
  expect(pair.recipe.prompt).toBe('the ball above the house')
  const { winner, loser, masks } = decodePair(await archive.tensors(pair), pair)
  expect(winner.latents).toHaveLength(5 * 16 * 16 * 16)
  expect(winner.latents).not.toEqual(loser.latents)
  expect(masks.some((cell) => cell === 1)).toBe(true)
  const row = studio.get('pair-row')
  await row.getByRole('button', { name: /Remove the pair/ }).click()
  await row.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(studio.get('pair-row')).toHaveCount(0)
  await studio.drop(page.locator('body'), { name: 'pairs.zip', mimeType: 'application/zip', buffer: zip })
  await expect(studio.get('pair-row')).toHaveCount(1, { timeout: 30_000 })

  await studio.get('result-background').click()
  expect(await studio.document()).toMatchObject({ mode: 'place', background: { width: 64, height: 64 } })
  await studio.get('undo').click()
  expect(await studio.document()).toMatchObject({ mode: 'align', background: null })

  await studio.get('candidates-clear').click()
  await studio.get('prompt').fill('a tree floating')
  await studio.drop(page.locator('body'), { name: 'target.png', mimeType: 'image/png', buffer: file })
  await studio.get('recipe-restore').click()
  await expect(studio.get('prompt')).toHaveValue('the ball above the house')
  const restored = await partOf(studio)
  expect(restored.words).toHaveLength(1)
  expect(restored.candidates.map(({ start }) => start)).toEqual(
    expect.arrayContaining(
      sampled.candidates
        .filter(({ id }) => id === sampled.base || id === sampled.reference)
        .map(({ start }) => start),
    ),
  )
  await studio.get('sample-again').click()
  await idle(studio)
  expect((await partOf(studio)).candidates.every(({ asset }) => asset !== null)).toBe(true)
})

test('by keyboard: roles by R and B, Stop keeps the pictures that are there', async ({ page, studio }) => {
  await openAlign(studio, 'a red and metallic mug', 10)
  await beginSampling(studio, 32)
  await expect(studio.get('candidate').nth(1)).toBeVisible({ timeout: RUN_LIMIT })
  expect(await studio.stopAndMeasure()).toBeLessThan(15_000)
  const { candidates } = await partOf(studio)
  expect(candidates.length).toBeGreaterThan(1)
  expect(candidates.length).toBeLessThan(32)

  const [first, second] = [0, 1].map((index) =>
    studio.get('candidate').nth(index).getByRole('button').first(),
  )
  await first.focus()
  await page.keyboard.press('b')
  await second.focus()
  await page.keyboard.press('r')
  await expect(first).toHaveAccessibleName(/base/)
  await expect(second).toHaveAccessibleName(/reference/)

  await studio.get('word').filter({ hasText: 'mug' }).click()
  await studio.pressFuse()
  await studio.expectSteps()
  await page.keyboard.press('Escape')
  await idle(studio)
  await studio.expectToast(/Nothing was changed/)
  await expect(studio.get('align-verdict')).toHaveCount(0)
})

test('own pictures become base or reference, and say how well they come back', async ({ studio }) => {
  await openAlign(studio, 'a tree floating')
  await sample(studio, 1)
  await studio.drop(studio.page.locator('body'), background(96, 96, 'mine.png'))
  await expect(studio.get('reconstruction')).toContainText(/mine\.png .*% off/s, { timeout: RUN_LIMIT })
  await idle(studio)
  const own = (await partOf(studio)).candidates.find(({ start }) => start.kind === 'picture')
  expect(own).toMatchObject({ start: { asset: { width: 96, height: 96 } }, asset: { width: 64, height: 64 } })
  await studio.get('word').filter({ hasText: 'tree' }).click()
  await studio.pressFuse()
  await expect(studio.get('align-verdict')).toBeVisible({ timeout: RUN_LIMIT })
})

test('every pair of the gallery, one result each', async ({ studio }) => {
  await openAlign(studio, 'the ball above the house', 2)
  await sample(studio, 4)
  await studio.get('word').filter({ hasText: 'ball' }).click()
  await studio.get('make-pairs').click()
  // Looked at with every frame: a pair of two steps is soon over.
  await studio.page.waitForFunction(() =>
    document.querySelector('[data-testid=progress]')?.textContent?.includes('Pair 1 of 2'),
  )
  await idle(studio)
  await studio.expectToast(/2 of 2 pairs/)
  await expect(studio.page.locator('.result')).toHaveCount(2)
})
