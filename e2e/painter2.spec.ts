/** Mix and Compose on the built-in model, a tiny one, from an empty profile: nothing is brought. */
import { background, ball } from './pictures'
import { expect, RUN_LIMIT, test, type Studio } from './studio'

/** The side of a result as it is shown and as it is kept: plainly, at most four times as large. */
async function expectShown(studio: Studio, id: string) {
  const canvas = studio.get(id).locator('canvas').first()
  const { width } = (await canvas.boundingBox()) ?? { width: 0 }
  expect(width).toBeGreaterThan(128)
  expect(width).toBeLessThanOrEqual(4 * 128)
  await expect(canvas).toHaveAttribute('width', '128')
  await expect(canvas).toHaveCSS('image-rendering', 'pixelated')
}

test('it is not offered where it does not ship', async ({ studio }) => {
  await studio.open()
  await studio.get('mode-compose').click()
  await expect(studio.page.locator('.engine-note.ready')).toBeVisible()
  await expect(studio.get('compose-model').getByText('DreamO')).toBeVisible()
  await expect(studio.get('compose-model').getByText('Built in')).toHaveCount(0)
  await studio.get('mode-mix').click()
  await expect(studio.get('steps')).toBeVisible()
  await expect(studio.get('mix-model')).toHaveCount(0)
})

test('Mix makes a picture of two, with its balance found, and its file brings all back', async ({
  studio,
}) => {
  await studio.open({ painter2: true })
  await studio.get('mode-mix').click()
  await studio.get('mix-model').getByText('Built in').click()
  await studio.drop(studio.page.locator('body'), ball(), background(320, 240, 'red owl.png'))
  await expect(studio.get('object-card')).toHaveCount(2)
  await studio.pressFuse()
  await expect(studio.get('mix-result')).toBeVisible({ timeout: RUN_LIMIT })
  await expectShown(studio, 'mix-result')
  await expect(studio.get('judgement')).toBeVisible()
  const { mix } = await studio.document()
  expect(mix.trials.list.length).toBeGreaterThan(5)
  const file = await studio.download(() => studio.get('result-download').click())
  await studio.get('mix-model').getByText('FLUX', { exact: true }).click()
  await expect(studio.page.locator('#fuse-reason')).toContainText('open Models')
  await studio.drop(studio.page.locator('body'), { name: 'b.png', mimeType: 'image/png', buffer: file })
  await studio.get('recipe-restore').click()
  await expect.poll(async () => (await studio.document()).mix.model).toBe('painter')
  // The size that FLUX was set to is as it was.
  expect((await studio.document()).mix.settings.size).toBe(512)
  expect(studio.errors).toEqual([])
})

test('Compose makes a picture of references, which have no roles', async ({ studio }) => {
  await studio.open({ painter2: true })
  await studio.get('mode-compose').click()
  await studio.get('compose-model').getByText('Built in').click()
  await studio.drop(studio.page.locator('body'), ball(), background(320, 240))
  await expect(studio.get('reference-card')).toHaveCount(2)
  await expect(studio.get('reference-role')).toHaveCount(0)
  await studio.get('prompt').fill('a red owl')
  await studio.pressFuse()
  await expect(studio.get('compose-result')).toBeVisible({ timeout: RUN_LIMIT })
  await expectShown(studio, 'compose-result')
  await studio.get('response-toggle').click()
  await expect(studio.page.getByRole('list', { name: 'Sources' })).toBeVisible()

  // Where it does not come with the studio the document is there, and says what to do.
  await studio.expectSaved()
  await studio.page.goto('/?backend=cpu')
  await expect(studio.get('reference-card')).toHaveCount(2)
  await expect(studio.page.locator('.engine-note.ready')).toBeVisible()
  await expect(studio.get('fuse')).toHaveAttribute('aria-disabled', 'true')
  await expect(studio.page.locator('#fuse-reason')).toHaveText(
    'Inlay Painter 2 does not come with this studio: choose another model.',
  )
  await expect(studio.page.locator('.fuse-bar').getByText('Open Models')).toHaveCount(0)
  expect(studio.errors).toEqual([])
})
