/** Opaque photos are cut out: the main object by itself, then corrected by hand; without the network in the other ways. */
import type { Locator } from '@playwright/test'

import { background, still, type PictureFile } from './pictures'
import { expect, test, type Studio } from './studio'
import { bicycle, blueFinder, filesOf } from './tinyModels'

/** A cut takes seconds on two cores that are not busy. */
const PATIENT = { timeout: 60_000 }

/** How opaque the cut-out shown in the dialog is at a place of the picture of 400 x 300; -1 while none is shown. */
const alphaAt = (studio: Studio, x: number, y: number): Promise<number> =>
  studio.page
    .getByRole('img', { name: 'The cut-out on a checkerboard' })
    .evaluateAll(
      ([canvas]: HTMLCanvasElement[], [u, v]) =>
        canvas?.getContext('2d')?.getImageData(u * canvas.width, v * canvas.height, 1, 1).data[3] ?? -1,
      [x / 400, y / 300],
    )

/** A place of the picture on the screen. */
async function placeOf(layer: Locator, x: number, y: number): Promise<[number, number]> {
  const box = await layer.boundingBox()
  if (!box) throw new Error('the picture is not shown')
  return [box.x + (x / 400) * box.width, box.y + (y / 300) * box.height]
}

async function stroke(studio: Studio, ...points: [x: number, y: number][]) {
  const layer = studio.get('stroke-layer')
  const { mouse } = studio.page
  for (const [i, point] of points.entries()) {
    await mouse.move(...(await placeOf(layer, ...point)), { steps: 4 })
    if (i === 0) await mouse.down()
  }
  await mouse.up()
}

test('the main object of an opaque photo is cut out by itself, and strokes take away and add', async ({
  studio,
  page,
}) => {
  await studio.open()
  await studio.setBackground(background())
  await studio.drop(page.locator('body'), still())
  await expect(studio.get('cutout-use')).toBeEnabled(PATIENT)
  await expect.poll(() => alphaAt(studio, 180, 150), PATIENT).toBe(255)
  expect(await alphaAt(studio, 20, 20)).toBe(0)
  await page.screenshot({ path: test.info().outputPath('found.png') })

  // The box beside the ball is left out, then taken in: whatever the network says of it, strokes decide.
  await studio.get('cutout-brush').getByText('Remove').click()
  await stroke(studio, [268, 160], [302, 160], [268, 190], [302, 190], [268, 225], [302, 225])
  await expect.poll(() => alphaAt(studio, 285, 190), PATIENT).toBe(0)
  expect(await alphaAt(studio, 180, 150)).toBe(255)
  await page.keyboard.press('x')
  await stroke(studio, [275, 170], [295, 180], [275, 200], [295, 215])
  await expect.poll(() => alphaAt(studio, 285, 185), PATIENT).toBe(255)
  await page.screenshot({ path: test.info().outputPath('kept.png') })
  await page.keyboard.press('Control+z')
  await expect.poll(() => alphaAt(studio, 285, 185), PATIENT).toBe(0)
  await studio.get('cutout-redo').click()
  await expect.poll(() => alphaAt(studio, 285, 185), PATIENT).toBe(255)
  await studio.get('cutout-undo').click()
  await expect.poll(() => alphaAt(studio, 285, 185), PATIENT).toBe(0)

  await studio.get('cutout-use').click()
  await expect(studio.get('layer-row')).toHaveCount(1)
  await expect(studio.get('cutout-dialog')).toHaveCount(0)
  await page.screenshot({ path: test.info().outputPath('placed.png') })
})

test('without its network the dialog says so and cuts out in the other ways', async ({ studio, page }) => {
  let broken = true
  await studio.changeModel('cutout', (file, bytes) =>
    broken && file === 'manifest.json' ? Buffer.from('{') : bytes,
  )
  await studio.open()
  await studio.setBackground(background())
  await studio.drop(page.locator('body'), still())
  await expect(studio.get('cutout-unfound')).toContainText('could not be found')
  await expect(studio.get('cutout-corner')).toBeChecked()
  await expect(studio.get('cutout-use')).toBeEnabled()

  // Chosen again it is looked for again.
  broken = false
  await studio.get('cutout-object').check()
  await expect(studio.get('cutout-unfound')).toHaveCount(0)
  await expect.poll(() => alphaAt(studio, 180, 150), PATIENT).toBe(255)
  await page.keyboard.press('Escape')
  await expect(studio.get('layer-row')).toHaveCount(0)
})

test('a network that is dropped on the dialog looks instead, is kept, chosen and removed', async ({
  studio,
  page,
}) => {
  test.setTimeout(400_000)
  await studio.open()
  await studio.setBackground(background())
  await studio.drop(page.locator('body'), still())
  await expect(studio.get('cutout-use')).toBeEnabled(PATIENT)
  await expect.poll(() => alphaAt(studio, 180, 150), PATIENT).toBe(255)
  const cutter = studio.get('cutout-cutter')
  await expect(cutter).toHaveValue('')

  await studio.drop(studio.get('cutout-dialog'), ...filesOf(blueFinder()))
  await expect(cutter.locator('option:checked')).toHaveText(
    /^blue-finder, \d+ B$|^blue-finder, .*kB$/,
    PATIENT,
  )
  await expect.poll(() => alphaAt(studio, 285, 190), PATIENT).toBe(255)
  expect(await alphaAt(studio, 180, 150)).toBe(0)
  await page.screenshot({ path: test.info().outputPath('theirs.png') })
  await cutter.selectOption({ label: 'The built-in network' })
  await expect.poll(() => alphaAt(studio, 180, 150), PATIENT).toBe(255)
  await cutter.selectOption({ index: 1 })
  await expect.poll(() => alphaAt(studio, 180, 150), PATIENT).toBe(0)
  await studio.get('cutout-use').click()
  await expect(studio.get('layer-row')).toHaveCount(1)

  await studio.open()
  await studio.drop(page.locator('body'), still('another.png'))
  await expect(cutter.locator('option:checked')).toHaveText(/^blue-finder/)
  await page.keyboard.press('Escape')
  await studio.get('models-open').click()
  await expect(studio.get('model-row')).toContainText('blue-finder')
  await page.getByRole('button', { name: 'Remove blue-finder' }).click()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect(studio.get('model-row')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await studio.drop(page.locator('body'), still('third.png'))
  await expect(cutter).toHaveValue('')
})

test('a network that cannot run is said, and the built-in one looks; what is none is refused', async ({
  studio,
  page,
}) => {
  await studio.open()
  await studio.setBackground(background())
  await studio.drop(page.locator('body'), still())
  await expect(studio.get('cutout-use')).toBeEnabled(PATIENT)
  await studio.drop(studio.get('cutout-dialog'), ...filesOf(bicycle()))
  await expect(studio.get('cutout-refusal')).toContainText(
    /“bicycle” cannot be used.*operator Bicycle/,
    PATIENT,
  )
  await expect(studio.get('cutout-cutter')).toHaveValue('')
  await expect.poll(() => alphaAt(studio, 180, 150), PATIENT).toBe(255)
  await page.screenshot({ path: test.info().outputPath('refused.png') })

  const page404: PictureFile = {
    name: 'u2netp.onnx',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from('<html>Not found</html>'),
  }
  await studio.drop(studio.get('cutout-dialog'), page404)
  await expect(page.getByText('“u2netp.onnx” is no ONNX model')).toBeVisible()
  await studio.get('cutout-use').click()
  await expect(studio.get('layer-row')).toHaveCount(1)
})
