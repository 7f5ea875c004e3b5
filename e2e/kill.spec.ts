/**
 * A browser that is killed in the middle of the work, in all modes: nothing but the last gesture may be lost.
 * `INLAY_KILLS=200 INLAY_KILLS_SEED=7 npx playwright test kill` is the long run; tests kill thirty times.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'

import { MAX_REFERENCES } from '@/schema/modes/compose'
import { MAX_OBJECTS } from '@/schema/modes/mix'

import { startBrowser, type BrowserProcess } from './browserProcess'
import { background, ball, type PictureFile } from './pictures'
import { sample } from './gallery'
import { random } from './random'
import { Studio } from './studio'

const KILLS = Number(process.env.INLAY_KILLS ?? 30)
const SEED = Number(process.env.INLAY_KILLS_SEED ?? 20261128)
/** A kill comes within this time after the first gesture has begun, ms. */
const LONGEST_MS = 2500
/** In one of so many rounds a picture is fused before the clock starts, for fusing takes longer than that. */
const FUSED = 5
/** A long run tells after so many kills how far it is. */
const TOLD = 10
/** A change is on its way to the disk after 200 ms, later where previews keep the processors busy: until then it is the last gesture. */
const ON_ITS_WAY_MS = 1000

/** What every gesture of this test only ever adds to. */
type Work = Record<
  | 'backgrounds'
  | 'layers'
  | 'moved'
  | 'typed'
  | 'results'
  | 'references'
  | 'objects'
  | 'asked'
  | 'candidates',
  number
>

const NOTHING: Work = {
  backgrounds: 0,
  layers: 0,
  moved: 0,
  typed: 0,
  results: 0,
  references: 0,
  objects: 0,
  asked: 0,
  candidates: 0,
}

async function workIn(studio: Studio): Promise<Work> {
  const { background: picture, layers, prompt, references, mix, align } = await studio.document()
  const boxes = layers.flatMap((layer) => (layer.kind === 'foreground' ? [layer.box] : []))
  return {
    backgrounds: picture ? 1 : 0,
    layers: layers.length,
    moved: boxes.reduce((sum, { x, y }) => sum + x + y, 0),
    typed: prompt.length,
    results: await studio.page.locator('.result').count(),
    references: references.length,
    objects: mix.objects.length,
    asked: align.prompt.length,
    candidates: align.candidates.length,
  }
}

type Gesture = 'drag' | 'nudge' | 'type' | 'import' | 'fuse' | 'accept' | 'reference' | 'object' | 'sample'

class Worker {
  readonly studio: Studio
  private readonly draw: () => number

  constructor(page: Page, origin: string, draw: () => number) {
    this.studio = new Studio(page, origin)
    this.draw = draw
  }

  async start() {
    await this.drop(background(1600, 1200))
    await expect(this.studio.get('canvas')).toBeVisible()
  }

  async fuseFirst() {
    if ((await this.visible()).length === 0) await this.gestures.import()
    await this.gestures.fuse()
  }

  /** A dialog for files that is open when the browser dies would fail the test. */
  private async drop(file: PictureFile) {
    await this.studio.drop(this.studio.page.getByRole('main'), file)
  }

  private async visible() {
    const { layers } = await this.studio.document()
    const top = layers.findLastIndex((layer) => layer.kind === 'result' && layer.visible)
    return layers.slice(top + 1).filter((layer) => layer.kind === 'foreground')
  }

  private gestures: Record<Gesture, () => Promise<void>> = {
    drag: async () => {
      const { box } = (await this.visible())[0]
      const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
      await this.studio.drag(middle, { x: middle.x + 40, y: middle.y + 25 })
    },
    nudge: async () => {
      await this.studio.get('layer-row').first().click()
      for (let n = 0; n < 12; n++) await this.studio.page.keyboard.press('ArrowRight')
    },
    type: async () => {
      await this.studio.get('prompt').focus()
      await this.studio.page.keyboard.press('End')
      await this.studio.page.keyboard.type('a ball ', { delay: 15 })
    },
    import: async () => {
      const { layers } = await this.studio.document()
      await this.drop(ball(200 + layers.length, `ball ${layers.length}.png`))
      await expect(this.studio.get('layer-row')).toHaveCount(layers.length + 1)
    },
    fuse: async () => {
      await this.studio.pressFuse()
      await this.studio.expectResult()
    },
    accept: async () => {
      await this.studio.get('result-accept').click()
      await expect(this.studio.get('result-accept')).toBeHidden()
    },
    reference: async () => {
      const { references } = await this.studio.document()
      await this.studio.get('mode-compose').click()
      await this.drop(ball(300 + references.length, `reference ${references.length}.png`))
      await expect(this.studio.get('reference-card')).toHaveCount(references.length + 1)
    },
    object: async () => {
      const { mix } = await this.studio.document()
      await this.studio.get('mode-mix').click()
      await this.drop(ball(320 + mix.objects.length, `object ${mix.objects.length}.png`))
      await expect(this.studio.get('object-card')).toHaveCount(mix.objects.length + 1)
    },
    sample: async () => {
      await this.studio.get('mode-align').click()
      await this.studio.get('prompt').focus()
      await this.studio.page.keyboard.press('End')
      await this.studio.page.keyboard.type('a ball ', { delay: 15 })
      await this.studio.get('steps').fill('2')
      await sample(this.studio, 1)
    },
  }

