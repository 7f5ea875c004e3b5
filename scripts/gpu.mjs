// npm run gpu: whether a GPU computes our kernels right, and how fast. Through Dawn, without a browser; or in a Chromium, with ORT.
import { existsSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

import { build } from 'vite'

import { ROOT } from './build.mjs'
import { findChromium } from './chromium.mjs'
import { withHeadless } from './headless.mjs'

const HELP = `npm run gpu -- [--browser] [--rehearse] [--out .cache/gpu/report.json]

Runs every kernel case by every strategy that this machine's GPU can run, times attention at the sizes of real models, and says what
share of the GPU's own dense product that is. Under eight minutes; the table is printed, the figures are kept as JSON.

  --browser   in a Chromium, where ORT is there to compare with, and the golden cases run, too
  --rehearse  the same with every dimension divided by 8, on a processor if need be
  --out       where the figures go
`

const FOLDER = join(ROOT, '.cache', 'gpu')
const GOLDEN = join(ROOT, 'src', 'conformance', 'golden')

/** Chromium's own software driver, which Dawn finds by this. */
function softwareDriver() {
  const chromium = findChromium()
  const folders = chromium ? [dirname(realpathSync(chromium)), '/usr/lib/chromium'] : []
  return folders.map((folder) => join(folder, 'vk_swiftshader_icd.json')).find(existsSync)
}

/** @returns {Promise<typeof import('../bench/gpu/node')>} */
async function kernels() {
  await build({
    root: ROOT,
    logLevel: 'warn',
    configFile: false,
    resolve: { alias: { '@': join(ROOT, 'src'), '@shaders': join(ROOT, 'shaders') } },
    build: {
      ssr: join(ROOT, 'bench', 'gpu', 'node.ts'),
      outDir: FOLDER,
      emptyOutDir: false,
      target: 'node20',
    },
  })
  return import(pathToFileURL(join(FOLDER, 'node.js')).href)
}

/** @param {boolean} rehearse */
async function throughDawn(rehearse) {
  const { create, globals } = await import('webgpu')
  Object.assign(globalThis, globals)
  const { compileKernels, runGpu } = await kernels()
  // Adapters and devices die with the instance that they came from, which somebody has to hold.
  /** @type {GPU[]} */
  const instances = []
  const find = (/** @type {string[]} */ flags) => {
    const instance = create(flags)
    instances.push(instance)
    return instance.requestAdapter({ powerPreference: 'high-performance' })
  }
  // Subgroup matrices are an experiment that has to be asked for.
  let adapter = await find(['enable-dawn-features=allow_unsafe_apis'])
  if (!adapter && rehearse) {
    const driver = softwareDriver()
    if (driver) process.env.VK_ICD_FILENAMES = driver
    adapter = await find(['backend=vulkan'])
  }
  if (!adapter)
    throw new Error(
      rehearse
        ? 'Dawn finds no adapter and no Chromium to lend one.'
        : 'Dawn finds no GPU. --rehearse runs on a processor.',
    )
  const report = await runGpu({ adapter, rehearse, ort: null, log: console.log })
  const nothing = await find(['backend=null', 'enable-dawn-features=allow_unsafe_apis'])
  const compiled = nothing ? await compileKernels(nothing) : []
  for (const { strategy, variants, refused } of compiled) {
    console.log(
      `compiled with f16 and subgroups, not run: ${strategy.padEnd(14)} ${variants} variants, ${refused.length} refused`,
    )
    for (const line of refused) console.log(`  ${line}`)
  }
  const failed =
    report.checks.flatMap((check) => check.failed).length + compiled.flatMap(({ refused }) => refused).length
  return { report: { ...report, compiled }, failed }
}

/** A rehearsal runs the golden cases whose kernels no other has. */
const REHEARSED = ['flux-dit', 'text-clip-l', 'vision-dino1']

/** @param {boolean} rehearse */
async function inBrowser(rehearse) {
  const mounts = { cases: GOLDEN }
  return withHeadless({ mounts, print: console.log }, async ({ origin, call }) => {
    const report = await call('gpu', { rehearse })
    const golden = await call('conformance', {
      baseUrl: `${origin}/files/cases/`,
      folders: readdirSync(GOLDEN),
      cases: rehearse ? REHEARSED : [],
      taps: false,
      backends: ['webgpu'],
      arithmetic: 'exact',
    })
    const { passed, failed } = golden
    console.log(`golden cases: ${passed} rows passed, ${failed} failed`)
    return {
      report: { ...report, golden },
      failed: failed + report.checks.flatMap((/** @type {any} */ check) => check.failed).length,
    }
  })
}

const { values } = parseArgs({
  options: {
    browser: { type: 'boolean', default: false },
    rehearse: { type: 'boolean', default: false },
    out: { type: 'string', default: join(FOLDER, 'report.json') },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help) console.log(HELP)
else
  try {
    const { report, failed } = await (values.browser ? inBrowser : throughDawn)(values.rehearse)
    const out = resolve(values.out)
    mkdirSync(dirname(out), { recursive: true })
    writeFileSync(out, JSON.stringify(report, null, 1))
    console.log(`${report.seconds.toFixed(0)} s; figures in ${out}`)
    process.exit(failed > 0 ? 1 : 0)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
