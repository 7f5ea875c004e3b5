/** Pictures in formats that drop what is hardly seen, and in one that keeps more than the studio shows. */
import { decodePng, encodePng } from '@/assets/png'
import { decodePngDeep } from '@/assets/pngDecode'

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

/** A sky whose shades lie between those of 8 bits. */
async function deepSky(width: number, height: number) {
  const data = Uint16Array.from({ length: width * height * 4 }, (_, i) => {
    const [x, y] = [(i >> 2) % width, Math.floor((i >> 2) / width)]
    return i % 4 === 3 ? 65535 : 20000 + y * 37 + x * 11 + (i % 4) * 5000
  })
  const buffer = Buffer.from(await encodePng({ width, height, data }))
  return { data, file: { name: 'sky16.png', mimeType: 'image/png', buffer } }
}

test('by hand: a background of 16 bits keeps them in the PNG, where nothing lies over it', async ({
  page,
  studio,
}) => {
  await studio.open({ tiny: true })
  const [width, height] = [320, 240]
  const sky = await deepSky(width, height)
  await studio.setBackground(sky.file)
  await expect(studio.get('toast').filter({ hasText: 'keeps its 16' })).toBeVisible()
  await studio.addForeground(ball())
  await studio.get('place-model').getByText('DreamFuse').click()
  await studio.expectSaved()
  // What is stored has them, not what was dropped.
  await page.reload()
  await expect(studio.get('canvas')).toBeVisible()
  const plain = await decodePng(new Uint8Array(await studio.download(() => studio.get('download').click())))
  await studio.get('canvas').focus()
  await page.keyboard.press('Shift+E')
  await studio.get('export-format').getByText('PNG').click()
  await expect(studio.get('export-depth').getByLabel('16')).toBeChecked()
  await page.screenshot({ path: test.info().outputPath('export-16.png') })
  const file = new Uint8Array(await studio.download(() => studio.get('export-save').click()))
  await expect(studio.get('export-dialog')).toHaveCount(0)
  expect(await decodePng(file)).toEqual(plain)
  const deep = await decodePngDeep(file)
  let [kept, changed] = [0, 0]
  for (const [i, value] of deep.data.entries())
    if (plain.data[i] !== Math.round(sky.data[i] / 257)) changed++
    else if (value === sky.data[i]) kept++
  expect(changed).toBeGreaterThan(1000)
  expect(kept + changed).toBe(width * height * 4)

  // Merged into the background, what lies over it takes nothing of them away.
  await page.getByRole('button', { name: 'Merge into the background' }).click()
  await expect(studio.get('layer-row')).toHaveCount(0)
  await studio.get('canvas').focus()
  await page.keyboard.press('Shift+E')
  await expect(studio.get('export-depth').getByLabel('16')).toBeChecked()
  const merged = new Uint8Array(await studio.download(() => studio.get('export-save').click()))
  expect((await decodePngDeep(merged)).data).toEqual(deep.data)

  // Another background has none to keep.
  await studio.setBackground(background(), () => studio.get('open-background').first().click())
  await studio.get('canvas').focus()
  await page.keyboard.press('Shift+E')
  await expect(studio.get('export-dialog')).toContainText('Files hold 8 bits a channel')
  await expect(studio.get('export-depth')).toHaveCount(0)
})
