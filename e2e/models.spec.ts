/** Weights that people bring: imported by drag and drop, used, kept over a reload; and files that are no good. */

import { background, ball, type PictureFile } from './pictures'
import { downloadPsd, namesOf } from './psd'
import { expect, test } from './studio'
import { importSet, PATIENCE, shrink } from './modelHelpers'
import { dreamFuseSet, dreamoSet, filesOf, fluxDiffusersFiles, vaeFiles } from './tinyModels'

test('DreamFuse: imported by dropping, fused, kept over a reload', async ({ studio }) => {
  test.setTimeout(400_000)
  await studio.open()
  await importSet(studio, dreamFuseSet())
  await studio.setBackground(background())
  await studio.addForeground(ball())
  await studio.page.getByRole('radio', { name: 'DreamFuse' }).check()
  await shrink(studio, 'fluxPlace', { steps: 1 })
  await studio.get('fuse').click()
  await expect(studio.get('result-accept')).toBeVisible({ timeout: PATIENCE })
  // What a model made lies over its background.
  expect(namesOf((await downloadPsd(studio)).children)).toEqual(['room.png', 'Result'])
  await studio.get('result-accept').click()
  await studio.get('undo').click()

  await studio.open()
  await studio.get('models-open').click()
  await expect(studio.get('model-row')).toHaveCount(dreamFuseSet().length)
  await studio.page.keyboard.press('Escape')
  await studio.get('fuse').click()
  await expect(studio.get('result-accept')).toBeVisible({ timeout: PATIENCE })
  expect(studio.errors).toEqual([])
})

test('DreamO: two references, who listens to what, the picture as background', async ({ studio }) => {
  test.setTimeout(400_000)
  await studio.open()
  await importSet(studio, dreamoSet())
  await studio.get('mode-compose').click()
  await studio.drop(studio.page.locator('body'), background(), ball())
  await expect(studio.get('reference-card')).toHaveCount(2)
  await studio.get('reference-role').nth(0).selectOption('style')
  await studio.get('prompt').fill('a ball as [ref#2]')
  await shrink(studio, 'compose', { width: 256, height: 256, steps: 1, referenceSize: 256 })
  await studio.get('fuse').click()
  await expect(studio.get('compose-result')).toBeVisible({ timeout: PATIENCE })
  await studio.get('response-toggle').click()
  await studio.download(() => studio.get('response-export').click())
  await studio.get('result-background').click()
  expect((await studio.document()).background).toMatchObject({ width: 256, height: 256 })
  await studio.get('undo').click()
  expect((await studio.document()).background).toBeNull()
  expect(studio.errors).toEqual([])
})

test('files that are no good are refused with a reason, and what is installed stays', async ({ studio }) => {
  test.setTimeout(300_000)
  await studio.open()
  await importSet(studio, [vaeFiles()])
  await studio.get('models-open').click()

  const shards = filesOf(fluxDiffusersFiles())
  const last = shards.findLastIndex(({ name }) => name.endsWith('.safetensors'))
  const broken = shards.map((file, i) =>
    i === last ? { ...file, buffer: file.buffer.subarray(0, file.buffer.length - 999) } : file,
  )
  await studio.drop(studio.get('models-drop'), ...broken)
  await expect(studio.get('models-refused').last()).toContainText(/broken|damaged|ends|short/i)

  const gguf: PictureFile = {
    name: 'flux1-dev-Q4_K.gguf',
    mimeType: 'application/octet-stream',
    buffer: Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(200)]),
  }
  await studio.drop(studio.get('models-drop'), gguf)
  await expect(studio.get('models-refused').filter({ hasText: 'GGUF' })).toHaveCount(1)

  await studio.drop(studio.get('models-drop'), {
    name: 'model.safetensors',
    mimeType: 'application/octet-stream',
    buffer: background(1200, 800).buffer,
  })
  await expect(studio.get('models-refused')).toHaveCount(3)
  await expect(studio.get('model-row')).toHaveCount(1)
})

test('a full disk is said, and what is installed stays', async ({ studio }) => {
  test.setTimeout(300_000)
  await studio.open()
  await importSet(studio, [vaeFiles()])
  const session = await studio.page.context().newCDPSession(studio.page)
  await session.send('Storage.overrideQuotaForOrigin', { origin: studio.origin, quotaSize: 1_000_000 })
  await studio.get('models-open').click()
  await studio.drop(studio.get('models-drop'), ...filesOf(dreamFuseSet()[0]))
  await expect(studio.get('models-found')).toHaveCount(1, { timeout: PATIENCE })
  await studio.get('models-import').first().click()
  await expect(studio.get('models-dialog')).toContainText(/storage|space/i)
  await expect(studio.get('models-dialog').getByRole('alert').first()).toBeVisible({ timeout: PATIENCE })
  await expect(studio.get('model-row')).toHaveCount(1)
})
