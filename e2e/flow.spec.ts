/** The whole way from pictures to a PNG and back, on the built-in model, by mouse and by keyboard. */
import { decode } from 'fast-png'

import { background, ball } from './pictures'
import { downloadPsd, namesOf } from './psd'
import { expect, RUN_LIMIT, test } from './studio'

test.describe.configure({ timeout: 2 * RUN_LIMIT })

test('by mouse: sample, move, fuse, compare, another light, sun, shadow, undo, accept, download, drop back, sun', async ({
  page,
  studio,
}) => {
  await studio.open({ backend: 'cpu' })
  await studio.get('sample-card').first().click()
  await expect(studio.get('layer-row')).toHaveCount(1)
  // A sample brings its light; a guess goes by seed, which must come back with the recipe.
  await studio.get('light-source').getByText('Guessed').click()
  await studio.get('seed').fill('77')
  await studio.get('seed').blur()

  const placed = await studio.document()
  const [layer] = placed.layers
  if (layer.kind !== 'foreground') throw new Error('the sample has no foreground')
  const middle = { x: layer.box.x + layer.box.width / 2, y: layer.box.y + layer.box.height * 0.6 }
  await studio.drag(middle, { x: middle.x - 30, y: middle.y })
  const moved = (await studio.document()).layers[0]
  expect(moved.kind === 'foreground' && moved.box.x).toBeCloseTo(layer.box.x - 30, -1)

  await studio.pressFuse()
  await expect(studio.get('stop')).toBeVisible()
  await expect(studio.get('progress')).toBeVisible()
  await studio.expectResult()

  const slider = studio.get('compare-slider')
  const { width = 0, height = 0 } = placed.background ?? {}
  const start = Number(await slider.getAttribute('aria-valuenow')) / 100
  await studio.drag({ x: width * start, y: height / 2 }, { x: width / 4, y: height / 2 })
  expect(Number(await slider.getAttribute('aria-valuenow'))).toBeCloseTo(25, -1)

  await studio.get('variation').nth(1).click({ timeout: RUN_LIMIT })
  await expect(studio.get('variation').nth(1)).toHaveAttribute('aria-pressed', 'true')
  await studio.expectResult()
  const { scene: chosen, settings } = await studio.document()
  expect(settings.seed).toBe('78')
  await page.screenshot({ path: test.info().outputPath('light-on-a-result.png') })
  // Over the result lie the handles of its light: whoever moves one is back at the live picture.
  await studio.pull(studio.get('guide-sun'), 60, 25)
  await page.mouse.up()
  await expect(studio.get('result-accept')).toHaveCount(0)
  const turned = await studio.document()
  expect(turned.scene.lights).not.toEqual(chosen.lights)
  await studio.pressFuse()
  await studio.expectResult()
  await studio.get('light-share').focus()
  await page.keyboard.press('Home')
  await expect(studio.get('result-accept')).toHaveCount(0)
  expect((await studio.document()).scene.lights[0].share).toEqual([0, 0, 0])
  await studio.get('undo').click()
  expect((await studio.document()).scene).toEqual(turned.scene)
  await studio.pressFuse()
  await studio.expectResult()

  await studio.get('result-accept').click()
  await expect(studio.get('layer-row')).toHaveCount(2)
  await studio.get('undo').click()
  await expect(studio.get('layer-row')).toHaveCount(1)
  await studio.get('redo').click()
  await expect(studio.get('layer-row')).toHaveCount(2)

  const psd = await downloadPsd(studio)
  expect(namesOf(psd.children)).toContain('Shadow')
  const file = await studio.download(() => studio.get('download').click())
  const image = decode(file)
  expect([image.width, image.height]).toEqual([width, height])

  // Now lose what made it, and get it back from the file.
  await studio.get('undo').click()
  await page.keyboard.press('Escape')
  await studio.get('layer-row').first().getByRole('button').first().click()
  await page.keyboard.press('Delete')
  await expect(studio.get('layer-row')).toHaveCount(0)

  await studio.drop(page.locator('body'), { name: 'back.png', mimeType: 'image/png', buffer: file })
  await studio.get('recipe-restore').click()
  await expect(studio.get('layer-row')).toHaveCount(1)
  expect((await studio.document()).settings.seed).toBe(turned.settings.seed)
  const restored = (await studio.document()).layers[0]
  expect(restored.kind === 'foreground' && restored.box).toEqual(moved.kind === 'foreground' && moved.box)
  expect((await studio.document()).scene).toEqual(turned.scene)
  await studio.get('layer-row').first().click()
  await studio.pull(studio.get('guide-sun'), -40, 0)
  await page.mouse.up()
  expect((await studio.document()).scene.lights).not.toEqual(turned.scene.lights)
})

test('by keyboard: open, add, nudge, prompt, fuse, compare, accept, undo, download', async ({
  page,
  studio,
}) => {
  const { keyboard } = page
  const room = background(640, 480)
  await studio.open({ backend: 'cpu' })
  await studio.setBackground(room, () => keyboard.press('o'))
  await studio.addForeground(ball(), () => keyboard.press('Shift+O'))

  const before = (await studio.document()).layers[0]
  await studio.tabTo(studio.get('canvas'))
  await keyboard.press('ArrowLeft')
  await keyboard.press('Shift+ArrowUp')
  const after = (await studio.document()).layers[0]
  if (before.kind !== 'foreground' || after.kind !== 'foreground') throw new Error('no foreground')
  expect(after.box.x).toBeCloseTo(before.box.x - 1)
  expect(after.box.y).toBeCloseTo(before.box.y - 10)

  await studio.tabTo(studio.get('prompt'))
  await keyboard.type('a red ball')
  await expect(studio.get('prompt')).toHaveValue('a red ball')
  await expect(studio.get('fuse')).toBeEnabled({ timeout: 60_000 })
  await keyboard.press('Control+Enter')
  await studio.expectResult()

  await studio.tabTo(studio.get('compare-slider'))
  const divider = Number(await studio.get('compare-slider').getAttribute('aria-valuenow'))
  await keyboard.press('ArrowLeft')
  await expect(studio.get('compare-slider')).toHaveAttribute('aria-valuenow', String(divider - 2))
  await studio.tabTo(studio.get('result-accept'))
  await keyboard.press('Enter')
  await expect(studio.get('layer-row')).toHaveCount(2)
  await keyboard.press('Control+z')
  await expect(studio.get('layer-row')).toHaveCount(1)
  await keyboard.press('Control+Shift+z')
  await expect(studio.get('layer-row')).toHaveCount(2)

  const out = decode(await studio.download(() => keyboard.press('Control+s')))
  const original = decode(room.buffer)
  expect([out.width, out.height]).toEqual([640, 480])
  // The ball stands at the bottom in the middle; the upper corners are far from it.
  const pixel = (image: typeof out, x: number, y: number) => {
    const at = (y * image.width + x) * image.channels
    return Array.from(image.data.slice(at, at + 3))
  }
  for (let y = 0; y < 60; y++)
    for (const x of [0, 1, 37, 600, 639]) expect(pixel(out, x, y)).toEqual(pixel(original, x, y))
})
