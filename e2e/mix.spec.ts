/** Mix on a tiny set: imported by dropping, the balance found, stopped, chosen, accepted, and back from the file. */
import { importSet, PATIENCE } from './modelHelpers'
import { background, ball, transparent } from './pictures'
import { expect, test, type Studio } from './studio'
import { mixSet } from './tinyModels'

/** Changes settings that the page offers in larger steps only: the test's pictures shall be small. */
const shrink = (studio: Studio) =>
  studio.page.evaluate(() => {
    interface Draft {
      mix: { settings: object; search: object }
    }
    const { inlay } = window as unknown as {
      inlay: { document: { actions: { apply(name: string, f: (draft: Draft) => void): void } } }
    }
    inlay.document.actions.apply('small', ({ mix }) => {
      Object.assign(mix.settings, { size: 256, steps: 2 })
      Object.assign(mix.search, { steps: 2 })
    })
  })
const mixIn = async (studio: Studio) => (await studio.document()).mix

test('two pictures to a mixture: found, stopped, chosen by hand, accepted, and back', async ({ studio }) => {
  test.setTimeout(400_000)
  await studio.open()
  await importSet(studio, mixSet(), mixSet().length + 1)
  await studio.get('mode-mix').click()
  await studio.drop(studio.page.locator('body'), ball())
  const reason = studio.page.locator('#fuse-reason')
  await expect(reason).toContainText('second object')
  await studio.drop(studio.page.locator('body'), transparent())
  await studio.expectToast(/fully transparent/)
  await studio.drop(studio.page.locator('body'), ball())
  await expect(studio.get('object-card')).toHaveCount(2)
  await expect(reason).toContainText('there twice')
  await studio.get('undo').click()
  await studio.drop(studio.page.locator('body'), background(320, 240, 'IMG_1.png'))
  await expect(reason).toContainText('Say what the second object is')
  await studio.get('object-label').nth(1).fill('room')
  await expect(studio.get('object-label').nth(0)).toHaveValue('ball')
  await shrink(studio)
  await expect(studio.get('plan')).toContainText(/memory|device|fits/i, { timeout: PATIENCE })

  // Stopped in the middle: the best so far is chosen.
  await studio.pressFuse()
  await expect.poll(async () => (await studio.get('draft').count()) >= 3, { timeout: PATIENCE }).toBe(true)
  await studio.get('stop').click()
  await studio.expectToast(/drafts that were finished stay/i)
  await expect.poll(async () => (await mixIn(studio)).automatic).toBe(false)
  const { trials, point } = await mixIn(studio)
  expect(trials.done).toBe(false)
  expect(trials.list.some((one) => JSON.stringify(one.point) === JSON.stringify(point))).toBe(true)
  await expect(studio.get('judgement')).toBeVisible()

  // The search goes on where it was, and ends in a picture.
  const before = trials.list.length
  await studio.get('mix-balance').getByText('Find it').click()
  await studio.pressFuse()
  await expect(studio.get('mix-result')).toBeVisible({ timeout: PATIENCE })
  const found = (await mixIn(studio)).trials
  expect(found.done).toBe(true)
  expect(found.list.slice(0, before)).toEqual(trials.list)
  expect(found.list.length).toBeLessThanOrEqual(14)

  // An earlier draft, then one of its own by the slider.
  await studio.get('draft').first().click()
  await expect(studio.get('mix-draft')).toBeVisible()
  expect((await mixIn(studio)).point).toEqual(found.list[0].point)
  await studio.get('mix-share').focus()
  await studio.page.keyboard.press('ArrowRight')
  await expect(studio.get('draft')).toHaveCount(found.list.length + 1, { timeout: PATIENCE })
  // A part of the picture that the ball has alone.
  await studio.get('place-draw').first().click()
  const area = await studio.get('mix-places').boundingBox()
  if (!area) throw new Error('there is no picture to draw on')
  await studio.page.mouse.move(area.x + area.width / 4, area.y + area.height / 4)
  await studio.page.mouse.down()
  await studio.page.mouse.move(area.x + area.width / 2, area.y + area.height * 0.75, { steps: 3 })
  await studio.page.mouse.up()
  await expect.poll(async () => (await mixIn(studio)).settings.places.length).toBe(1)
  await studio.pressFuse()
  await expect(studio.get('mix-result')).toBeVisible({ timeout: PATIENCE })
  const chosen = await mixIn(studio)
  const [place] = chosen.settings.places
  expect(place.object).toBe(0)
  expect(place.box.x).toBeCloseTo(0.25, 1)
  expect(place.box.height).toBeCloseTo(0.5, 1)
  const file = await studio.download(() => studio.get('result-download').click())
  await studio.get('result-background').click()
  expect((await studio.document()).background).toMatchObject({ width: 256, height: 256 })
  await studio.get('undo').click()
  expect((await studio.document()).background).toBeNull()

  // After a reload all is there; the recipe brings the balance back.
  await studio.page.reload()
  await expect(studio.get('draft')).toHaveCount(chosen.trials.list.length)
  await studio.get('draft').nth(2).click()
  await studio.drop(studio.page.locator('body'), { name: 'back.png', mimeType: 'image/png', buffer: file })
  await studio.get('recipe-restore').click()
  await expect.poll(async () => (await mixIn(studio)).point).toEqual(chosen.point)
  expect(studio.errors).toEqual([])
})
