/** The studio as the tests drive it, and the watch over its requests. */
import { readFileSync } from 'node:fs'
import {
  test as base,
  expect,
  type CDPSession,
  type Download,
  type Locator,
  type Page,
  type Request,
} from '@playwright/test'

import { fitViewport, toScreen, type Point } from '@/canvas/viewport'
import type { FusionDocument } from '@/schema/document'
import type { BuiltInFamily } from '@/schema/pack'

import type { PictureFile } from './pictures'

export { expect }

/** Networks with random weights, small enough for a software GPU (training/tiny_packs.py). */
const TINY = { geometry: 'geometry-tiny', scene: 'scene-tiny', cutout: 'cutout-tiny' } as const
const FIXTURES = new URL('../src/pipelines/fixtures/', import.meta.url)
/** A run of a built-in model may take as long as this on two slow cores. */
export const RUN_LIMIT = 150_000

export interface StudioOptions {
  /** null: no parameter, the studio chooses. */
  backend?: 'cpu' | 'webgpu' | null
  /** Place's networks are tiny ones: where the picture does not matter. */
  tiny?: boolean
  /** Painter 2, whose weights do not ship yet, is there as a tiny one. */
  painter2?: boolean
}

/** What `?debug` puts on the window. */
interface DebugWindow {
  inlay: { loseDevice(): Promise<void>; document: { getState(): { document: FusionDocument } } }
}

export class Studio {
  readonly page: Page
  readonly origin: string
  /** Every address that page and workers have asked for. */
  readonly requests: string[] = []
  /** Errors that nothing caught. */
  readonly errors: string[] = []
  private fingers: CDPSession | null = null

  constructor(page: Page, origin: string) {
    this.page = page
    this.origin = origin
    const watch = (request: Request) => this.requests.push(request.url())
    page.context().on('request', watch)
    page.on('websocket', (socket) => this.requests.push(socket.url()))
    // Keeps the interception of file dialogs on; turning it on in the moment of a key press came too late at times.
    page.on('filechooser', () => undefined)
    page.on('pageerror', (error) => this.errors.push(error.stack ?? error.message))
    // What the policy refuses shows nowhere else. A worker tells its own console alone, so it is asked to.
    page.on('console', (message) => {
      if (message.type() === 'error' && message.text().includes('Content Security Policy'))
        this.errors.push(message.text())
    })
    page.on('worker', (worker) => {
      // One that ends at once cannot be asked any more.
      void worker.evaluate(reportRefusals).catch(() => undefined)
    })
  }

  get(id: string): Locator {
    return this.page.getByTestId(id)
  }

  /** Changes the files of a built-in model on their way. */
  async changeModel(family: BuiltInFamily, change: (file: string, bytes: Buffer) => Buffer) {
    await this.page.route(`**/models/${family}/**`, async (route) => {
      const answer = await route.fetch()
      const file = new URL(route.request().url()).pathname.split('/').at(-1) ?? ''
      await route.fulfill({ response: answer, body: change(file, await answer.body()) })
    })
  }

  private async serve(folders: readonly string[]) {
    for (const folder of folders)
      await this.page.route(`**/models/${folder}/**`, async (route) => {
        const file = new URL(route.request().url()).pathname.split('/').at(-1) ?? ''
        const contentType = file.endsWith('.json') ? 'application/json' : 'application/octet-stream'
        await route.fulfill({ contentType, body: readFileSync(new URL(`${folder}/${file}`, FIXTURES)) })
      })
  }

