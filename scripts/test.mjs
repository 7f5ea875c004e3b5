// npm test: every check, two at a time, then every test, one stage after the other, then one line that sums them up.
// `npm test -- types node` runs only the stages that are named.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'

import { ROOT } from './build.mjs'
import { ensureChromium } from './chromium.mjs'

const REPORTS = join(ROOT, '.cache', 'test')
const bin = (/** @type {string} */ name) => join(ROOT, 'node_modules', '.bin', name)

/** @typedef {{passed: number, failed: number, skipped: number}} Count */
/** @typedef {{name: string, status: string, assertionResults: {status: string}[]}} TestFile */

/** @param {string} file @returns {any} */
const readReport = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null)

/** @param {TestFile[]} files @returns {Count} */
function countTests(files) {
  const tests = files.flatMap((file) => file.assertionResults)
  // A file that does not even load has no tests that could fail.
  const broken = files.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  const passed = tests.filter(({ status }) => status === 'passed').length
  const failed = tests.filter(({ status }) => status === 'failed').length
  return { passed, failed: failed + broken.length, skipped: tests.length - passed - failed }
}

/** @param {string} file @returns {Count} */
function countPlaywright(file) {
  const stats = readReport(file)?.stats
  if (!stats) return { passed: 0, failed: 0, skipped: 0 }
  if (stats.flaky > 0) console.log(`${stats.flaky} passed only when they were run again.`)
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped }
}

/**
 * One run of Vitest: whether it succeeded, and its report by test file.
 * @param {string} project @param {string} [label] @param {string[]} [only] files
 */
async function vitest(project, label = project, only = []) {
  const file = join(REPORTS, `${label}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const ok = await execute([bin('vitest'), 'run', '--project', project, ...reporters, ...only])
  return { ok, files: /** @type {TestFile[]} */ (readReport(file)?.testResults ?? []) }
}

async function nodeTests() {
  const { ok, files } = await vitest('node')
  return { ok, count: countTests(files) }
}

/** Begun or waited for when the browser died: what never ran is reported as passed, without a test. @param {TestFile} file */
const isUnfinished = ({ status, assertionResults }) =>
  status !== 'failed' &&
  (assertionResults.length === 0 || assertionResults.some((test) => test.status === 'pending'))

/**
 * The browser's tests. A browser that dies (its software GPU can take it down) takes with it the file that it ran and all after it:
 * those run again in a new browser, and fail where they end two more of them.
 */
async function browserTests() {
  const count = { passed: 0, failed: 0, skipped: 0 }
  /** @type {string[]} */
  let only = []
  for (let browser = 1; browser <= 3; browser += 1) {
    const { ok, files } = await vitest('browser', `browser-${browser}`, only)
    const unfinished = ok ? [] : files.filter(isUnfinished)
    const done = countTests(files.filter((file) => !unfinished.includes(file)))
    count.passed += done.passed
    count.failed += done.failed
    count.skipped += done.skipped
    if (unfinished.length === 0) return { ok, count }
    only = unfinished.map(({ name }) => relative(ROOT, name))
    console.log(`\nThe browser died before these had ended:\n  ${only.join('\n  ')}`)
  }
  return { ok: false, count: { ...count, failed: count.failed + only.length } }
}

const E2E_REPORT = join(REPORTS, 'e2e.json')

async function endToEnd() {
  const ok = await execute([bin('playwright'), 'test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: E2E_REPORT,
  })
  return { ok, count: countPlaywright(E2E_REPORT) }
}

/** @typedef {{name: string, run: () => Promise<Outcome>}} Stage */
/** @typedef {{ok: boolean, count: Count}} Outcome */

/**
 * A check that passes or fails as a whole; what it prints comes when it has ended, since two run at a time.
 * @param {string} name @param {string[]} command @returns {Stage}
 */
const check = (name, command) => ({
  name,
  run: async () => {
    let output = ''
    const ok = await execute(command, {}, (text) => (output += text))
    console.log(`\n=== ${name}\n${output.trimEnd()}`)
    return { ok, count: { passed: ok ? 1 : 0, failed: 0, skipped: 0 } }
  },
})

/** The longest first, so that two at a time end together. */
const CHECKS = [
  check('lint', [bin('eslint'), '.', '--max-warnings', '0']),
  check('types', [bin('tsc'), '-b']),
  check('format', [bin('prettier'), '--check', '--log-level', 'warn', '.']),
  check('deps', [bin('depcruise'), 'src', 'bench', '--config', '.dependency-cruiser.cjs']),
  check('unused', [bin('knip')]),
  check('testedOnly', [bin('knip'), '--production']),
  check('build', [process.execPath, join(ROOT, 'scripts', 'build.mjs'), '--force']),
  check('size', [process.execPath, join(ROOT, 'scripts', 'trackedSize.mjs')]),
]

/** Each wants the whole machine. @type {Stage[]} */
const TESTS = [
  { name: 'node', run: nodeTests },
  { name: 'browser', run: browserTests },
  { name: 'e2e', run: endToEnd },
]

/**
 * @param {string[]} command @param {Record<string, string>} env
 * @param {(text: string) => void} [hear] takes what it prints instead of the terminal
 * @returns {Promise<boolean>} whether it succeeded
 */
function execute([program, ...args], env = {}, hear = undefined) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      shell: process.platform === 'win32',
      env: { ...process.env, ...env },
      stdio: hear ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    })
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => hear?.(String(text)))
    child.on('error', (error) => {
      console.error(error.message)
      resolve(false)
    })
    child.on('close', (code) => resolve(code === 0))
  })
}

/** @param {Stage} stage */
async function runStage({ name, run }) {
  const started = Date.now()
  const { ok, count } = await run()
  // A runner that fails without a failed test (it crashed, found no test, leaked an error) is a failure too.
  const failed = !ok && count.failed === 0 ? 1 : count.failed
  return { name, ...count, failed, seconds: (Date.now() - started) / 1000 }
}

/** @param {Stage[]} stages @param {number} lanes how many run at a time */
async function runStages(stages, lanes) {
  /** @type {Awaited<ReturnType<typeof runStage>>[]} */
  const results = []
  const waiting = [...stages]
  const lane = async () => {
    for (let stage = waiting.shift(); stage; stage = waiting.shift()) results.push(await runStage(stage))
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return results
}

const wanted = process.argv.slice(2)
const names = [...CHECKS, ...TESTS].map(({ name }) => name)
const unknown = wanted.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  console.error(`No such stage: ${unknown.join(', ')}. Stages: ${names.join(', ')}`)
  process.exit(2)
}

rmSync(REPORTS, { recursive: true, force: true })
mkdirSync(REPORTS, { recursive: true })
const isWanted = (/** @type {Stage} */ { name }) => wanted.length === 0 || wanted.includes(name)
const tests = TESTS.filter(isWanted)
if (tests.length > 0) {
  try {
    console.log(`Chromium: ${ensureChromium()}`)
  } catch (error) {
    // The stages that need it fail by themselves and are counted; the others still run.
    console.error(error instanceof Error ? error.message : error)
  }
}
const results = [...(await runStages(CHECKS.filter(isWanted), 2)), ...(await runStages(tests, 1))]

console.log('\nstage      passed  failed  skipped  seconds')
for (const { name, passed, failed, skipped, seconds } of results)
  console.log(
    `${name.padEnd(9)}${String(passed).padStart(8)}${String(failed).padStart(8)}${String(skipped).padStart(9)}${seconds.toFixed(1).padStart(9)}`,
  )
const passed = results.reduce((sum, one) => sum + one.passed, 0)
const failed = results.reduce((sum, one) => sum + one.failed, 0)
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
