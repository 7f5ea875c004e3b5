// npm run scale: a FLUX checkpoint of real width through import, killed tab, resume, and both ways to run it.
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { chromium } from 'playwright'

import { DIST, ensureBuild, ROOT } from './build.mjs'
import { chromiumArguments, ensureChromium } from './chromium.mjs'
import { largestRenderer, otherBytes } from './processMemory.mjs'
import { serve } from './server.mjs'
import { writeSyntheticFlux } from './syntheticFlux.mjs'

const HELP = `npm run scale -- [--family flux|flux2] [--double 2] [--single 3] [--precision q4|q8|f16] [--backend cpu|webgpu] [--text 32]
                 [--side 8] [--streamed] [--folder .cache/scale]

Writes a synthetic FLUX checkpoint of real width and reduced depth (the authors' layout, bf16; 2 + 3 blocks are 2.3 GB)
into the folder, imports it in the studio's own page with its memory watched, kills the tab half-way and goes on, then
evaluates it once with all weights resident and once streamed from disk, and compares the two bit for bit.

--family flux2: a whole FLUX.2 [klein] 4B. Its numbers are made while they are imported, so that the disk needs room for the
pack alone (2.7 GB at 4 bits); one step of 256 pixels a side (--side 16) with 32 text tokens.

--streamed: streamed alone, which compares nothing: for sequences that take long.
`

