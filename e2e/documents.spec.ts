/** The list of documents: nothing that was made is out of reach. */
import AxeBuilder from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'

import { background, ball } from './pictures'
import { expect, Studio, test } from './studio'

const cards = (page: Page): Locator => page.getByTestId('document-card')
const card = (page: Page, title: string): Locator => cards(page).filter({ hasText: title })

async function openList(page: Page) {
  await page.getByTestId('documents-open').click()
  await expect(page.getByTestId('documents-dialog')).toBeVisible()
}

test('two tabs, both closed: both documents are found again', async ({ page, studio, context }) => {
  await studio.open()
  await studio.setBackground(background(320, 240, 'kitchen.png'))
  await studio.addForeground(ball())
  // The photo's own may be read at any moment.
  await studio.lightByHand()
  await studio.expectSaved()
  const first = await studio.document()

  const other = new Studio(await context.newPage(), studio.origin)
  await other.open()
  await other.expectToast(/“kitchen” is open in another tab, so this tab starts a new document/)
  await other.setBackground(background(300, 200, 'garden.png'))
  await other.expectSaved()
  const second = await other.document()
  expect(second.id).not.toBe(first.id)

  // A reload gives each tab its own document again.
  await other.page.reload()
  await expect(other.get('documents-open')).toContainText('garden')
  await page.reload()
  await expect(studio.get('documents-open')).toContainText('kitchen')
  await openList(other.page)
  await expect(card(other.page, 'kitchen')).toContainText('Open in another tab')
  await expect(card(other.page, 'kitchen').getByRole('button', { name: 'Open kitchen' })).toBeDisabled()

  await page.close()
  await other.page.close()
  const again = new Studio(await context.newPage(), studio.origin)
  await again.open()
  await openList(again.page)
  await expect(cards(again.page)).toHaveCount(2)
  await card(again.page, 'kitchen').getByRole('button', { name: 'Open kitchen' }).click()
  await expect(again.get('layer-row')).toHaveCount(1)
  const { selection: _, ...found } = { selection: null, ...(await again.document()) }
  expect(found).toEqual(first)
  await openList(again.page)
  await card(again.page, 'garden').getByRole('button', { name: 'Open garden' }).click()
  await expect.poll(async () => (await again.document()).id).toBe(second.id)
})

test('documents are named, duplicated, deleted and brought back, by keyboard', async ({ page, studio }) => {
  await studio.open()
  await studio.setBackground(background(320, 240, 'kitchen.png'))
  await studio.expectSaved()

  // New asks nothing, for nothing is lost.
  await page.getByRole('button', { name: 'New', exact: true }).click()
  await studio.expectToast(/“kitchen” is kept in the list of documents/)
  expect((await studio.document()).background).toBeNull()

  await page.keyboard.press('d')
  await expect(card(page, 'kitchen')).toBeVisible()
  await expect(card(page, 'kitchen').locator('img')).toBeVisible()
  await studio.tabTo(card(page, 'kitchen').getByRole('button', { name: 'Rename kitchen' }))
  await page.keyboard.press('Enter')
  await page.keyboard.type('Mugs')
  await page.keyboard.press('Enter')
  await expect(card(page, 'Mugs')).toBeVisible()

  await studio.tabTo(card(page, 'Mugs').getByRole('button', { name: 'Duplicate Mugs' }))
  await page.keyboard.press('Enter')
  await expect(card(page, 'Mugs copy')).toBeVisible()
  await expect(cards(page)).toHaveCount(3)

  await page.getByRole('button', { name: 'Delete Mugs copy' }).press('Enter')
  await expect(cards(page)).toHaveCount(2)
  await page.getByTestId('documents-dialog').getByRole('button', { name: 'Undo' }).press('Enter')
  await expect(cards(page)).toHaveCount(3)
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])

  await page.getByRole('button', { name: 'Open Mugs', exact: true }).press('Enter')
  await expect(studio.get('documents-open')).toContainText('Mugs')
  await expect(studio.get('canvas')).toBeVisible()

  // The open one can go, too; an empty one takes its place.
  await page.keyboard.press('d')
  const mugs = page.getByRole('button', { name: 'Open Mugs', exact: true })
  await expect(mugs).toBeVisible()
  await page.getByRole('button', { name: 'Delete Mugs', exact: true }).press('Enter')
  await expect(mugs).toHaveCount(0)
  await expect(cards(page)).toHaveCount(2)
  await expect(page.getByRole('button', { name: 'Open Mugs copy', exact: true })).toBeVisible()
  await page.keyboard.press('Escape')
  expect((await studio.document()).background).toBeNull()
})

