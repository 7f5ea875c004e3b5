/** Bad input works or gets a clear error, and nothing is lost. */
import type { BuiltInFamily } from '@/schema/pack'

import { beginSampling, openAlign, sample } from './gallery'
import {
  animatedGif,
  background,
  ball,
  cmykJpeg,
  dusty,
  notAnImage,
  specked,
  transparent,
  truncated,
  zeroSized,
  type PictureFile,
} from './pictures'
import { expect, test, type Studio } from './studio'

const refused: [what: string, file: PictureFile, said: RegExp][] = [
  ['a file that is not an image', notAnImage(), /not.*(picture|image)|cannot be (read|opened)/i],
  ['a picture of 0 by 0 pixels', zeroSized(), /empty|damaged|no pixels|0 ?×|cannot be/i],
]

for (const [what, file, said] of refused)
  test(`${what} is refused, as background and as foreground`, async ({ studio }) => {
    await studio.open()
    await studio.chooseBackground(file)
    await studio.expectToast(said)
    await expect(studio.get('drop-zone')).toBeVisible()

    await studio.setBackground(background())
    await studio.addForeground(ball())
    const before = await studio.document()
    await studio.chooseForeground(file)
    await studio.expectToast(said)
    expect(await studio.document()).toEqual(before)
  })

test('a picture that ends in the middle is opened as far as it goes, and that is said', async ({
  studio,
}) => {
  await studio.open()
  await studio.setBackground(truncated())
  await studio.expectToast(/cut short/i)
})

test('dropping a bad file among good ones keeps the good ones', async ({ page, studio }) => {
  await studio.open()
  await studio.drop(page.getByTestId('drop-zone'), background(), notAnImage(), ball())
  await expect(studio.get('layer-row')).toHaveCount(1)
  await expect(studio.get('toast')).toHaveCount(1)
})

test('a picture 12,000 px wide can be fused into', async ({ studio }) => {
  await studio.open()
  await studio.setBackground(background(12_000, 400, 'wide.png'))
  await studio.addForeground(ball())
  expect((await studio.document()).background).toMatchObject({ width: 12_000, height: 400 })
  await studio.pressFuse()
  await studio.expectResult()
})

test('an animated GIF gives its first frame, and says so', async ({ studio }) => {
  await studio.open()
  await studio.setBackground(animatedGif())
  await studio.expectToast(/first/i)
  expect((await studio.document()).background).toMatchObject({ width: 64, height: 48 })
})

test('a CMYK JPEG works', async ({ studio }) => {
  await studio.open()
  await studio.setBackground(cmykJpeg(256, 192))
  await studio.addForeground(ball())
  await studio.pressFuse()
  await studio.expectResult()
})

test('a box outside the picture: Fuse waits and says what to do', async ({ page, studio }) => {
  await studio.open()
  await studio.setBackground(background())
  await studio.addForeground(ball())
  const left = page.getByRole('spinbutton', { name: /Left edge/ })
  await left.fill('5000')
  await left.press('Enter')
  await expect(studio.get('fuse')).toBeDisabled()
  await expect(page.getByText(/outside/)).toBeVisible()
  await page.keyboard.press('f')
  await expect(studio.get('stop')).toHaveCount(0)

  await studio.get('undo').click()
  await studio.pressFuse()
  await studio.expectResult()
})

test('a box that is partly outside works', async ({ page, studio }) => {
  await studio.open()
  await studio.setBackground(background())
  await studio.addForeground(ball())
  const left = page.getByRole('spinbutton', { name: /Left edge/ })
  await left.fill('-40')
  await left.press('Enter')
  await studio.pressFuse()
  await studio.expectResult()
})

test('a fully transparent foreground is refused', async ({ studio }) => {
  await studio.open()
  await studio.setBackground(background())
  await studio.chooseForeground(transparent())
  await studio.expectToast(/transparent/i)
  await expect(studio.get('layer-row')).toHaveCount(0)
})

const manifests: [what: string, text: string][] = [
  ['cut off', '{ "schema": 1, "name": "Inl'],
  ['of another shape', '{ "schema": 1, "name": 5, "shards": "none" }'],
  ['a web page', '<!doctype html><title>Not found</title>'],
]

const SHAPES = /shapes of the objects could not be told/

for (const [what, text] of manifests)
  test(`a built-in model’s manifest that is ${what}: said, worked without, and read once it is whole`, async ({
    studio,
  }) => {
    let broken = true
    await studio.changeModel('geometry', (file, bytes) =>
      broken && file === 'manifest.json' ? Buffer.from(text) : bytes,
    )
    await studio.open()
    await studio.setBackground(background())
    await studio.addForeground(ball())
    await studio.pressFuse()
    await studio.expectResult()
    await studio.expectToast(SHAPES)

    broken = false
    await studio.get('result-discard').click()
    await expect(studio.get('toast')).toHaveCount(0, { timeout: 30_000 })
    await studio.pressFuse()
    await studio.expectResult()
    await expect(studio.get('toast').filter({ hasText: SHAPES })).toHaveCount(0)
  })

/** Changes the last byte of a model's weights, until told otherwise. */
async function damageWeights(studio: Studio, family: BuiltInFamily): Promise<() => void> {
  let broken = true
  await studio.changeModel(family, (file, bytes) => {
    if (!broken || !file.endsWith('.safetensors')) return bytes
    const changed = Buffer.from(bytes)
    changed[changed.length - 1] ^= 1
    return changed
  })
  return () => (broken = false)
}