function parse() {
  const { values } = parseArgs({
    options: {
      family: { type: 'string', default: 'flux' },
      double: { type: 'string', default: '2' },
      single: { type: 'string', default: '3' },
      precision: { type: 'string', default: 'q4' },
      backend: { type: 'string', default: 'cpu' },
      text: { type: 'string', default: '32' },
      side: { type: 'string' },
      streamed: { type: 'boolean', default: false },
      folder: { type: 'string', default: join(ROOT, '.cache', 'scale') },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return null
  const side = values.family === 'flux2' ? '16' : '8'
  const count = (/** @type {'double' | 'single' | 'text' | 'side'} */ name) => {
    const number = Number(values[name] ?? side)
    if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} must be a positive number.`)
    return number
  }
  if (!['flux', 'flux2'].includes(values.family)) throw new Error('--family must be flux or flux2.')
  if (!['q4', 'q8', 'f16'].includes(values.precision)) throw new Error('--precision must be q4, q8 or f16.')
  if (!['cpu', 'webgpu'].includes(values.backend)) throw new Error('--backend must be cpu or webgpu.')
  return {
    family: values.family,
    depth: { double: count('double'), single: count('single') },
    precision: values.precision,
    backend: values.backend,
    textTokens: count('text'),
    side: count('side'),
    residencies: values.streamed ? ['stream'] : ['resident', 'stream'],
    folder: resolve(values.folder),
  }
}

const mb = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(0)} MB`
const since = (/** @type {number} */ started) => `${((Date.now() - started) / 1000).toFixed(1)} s`

/** The page's memory while it works: the process at its peak over its start, and what the browser says of its scripts. */
class Watch {
  constructor(/** @type {import('playwright').Page} */ page) {
    this.page = page
    this.start = largestRenderer()?.residentBytes ?? 0
    this.others = otherBytes()
    this.othersPeak = this.others
    this.peak = this.start
    this.scripts = 0
    this.timer = setInterval(() => this.sample(), 200)
    void this.measureScripts()
  }

  sample() {
    this.peak = Math.max(this.peak, largestRenderer()?.peakBytes ?? 0)
    this.othersPeak = Math.max(this.othersPeak, otherBytes())
  }

  async measureScripts() {
    while (this.timer) {
      try {
        const bytes = await this.page.evaluate(
          async () => (await /** @type {any} */ (performance).measureUserAgentSpecificMemory()).bytes,
        )
        this.scripts = Math.max(this.scripts, bytes)
      } catch {
        return // The page is gone.
      }
    }
  }

  stop() {
    this.sample()
    clearInterval(this.timer)
    this.timer = undefined
    return (
      `page process: ${mb(this.start)} before, ${mb(this.peak)} at the peak (+${mb(this.peak - this.start)}); ` +
      `scripts and their buffers at most ${mb(this.scripts)}; other browser processes ${mb(this.others)} before, ` +
      `${mb(this.othersPeak)} at the peak`
    )
  }
}

/** @param {NonNullable<ReturnType<typeof parse>>} options */
async function run({ family, depth, precision, backend, textTokens, side, residencies, folder }) {
  let started = Date.now()
  const file = join(folder, `flux-${depth.double}-${depth.single}.safetensors`)
  if (family === 'flux') {
    const { bytes, parameters, written } = writeSyntheticFlux(file, depth)
    console.log(
      `checkpoint: ${depth.double} double and ${depth.single} single blocks, ${(parameters / 1e9).toFixed(3)} B parameters, ` +
        `bf16, ${mb(bytes)}${written ? `, written in ${since(started)}` : ', already there'}`,
    )
  }

  const executablePath = ensureChromium()
  await ensureBuild()
  const server = await serve({ dist: DIST })
  const profile = join(folder, 'profile')
  rmSync(profile, { recursive: true, force: true })
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: [...chromiumArguments(), '--enable-blink-features=ForceEagerMeasureMemory'],
  })

  /** A fresh page; `heard` takes its progress. @param {(line: string) => void} heard */
  const open = async (heard) => {
    const page = await context.newPage()
    await page.exposeFunction('inlayNote', heard)
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(`[page] ${message.text()}`)
    })
    await page.goto(`${server.origin}/headless.html`)
    await page.waitForFunction('window.inlay !== undefined', undefined, { timeout: 60_000 })
    const call = (/** @type {object} */ request) =>
      page.evaluate((request) => /** @type {any} */ (globalThis).inlay.scale(request), request)
    return { page, call }
  }
  /** The file goes into an input, as a user's would: by reference, not by copy. */
  const choose = async (/** @type {import('playwright').Page} */ page) => {
    await page.evaluate(() => {
      const input = document.createElement('input')
      input.type = 'file'
      document.body.append(input)
    })
    await page.setInputFiles('input[type=file]', file)
  }
  const parseProgress = (/** @type {string} */ line) => {
    const [stage, done, total] = line.split(' ')
    return { stage, done: Number(done), total: Number(total) }
  }

  /** The checkpoint of the folder, by a tab that dies half-way and another that goes on. */
  const importKilled = async () => {
    // First try: the tab dies half-way.
    let reached = 0
    let half = () => {}
    const halfway = new Promise((done) => (half = () => done(undefined)))
    const first = await open((line) => {
      const { stage, done, total } = parseProgress(line)
      if (stage !== 'convert') return
      reached = done
      if (done > total / 2) half()
    })
    await choose(first.page)
    const firstWatch = new Watch(first.page)
    started = Date.now()
    const broken = first.call({ kind: 'import', precision }).then(
      () => Promise.reject(new Error('The import ended before it could be killed.')),
      (error) => error,
    )
    await Promise.race([halfway, broken.then((error) => Promise.reject(error))])
    console.log(`import to ${precision}, first half: ${mb(reached)} in ${since(started)}`)
    console.log(`  ${firstWatch.stop()}`)
    const renderer = largestRenderer()
    if (renderer) process.kill(renderer.pid, 'SIGKILL')
    else await first.page.close()
    await broken
    await first.page.close().catch(() => undefined)
    console.log('tab killed')

    // Second try goes on.
    let resumable = 0
    let firstSeen = -1
    const second = await open((line) => {
      const { stage, done } = parseProgress(line)
      if (stage === 'inspect') resumable = done
      if (stage === 'convert' && firstSeen < 0) firstSeen = done
    })
    await choose(second.page)
    const secondWatch = new Watch(second.page)
    started = Date.now()
    const model = await second.call({ kind: 'import', precision })
    console.log(`resumed: ${mb(resumable)} were already done, progress went on at ${mb(firstSeen)}`)
    console.log(
      `  pack "${model.name}", ${model.precision}, ${mb(model.bytes)}, finished in ${since(started)}`,
    )
    console.log(`  ${secondWatch.stop()}`)
    await second.page.close()
    return model
  }

  /** A checkpoint that is made while it is imported. */
  const synthesise = async () => {
    const { page, call } = await open((line) => {
      const [stage, bytes] = line.split(' ')
      if (stage === 'room')
        console.log(`a whole FLUX.2 [klein] 4B: the pack takes ${mb(Number(bytes))} of disk`)
    })
    const watch = new Watch(page)
    started = Date.now()
    const model = await call({ kind: 'synthesise', precision })
    console.log(`pack "${model.name}", ${model.precision}, ${mb(model.bytes)}, made in ${since(started)}`)
    console.log(`  ${watch.stop()}`)
    await page.close()
    return model
  }

  try {
    const model = await (family === 'flux' ? importKilled() : synthesise())
    const results = []
    for (const residency of residencies) {
      const { page, call } = await open(() => {})
      const watch = new Watch(page)
      const result = await call({ kind: 'forward', id: model.id, residency, backend, textTokens, side })
      const { planned } = result
      console.log(
        `forward on ${result.backend}, ${residency}: ${textTokens} text and ${side * side} image tokens, ` +
          `${planned.teraflop.toFixed(3)} TFLOP; load ${result.loadSeconds.toFixed(1)} s, modulations ` +
          `${result.modulationSeconds.toFixed(1)} s, blocks ${result.forwardSeconds.toFixed(1)} s; a second evaluation stopped ${(1000 * result.stopSeconds).toFixed(0)} ms after it was told`,
      )
      console.log(
        `  accounted peak ${mb(result.peakBytes)} (planned: weights ${mb(planned.weights)}, largest block ` +
          `${mb(planned.block)}, beside them ${mb(planned.activations)}); left after freeing: ${result.leftBytes} bytes`,
      )
      console.log(`  ${watch.stop()}`)
      console.log(
        `  output sha256 ${result.hash}, rms ${result.rms.toFixed(4)}, finite: ${result.finite}, begins ${result.first
          .map((/** @type {number} */ value) => value.toFixed(5))
          .join(' ')}`,
      )
      results.push(result)
      await page.close()
    }
    const isSound = results.every(({ finite, leftBytes }) => finite && leftBytes === 0)
    const areEqual = new Set(results.map(({ hash }) => hash)).size === 1
    if (!isSound) console.log('FAILED: numbers that are not finite, or something stayed on the device')
    else if (!areEqual) console.log('FAILED: streamed differs from resident')
    else if (results.length > 1) console.log('streamed equals resident bit for bit')
    return isSound && areEqual
  } finally {
    await context.close()
    await server.close()
    rmSync(profile, { recursive: true, force: true })
  }
}

try {
  const options = parse()
  if (options === null) console.log(HELP)
  else process.exitCode = (await run(options)) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
