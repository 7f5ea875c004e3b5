/** Keys, pastes and drops mean what the focus says, on every layout and with an input method. */
import type { Locator } from '@playwright/test'

import { background, ball } from './pictures'
import { expect, test } from './studio'

type Press = Pick<
  KeyboardEventInit,
  'key' | 'code' | 'keyCode' | 'isComposing' | 'ctrlKey' | 'altKey' | 'modifierAltGraph'
>

/** A press as a layout or an input method sends it, which the browser's own keyboard here cannot. */
const send = (target: Locator, init: Press, type = 'keydown') =>
  target.evaluate(
    (element, [kind, given]) =>
      element.dispatchEvent(new KeyboardEvent(kind, { bubbles: true, cancelable: true, ...given })),
    [type, init] as const,
  )

test('an input method keeps Enter and Escape while it composes', async ({ page, studio }) => {
  await studio.open()
  await studio.setBackground(background())
  await studio.addForeground(ball())

  await studio.get('layer-row').getByText('ball.png').dblclick()
  const name = page.getByRole('textbox', { name: /New name/ })
  await name.fill('ボ')
  await send(name, { key: 'Enter', isComposing: true })
  await send(name, { key: 'Escape', isComposing: true })
  await send(name, { key: 'Process', keyCode: 229 })
  await expect(name).toHaveValue('ボ')
  await name.fill('ボール')
  await name.press('Enter')
  await expect(studio.get('layer-row')).toContainText('ボール')

  await studio.pressFuse()
  await studio.expectResult()
  const prompt = studio.get('prompt')
  await send(prompt, { key: 'Escape', isComposing: true })
  await send(prompt, { key: 'Escape', keyCode: 229 })
  await expect(studio.get('result-accept')).toBeVisible()
  await prompt.press('Escape')
  await expect(studio.get('result-accept')).toHaveCount(0)
})

test('Escape in a number field takes back the number, and nothing else', async ({ page, studio }) => {
  await studio.open()
  await studio.setBackground(background())
  await studio.addForeground(ball())
  await studio.pressFuse()
  await studio.expectResult()
  const seed = studio.get('seed')
  await seed.fill('77')
  await seed.press('Escape')
  await expect(seed).toHaveValue('1')
  await expect(studio.get('result-accept')).toBeVisible()
  await seed.press('Escape')
  await expect(studio.get('result-accept')).toHaveCount(0)
  expect((await studio.document()).settings.seed.toString()).toBe('1')
  await expect(page.getByTestId('toast')).toHaveCount(0)
})

