/** The engine on pages without the studio: the example, and a page of somebody's own below another path. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'

import { DIST } from '../scripts/build.mjs'
import { serve } from '../scripts/server.mjs'
import { ball } from './pictures'
import { expect, RUN_LIMIT, test } from './studio'

/** How many pixels of the shown canvas differ from the sample's photo. */
const changedPixels = (page: Page) =>
  page.evaluate(async () => {
    const canvas = document.querySelector('canvas')
    const shown = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height)
    const photo = await createImageBitmap(await (await fetch('../../samples/meadow.webp')).blob())
    const own = new OffscreenCanvas(photo.width, photo.height).getContext('2d')
    own?.drawImage(photo, 0, 0)
    const before = own?.getImageData(0, 0, photo.width, photo.height)
    if (!shown || !before || shown.width !== before.width) return -1
    let changed = 0
    for (let i = 0; i < before.data.length; i += 4)
      if (Math.abs(before.data[i] - shown.data[i]) > 8) changed++
    return changed
  })

test('the example places a sample, tells its progress and saves it with its recipe', async ({ studio }) => {
  const { page } = studio
  await page.goto('/examples/engine/index.html')
  await page.getByRole('button', { name: 'Fuse' }).click()
  const status = page.getByRole('status')
  await expect(status).toContainText('%')
  await expect(status).toContainText('Done in', { timeout: RUN_LIMIT })
  await expect(page.getByRole('img', { name: 'The fused picture' })).toBeVisible()
  const changed = await changedPixels(page)
  expect(changed).toBeGreaterThan(5000)
  expect(changed).toBeLessThan(500_000)
  const saved = await studio.download(() => page.getByRole('link', { name: 'Save as PNG' }).click())
  expect(saved.toString('latin1')).toContain('meadow-deckchair.webp')
  expect(studio.errors).toEqual([])
})

test('Stop ends it, and what goes wrong says what to do', async ({ studio }) => {
  const { page } = studio
  await page.goto('/examples/engine/index.html')
  await page.getByRole('button', { name: 'Fuse' }).click()
  const status = page.getByRole('status')
  await expect(status).toContainText('%')
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(status).toHaveText('The run was stopped. Run it again.')
  const wrong = { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('these are notes') }
  await page.getByLabel('Cut-out').setInputFiles(wrong)
  await page.getByRole('button', { name: 'Fuse' }).click()
  await expect(status).toContainText('notes.png')
  await expect(page.getByRole('button', { name: 'Fuse' })).toBeEnabled()
})

/** A page of somebody's own on the host: the studio lies below /files/studio/, the page elsewhere. */
const OWN = `import { createEngine } from '/files/studio/engine/engine.js'
const engine = await createEngine({ assets: '/files/studio/', backend: 'cpu' })
const told = []
const sky = new ImageData(160, 120)
sky.data.fill(200)
const made = await engine.place({
  background: sky,
  foregrounds: [{ picture: '/files/own/ball.png', box: { x: 50, y: 50, width: 40, height: 40 } }],
  lights: [{ azimuthDegrees: 120, elevationDegrees: 40 }],
  horizon: { row: 40 },
  fovDegrees: 55,
  onProgress: ({ stage }) => told.push(stage),
})
const again = await engine.again(made.recipe, ['/files/own/ball.png', sky])
const refused = await engine.place({ background: sky, foregrounds: [], seed: -1 }).catch(({ problem }) => problem)
const outside = { picture: '/files/own/ball.png', box: { x: 900, y: 0, width: 9, height: 9 } }
const away = await engine.place({ background: sky, foregrounds: [outside] }).catch(({ problem }) => problem)
const gone = await engine.place({ background: '/files/own/none.png', foregrounds: [] }).catch(({ problem }) => problem)
engine.dispose()
const ended = await engine.again(made.recipe, []).catch(({ problem }) => problem)
const codes = [refused, away, gone, ended].map(({ code }) => code)
const same = again.picture.data.every((value, at) => value === made.picture.data[at])
window.answer = { codes, same, told, seed: made.recipe.seed, names: made.recipe.foregrounds.map(({ asset }) => asset.name), state: engine.state }
`

test('any page of the same host can use the built engine', async ({ page }) => {
  const own = mkdtempSync(join(tmpdir(), 'inlay-own-'))
  writeFileSync(
    join(own, 'index.html'),
    '<!doctype html><title>Own</title><script type="module" src="own.js"></script>',
  )
  writeFileSync(join(own, 'own.js'), OWN)
  writeFileSync(join(own, 'ball.png'), ball().buffer)
  const server = await serve({ dist: DIST, mounts: { studio: DIST, own } })
  try {
    await page.goto(`${server.origin}/files/own/index.html`)
    const answer = await page.waitForFunction(() => (window as { answer?: unknown }).answer, undefined, {
      timeout: RUN_LIMIT,
    })
    expect(await answer.jsonValue()).toMatchObject({
      codes: ['bad-recipe', 'bad-box', 'network', 'cancelled'],
      ...{ same: true, seed: '1', names: ['ball.png'] },
      state: { backend: 'cpu' },
    })
  } finally {
    await server.close()
    rmSync(own, { recursive: true })
  }
})
