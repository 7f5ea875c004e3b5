/** The studio as the tests drive it, and the watch over its requests. */
import { readFileSync } from 'node:fs'
import { test as base, expect, type Locator, type Page, type Request } from '@playwright/test'

import type { PictureFile } from './pictures'

export { expect }

const FIXTURE = new URL('../src/pipelines/fixtures/mini-tiny/', import.meta.url)
/** Where the tests serve a model of 32 px with random weights: fast enough for a software GPU. */
export const TINY_MODEL = 'models/tiny/'

export interface StudioOptions {
  backend?: 'cpu' | 'webgpu'
  /** Folder of the model; the built-in one unless told. */
  model?: string
  steps?: number
}

export class Studio {
  readonly page: Page
  readonly requests: string[] = []
  readonly origin: string

  constructor(page: Page, origin: string) {
    this.page = page
    this.origin = origin
  }

  get(id: string): Locator {
    return this.page.getByTestId(id)
  }

  /** Serves the tiny model; `change` may break a file on its way. */
  async serveTinyModel(change: (file: string, bytes: Buffer) => Buffer = (_, bytes) => bytes) {
    await this.page.route(`**/${TINY_MODEL}**`, async (route) => {
      const file = new URL(route.request().url()).pathname.split('/').at(-1) ?? ''
      const contentType = file.endsWith('.json') ? 'application/json' : 'application/octet-stream'
      await route.fulfill({ contentType, body: change(file, readFileSync(new URL(file, FIXTURE))) })
    })
  }

  async open({ backend = 'cpu', model, steps }: StudioOptions = {}) {
    const query = new URLSearchParams({ backend, debug: '' })
    if (model !== undefined) query.set('model', model)
    if (steps !== undefined) query.set('steps', String(steps))
    await this.page.goto(`/?${query.toString()}`)
    await expect(this.get('open-background').first()).toBeVisible()
  }

  private async choose(button: Locator, files: PictureFile[]) {
    const chooser = this.page.waitForEvent('filechooser')
    await button.click()
    await (await chooser).setFiles(files)
  }

  async openBackground(file: PictureFile) {
    await this.choose(this.get('open-background').first(), [file])
  }

  async addForeground(...files: PictureFile[]) {
    await this.choose(this.get('add-foreground').first(), files)
  }

  /** Drops files on the window as a file manager does. */
  async drop(target: Locator, ...files: PictureFile[]) {
    const plain = files.map(({ name, mimeType, buffer }) => ({
      name,
      mimeType,
      data: buffer.toString('base64'),
    }))
    const transfer = await this.page.evaluateHandle((given) => {
      const list = new DataTransfer()
      for (const { name, mimeType, data } of given)
        list.items.add(
          new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name, { type: mimeType }),
        )
      return list
    }, plain)
    for (const type of ['dragenter', 'dragover', 'drop'])
      await target.dispatchEvent(type, { dataTransfer: transfer })
  }

  /** Waits until the canvas shows a result that can be accepted. */
  async expectResult(timeout = 120_000) {
    await expect(this.get('result-accept')).toBeVisible({ timeout })
  }

  async fuse() {
    await expect(this.get('fuse')).toBeEnabled({ timeout: 60_000 })
    await this.get('fuse').click()
  }

  async expectToast(message: RegExp) {
    await expect(this.get('toast').filter({ hasText: message }).first()).toBeVisible()
  }
}

/** Requests that leave the origin fail the test in which they happen. */
export const test = base.extend<{ studio: Studio }>({
  studio: async ({ page, baseURL }, use) => {
    const studio = new Studio(page, new URL(baseURL ?? '').origin)
    const watch = (request: Request) => studio.requests.push(request.url())
    page.context().on('request', watch)
    page.on('websocket', (socket) => studio.requests.push(socket.url()))
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
    await use(studio)
    const away = studio.requests.filter(
      (url) => !/^(blob|data):/.test(url) && new URL(url).origin !== studio.origin,
    )
    expect(away, 'requests that left the origin').toEqual([])
    expect(errors, 'errors that nothing caught').toEqual([])
  },
})
