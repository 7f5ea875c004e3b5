/** Masks that are painted on the canvas in Place: what is in front, and where the ground is. */
import { decode } from 'fast-png'

import { masksOf } from '@/schema/modes/place'

import { background, ball } from './pictures'
import { downloadPsd } from './psd'
import { expect, RUN_LIMIT, test, type Studio } from './studio'

test.describe.configure({ timeout: 2 * RUN_LIMIT })

const masksIn = async (studio: Studio) => masksOf((await studio.document()).scene)
const pixels = (file: Buffer) => {
  const { data, width, channels } = decode(file)
  return (x: number, y: number) =>
    Array.from(data.slice((y * width + x) * channels, (y * width + x) * channels + 3))
}
const downloaded = async (studio: Studio) =>
  pixels(await studio.download(() => studio.get('download').click()))

/** The ball by hand in its light, and where it lies. */
async function ballByHand(studio: Studio) {
  await studio.open({ backend: 'cpu' })
  await studio.setBackground(background(640, 480))
  await studio.addForeground(ball())
  await studio.lightByHand()
  const layer = (await studio.document()).layers[0]
  if (layer.kind !== 'foreground') throw new Error('there is no ball')
  const { x, y, width, height } = layer.box
  return { x: Math.round(x + width / 2), y: Math.round(y + height / 2), width, height }
}

test('by mouse: what is in front hides the ball, until it is undone; the result carries it', async ({
  page,
  studio,
  browser,
}) => {
  const at = await ballByHand(studio)
  const ballColour = (await downloaded(studio))(at.x, at.y)
  await studio.get('mask-paint-front').click()
  await expect(studio.get('tool-brush')).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByText('what stands before the objects.', { exact: false }).first()).toBeVisible()
  await studio.drag({ x: at.x - 60, y: at.y }, { x: at.x + 60, y: at.y })
  await expect.poll(async () => (await masksIn(studio)).front).not.toBeNull()
  await page.screenshot({ path: test.info().outputPath('painting.png') })
  await page.keyboard.press('Escape')
  await expect(studio.get('tool-select')).toHaveAttribute('aria-pressed', 'true')
  const masked = await downloaded(studio)
  const wall = pixels(background(640, 480).buffer)
  expect(masked(at.x, at.y)).toEqual(wall(at.x, at.y))
  expect(masked(at.x, at.y)).not.toEqual(ballColour)
  // Beside the stroke the ball is as it was.
  const above = Math.round(at.y - at.height / 2 + 8)
  expect(masked(at.x, above)).not.toEqual(wall(at.x, above))
  await expect(studio.get('mask-thumb-front').locator('img')).toBeVisible()
  await page.screenshot({ path: test.info().outputPath('in-front.png') })

  await studio.get('undo').click()
  expect((await masksIn(studio)).front).toBeNull()
  expect((await downloaded(studio))(at.x, at.y)).toEqual(ballColour)
  await studio.get('redo').click()
  expect((await downloaded(studio))(at.x, at.y)).toEqual(wall(at.x, at.y))

  await studio.expectSaved()
  await page.reload()
  await expect(studio.get('light-dial')).toBeVisible()
  const { front } = await masksIn(studio)
  expect(front).toMatchObject({ name: 'In front mask', width: 640, height: 480 })
  await studio.pressFuse()
  await studio.expectResult()
  await studio.get('result-accept').click()
  const file = await studio.download(() => studio.get('download').click())
  expect(pixels(file)(at.x, at.y)).toEqual(wall(at.x, at.y))

  // Somebody else has the background and the ball, but never had the mask.
  const elsewhere = await browser.newContext({ baseURL: studio.origin })
  const other = new (studio.constructor as new (page: typeof studio.page, origin: string) => Studio)(
    await elsewhere.newPage(),
    studio.origin,
  )
  await ballByHand(other)
  await other.drop(other.page.locator('body'), { name: 'back.png', mimeType: 'image/png', buffer: file })
  await other.get('recipe-restore').click()
  await expect.poll(async () => (await masksIn(other)).front).toEqual(front)
  expect((await downloaded(other))(at.x, at.y)).toEqual(wall(at.x, at.y))
  expect(other.errors).toEqual([])
  await elsewhere.close()
})

test('by keyboard and mouse: no shadow where it is no ground; size, erase, invert, clear', async ({
  page,
  studio,
}) => {
  const at = await ballByHand(studio)
  const foot = { x: at.x, y: Math.min(470, Math.round(at.y + at.height / 2 + 6)) }
  const wall = pixels(background(640, 480).buffer)
  const lit = (await downloaded(studio))(foot.x, foot.y)
  expect(lit).not.toEqual(wall(foot.x, foot.y))
  await studio.get('canvas').focus()
  await page.keyboard.press('g')
  await expect(studio.get('brush-mode').getByLabel('Erase')).toBeChecked()
  for (let press = 0; press < 3; press++) await page.keyboard.press(']')
  await studio.drag({ x: foot.x - 100, y: foot.y + 8 }, { x: foot.x + 100, y: foot.y + 8 })
  await expect.poll(async () => (await masksIn(studio)).ground).not.toBeNull()
  expect((await downloaded(studio))(foot.x, foot.y)).toEqual(wall(foot.x, foot.y))
  await page.screenshot({ path: test.info().outputPath('ground.png') })

  await studio.get('canvas').focus()
  await page.keyboard.press('x')
  await expect(studio.get('brush-mode').getByLabel('Add')).toBeChecked()
  const first = (await masksIn(studio)).ground?.hash
  await studio.drag({ x: foot.x - 100, y: foot.y + 8 }, { x: foot.x + 100, y: foot.y + 8 })
  // Painted over with the same brush, it is everywhere again, or nearly so.
  await expect.poll(async () => (await masksIn(studio)).ground?.hash).not.toBe(first)
  expect((await downloaded(studio))(foot.x, foot.y)).toEqual(lit)

  await studio.get('mask-invert-ground').click()
  await expect.poll(async () => (await downloaded(studio))(foot.x, foot.y)).toEqual(wall(foot.x, foot.y))
  await studio.get('mask-clear-ground').click()
  expect((await masksIn(studio)).ground).toBeNull()
})

