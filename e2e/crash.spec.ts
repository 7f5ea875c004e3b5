/** No page is ever white: what stops the studio is shown, and the work is there after a reload. */
import type { Page } from '@playwright/test'

import { background, ball } from './pictures'
import { expect, test as base, type Studio } from './studio'

/** These tests break the studio on purpose, so errors that nothing caught are no failure here. */
const test = base.extend<{ broken: Studio }>({
  broken: async ({ studio }, use) => {
    await use(studio)
    studio.errors.length = 0
  },
})

const textOf = (page: Page) => page.evaluate(() => document.body.innerText.trim())

/**
 * What translators do: every text node goes into elements of their own. `polite` ones leave alone what is marked
 * `translate="no"`, as the browsers' own do.
 */
async function translate(page: Page, polite: boolean): Promise<number> {
  return page.evaluate((heeds) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const found: Text[] = []
    while (walker.nextNode()) found.push(walker.currentNode as Text)
    const wanted = found.filter(
      (text) =>
        text.data.trim() !== '' &&
        !text.parentElement?.closest('script, style, textarea') &&
        !(heeds && text.parentElement?.closest('[translate=no]')),
    )
    for (const text of wanted) {
      const outer = document.createElement('font')
      const inner = document.createElement('font')
      text.replaceWith(outer)
      outer.append(inner)
      inner.append(text)
    }
    return wanted.length
  }, polite)
}

/** A way through what changes most: modes, the layers, a run, dialogs. */
async function workThrough(page: Page, studio: Studio, after: () => Promise<unknown>) {
  await studio.setBackground(background())
  await after()
  await studio.addForeground(ball())
  await after()
  await studio.get('prompt').fill('a red qqqq')
  await after()
  for (const mode of ['compose', 'align', 'place']) {
    await studio.get(`mode-${mode}`).click()
    await after()
  }
  await studio.pressFuse()
  await after()
  await studio.expectResult()
  await after()
  await studio.get('result-accept').click()
  await after()
  await studio.get('models-open').click()
  await after()
  await page.keyboard.press('Escape')
  await studio.get('undo').click()
  await after()
}

test('a translator that heeds translate="no" changes nothing', async ({ page, studio }) => {
  await studio.open()
  await workThrough(page, studio, async () => expect(await translate(page, true)).toBe(0))
  await expect(studio.get('layer-row')).toHaveCount(1)
})

test('a translator that heeds nothing leaves no white page, and no work is lost', async ({
  page,
  broken,
}) => {
  await broken.open()
  await broken.setBackground(background())
  await broken.addForeground(ball())
  const before = await broken.document()
  expect(await translate(page, false)).toBeGreaterThan(20)
  // Whether React stumbles here is its own affair; what it must not do is leave nothing.
  const crash = broken.get('crash')
  for (const mode of ['compose', 'align', 'place']) {
    if ((await crash.count()) === 0) await broken.get(`mode-${mode}`).click()
    expect(await textOf(page)).not.toBe('')
    if ((await crash.count()) === 0) await translate(page, false)
  }
  await expect(page.getByText(/Your work is saved|Saved on this device/)).toBeVisible()
  await page.reload()
  await broken.get('mode-place').click()
  await expect(broken.get('layer-row')).toHaveCount(1)
  expect((await broken.document()).layers).toEqual(before.layers)
})

test('a crash while drawing shows a report without the user’s words, and a way back', async ({
  page,
  broken,
}) => {
  await broken.open()
  await broken.setBackground(background(480, 320, 'private-picture.png'))
  await broken.get('prompt').fill('secret words')
  // What React holds is torn from the page: the next change of mode fails in the middle of drawing.
  await page.evaluate(() => {
    Node.prototype.insertBefore = () => {
      throw new DOMException(
        'The node before which the new node is to be inserted is not a child of this node.',
      )
    }
    Node.prototype.appendChild = Node.prototype.insertBefore as never
    // At once: whatever is drawn next fails, and something may be drawn by itself.
    document.querySelector<HTMLElement>('[data-testid=mode-compose]')?.click()
  })
  await expect(broken.get('crash')).toContainText('Inlay has stopped')
  await expect(broken.get('crash')).toContainText('Your work is saved on this device.')
  const report = await page.getByRole('textbox', { name: 'Report' }).inputValue()
  expect(report).toMatch(/^Inlay \d+\.\d+\.\d+, \d{4}-/)
  expect(report).toContain('is not a child of this node')
  expect(report).toMatch(/\n\s*at /)
  expect(report).not.toMatch(/secret|private-picture/)
  await page.getByRole('button', { name: 'Reload' }).click()
  await broken.get('mode-place').click()
  await expect(broken.get('canvas')).toBeVisible()
  const { prompt, background: kept } = await broken.document()
  expect([prompt, kept?.name]).toEqual(['secret words', 'private-picture.png'])
})

test('a failure at the start is shown', async ({ page, broken }) => {
  await page.addInitScript(() => {
    const listen = document.addEventListener.bind(document)
    document.addEventListener = (...given: Parameters<typeof listen>) => {
      if (given[0] === 'visibilitychange') throw new Error('no listening today')
      listen(...given)
    }
  })
  await page.goto('/')
  await expect(broken.get('crash')).toContainText('Inlay could not start')
  await expect(page.getByRole('textbox', { name: 'Report' })).toHaveValue(/no listening today/)
})

test('a script that cannot be read is told', async ({ page, broken }) => {
  await page.route('**/assets/studio-*.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: 'let = ;' }),
  )
  await page.goto('/')
  await expect(page.getByText(/could not start/)).toBeVisible()
  expect(broken.errors.length).toBeGreaterThan(0)
})
