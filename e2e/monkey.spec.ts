/**
 * Valid actions at random, from a seed: nothing fails, memory does not grow, undo leads back exactly, and the project file has it all.
 * `INLAY_MONKEY_MINUTES=30 INLAY_MONKEY_SEED=7 npx playwright test monkey` is the long run; tests run half a minute.
 */
import type { CDPSession, Page } from '@playwright/test'

import { background, ball } from './pictures'
import { random } from './random'
import { expect, RUN_LIMIT, Studio, test } from './studio'

const MINUTES = Number(process.env.INLAY_MONKEY_MINUTES ?? 0.5)
const SEED = Number(process.env.INLAY_MONKEY_SEED ?? 20261130)
/** Between two ways back by undo, which keeps 500 steps. */
const ROUND = 60
const GROWTH_BYTES = 50e6

/** Hands of a monkey; each action is one that somebody could take now, or does nothing. */
class Monkey {
  private readonly studio: Studio
  private readonly page: Page
  private readonly draw: () => number
  readonly done: Record<string, number> = {}
  readonly last: string[] = []

  constructor(studio: Studio, draw: () => number) {
    this.studio = studio
    this.page = studio.page
    this.draw = draw
  }

  private one<T>(of: readonly T[]): T {
    return of[Math.floor(this.draw() * of.length)]
  }

  private async press(...keys: string[]) {
    await this.page.locator('body').evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await this.page.keyboard.press(this.one(keys))
  }

  /** One of several elements, if any can be used. */
  private async pick(selector: string) {
    const found = this.page.locator(selector)
    const count = await found.count()
    if (count === 0) return null
    const element = found.nth(Math.floor(this.draw() * count))
    // It may be gone by now: what was begun before has ended meanwhile.
    const usable =
      (await element.isVisible()) && (await element.isEnabled({ timeout: 500 }).catch(() => false))
    return usable ? element : null
  }

  /** How often each is taken, beside the others. */
  private readonly actions: Record<string, [weight: number, act: () => Promise<unknown>]> = {
    add: [
      2,
      async () => {
        const { layers, mode } = await this.studio.document()
        if (mode !== 'place' || layers.length > 6) return
        await this.studio.drop(this.page.getByRole('main'), ball(40 + Math.floor(60 * this.draw())))
        await expect.poll(async () => (await this.studio.document()).layers.length).toBe(layers.length + 1)
      },
    ],
    select: [4, async () => (await this.pick('.layer-name'))?.click()],
    drag: [
      6,
      async () => {
        const { layers, mode } = await this.studio.document()
        const shown = layers.filter((layer) => layer.kind === 'foreground')
        if (mode !== 'place' || shown.length === 0) return
        const { box } = this.one(shown)
        const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
        await this.studio.drag(from, {
          x: from.x + 80 * (this.draw() - 0.5),
          y: from.y + 60 * (this.draw() - 0.5),
        })
      },
    ],
    nudge: [4, () => this.press('ArrowLeft', 'ArrowUp', 'Shift+ArrowRight', 'Shift+ArrowDown')],
    layer: [5, () => this.press('x', ']', '[', 'Control+d', 'Delete')],
    look: [
      4,
      async () => {
        const choice = await this.pick('.layers select')
        if (choice) await choice.selectOption({ index: Math.floor(this.draw() * 6) })
      },
    ],
    row: [
      3,
      async () =>
        (await this.pick('[data-testid=layer-row] .icon-button:not([aria-label="Cut out"])'))?.click(),
    ],
    slide: [
      8,
      async () => {
        const slider = await this.pick('input[type=range]')
        if (!slider) return
        const [low, high] = await slider.evaluate((input: HTMLInputElement) => [
          Number(input.min),
          Number(input.max),
        ])
        await slider.fill(String(low + (high - low) * Math.round(10 * this.draw()) * 0.1))
      },
    ],
    number: [
      4,
      async () => {
        const field = await this.pick('.number input')
        if (!field) return
        await field.fill(this.one(['12', '40 + 8', '50%', '-7', '200', 'nonsense', '']))
        await field.press('Enter')
      },
    ],
    choose: [4, async () => (await this.pick('.panel.right .segmented label:not(.off)'))?.click()],
    type: [
      3,
      async () => {
        const prompt = await this.pick('.panel.right textarea')
        await prompt?.fill(
          this.one(['evening sun from the left', 'overcast', '', 'ein Häuschen', 'شمس', '日本']),
        )
      },
    ],
    mode: [2, async () => (await this.pick('.mode'))?.click()],
    // Where a round began stays within reach: history's own test has what is undone and then done otherwise.
    history: [
      3,
      async () => {
        const steps = 1 + Math.floor(3 * this.draw())
        for (let n = 0; n < steps; n++) await this.press('Control+z')
        for (let n = 0; n < steps; n++) await this.press('Control+Shift+z')
      },
    ],
    zoom: [2, () => this.press('+', '-', '0', '1')],
    tool: [2, () => this.press('v', 'b', 'p', 'g', 'h', 'u', 'v')],
    dialog: [
      2,
      async () => {
        await this.press('m', 'd', '?', 'Shift+R')
        await expect(this.page.getByRole('dialog')).toBeVisible()
        await this.page.keyboard.press('Escape')
        await expect(this.page.getByRole('dialog')).toHaveCount(0)
      },
    ],
    fuse: [
      1,
      async () => {
        const { mode } = await this.studio.document()
        const fuse = this.studio.get('fuse')
        if (mode !== 'place' || !(await fuse.isVisible()) || !(await fuse.isEnabled())) return
        await fuse.click()
        if (this.draw() < 0.3) await this.page.keyboard.press('Escape')
        await expect(this.studio.get('stop')).toHaveCount(0, { timeout: RUN_LIMIT })
      },
    ],
    result: [
      4,
      async () => {
        const button = await this.pick('[data-testid=result-accept], [data-testid=result-discard]')
        await button?.click()
      },
    ],
  }

