/** Pictures in formats that drop what is hardly seen. */
import { decodePng } from '@/assets/png'

import { background, ball } from './pictures'
import { expect, RUN_LIMIT, test, type Studio } from './studio'

test.describe.configure({ timeout: 2 * RUN_LIMIT })

/** What the browser makes of a file: its size, and the mean difference from pixels. */
const seenIn = (studio: Studio, file: Buffer, type: string, pixels: Uint8ClampedArray) =>
  studio.page.evaluate(
    async ([data, kind, expected]) => {
      const bytes = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
      const picture = await createImageBitmap(new Blob([bytes(data)], { type: kind }))
      const { width, height } = picture
      const context = new OffscreenCanvas(width, height).getContext('2d')
      context?.drawImage(picture, 0, 0)
      const got = context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray()
      const wanted = bytes(expected)
      return {
        size: [width, height],
        off: wanted.reduce((sum, value, at) => sum + Math.abs(value - got[at]), 0) / wanted.length,
      }
    },
    [file.toString('base64'), type, Buffer.from(pixels).toString('base64')],
  )

test('by hand: JPEG, WebP and AVIF show the picture, smaller with less quality; a long one is stopped', async ({
  page,
  studio,
}) => {
  await studio.open({ tiny: true })
  await studio.setBackground(background(640, 480))
  await studio.addForeground(ball())
  await studio.get('place-model').getByText('DreamFuse').click()
  const png = await studio.download(() => studio.get('download').click())
  const { data } = await decodePng(new Uint8Array(png))
  const exported = async (label: string, quality: string) => {
    await studio.get('canvas').focus()
    await page.keyboard.press('Shift+E')
    await studio.get('export-format').getByText(label).click()
    await studio.get('export-quality').fill(quality)
    if (label === 'AVIF') await page.screenshot({ path: test.info().outputPath('export.png') })
    const file = await studio.download(() => studio.get('export-save').click())
    await expect(studio.get('export-dialog')).toHaveCount(0)
    return file
  }
  for (const [label, type] of [
    ['JPEG', 'image/jpeg'],
    ['WebP', 'image/webp'],
    ['AVIF', 'image/avif'],
  ] as const) {
    const fine = await exported(label, '0.9')
    const seen = await seenIn(studio, fine, type, data)
    expect(seen.size, label).toEqual([640, 480])
    expect(seen.off, label).toBeLessThan(2)
    const coarse = await exported(label, '0.2')
    expect(coarse.length, label).toBeLessThan(fine.length)
  }

  await studio.expectSaved()
  await page.reload()
  await studio.get('export').click()
  await expect(studio.get('export-format').getByLabel('AVIF')).toBeChecked()
  await expect(studio.get('export-quality')).toHaveValue('0.2')
  await studio.get('export-save').click()
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(studio.get('export-dialog')).toHaveCount(0)
  await expect(studio.get('toast').filter({ hasText: 'could not' })).toHaveCount(0)
})
