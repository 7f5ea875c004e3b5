/** Sun and horizon as handles on the canvas: by mouse, by touch and by keyboard. */
import { background, ball } from './pictures'
import { expect, test, type Studio } from './studio'

const sceneOf = async (studio: Studio) => (await studio.document()).scene

/** The ball in light that is set by hand. */
async function ballInLight(studio: Studio) {
  await studio.open({ backend: 'cpu' })
  await studio.setBackground(background(640, 480))
  await studio.addForeground(ball())
  await studio.lightByHand()
  await expect(studio.get('guide-sun')).toBeVisible()
}

test('by mouse: the sun goes where it is dragged, the panel and undo follow', async ({ page, studio }) => {
  await ballInLight(studio)
  const [light] = (await sceneOf(studio)).lights
  const sun = studio.get('guide-sun')
  const from = await studio.middleOf(sun)
  await studio.pull(sun, 70, 20)
  await page.mouse.up()
  const at = await studio.middleOf(sun)
  expect(Math.hypot(at.x - from.x - 70, at.y - from.y - 20)).toBeLessThan(3)
  const [moved] = (await sceneOf(studio)).lights
  // To the right is a smaller azimuth; it stays behind the ball.
  expect(moved.azimuthDegrees).toBeLessThan(light.azimuthDegrees - 15)
  expect(moved.azimuthDegrees).toBeGreaterThan(0)
  await expect(studio.get('light-dial')).toHaveAttribute('aria-valuenow', String(moved.azimuthDegrees))
  await page.screenshot({ path: test.info().outputPath('sun.png') })

  // Its foot on the ring brings it to the front, no higher and no lower.
  const turn = studio.get('guide-turn')
  const foot = await studio.middleOf(turn)
  await studio.pull(turn, 0, 150)
  await page.mouse.up()
  const [front] = (await sceneOf(studio)).lights
  expect(front.azimuthDegrees).toBeGreaterThan(180)
  expect(front.elevationDegrees).toBe(moved.elevationDegrees)
  expect((await studio.middleOf(turn)).y).toBeGreaterThan(foot.y + 10)

  await studio.get('undo').click()
  expect((await sceneOf(studio)).lights[0]).toEqual(moved)
  await studio.get('undo').click()
  expect((await sceneOf(studio)).lights[0]).toEqual(light)
  await expect(studio.get('light-dial')).toHaveAttribute('aria-valuenow', String(light.azimuthDegrees))

  // Escape takes a drag back while it goes on.
  await studio.pull(sun, -40, -30)
  expect((await sceneOf(studio)).lights[0]).not.toEqual(light)
  await page.keyboard.press('Escape')
  await page.mouse.move(from.x + 90, from.y)
  await page.mouse.up()
  expect((await sceneOf(studio)).lights[0]).toEqual(light)

  // What is dragged when the handles are put away has been set.
  await studio.pull(sun, -40, -30)
  const [set] = (await sceneOf(studio)).lights
  await page.keyboard.press('u')
  await expect(sun).toHaveCount(0)
  await page.mouse.up()
  await studio.get('undo').click()
  expect((await sceneOf(studio)).lights[0]).toEqual(light)
  await studio.get('redo').click()
  expect((await sceneOf(studio)).lights[0]).toEqual(set)
})

test('a second light is added, dragged and taken away, each a step back', async ({ page, studio }) => {
  await ballInLight(studio)
  const [first] = (await sceneOf(studio)).lights
  await studio.get('light-add').click()
  const sun = studio.get('guide-sun2')
  await expect(sun).toBeVisible()
  const [, added] = (await sceneOf(studio)).lights
  await studio.pull(sun, 40, -20)
  await page.mouse.up()
  const [kept, moved] = (await sceneOf(studio)).lights
  expect(kept).toEqual(first)
  expect(moved).not.toEqual(added)
  await expect(studio.get('light-dial')).toHaveAttribute('aria-valuenow', String(moved.azimuthDegrees))
  await page.screenshot({ path: test.info().outputPath('two-lights.png') })

  // To take the other sun is to choose it.
  await studio.get('guide-sun').press('ArrowUp')
  const [raised] = (await sceneOf(studio)).lights
  expect(raised.elevationDegrees).toBe(first.elevationDegrees + 1)
  await expect(studio.get('light-dial')).toHaveAttribute('aria-valuenow', String(first.azimuthDegrees))
  await studio.get('light-remove').click()
  expect((await sceneOf(studio)).lights).toEqual([moved])
  for (const lights of [[raised, moved], [first, moved], [first, added], [first]]) {
    await studio.get('undo').click()
    expect((await sceneOf(studio)).lights).toEqual(lights)
  }
})