  /** Takes one action, and sees that the studio stands and that no error was left. */
  async act() {
    const entries = Object.entries(this.actions)
    let at = this.draw() * entries.reduce((sum, [, [weight]]) => sum + weight, 0)
    const [name, [, act]] = entries.find(([, [weight]]) => (at -= weight) < 0) ?? entries[0]
    this.done[name] = (this.done[name] ?? 0) + 1
    this.last.push(name)
    await act()
    expect(this.studio.errors).toEqual([])
    await expect(this.studio.get('crash')).toHaveCount(0)
  }
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.collectGarbage')
  return (await session.send('Runtime.getHeapUsage')).usedSize
}

/** The document as undo knows it: what is read off the photo comes when it comes, and is no step. */
async function textOf(studio: Studio): Promise<string> {
  const { scene, ...rest } = await studio.document()
  const { camera, lights, ground, ...own } = scene
  return sorted({ ...rest, scene: own.source === 'photo' ? own : { ...own, camera, lights, ground } })
}

/** As JSON, whatever the order of the keys: what is done again may put one at the end. */
const sorted = (value: object): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )

/** Undoes until the document is as it was, which it must be in the end. */
async function undoTo(studio: Studio, before: string) {
  for (let steps = 0; steps < 600; steps++) {
    if ((await textOf(studio)) === before) return steps
    if (!(await studio.get('undo').isEnabled())) break
    await studio.get('undo').click()
  }
  expect(await textOf(studio)).toBe(before)
  return 0
}

test('a monkey finds nothing that breaks', async ({ page, studio, browser }) => {
  test.setTimeout((10 + 4 * MINUTES) * 60_000)
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'))
  await studio.open({ backend: 'cpu', tiny: true })
  await studio.setBackground(background(640, 480))
  await studio.addForeground(ball())
  const monkey = new Monkey(studio, random(SEED))
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.enable')
  let heap = 0
  const end = Date.now() + MINUTES * 60_000
  for (let round = 0; round === 0 || Date.now() < end; round++) {
    const before = await textOf(studio)
    for (let n = 0; n < ROUND && (n < 5 || Date.now() < end); n++)
      await monkey.act().catch((error: unknown) => {
        throw new Error(`seed ${SEED}, after ${monkey.last.slice(-8).join(', ')}: ${String(error)}`)
      })
    const discard = studio.get('result-discard')
    if (await discard.isVisible()) await discard.click()
    const after = await textOf(studio)
    const steps = await undoTo(studio, before)
    for (let n = 0; n < steps; n++) await studio.get('redo').click()
    expect(await textOf(studio)).toBe(after)
    // What a first round loads (modes, networks) stays.
    if (round === 0) heap = await heapOf(session)
    if (round % 5 === 0)
      console.log(`round ${round}: ${steps} steps, heap ${((await heapOf(session)) / 1e6).toFixed(1)} MB`)
  }
  console.log(JSON.stringify(monkey.done))
  expect((await heapOf(session)) - heap).toBeLessThan(GROWTH_BYTES)

  await studio.expectSaved()
  const made = await studio.document()
  const file = await studio.download(() => studio.get('project-save').click())
  const elsewhere = await browser.newContext()
  const other = new Studio(await elsewhere.newPage(), studio.origin)
  await other.open({ tiny: true })
  await other.drop(other.page.getByRole('main'), { name: 'monkey.inlay', mimeType: '', buffer: file })
  await other.expectToast(/is opened from its project file/)
  expect({ ...(await other.document()), id: made.id }).toEqual(made)
  await elsewhere.close()
})
