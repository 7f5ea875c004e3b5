/** Place with light that is set by hand: the dial, what the canvas shows at once, the result and its recipe. */
import { decode } from 'fast-png'

import { background, ball } from './pictures'
import { expect, RUN_LIMIT, test, type Studio } from './studio'

test.describe.configure({ timeout: 2 * RUN_LIMIT })

const lightOf = async (studio: Studio) => (await studio.document()).scene.lights[0]

/** Waits until the canvas shows something else. */
const expectAnother = (studio: Studio, shot: Buffer) =>
  expect.poll(async () => (await studio.get('canvas').screenshot()).equals(shot)).toBe(false)

/** Waits until shapes and previews have come: the canvas shows the same twice. */
async function expectStill(studio: Studio) {
  // What is downloaded waits for the shapes.
  await studio.download(() => studio.get('download').click())
  let last: Buffer | null = null
  await expect
    .poll(
      async () => {
        const [now, before] = [await studio.get('canvas').screenshot(), last]
        last = now
        return before?.equals(now) ?? false
      },
      { intervals: [500] },
    )
    .toBe(true)
}

async function placeByHand(studio: Studio) {
  await studio.open({ backend: 'cpu' })
  await studio.setBackground(background(640, 480))
  await studio.addForeground(ball())
  // The handles over the canvas move too: what is compared below is the picture.
  await studio.get('guides').click()
  await studio.lightByHand()
  await expectStill(studio)
}

test('by mouse: drag the sun, fuse, undo, drop the file back, drag again', async ({ page, studio }) => {
  await placeByHand(studio)
  const before = await lightOf(studio)
  const area = await studio.get('light-dial').boundingBox()
  if (!area) throw new Error('there is no dial')
  const at = (x: number, y: number) => [area.x + area.width * x, area.y + area.height * y] as const

  const lit = await studio.get('canvas').screenshot()
  await page.mouse.move(...at(0.5, 0.5))
  await page.mouse.down()
  await page.mouse.move(...at(0.5, 0.25), { steps: 4 })
  await page.mouse.up()
  const dragged = await lightOf(studio)
  expect(dragged.azimuthDegrees).toBe(90)
  expect(dragged.elevationDegrees).toBeGreaterThan(30)
  expect(dragged.elevationDegrees).toBeLessThan(50)
  await expectAnother(studio, lit)

  await studio.pressFuse()
  // No model runs, so none is missed.
  await expect(page.getByText(/is not installed/)).toHaveCount(0)
  await studio.expectResult()
  await studio.get('result-accept').click()
  const file = await studio.download(() => studio.get('download').click())
  const { data, width, height, channels } = decode(file)
  expect([width, height]).toEqual([640, 480])
  // Behind the ball is the light: the ground before it is darker than the same ground at the picture's edge.
  const { layers } = await studio.document()
  const ballLayer = layers.find((layer) => layer.kind === 'foreground')
  if (ballLayer?.kind !== 'foreground') throw new Error('there is no ball')
  const { box } = ballLayer
  const row = Math.min(height - 2, Math.round(box.y + box.height + 8))
  const brightness = (x: number) => data[(row * width + Math.round(x)) * channels]
  expect(brightness(box.x + box.width / 2)).toBeLessThan(brightness(4) - 15)

  await studio.get('undo').click()
  await studio.get('undo').click()
  expect(await lightOf(studio)).toEqual(before)

  await studio.drop(page.locator('body'), { name: 'back.png', mimeType: 'image/png', buffer: file })
  await studio.get('recipe-restore').click()
  await expect.poll(() => lightOf(studio)).toEqual(dragged)
  // The panel has moved: a layer is selected again.
  await studio.get('light-dial').click({ position: { x: area.width * 0.25, y: area.height * 0.5 } })
  expect((await lightOf(studio)).azimuthDegrees).toBe(180)
})

test('by keyboard: turn and raise the light, fade the shadow', async ({ page, studio }) => {
  await placeByHand(studio)
  const before = await lightOf(studio)
  await studio.get('light-dial').focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowUp')
  const after = await lightOf(studio)
  expect(after.azimuthDegrees).toBe(before.azimuthDegrees + 5)
  expect(after.elevationDegrees).toBe(before.elevationDegrees + 5)
  await studio.get('light-share').focus()
  await page.keyboard.press('Home')
  expect((await lightOf(studio)).share).toEqual([0, 0, 0])
})

