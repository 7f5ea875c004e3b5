// npm run layers: a large document in the studio's own page: what a frame takes of the main thread, and pixels of memory.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { crc32, deflateSync } from 'node:zlib'

import { chromium } from 'playwright'

import { DIST, ensureBuild } from './build.mjs'
import { chromiumArguments, ensureChromium } from './chromium.mjs'
import { serve } from './server.mjs'

const HELP = `npm run layers -- [--layers 40] [--side 4000] [--background 12000] [--seconds 4]

Opens a background of --background px (as wide, a third as high) and --layers cut-outs whose sides are --side and three
quarters of it, drags a layer, pans and zooms for --seconds each, and prints what a frame took of the main thread's
time on a processor and how many bytes of decoded pixels the studio holds. Where the browser has no GPU it fills the
canvas' pixels on the main thread; that time is printed beside.
`
const PLACE = { width: 1400, height: 900 }

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(data.length, 0)
  body.copy(whole, 4)
  whole.writeUInt32BE(crc32(body), body.length + 4)
  return whole
}

/**
 * A disc in a gradient on nothing, or a gradient all over: an RGBA PNG.
 * @param {number} width @param {number} height @param {number} shade makes it another picture @param {boolean} opaque
 */
function png(width, height, shade, opaque) {
  const rows = Buffer.alloc(height * (1 + width * 4))
  const row = Buffer.alloc(width * 4)
  for (let x = 0; x < width; x++) row.set([(x * 200) / width, 80, shade, 255], x * 4)
  for (let y = 0; y < height; y++) {
    const dy = (2 * y + 1) / height - 1
    const half = opaque ? width / 2 : Math.round((width / 2) * Math.sqrt(1 - dy * dy))
    const at = y * (1 + width * 4) + 1
    row.copy(rows, at + (Math.floor(width / 2) - Math.floor(half)) * 4, 0, Math.floor(half) * 8)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const data = deflateSync(rows, { level: 1 })
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** @param {readonly number[]} values @param {number} share */
const quantile = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0

/** Where there is a GPU its process fills the canvas' pixels, and this takes next to nothing. */
const FILLING = 'LayerTreeHost::DoUpdateLayers'

/**
 * What the main thread did in each frame, ms of its time on a processor, from one animation frame to the next: all of it,
 * and of that what filled pixels.
 * @param {Buffer} trace
 */
function framesOf(trace) {
  /** @typedef {{name: string, ph: string, pid: number, tid: number, ts: number, tdur?: number, args: {name?: string}}} Event */
  const events = /** @type {Event[]} */ (JSON.parse(trace.toString()).traceEvents)
  const starts = events.filter(({ name }) => name === 'FireAnimationFrame')
  /** The page's: of several renderers the one that drew most. @type {Map<string, number>} */
  const drawn = new Map()
  for (const { pid, tid } of starts) drawn.set(`${pid} ${tid}`, (drawn.get(`${pid} ${tid}`) ?? 0) + 1)
  const [main] = [...drawn].sort((a, b) => b[1] - a[1])[0] ?? ['']
  const isMain = (/** @type {Event} */ { pid, tid }) => `${pid} ${tid}` === main
  const times = [...new Set(starts.filter(isMain).map(({ ts }) => ts))].sort((a, b) => a - b)
  const frames = times.map(() => ({ all: 0, filling: 0 }))
  for (const { name, ph, pid, tid, ts, tdur = 0 } of events) {
    const kind = name === 'ThreadControllerImpl::RunTask' ? 'all' : name === FILLING ? 'filling' : null
    if (!kind || ph !== 'X' || `${pid} ${tid}` !== main) continue
    // A task belongs to the frame that it runs, or else to the next: what is handled is drawn then.
    const frame = frames[times.findIndex((time) => time >= ts)]
    if (frame) frame[kind] += tdur / 1000
  }
  return frames.slice(1)
}

function parse() {
  const { values } = parseArgs({
    options: {
      layers: { type: 'string', default: '40' },
      side: { type: 'string', default: '4000' },
      background: { type: 'string', default: '12000' },
      seconds: { type: 'string', default: '4' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return null
  const count = (/** @type {'layers' | 'side' | 'background' | 'seconds'} */ name) => {
    const number = Number(values[name])
    if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} must be a positive number.`)
    return number
  }
  return {
    layers: count('layers'),
    side: count('side'),
    background: count('background'),
    seconds: count('seconds'),
  }
}

/** @param {NonNullable<ReturnType<typeof parse>>} options */
async function measure({ layers, side, background, seconds }) {
  const executablePath = ensureChromium()
  await ensureBuild()
  const server = await serve({ dist: DIST })
  const folder = mkdtempSync(join(tmpdir(), 'inlay-layers-'))
  // A profile that goes with the browser: what it stores lies on the disk, as a user's does.
  const context = await chromium.launchPersistentContext('', {
    executablePath,
    args: chromiumArguments('hardware'),
    viewport: PLACE,
  })
  try {
    const browser = context.browser()
    if (!browser) throw new Error('This browser cannot be traced.')
    const page = await context.newPage()
    page.on('crash', () => console.error('The page crashed, probably for want of memory.'))
    await page.goto(`${server.origin}/?debug&backend=cpu`)
    const canvas = page.getByTestId('canvas')
    /** @param {string} opener @param {string[]} files */
    const choose = async (opener, files) => {
      const chooser = page.waitForEvent('filechooser')
      await page.getByTestId(opener).first().click()
      await (await chooser).setFiles(files)
    }
    const write = (/** @type {string} */ name, /** @type {Buffer} */ bytes) => {
      writeFileSync(join(folder, name), bytes)
      return join(folder, name)
    }
    await choose('open-background', [
      write('background.png', png(background, Math.round(background / 3), 90, true)),
    ])
    await canvas.waitFor({ timeout: 120_000 })
    // Of the models of Place one whose networks are not there: nothing else is at work.
    await page.getByTestId('place-model').getByText('DreamFuse').click()
    const started = Date.now()
    for (let i = 0; i < layers; i++) {
      await choose('add-foreground', [
        write('layer.png', png(side, Math.round(side * 0.75), 20 + 5 * i, false)),
      ])
      await page.waitForFunction(
        (count) => /** @type {any} */ (globalThis).inlay.document.getState().document.layers.length > count,
        i,
        { timeout: 240_000 },
      )
    }
    console.log(`${layers} layers of ${side} px opened in ${((Date.now() - started) / 1000).toFixed(0)} s`)
    // Over the whole picture, as documents of many layers have them.
    await page.evaluate(() => {
      const { document } = /** @type {any} */ (globalThis).inlay
      const { layers, background } = document.getState().document
      document.actions.apply('Spread', (/** @type {any} */ draft) => {
        for (const [i, layer] of draft.layers.entries()) {
          const size = background.width / 8
          layer.box = {
            x: (i % 8) * size,
            y: (Math.floor(i / 8) * background.height) / Math.ceil(layers.length / 8),
            width: size,
            height: size * 0.75,
          }
        }
      })
    })
    const idle = () => page.waitForTimeout(3000)
    await idle()
    const box = await canvas.boundingBox()
    if (!box) throw new Error('The canvas is not there.')
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    /** @param {string} name @param {(step: number) => Promise<void>} act */
    const during = async (name, act) => {
      await browser.startTracing(page, {
        categories: ['toplevel', 'devtools.timeline', 'cc', 'blink', 'benchmark'],
      })
      const start = Date.now()
      for (let step = 0; Date.now() - start < seconds * 1000; step++) await act(step)
      const frames = framesOf(await browser.stopTracing())
      const spread = (/** @type {number[]} */ values) =>
        `${quantile(values, 0.5).toFixed(1)}, ${quantile(values, 0.95).toFixed(1)} ms`
      console.log(
        `${name}: ${(frames.length / seconds).toFixed(0)} frames a second; main thread a frame, p50, p95: ${spread(frames.map(({ all, filling }) => all - filling))}; filling pixels without a GPU: ${spread(frames.map(({ filling }) => filling))}`,
      )
    }
    const held = await page.evaluate(() => {
      const { document, view } = /** @type {any} */ (globalThis).inlay
      const { layers } = document.getState().document
      const { box } = layers[Math.floor(layers.length / 2)]
      const { zoom, x, y } = view.getState().viewport
      return { x: (box.x + box.width / 2) * zoom + x, y: (box.y + box.height / 2) * zoom + y }
    })
    const grip = { x: box.x + held.x, y: box.y + held.y }
    await page.mouse.move(grip.x, grip.y)
    await page.mouse.down()
    await during('drag a layer', (step) =>
      page.mouse.move(grip.x + 120 * Math.sin(step / 9), grip.y + 60 * Math.sin(step / 7)),
    )
    await page.mouse.up()
    await page.keyboard.down('Space')
    await page.mouse.down()
    await during('pan', (step) =>
      page.mouse.move(middle.x + 150 * Math.sin(step / 9), middle.y + 60 * Math.cos(step / 7)),
    )
    await page.mouse.up()
    await page.keyboard.up('Space')
    await page.keyboard.down('Control')
    await during('zoom', (step) => page.mouse.wheel(0, Math.sin(step / 12) > 0 ? -40 : 40))
    await page.keyboard.up('Control')
    await idle()
    const bytes = await page.evaluate(() => /** @type {any} */ (globalThis).inlay.pictureMemory())
    console.log(
      `decoded pixels: ${(bytes.drawn / 1e6).toFixed(0)} MB drawn, ${(bytes.worker / 1e6).toFixed(0)} MB in the pixel worker`,
    )
    console.log(`${cpus().length} processors, load ${loadavg()[0].toFixed(1)}, ${browser.version()}`)
  } finally {
    await context.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

try {
  const options = parse()
  if (options === null) console.log(HELP)
  else await measure(options)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