  /** The next gesture, as far as the studio allows it. */
  async gesture(): Promise<Gesture> {
    if (await this.studio.get('result-accept').isVisible()) return 'accept'
    if ((await this.visible()).length === 0) return 'import'
    const sometimes: Gesture[] = [
      'drag',
      'drag',
      'nudge',
      'nudge',
      'type',
      'type',
      'import',
      'fuse',
      'sample',
    ]
    const { references, mix } = await this.studio.document()
    if (references.length < MAX_REFERENCES) sometimes.push('reference')
    if (mix.objects.length < MAX_OBJECTS) sometimes.push('object')
    return sometimes[Math.floor(this.draw() * sometimes.length)]
  }

  /** In the gesture's mode, and back to Place, where the others are. */
  async do(gesture: Gesture) {
    await this.gestures[gesture]()
    await this.studio.get('mode-place').click()
  }
}

test('kills cost at most the last gesture each', async ({ baseURL }) => {
  // Five minutes have been seen on two busy cores.
  test.setTimeout(KILLS * 30_000)
  const draw = random(SEED)
  const origin = new URL(baseURL ?? '').origin
  const profile = mkdtempSync(join(tmpdir(), 'inlay-kill-'))
  const hit: Record<string, number> = {}
  /** What must be there after the next start, and the document that it is in. */
  let kept = NOTHING
  let id: string | null = null
  let running: BrowserProcess | null = null
  try {
    for (let kill = 0; kill <= KILLS; kill++) {
      const browser = (running = await startBrowser(profile))
      const worker = new Worker(browser.page, origin, draw)
      const { studio } = worker
      await browser.page.goto(`${origin}/?debug&backend=cpu`)
      await expect(studio.get('open-background')).toBeVisible()
      // Results are listed a moment after the document.
      await expect.poll(async () => (await workIn(studio)).results).toBeGreaterThanOrEqual(kept.results)
      const found = await workIn(studio)
      const document = await studio.document()
      for (const key of Object.keys(kept) as (keyof Work)[])
        expect(found[key], `${key} after kill ${kill}`).toBeGreaterThanOrEqual(kept[key])
      // An empty document is not worth keeping.
      if (kept.backgrounds > 0) expect(document.id, `document after kill ${kill}`).toBe(id)
      await studio.get('mode-place').click()
      await expectPictures(studio)
      id = document.id
      kept = found
      if (kill === KILLS) break
      if (kill % TOLD === 0) console.log(`${kill} of ${KILLS} kills, nothing lost: ${JSON.stringify(kept)}`)

      let now: Gesture | 'start' = 'start'
      let begin: () => void = () => undefined
      const begun = new Promise<void>((resolve) => (begin = resolve))
      const work = async () => {
        if (!document.background) await worker.start()
        else if (kill % FUSED === 0) await worker.fuseFirst()
        for (;;) {
          kept = await workIn(studio)
          now = await worker.gesture()
          begin()
          await worker.do(now)
          await browser.page.waitForTimeout(ON_ITS_WAY_MS)
        }
      }
      const after = draw() * LONGEST_MS
      let killed = false
      const dead = begun.then(async () => {
        await new Promise((resolve) => setTimeout(resolve, after))
        hit[now] = (hit[now] ?? 0) + 1
        killed = true
        await browser.kill()
      })
      const working = work().catch((error: unknown) => {
        // What the work was waiting for died with the browser.
        if (!killed) throw error
      })
      await Promise.race([working, dead])
      await dead
    }
  } finally {
    await running?.kill()
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 })
  }
  console.log(`killed during: ${JSON.stringify(hit)}; at the end there is ${JSON.stringify(kept)}`)
  expect(Object.keys(hit).length, 'kinds of gestures that were hit').toBeGreaterThan(3)
})

/** Every picture that the document shows is there and can be drawn. */
async function expectPictures(studio: Studio) {
  const { background: picture, layers } = await studio.document()
  if (picture) await expect(studio.get('canvas')).toBeVisible()
  // Read one after the other; a long run has many, and a busy machine takes its time.
  await expect(studio.page.locator('.layers img')).toHaveCount(layers.length + (picture ? 1 : 0), {
    timeout: 90_000,
  })
  await expect(studio.get('toast').filter({ hasText: /no longer stored|damaged/ })).toHaveCount(0)
}
