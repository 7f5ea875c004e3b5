/** FLUX.2 [klein] that somebody brings: dropped in, a picture from references, kept over a reload. */
import { importSet, PATIENCE, shrink } from './modelHelpers'
import { background, ball } from './pictures'
import { expect, test } from './studio'
import { filesOf, flux2DevFiles, fluxFiles, kleinSet, wideQwenFiles } from './tinyModels'

test('Compose on klein: two references, an instruction that is shown, the encoder no longer needed', async ({
  studio,
}) => {
  test.setTimeout(300_000)
  await studio.open()
  await importSet(studio, kleinSet())
  await studio.get('mode-compose').click()
  await studio.page.getByRole('radio', { name: 'FLUX.2 [klein]' }).check()
  await studio.drop(studio.page.locator('body'), background(), ball())
  await expect(studio.get('reference-card')).toHaveCount(2)
  await expect(studio.get('reference-size').first()).toContainText('image 1')
  await studio.get('reference-role').nth(0).selectOption('style')
  await studio.get('prompt').fill('a ball as [ref#2]')
  await expect(studio.get('klein-instruction')).toHaveValue(
    'a ball as image 2. Take the style of image 1, not what it shows.',
  )
  await shrink(studio, 'compose', { width: 256, height: 256, referenceSize: 256 })
  await shrink(studio, 'kleinCompose', { steps: 1 })
  await studio.get('fuse').click()
  await expect(studio.get('compose-result')).toBeVisible({ timeout: PATIENCE })

  await studio.page.reload()
  await expect(studio.get('klein-instruction')).toBeVisible()
  await studio.get('models-open').click()
  await expect(studio.get('model-row')).toHaveCount(kleinSet().length)
  await expect(studio.get('kept-texts')).toContainText('1 text is kept')
  await studio.get('keep-instructions').click()
  await expect(studio.get('kept-instructions')).toContainText('frees', { timeout: PATIENCE })

  await studio.get('remove-encoder').click()
  await expect(studio.get('model-row')).toHaveCount(kleinSet().length - 1)
  await studio.page.keyboard.press('Escape')
  await studio.get('fuse').click()
  await expect(studio.get('compose-result')).toBeVisible({ timeout: PATIENCE })
  // Words of one's own need the encoder.
  await studio.get('klein-instruction').fill('something else')
  await studio.get('fuse').click()
  await expect(studio.page.getByText('This text needs the text encoder Qwen3-4B').first()).toBeVisible()

  // Relatives are refused by name, or left alone where they do not fit: kept texts still run.
  await studio.get('models-open').click()
  await studio.drop(studio.get('models-drop'), ...filesOf(flux2DevFiles()))
  await expect(studio.get('models-refused')).toContainText('FLUX.2 [dev]')
  const [kontext] = Object.values(fluxFiles())
  await studio.drop(studio.get('models-drop'), ...filesOf({ 'flux1-kontext-dev.safetensors': kontext }))
  await expect(studio.get('models-note').first()).toContainText('FLUX.1 Kontext')
  await studio.get('models-found').getByRole('button', { name: 'Put away' }).click()
  await studio.drop(studio.get('models-drop'), ...filesOf(wideQwenFiles()))
  await studio.get('models-import').click()
  await expect(studio.get('model-row')).toHaveCount(kleinSet().length, { timeout: PATIENCE })
  await studio.page.keyboard.press('Escape')
  await studio
    .get('klein-instruction')
    .fill('a ball as image 2. Take the style of image 1, not what it shows.')
  await studio.get('fuse').click()
  await expect(studio.get('compose-result')).toBeVisible({ timeout: PATIENCE })
  expect(studio.errors).toEqual([])
})