  async open({ backend = 'cpu', tiny = false, painter2 = false }: StudioOptions = {}) {
    const query = new URLSearchParams({ debug: '' })
    const own = { ...(tiny ? TINY : {}), ...(painter2 ? { painter2: 'painter2-tiny' } : {}) }
    await this.serve(Object.values(own))
    for (const [family, folder] of Object.entries(own)) query.set(family, `models/${folder}/`)
    if (backend !== null) query.set('backend', backend)
    await this.page.goto(`/?${query.toString()}`)
    await expect(this.get('open-background')).toBeVisible()
    // Keys are bound once the first picture of the page is painted.
    await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100))))
  }

  private async choose(open: () => Promise<void>, files: PictureFile[]) {
    const chooser = this.page.waitForEvent('filechooser')
    await open()
    await (await chooser).setFiles(files)
  }

  /** Opens a background that is good and waits until it is there. */
  async setBackground(file: PictureFile, open = () => this.get('open-background').click()) {
    await this.choose(open, [file])
    await expect(this.get('canvas')).toBeVisible()
  }

  /** Adds a foreground that is good and waits until it is there. */
  async addForeground(file: PictureFile, open = () => this.get('add-foreground').click()) {
    const before = await this.get('layer-row').count()
    await this.choose(open, [file])
    await expect(this.get('layer-row')).toHaveCount(before + 1)
  }

  /** Light that is set by hand, so that the photo's, which may come late, changes nothing. */
  async lightByHand() {
    await this.get('light-source').getByText('By hand').click()
    await expect(this.get('light-dial')).toBeVisible()
  }

  /** Chooses a file that may be refused. */
  chooseBackground(file: PictureFile) {
    return this.choose(() => this.get('open-background').click(), [file])
  }

  chooseForeground(file: PictureFile) {
    return this.choose(() => this.get('add-foreground').click(), [file])
  }

  /** Drops files on an element as a file manager does. */
  async drop(target: Locator, ...files: PictureFile[]) {
    const plain = files.map(({ name, mimeType, buffer }) => ({
      name,
      mimeType,
      data: buffer.toString('base64'),
    }))
    const dataTransfer = await this.page.evaluateHandle((given) => {
      const list = new DataTransfer()
      for (const { name, mimeType, data } of given)
        list.items.add(
          new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name, { type: mimeType }),
        )
      return list
    }, plain)
    for (const type of ['dragenter', 'dragover', 'drop']) await target.dispatchEvent(type, { dataTransfer })
  }

  /** Presses Tab until the focus is there, as somebody without a mouse does. */
  async tabTo(target: Locator) {
    for (let presses = 0; presses < 80; presses++) {
      if (await target.evaluate((element) => element === document.activeElement)) return
      await this.page.keyboard.press('Tab')
    }
    throw new Error(`Tab does not lead to ${target.toString()}`)
  }

  async pressFuse() {
    await expect(this.get('fuse')).toBeEnabled({ timeout: 60_000 })
    await this.get('fuse').click()
  }

  /** Waits until a result lies on the canvas. */
  async expectResult(timeout = RUN_LIMIT) {
    await expect(this.get('result-accept')).toBeVisible({ timeout })
  }

  /** Waits until at least one step of a run is done. */
  async expectSteps() {
    await expect(this.get('progress')).toContainText(/step [1-9]/, { timeout: RUN_LIMIT })
  }

  /** Presses Stop; milliseconds until the studio is ready for the next run. */
  stopAndMeasure(): Promise<number> {
    return this.page.evaluate(
      () =>
        new Promise<number>((resolve, reject) => {
          const stop = document.querySelector<HTMLElement>('[data-testid=stop]')
          if (!stop) return reject(new Error('nothing runs'))
          const pressed = performance.now()
          const look = () => {
            if (document.querySelector('[data-testid=fuse]')) {
              observer.disconnect()
              resolve(performance.now() - pressed)
            }
          }
          const observer = new MutationObserver(look)
          observer.observe(document.body, { childList: true, subtree: true })
          stop.click()
        }),
    )
  }

  /** Starts a download and gives the file's bytes. */
  async download(start: () => Promise<void>): Promise<Buffer> {
    // Layers first wait until the engine has told the shapes.
    const waiting: Promise<Download> = this.page.waitForEvent('download', { timeout: RUN_LIMIT })
    await start()
    return readFileSync(await (await waiting).path())
  }

  document(): Promise<FusionDocument> {
    return this.page.evaluate(() => (window as unknown as DebugWindow).inlay.document.getState().document)
  }

  loseDevice(): Promise<void> {
    return this.page.evaluate(() => (window as unknown as DebugWindow).inlay.loseDevice())
  }

  /** Where a point of the background is on the screen while the picture is fitted. */
  async onScreen(point: Point): Promise<Point> {
    const { background } = await this.document()
    const area = await this.get('canvas').boundingBox()
    if (!background || !area) throw new Error('there is no picture on the canvas')
    const { x, y } = toScreen(fitViewport(background, area), point)
    return { x: area.x + x, y: area.y + y }
  }

  /** Drags with the mouse between two points of the background. */
  async drag(from: Point, to: Point) {
    const [start, end] = [await this.onScreen(from), await this.onScreen(to)]
    const { mouse } = this.page
    await mouse.move(start.x, start.y)
    await mouse.down()
    await mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 4 })
    await mouse.move(end.x, end.y, { steps: 4 })
    await mouse.up()
  }

  /** The middle of something, css px. */
  async middleOf(target: Locator): Promise<Point> {
    const area = await target.boundingBox()
    if (!area) throw new Error('it is not on the screen')
    return { x: area.x + area.width / 2, y: area.y + area.height / 2 }
  }

  /** Drags a handle by css px, and holds it. */
  async pull(grip: Locator, x: number, y: number) {
    const from = await this.middleOf(grip)
    await this.page.mouse.move(from.x, from.y)
    await this.page.mouse.down()
    await this.page.mouse.move(from.x + x, from.y + y, { steps: 5 })
  }

  /** Fingers on the screen as the browser reports them: a test of `hasTouch`. */
  async touch(type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: readonly Point[]) {
    this.fingers ??= await this.page.context().newCDPSession(this.page)
    await this.fingers.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map((point, id) => ({ ...point, id })),
    })
  }

  /** Drags a finger between two points of the screen. It rests before it is lifted: after a fling the browser drops the next tap. */
  async swipe(from: Point, to: Point) {
    await this.touch('touchStart', from)
    for (let step = 1; step <= 5; step++)
      await this.touch('touchMove', {
        x: from.x + ((to.x - from.x) * step) / 5,
        y: from.y + ((to.y - from.y) * step) / 5,
      })
    await this.page.waitForTimeout(100)
    await this.touch('touchEnd')
  }

  async expectToast(message: RegExp) {
    await expect(this.get('toast').filter({ hasText: message }).first()).toBeVisible()
  }

  async expectSaved() {
    await expect(this.page.getByText('Saved on this device')).toBeVisible()
  }
}

function reportRefusals() {
  self.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    console.error(`Content Security Policy: ${violatedDirective} refused ${blockedURI} in a worker`),
  )
}

/** In every test: requests that leave the origin and errors that nothing caught fail it. */
export const test = base.extend<{ studio: Studio }>({
  studio: async ({ page, baseURL }, use) => {
    const studio = new Studio(page, new URL(baseURL ?? '').origin)
    await use(studio)
    const away = studio.requests.filter(
      (url) => !/^(blob|data):/.test(url) && new URL(url).origin !== studio.origin,
    )
    expect(away, 'requests that left the origin').toEqual([])
    expect(studio.errors, 'errors that nothing caught').toEqual([])
  },
})
