/**
 * The main screens as they were looked at and found good: small grey pictures of them in `looks/`. What moves, grows or loses its
 * colour differs by far more than fonts and machines do. After a change that is wanted, `INLAY_LOOKS=keep npx playwright test
 * looks` writes them anew; look at the screens first.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { decodePng, encodePng } from '@/assets/png'
import { resizeRaster } from '@/assets/resample'
import type { Raster } from '@/base/geometry'

import { expect, test, type Studio } from './studio'

const FOLDER = fileURLToPath(new URL('./looks/', import.meta.url))
/** Css pixels to one of a look. */
const COARSE = 10
/** Two looks are alike where no more than this share of their pixels differs by more than so many levels. */
const MOST_OTHER = 0.02
const OTHER = 20

const SIZES = { wide: [1440, 900], tablet: [1024, 768], phone: [390, 844] } as const
const SCREENS: Record<string, (studio: Studio) => Promise<void>> = {
  start: async () => undefined,
  settings: (studio) => openDialog(studio, 'settings-open'),
  models: (studio) => openDialog(studio, 'models-open'),
  documents: (studio) => openDialog(studio, 'documents-open'),
  compose: (studio) => openMode(studio, 'compose'),
  align: (studio) => openMode(studio, 'align'),
  mix: (studio) => openMode(studio, 'mix'),
  place: async (studio) => {
    await openMode(studio, 'place')
    await studio.get('sample-card').first().click()
    await expect(studio.get('canvas')).toBeVisible()
  },
}

async function openDialog({ page }: Studio, button: string) {
  await page.getByTestId(button).click()
  await expect(page.getByRole('dialog')).toBeVisible()
}

/** On phones the modes are in a panel that opens over the page. */
async function openMode({ page }: Studio, mode: string) {
  const button = page.getByTestId(`mode-${mode}`)
  const tab = page.locator('.panel-tabs button').first()
  const folded = !(await button.isVisible())
  if (folded) await tab.click()
  await button.click()
  if (folded) await tab.click()
}

async function lookOf({ page }: Studio): Promise<Raster> {
  const shot = await decodePng(
    new Uint8Array(await page.screenshot({ animations: 'disabled', caret: 'hide' })),
  )
  const small = resizeRaster(shot, Math.round(shot.width / COARSE), Math.round(shot.height / COARSE))
  for (let at = 0; at < small.data.length; at += 4) {
    const [r, g, b] = small.data.subarray(at, at + 3)
    small.data.fill(0.299 * r + 0.587 * g + 0.114 * b, at, at + 3)
  }
  return small
}

/** How it looks once nothing moves any more. */
async function settledLookOf(studio: Studio): Promise<Raster> {
  let last = await lookOf(studio)
  for (let still = 0; still < 3;) {
    await studio.page.waitForTimeout(400)
    const look = await lookOf(studio)
    still = otherness(look, last) === 0 ? still + 1 : 0
    last = look
  }
  return last
}

/** The share of pixels that are other; 1 where the sizes are. */
function otherness(one: Raster, two: Raster): number {
  if (one.width !== two.width || one.height !== two.height) return 1
  let other = 0
  for (let at = 0; at < one.data.length; at += 4)
    other += Number(Math.abs(one.data[at] - two.data[at]) > OTHER)
  return (4 * other) / one.data.length
}

for (const [size, [width, height]] of Object.entries(SIZES))
  for (const theme of ['light', 'dark'] as const)
    test.describe(`${size}, ${theme}`, () => {
      test.use({ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' })

      test(`every screen looks as it did: ${size}, ${theme}`, async ({ studio }) => {
        await studio.open({ tiny: true })
        for (const [name, show] of Object.entries(SCREENS)) {
          await show(studio)
          const file = `${FOLDER}${name}-${size}-${theme}.png`
          if (process.env.INLAY_LOOKS === 'keep') {
            mkdirSync(FOLDER, { recursive: true })
            writeFileSync(file, await encodePng(await settledLookOf(studio)))
          }
          expect(existsSync(file), file).toBe(true)
          const kept = await decodePng(new Uint8Array(readFileSync(file)))
          await expect
            .poll(async () => otherness(await lookOf(studio), kept), { message: name })
            .toBeLessThan(MOST_OTHER)
          await studio.page.keyboard.press('Escape')
        }
      })
    })