test('documents are found by name, starred and saved as project from the list', async ({ page, studio }) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'))
  await studio.open()
  await studio.setBackground(background(320, 240, 'Küche.png'))
  await studio.expectSaved()
  await page.getByRole('button', { name: 'New', exact: true }).click()
  await studio.setBackground(background(300, 200, 'garden.png'))
  await studio.expectSaved()
  await openList(page)
  await expect(cards(page).first()).toContainText('garden')

  await card(page, 'Küche').getByRole('button', { name: 'Star Küche' }).click()
  await expect(cards(page).first()).toContainText('Küche')
  await page.reload()
  await openList(page)
  await expect(cards(page).first()).toContainText('Küche')
  await expect(page.getByRole('button', { name: 'Star Küche' })).toHaveAttribute('aria-pressed', 'true')

  await studio.tabTo(studio.get('documents-search'))
  await page.keyboard.type('kuch')
  await expect(cards(page)).toHaveCount(1)
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  const file = await studio.download(() =>
    page.getByRole('button', { name: 'Save Küche as project file' }).press('Enter'),
  )
  await studio.get('documents-search').press('Escape')
  await expect(cards(page)).toHaveCount(2)
  await studio.get('documents-search').fill('attic')
  await expect(studio.get('documents-dialog')).toContainText('No document is called “attic”.')
  await page.screenshot({ path: test.info().outputPath('list.png') })

  await studio.drop(page.locator('.documents-body'), { name: 'k.inlay', mimeType: '', buffer: file })
  await studio.expectToast(/“Küche” is opened from its project file/)
  await expect(studio.get('documents-open')).toContainText('Küche')
})

test('what cannot be saved is left only where that is wanted', async ({ page, studio }) => {
  await studio.open()
  await studio.setBackground(background(320, 240, 'kitchen.png'))
  await studio.expectSaved()
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('no room', 'QuotaExceededError')
    }
  })
  await studio.get('prompt').fill('a mug on the table')
  await expect(page.getByText('Not saved')).toBeVisible()

  await page.getByRole('button', { name: 'New', exact: true }).click()
  await expect(studio.get('unsaved-dialog')).toContainText('“kitchen” could not be saved')
  await expect(studio.get('unsaved-stay')).toBeFocused()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.keyboard.press('Escape')
  expect(await studio.document()).toMatchObject({ prompt: 'a mug on the table' })
  await expect(studio.get('undo')).toBeEnabled()

  await page.getByRole('button', { name: 'New', exact: true }).click()
  await studio.get('unsaved-leave').click()
  await expect.poll(async () => (await studio.document()).background).toBeNull()
  await expect(studio.get('toast').filter({ hasText: 'is kept in the list' })).toHaveCount(0)
})

test('what cannot be read is set aside and can be downloaded', async ({ page, studio }) => {
  await studio.open()
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('inlay')
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('documents', 'readwrite')
          const document = { schema: 99, id: 'from-the-future' }
          transaction.objectStore('documents').put({ id: document.id, savedAt: Date.now() * 2, document })
          transaction.oncomplete = () => resolve()
          transaction.onerror = () => reject(new Error('not written'))
        }
      }),
  )
  await page.reload()
  await studio.expectToast(/A document could not be read/)
  await openList(page)
  const row = studio.get('aside-row')
  await expect(row).toContainText('version 99 is newer')
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  const saved = await studio.download(() => row.getByRole('button', { name: /^Download/ }).click())
  expect(JSON.parse(saved.toString())).toMatchObject({ kind: 'document', value: { id: 'from-the-future' } })
  await row.getByRole('button', { name: /^Delete/ }).click()
  await row.getByRole('button', { name: 'Delete for good' }).click()
  await expect(row).toHaveCount(0)
})