test('keys are bound anew, from another shortcut too, and last over a reload; so does the theme', async ({
  page,
  studio,
}) => {
  await studio.open()
  await studio.setBackground(background())
  await studio.addForeground(ball())
  const flipped = async () => (await studio.document()).layers.map((layer) => 'flipX' in layer && layer.flipX)

  await page.keyboard.press('?')
  await studio.get('theme').getByText('Dark').click()
  await studio.get('contrast').getByText('High').click()
  await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark')
  await studio.get('keys-flip').click()
  await page.keyboard.press('Control+c')
  await expect(page.getByRole('alert')).toContainText('copies')
  await page.keyboard.press('v')
  await expect(page.getByRole('alert')).toContainText('“Select and move” already')
  await page.keyboard.press('Escape')
  await expect(studio.get('keys-flip')).toContainText('X')
  await studio.get('keys-flip').click()
  await page.keyboard.press('v')
  await expect(studio.get('keys-take')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(studio.get('keys-flip')).toBeFocused()
  await expect(studio.get('keys-flip')).toContainText('V')
  await expect(studio.get('keys-select')).toContainText('None')
  await page.keyboard.press('Escape')

  await page.keyboard.press('v')
  expect(await flipped()).toEqual([true])
  await page.keyboard.press('x')
  expect(await flipped()).toEqual([true])
  await page.reload()
  await expect(page.getByRole('button', { name: 'Flip horizontally' })).toHaveAttribute('title', /\(V\)$/)
  await expect(page.locator('html')).toHaveCSS('color-scheme', 'dark')
  await page.keyboard.press('v')
  expect(await flipped()).toEqual([false])
  await studio.get('settings-open').click()
  await studio.get('shortcuts-reset').click()
  await expect(studio.get('keys-flip')).toContainText('X')
})

test('shortcuts by other layouts: Ctrl+я undoes, AltGr brings a layer up, letting go ends the look back', async ({
  page,
  studio,
}) => {
  await studio.open()
  await studio.setBackground(background())
  await studio.addForeground(ball())
  await studio.addForeground(ball(64, 'second.png'))
  const body = page.locator('body')
  const names = async () => (await studio.document()).layers.map(({ name }) => name)
  expect(await names()).toEqual(['ball.png', 'second.png'])
  await send(body, { key: '[', code: 'Digit8', ctrlKey: true, altKey: true, modifierAltGraph: true })
  expect(await names()).toEqual(['second.png', 'ball.png'])
  await send(body, { key: 'я', code: 'KeyZ', ctrlKey: true })
  expect(await names()).toEqual(['ball.png', 'second.png'])

  await studio.pressFuse()
  await studio.expectResult()
  const slider = studio.get('compare-slider')
  await send(body, { key: '\\', code: 'Minus', modifierAltGraph: true })
  await expect(slider).toBeHidden()
  // AltGr is up before the key is.
  await send(body, { key: 'ß', code: 'Minus' }, 'keyup')
  await expect(slider).toBeVisible()
})

/** A paste or a drop of text, HTML and perhaps a picture; whether the browser was kept from its own way. */
const bring = (
  target: Locator,
  type: 'paste' | 'drop',
  carried: { text?: string; html?: string; uri?: string; png?: Buffer },
) =>
  target.evaluate(
    (element, [kind, { text, html, uri, png }]) => {
      const transfer = new DataTransfer()
      if (text) transfer.setData('text/plain', text)
      if (html) transfer.setData('text/html', html)
      if (uri) transfer.setData('text/uri-list', uri)
      if (png) {
        const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0))
        transfer.items.add(new File([bytes], 'image.png', { type: 'image/png' }))
      }
      const init = { bubbles: true, cancelable: true }
      const event =
        kind === 'paste'
          ? new ClipboardEvent('paste', { ...init, clipboardData: transfer })
          : new DragEvent('drop', { ...init, dataTransfer: transfer })
      return !element.dispatchEvent(event)
    },
    [type, { ...carried, png: carried.png?.toString('base64') }] as const,
  )

test('a paste of an office program: text into the prompt, the picture onto the canvas', async ({
  studio,
}) => {
  await studio.open()
  await studio.setBackground(background())
  const office = { text: 'a red ball', html: '<b>a red ball</b>', png: ball().buffer }
  expect(await bring(studio.get('prompt'), 'paste', office)).toBe(false)
  await expect(studio.get('layer-row')).toHaveCount(0)
  expect(await bring(studio.get('canvas'), 'paste', office)).toBe(true)
  await expect(studio.get('layer-row')).toHaveCount(1)
  // A picture alone is a picture wherever the caret stands.
  expect(await bring(studio.get('prompt'), 'paste', { png: ball().buffer })).toBe(true)
  await expect(studio.get('layer-row')).toHaveCount(2)
})

test('a dropped link or text is told, and the studio stays', async ({ page, studio }) => {
  await studio.open()
  await studio.setBackground(background())
  const address = page.url()
  const link = { uri: 'https://example.org/cat.png', text: 'https://example.org/cat.png' }
  for (const target of [studio.get('canvas'), page.locator('.panel.right'), page.locator('.top-bar')])
    expect(await bring(target, 'drop', link)).toBe(true)
  await studio.expectToast(/link, not a picture/)
  await expect(studio.get('toast')).toContainText(/save the picture first/i)
  expect(await bring(studio.get('canvas'), 'drop', { text: 'some words' })).toBe(true)
  await studio.expectToast(/text, not a picture/)
  expect(await bring(studio.get('prompt'), 'drop', { text: 'some words' })).toBe(false)
  expect(page.url()).toBe(address)
})

test('a file dropped onto a layer’s row is added', async ({ studio }) => {
  await studio.open()
  await studio.setBackground(background())
  await studio.addForeground(ball())
  expect(await bring(studio.get('layer-row'), 'drop', { png: ball().buffer })).toBe(true)
  await expect(studio.get('layer-row')).toHaveCount(2)
})