test('what changes the object itself is seen at once and undone', async ({ page, studio }) => {
  await placeByHand(studio)
  const amounts = async () => (await studio.document()).scene.amounts
  const before = await amounts()
  const shot = await studio.get('canvas').screenshot()
  await studio.get('object-tone').focus()
  await page.keyboard.press('End')
  expect((await amounts()).tone).toBe(1)
  await expectAnother(studio, shot)
  await studio.get('undo').click()
  expect(await amounts()).toEqual(before)
})

test('a layer is put away, as the picture has it, and shown again by keyboard', async ({ page, studio }) => {
  const download = async () =>
    Array.from(decode(await studio.download(() => studio.get('download').click())).data)
  await placeByHand(studio)
  const shot = await studio.get('canvas').screenshot()
  const lit = await download()
  await studio.get('show-shadow').click()
  await expect(studio.get('show-shadow')).toHaveAttribute('aria-pressed', 'false')
  await expectAnother(studio, shot)
  const unlit = await download()
  expect(lit.filter((value, at) => value < unlit[at] - 10).length).toBeGreaterThan(500)
  await studio.get('show-shadow').focus()
  await page.keyboard.press('Space')
  expect((await studio.document()).scene.visible).toBeUndefined()
  await studio.get('undo').click()
  expect((await studio.document()).scene.visible).toEqual({ shadow: [false, true] })
})

test('what does not stand throws its shadow away from itself', async ({ page, studio }) => {
  await placeByHand(studio)
  const standing = await studio.get('canvas').screenshot()
  await studio.get('stands').click()
  await expectAnother(studio, standing)
  const lift = async () => {
    const [layer] = (await studio.document()).layers
    return layer.kind === 'foreground' && layer.lift
  }
  expect(await lift()).toBe(0.5)
  await studio.get('lift').focus()
  await page.keyboard.press('ArrowRight')
  expect(await lift()).toBe(0.55)
  await studio.get('undo').click()
  await studio.get('undo').click()
  expect(await lift()).toBeUndefined()
  await expect(studio.get('stands')).toBeChecked()
})

test('after Fuse one of three lights is chosen by keyboard, and undone', async ({ page, studio }) => {
  await placeByHand(studio)
  await studio.get('light-source').getByText('Guessed').click()
  const seed = async () => (await studio.document()).settings.seed
  const first = await seed()
  await studio.pressFuse()
  await studio.expectResult()
  const lights = studio.get('variation')
  await expect(lights).toHaveCount(3)
  await expect(lights.locator('img')).toHaveCount(3, { timeout: RUN_LIMIT })
  await expect(lights.first()).toHaveAttribute('aria-pressed', 'true')
  const pixels = async () =>
    Array.from(decode(await studio.download(() => studio.get('result-download').click())).data)
  const before = await pixels()
  await studio.tabTo(lights.first())
  await page.keyboard.press('ArrowRight')
  await expect(lights.nth(1)).toBeFocused()
  await page.keyboard.press('3')
  await expect(lights.nth(2)).toHaveAttribute('aria-pressed', 'true')
  await studio.expectResult()
  expect(await seed()).toBe(String(BigInt(first) + 2n))
  expect(await pixels()).not.toEqual(before)
  await lights.nth(2).focus()
  await page.keyboard.press('1')
  await expect.poll(seed).toBe(first)
  // While the first comes back, the second is asked for: the last word counts.
  await lights.nth(1).click()
  await expect.poll(seed, { timeout: RUN_LIMIT }).toBe(String(BigInt(first) + 1n))
  await studio.expectResult()
  await studio.get('result-accept').click()
  await expect(lights).toHaveCount(0)
  for (let step = 0; step < 4; step++) await studio.get('undo').click()
  expect(await seed()).toBe(first)
})

test('on an accepted result: its shadow is seen and downloaded', async ({ page, studio }) => {
  const download = async () =>
    Array.from(decode(await studio.download(() => studio.get('download').click())).data)
  await placeByHand(studio)
  await studio.pressFuse()
  await studio.expectResult()
  await expect(studio.get('result-another')).toHaveCount(0)
  await studio.get('result-accept').click()
  await studio.addForeground(ball(64, 'small.png'))
  await expectStill(studio)
  const before = await studio.get('canvas').screenshot()
  await studio.get('light-dial').focus()
  await page.keyboard.press('ArrowRight')
  await expectAnother(studio, before)
  const lit = await download()
  await studio.get('place-model').getByText('DreamFuse').click()
  const pasted = await download()
  expect(lit.filter((value, at) => value < pasted[at] - 10).length).toBeGreaterThan(500)
})