test('a part of a fused shadow is erased by mouse, undone, redone, exported and restored', async ({
  page,
  studio,
}) => {
  const at = await ballByHand(studio)
  const foot = { x: at.x, y: Math.min(470, Math.round(at.y + at.height / 2 + 6)) }
  await studio.pressFuse()
  await studio.expectResult()
  const fused = (await downloaded(studio))(foot.x, foot.y)
  await studio.get('result-discard').click()
  await page
    .getByRole('button', { name: /Light and shadow/ })
    .first()
    .click()
  for (const effect of ['shadow', 'contact']) {
    await studio.get(`effect-mask-${effect}`).click()
    await expect(studio.get('mask-tools').getByLabel('Hide')).toBeChecked()
    await studio.drag({ x: foot.x - 60, y: foot.y + 4 }, { x: foot.x + 60, y: foot.y + 4 })
    await expect(studio.get('mask-clear')).toBeEnabled()
  }
  await page.screenshot({ path: test.info().outputPath('hidden.png') })
  const wall = pixels(background(640, 480).buffer)
  expect(fused).not.toEqual(wall(foot.x, foot.y))
  expect((await downloaded(studio))(foot.x, foot.y)).toEqual(wall(foot.x, foot.y))
  for (let step = 0; step < 2; step++) await studio.get('undo').click()
  expect((await downloaded(studio))(foot.x, foot.y)).toEqual(fused)
  for (let step = 0; step < 2; step++) await studio.get('redo').click()
  await studio.get('mask-off').check()
  await expect.poll(async () => (await downloaded(studio))(foot.x, foot.y)).not.toEqual(wall(foot.x, foot.y))
  await studio.get('mask-off').uncheck()
  const { shadow } = await masksIn(studio)
  expect(shadow?.name).toBe('Shadow mask')

  // The ball itself: by key, its upper half is gone, its shadow stays.
  await studio.get('canvas').focus()
  await page.keyboard.press('e')
  await expect(page.getByText('parts of “ball.png”', { exact: false })).toBeVisible()
  await studio.drag({ x: at.x - 40, y: at.y - 20 }, { x: at.x + 40, y: at.y - 20 })
  await expect(studio.get('layer-row').first()).toContainText('masked')
  await page.screenshot({ path: test.info().outputPath('ball-hidden.png') })
  await page.keyboard.press('Escape')
  await studio.pressFuse()
  await studio.expectResult()
  const file = await studio.download(() => studio.get('download').click())
  expect(pixels(file)(foot.x, foot.y)).toEqual(wall(foot.x, foot.y))
  // What the ball throws on the ground stays there, also behind it.
  const hole = pixels(file)(at.x, at.y - 20)
  const apart = hole.map((byte, channel) => Math.abs(byte - wall(at.x, at.y - 20)[channel]))
  expect(Math.max(...apart)).toBeLessThan(10)
  const psd = await downloadPsd(studio)
  const [, inPsd] = psd.children?.[0].children ?? []
  expect([inPsd.name, inPsd.mask?.defaultColor]).toEqual(['Shadow', 255])
  expect(psd.children?.[1].mask).toBeDefined()
  await studio.get('result-discard').click()

  await studio.drop(page.locator('body'), { name: 'back.png', mimeType: 'image/png', buffer: file })
  await studio.get('recipe-restore').click()
  await expect.poll(async () => (await masksIn(studio)).shadow).toEqual(shadow)
  expect((await studio.document()).layers[0].mask?.asset.name).toBe('ball.png mask')
  expect((await downloaded(studio))(foot.x, foot.y)).toEqual(wall(foot.x, foot.y))
  expect((await downloaded(studio))(at.x, at.y - 20)).toEqual(hole)
})

test.describe('by touch', () => {
  test.use({ hasTouch: true })

  test('a finger paints, two look around', async ({ studio }) => {
    const at = await ballByHand(studio)
    await studio.get('mask-paint-front').tap()
    const [from, to] = [
      await studio.onScreen({ x: at.x - 40, y: at.y }),
      await studio.onScreen({ x: at.x + 40, y: at.y }),
    ]
    // A second finger ends the stroke without a trace.
    await studio.touch('touchStart', from)
    await studio.touch('touchStart', from, to)
    await studio.touch('touchEnd')
    expect((await masksIn(studio)).front).toBeNull()
    await studio.swipe(from, to)
    await expect.poll(async () => (await masksIn(studio)).front).not.toBeNull()
    const wall = pixels(background(640, 480).buffer)
    expect((await downloaded(studio))(at.x, at.y)).toEqual(wall(at.x, at.y))
  })
})