test('weights whose hash is wrong are not run: the light stays as it is set', async ({ studio }) => {
  const mend = await damageWeights(studio, 'scene')
  await studio.open()
  await studio.setBackground(background())
  await studio.addForeground(ball())
  const before = await studio.document()
  await studio.pressFuse()
  await studio.expectToast(/light could not be read.*(weights|damaged|hash|complete)/i)
  await studio.expectResult()
  expect((await studio.document()).scene).toEqual(before.scene)

  mend()
  await studio.get('result-discard').click()
  await studio.pressFuse()
  await studio.expectResult()
  expect((await studio.document()).scene.camera).not.toEqual(before.scene.camera)
})

test('weights whose hash is wrong are not run: Align says so and works once they are whole', async ({
  studio,
}) => {
  const mend = await damageWeights(studio, 'painter')
  await openAlign(studio, 'a red mug', 2)
  await beginSampling(studio, 1)
  await studio.expectToast(/weights|damaged|hash/i)
  await expect(studio.get('candidate')).toHaveCount(0)
  mend()
  await sample(studio, 1)
})

test('drops back to back are opened one after the other', async ({ page, studio }) => {
  await studio.open()
  const body = page.locator('body')
  // Three drops at once: the second and the third are opaque and ask.
  await studio.drop(body, background())
  await studio.drop(body, background(90, 60, 'first.png'))
  await studio.drop(body, ball(48, 'second.png'), notAnImage(), background(80, 50, 'third.png'))
  await expect(studio.get('cutout-dialog')).toContainText('first.png')
  // And one more while a dialog waits for an answer.
  await studio.drop(body, ball(40, 'fourth.png'))
  await studio.get('cutout-keep').check()
  await studio.get('cutout-use').click()
  await expect(studio.get('cutout-dialog')).toContainText('third.png')
  await page.keyboard.press('Escape')
  await expect(studio.get('layer-row')).toHaveCount(3)
  expect((await studio.document()).layers.map(({ name }) => name)).toEqual([
    'first.png',
    'second.png',
    'fourth.png',
  ])
  await studio.expectToast(/letter\.png/)
  await expect(page.getByText('Opening …')).toHaveCount(0)
  await studio.addForeground(ball(32, 'fifth.png'))
})

test('a file that once hung the studio is refused at once, and the next is opened', async ({
  studio,
  page,
}) => {
  await studio.open()
  const hostile = { name: 'comments.png', mimeType: 'image/png', buffer: Buffer.from('<!---->'.repeat(146)) }
  await studio.drop(page.getByTestId('drop-zone'), hostile, background())
  await studio.expectToast(/comments\.png/)
  await expect(studio.get('canvas')).toBeVisible()
})

test('a drop during a fuse is taken: the run has its recipe already', async ({ page, studio }) => {
  await studio.open()
  // Large enough for the run to last until the drop.
  await studio.setBackground(background(2000, 1500))
  await studio.addForeground(ball(700))
  await studio.pressFuse()
  await studio.drop(page.locator('body'), ball(40, 'late.png'))
  await expect(studio.get('layer-row')).toHaveCount(2)
  await studio.get('stop').click()
  await expect(studio.get('fuse')).toBeVisible()
})

test('dust beside a cut-out does not make its box larger, is shown, and goes with one click', async ({
  page,
  studio,
}) => {
  await studio.open()
  await studio.setBackground(background())
  await studio.addForeground(dusty())
  const [layer] = (await studio.document()).layers
  if (layer.kind !== 'foreground') throw new Error('no foreground')
  // The ball is square; with its dust it would be three times as wide.
  expect(layer.box.width / layer.box.height).toBeCloseTo(1, 1)
  await expect(studio.get('dust-note')).toContainText('1 speck')
  await page.screenshot({ path: test.info().outputPath('dust.png') })
  await studio.get('remove-dust').click()
  await expect(studio.get('dust-note')).toHaveCount(0)
  const [clean] = (await studio.document()).layers
  expect(clean).toMatchObject({ box: layer.box })
  expect(clean).not.toMatchObject({ asset: { hash: layer.asset.hash } })
  await studio.get('undo').click()
  await expect(studio.get('dust-note')).toBeVisible()
})

test('a transparent background is shown as such', async ({ page, studio }) => {
  await studio.open()
  await studio.setBackground(ball(240, 'see-through.png'))
  await expect(page.getByText('transparent', { exact: false }).first()).toBeVisible()
  await page.screenshot({ path: test.info().outputPath('see-through.png') })
})

test('specks that a cut-out leaves are shown in its dialog, and go with one click', async ({
  page,
  studio,
}) => {
  await studio.open()
  await studio.setBackground(background())
  await studio.drop(page.locator('body'), specked())
  await studio.get('cutout-corner').check()
  await expect(studio.get('cutout-clean')).toContainText('Remove 3 specks')
  await page.screenshot({ path: test.info().outputPath('specks.png') })
  await studio.get('cutout-clean').click()
  await expect(studio.get('cutout-clean')).toContainText('Specks are removed')
  await studio.get('cutout-use').click()
  await expect(studio.get('layer-row')).toHaveCount(1)
  await expect(studio.get('dust-note')).toHaveCount(0)
})
