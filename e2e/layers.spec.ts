/** How layers are mixed: on the canvas, in the file, and made one with the background. */
import { decodePng } from '@/assets/png'
import type { Raster } from '@/base/geometry'

import { background, ball } from './pictures'
import { expect, RUN_LIMIT, test } from './studio'

test.describe.configure({ timeout: 2 * RUN_LIMIT })

const decoded = (file: Buffer): Promise<Raster> => decodePng(new Uint8Array(file))
const colourAt = ({ data, width }: Raster, x: number, y: number): number[] => {
  const at = (Math.round(y) * width + Math.round(x)) * 4
  return [...data.subarray(at, at + 3)]
}
const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - b[at])), 0)

test('by hand: unlit, blended, locked, alone, merged', async ({ page, studio }) => {
  await studio.open({ tiny: true })
  await studio.setBackground(background(640, 480))
  await studio.addForeground(ball())
  await studio.lightByHand()
  const lit = await decoded(await studio.download(() => studio.get('download').click()))
  await studio.get('effects-eye').click()
  const unlit = await decoded(await studio.download(() => studio.get('download').click()))
  // Where no light is drawn the whole picture is the layers'.
  await studio.get('place-model').getByText('DreamFuse').click()
  await expect(studio.get('effects-row')).toHaveCount(0)
  const pasted = await decoded(await studio.download(() => studio.get('download').click()))
  expect(farthest(unlit.data, pasted.data)).toBe(0)
  expect(farthest(lit.data, pasted.data)).toBeGreaterThan(20)
  await studio.get('layer-blend').selectOption('luminosity')
  await studio.get('layer-opacity').fill('0.7')
  const [{ box }] = (await studio.document()).layers.filter((layer) => layer.kind === 'foreground')
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  const mixed = await decoded(await studio.download(() => studio.get('download').click()))
  const seen = await decoded(await page.screenshot({ path: test.info().outputPath('blended.png') }))
  const { x, y } = await studio.onScreen(middle)
  expect(farthest(colourAt(seen, x, y), colourAt(mixed, middle.x, middle.y))).toBeLessThanOrEqual(3)
  const plain = await decoded(background(640, 480).buffer)
  expect(farthest(colourAt(mixed, middle.x, middle.y), colourAt(plain, middle.x, middle.y))).toBeGreaterThan(
    9,
  )

  await studio.get('canvas').focus()
  await page.keyboard.press('k')
  await page.keyboard.press('Delete')
  await studio.expectToast(/is locked/)
  await expect(studio.get('layer-row')).toHaveCount(1)
  await page.screenshot({ path: test.info().outputPath('locked.png') })
  await page.keyboard.press('k')

  await studio.addForeground(ball(64, 'second.png'))
  await page.getByRole('button', { name: 'Hide second.png' }).click({ modifiers: ['Alt'] })
  await expect(page.getByRole('button', { name: 'Show ball.png' })).toBeVisible()
  await page.keyboard.press('i')
  await expect(page.getByRole('button', { name: 'Hide ball.png' })).toBeVisible()

  const before = await decoded(await studio.download(() => studio.get('download').click()))
  await studio.get('canvas').focus()
  await page.keyboard.press('Control+e')
  await expect(studio.get('layer-row')).toHaveCount(0)
  const merged = await decoded(await studio.download(() => studio.get('download').click()))
  expect(farthest(merged.data, before.data)).toBe(0)
  await studio.get('undo').click()
  await expect(studio.get('layer-row')).toHaveCount(2)
})
