/** Bad input works or gets a clear error, and nothing is lost. */
import {
  animatedGif,
  background,
  ball,
  cmykJpeg,
  notAnImage,
  transparent,
  truncated,
  zeroSized,
  type PictureFile,
} from './pictures'
import { expect, test, TINY_MODEL } from './studio'

const refused: [what: string, file: PictureFile, said: RegExp][] = [
  ['a file that is not an image', notAnImage(), /not.*(picture|image)|cannot be (read|opened)/i],
  ['a picture of 0 by 0 pixels', zeroSized(), /empty|damaged|no pixels|0 ?×|cannot be/i],
  ['a picture that ends in the middle', truncated(), /ends too early/i],
]

for (const [what, file, said] of refused)
  test(`${what} is refused, as background and as foreground`, async ({ studio }) => {
    await studio.openTiny()
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

test('dropping a bad file among good ones keeps the good ones', async ({ page, studio }) => {
  await studio.openTiny()
  await studio.drop(page.getByTestId('drop-zone'), background(), notAnImage(), ball())
  await expect(studio.get('layer-row')).toHaveCount(1)
  await expect(studio.get('toast')).toHaveCount(1)
})

test('a picture 12,000 px wide can be fused into', async ({ studio }) => {
  await studio.openTiny({ steps: 1 })
  await studio.setBackground(background(12_000, 400, 'wide.png'))
  await studio.addForeground(ball())
  expect((await studio.document()).background).toMatchObject({ width: 12_000, height: 400 })
  await studio.pressFuse()
  await studio.expectResult()
})

test('an animated GIF gives its first frame, and says so', async ({ studio }) => {
  await studio.openTiny()
  await studio.setBackground(animatedGif())
  await studio.expectToast(/first/i)
  expect((await studio.document()).background).toMatchObject({ width: 64, height: 48 })
})

test('a CMYK JPEG works', async ({ studio }) => {
  await studio.openTiny({ steps: 1 })
  await studio.setBackground(cmykJpeg(256, 192))
  await studio.addForeground(ball())
  await studio.pressFuse()
  await studio.expectResult()
})

test('a box outside the picture: Fuse waits and says what to do', async ({ page, studio }) => {
  await studio.openTiny({ steps: 1 })
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
  await studio.openTiny({ steps: 1 })
  await studio.setBackground(background())
  await studio.addForeground(ball())
  const left = page.getByRole('spinbutton', { name: /Left edge/ })
  await left.fill('-40')
  await left.press('Enter')
  await studio.pressFuse()
  await studio.expectResult()
})

test('a fully transparent foreground is refused', async ({ studio }) => {
  await studio.openTiny()
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

for (const [what, text] of manifests)
  test(`a manifest that is ${what}: the studio says so, keeps the work, and can try again`, async ({
    page,
    studio,
  }) => {
    let broken = true
    await studio.serveTinyModel((file, bytes) =>
      broken && file === 'manifest.json' ? Buffer.from(text) : bytes,
    )
    await studio.open({ model: TINY_MODEL, steps: 1 })
    await studio.setBackground(background())
    await studio.addForeground(ball())
    await expect(
      page
        .getByRole('alert')
        .filter({ hasText: /model|manifest/i })
        .first(),
    ).toBeVisible()
    await expect(studio.get('fuse')).toBeDisabled()

    broken = false
    await page.getByRole('button', { name: 'Start it again' }).click()
    await studio.pressFuse()
    await studio.expectResult()
  })

test('weights whose hash is wrong are not run', async ({ studio }) => {
  let broken = true
  await studio.serveTinyModel((file, bytes) => {
    if (!broken || !file.endsWith('.safetensors')) return bytes
    const changed = Buffer.from(bytes)
    changed[changed.length - 1] ^= 1
    return changed
  })
  await studio.open({ model: TINY_MODEL, steps: 1 })
  await studio.setBackground(background())
  await studio.addForeground(ball())
  const before = await studio.document()
  await studio.pressFuse()
  await studio.expectToast(/weights|model|damaged|hash/i)
  await expect(studio.get('result-accept')).toHaveCount(0)
  expect(await studio.document()).toEqual(before)

  broken = false
  await studio.pressFuse()
  await studio.expectResult()
})
