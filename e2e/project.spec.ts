/** Project files: all of a document leaves this browser and comes back, here and in another. */
import AxeBuilder from '@axe-core/playwright'

import { background, ball } from './pictures'
import { expect, Studio, test } from './studio'

const inlay = (buffer: Buffer) => ({ name: 'kitchen.inlay', mimeType: '', buffer })

test('a project is saved, dropped into another browser by mouse, and opened here by keyboard', async ({
  page,
  studio,
  browser,
}) => {
  // Chromium's own picker cannot be answered by a test: the file is downloaded, as in other browsers.
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'))
  await studio.open({ tiny: true })
  await studio.setBackground(background(320, 240, 'kitchen.png'))
  await studio.addForeground(ball())
  await studio.get('prompt').fill('a red ball')
  await studio.get('seed').fill('77')
  await studio.get('seed').blur()
  await studio.pressFuse()
  await studio.expectResult()
  await studio.get('result-accept').click()
  await expect(studio.get('layer-row')).toHaveCount(2)
  await studio.expectSaved()
  const before = await studio.document()
  const resultsOf = (of: Studio) => of.page.getByRole('button', { name: /^Show Result of/ })
  /** Everything of it, under an id of its own. */
  const expectBack = async (of: Studio) => {
    await of.expectToast(/“kitchen” is opened from its project file/)
    const after = await of.document()
    expect({ ...after, id: before.id }).toEqual(before)
    expect(after.id).not.toBe(before.id)
    await expect(of.get('prompt')).toHaveValue('a red ball')
    await expect(resultsOf(of)).toHaveCount(1)
  }

  const file = await studio.download(() => studio.get('project-save').click())
  await studio.expectToast(/“kitchen” is saved as project file/)
  const elsewhere = await browser.newContext()
  try {
    const other = new Studio(await elsewhere.newPage(), studio.origin)
    await other.open({ tiny: true })
    await other.drop(other.page.locator('main'), inlay(file.subarray(0, file.length / 2)))
    await other.expectToast(/This is no project file that can be read: .* cut off/)
    await other.drop(other.page.locator('main'), inlay(file))
    await expectBack(other)
    // The pixels are there, and the recipe: they make the same document once more.
    await other.page.getByRole('button', { name: /^Hide Result/ }).click()
    await resultsOf(other).click()
    await other.expectResult()
    await other.get('result-discard').click()
    await other.page.getByRole('button', { name: 'Restore its recipe' }).click({ force: true })
    await other.expectToast(/The recipe is restored\./)
    expect(other.errors).toEqual([])
  } finally {
    await elsewhere.close()
  }

  const again = await studio.download(() => page.keyboard.press('Shift+S'))
  expect(again.equals(file)).toBe(true)
  await page.keyboard.press('d')
  await page.getByRole('button', { name: 'Delete kitchen' }).press('Enter')
  await expect(studio.get('documents-dialog')).toContainText('“kitchen” is deleted.')
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await studio.tabTo(studio.get('project-open'))
  const chooser = page.waitForEvent('filechooser')
  await page.keyboard.press('Enter')
  await (await chooser).setFiles([inlay(file)])
  // The result was here already: it is not there twice.
  await expectBack(studio)
  const asked = page.waitForEvent('filechooser')
  await page.keyboard.press('ControlOrMeta+o')
  await asked
})