test('by mouse: the horizon is moved and tilted, out of the picture and back', async ({ page, studio }) => {
  await ballInLight(studio)
  const { camera } = await sceneOf(studio)
  const zoom = ((await studio.onScreen({ x: 1, y: 480 })).y - (await studio.onScreen({ x: 1, y: 0 })).y) / 480
  const grip = studio.get('guide-horizon')
  await studio.pull(grip, 0, -48 * zoom)
  await page.mouse.up()
  expect((await sceneOf(studio)).camera.horizon).toBeCloseTo(camera.horizon - 0.1, 2)
  await expect(studio.get('horizon')).toHaveValue('0.3')
  await studio.pull(studio.get('guide-tilt'), 0, -30)
  await page.mouse.up()
  expect((await sceneOf(studio)).camera.tiltDegrees).toBeGreaterThan(2)
  await studio.get('undo').click()
  expect((await sceneOf(studio)).camera.tiltDegrees).toBe(0)

  await studio.pull(grip, 0, -300 * zoom)
  await page.mouse.up()
  const { horizon } = (await sceneOf(studio)).camera
  expect(horizon).toBeLessThan(-0.2)
  // It waits at the picture's edge.
  const { y } = await studio.middleOf(grip)
  expect(y).toBeGreaterThan((await studio.onScreen({ x: 1, y: 0 })).y)
  await page.screenshot({ path: test.info().outputPath('above.png') })
  await studio.pull(grip, 0, 96 * zoom)
  await page.mouse.up()
  expect((await sceneOf(studio)).camera.horizon).toBeCloseTo(horizon + 0.2, 2)
})

test('by keyboard: handles are reached and nudged; U hides them, which is remembered', async ({
  page,
  studio,
}) => {
  await ballInLight(studio)
  const before = await sceneOf(studio)
  await studio.tabTo(studio.get('guide-sun'))
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Shift+ArrowLeft')
  const [{ azimuthDegrees, elevationDegrees }] = (await sceneOf(studio)).lights
  expect(azimuthDegrees).toBe(before.lights[0].azimuthDegrees + 10)
  expect(elevationDegrees).toBe(before.lights[0].elevationDegrees + 1)
  await studio.get('guide-horizon').focus()
  await page.keyboard.press('ArrowUp')
  expect((await sceneOf(studio)).camera.horizon).toBeCloseTo(before.camera.horizon - 0.005, 6)
  // The ball has stayed where it was.
  expect((await studio.document()).layers[0]).toMatchObject({ name: 'ball.png' })

  await page.keyboard.press('u')
  await expect(studio.get('guide-sun')).toHaveCount(0)
  await expect(studio.get('guide-horizon')).toHaveCount(0)
  await expect(studio.get('guides')).toHaveAttribute('aria-pressed', 'false')
  await studio.expectSaved()
  await page.reload()
  await expect(studio.get('light-dial')).toBeVisible()
  await expect(studio.get('guide-sun')).toHaveCount(0)
  await studio.get('guides').click()
  await expect(studio.get('guide-sun')).toBeVisible()
  // They are no part of the picture, and not there while something else is being done.
  await studio.get('tool-pan').click()
  await expect(studio.get('guide-sun')).toHaveCount(0)
})

test.describe('by touch', () => {
  test.use({ viewport: { width: 1180, height: 820 }, hasTouch: true, isMobile: true })

  test('a finger drags the sun', async ({ page, studio }) => {
    await ballInLight(studio)
    const sun = studio.get('guide-sun')
    const area = await sun.boundingBox()
    expect(area?.width).toBeCloseTo(44, 1)
    expect(area?.height).toBeCloseTo(44, 1)
    const from = await studio.middleOf(sun)
    const [light] = (await sceneOf(studio)).lights
    await studio.swipe(from, { x: from.x + 60, y: from.y - 10 })
    await page.screenshot({ path: test.info().outputPath('touch.png') })
    const [moved] = (await sceneOf(studio)).lights
    expect(moved.azimuthDegrees).toBeLessThan(light.azimuthDegrees - 10)
    await studio.get('undo').tap()
    expect((await sceneOf(studio)).lights[0]).toEqual(light)
  })
})
