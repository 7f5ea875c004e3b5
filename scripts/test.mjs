// npm test: every check and every test, one stage after the other, then one line that sums them up.
// `npm test -- types node` runs only the stages that are named.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from './build.mjs'
import { ensureChromium } from './chromium.mjs'

const REPORTS = join(ROOT, '.cache', 'test')
const bin = (/** @type {string} */ name) => join(ROOT, 'node_modules', '.bin', name)

/** @typedef {{passed: number, failed: number, skipped: number}} Count */

/** @param {string} file @returns {any} */
const readReport = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null)

/** @param {string} file @returns {Count} */
function countVitest(file) {
  const report = readReport(file)
  if (report === null) return { passed: 0, failed: 0, skipped: 0 }
  // A file that does not even load has no tests that could fail.
  const broken = report.testResults.filter(
    (/** @type {any} */ one) => one.status === 'failed' && one.assertionResults.length === 0,
  ).length
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** @param {string} file @returns {Count} */
function countPlaywright(file) {
  const stats = readReport(file)?.stats
  if (!stats) return { passed: 0, failed: 0, skipped: 0 }
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }
}

/** @param {string} project */
function vitestStage(project) {
  const file = join(REPORTS, `${project}.json`)
  return {
    name: project,
    command: [
      bin('vitest'),
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ],
    count: () => countVitest(file),
  }
}

const E2E_REPORT = join(REPORTS, 'e2e.json')

/** @type {{name: string, command: string[], count?: () => Count, env?: Record<string, string>}[]} */
const STAGES = [
  { name: 'types', command: [bin('tsc'), '-b'] },
  { name: 'lint', command: [bin('eslint'), '.', '--max-warnings', '0'] },
  { name: 'size', command: [process.execPath, join(ROOT, 'scripts', 'trackedSize.mjs')] },
  { name: 'format', command: [bin('prettier'), '--check', '--log-level', 'warn', '.'] },
  { name: 'deps', command: [bin('depcruise'), 'src', 'bench', '--config', '.dependency-cruiser.cjs'] },
  { name: 'unused', command: [bin('knip')] },
  { name: 'testedOnly', command: [bin('knip'), '--production'] },
  { name: 'build', command: [process.execPath, join(ROOT, 'scripts', 'build.mjs'), '--force'] },
  vitestStage('node'),
  vitestStage('browser'),
  {
    name: 'e2e',
    command: [bin('playwright'), 'test', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: E2E_REPORT },
    count: () => countPlaywright(E2E_REPORT),
  },
]

/** @param {(typeof STAGES)[number]} stage */
function runStage({ name, command, count, env }) {
  console.log(`\n=== ${name}`)
  const started = Date.now()
  const [program, ...args] = command
  const done = spawnSync(program, args, {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...env },
  })
  const ok = done.status === 0
  const result = count?.() ?? { passed: ok ? 1 : 0, failed: 0, skipped: 0 }
  // A runner that fails without a failed test (it crashed, found no test, leaked an error) is a failure too.
  if (!ok && result.failed === 0) result.failed = 1
  return { name, ...result, seconds: (Date.now() - started) / 1000 }
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !STAGES.some((stage) => stage.name === name))
if (unknown.length > 0) {
  console.error(
    `No such stage: ${unknown.join(', ')}. Stages: ${STAGES.map((stage) => stage.name).join(', ')}`,
  )
  process.exit(2)
}

rmSync(REPORTS, { recursive: true, force: true })
mkdirSync(REPORTS, { recursive: true })
const stages = STAGES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
if (stages.some(({ name }) => name === 'browser' || name === 'e2e' || name === 'node')) {
  try {
    console.log(`Chromium: ${ensureChromium()}`)
  } catch (error) {
    // The stages that need it fail by themselves and are counted; the others still run.
    console.error(error instanceof Error ? error.message : error)
  }
}
const results = stages.map(runStage)

console.log('\nstage      passed  failed  skipped  seconds')
for (const { name, passed, failed, skipped, seconds } of results)
  console.log(
    `${name.padEnd(9)}${String(passed).padStart(8)}${String(failed).padStart(8)}${String(skipped).padStart(9)}${seconds.toFixed(1).padStart(9)}`,
  )
const passed = results.reduce((sum, one) => sum + one.passed, 0)
const failed = results.reduce((sum, one) => sum + one.failed, 0)
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
