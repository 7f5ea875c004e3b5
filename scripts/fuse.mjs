// npm run fuse: see --help.
import { parseAlignOptions, ALIGN_HELP } from './alignOptions.mjs'
import { COMPOSE_HELP, parseComposeOptions } from './composeOptions.mjs'
import { FUSE_HELP, parseFuseOptions } from './fuseOptions.mjs'
import { withPage } from './fuseRun.mjs'
import { GRID_HELP, parseGrid } from './gridOptions.mjs'
import { MIX_HELP, parseMixOptions } from './mixOptions.mjs'
import { placeJob } from './placeJob.mjs'
import { parseProjectOptions, PROJECT_HELP, wantsProject } from './projectOptions.mjs'
import { makeSheet } from './sheet.mjs'
import { oneOf, UsageError } from './usage.mjs'

/** @typedef {import('./fuseRun.mjs').Job} Job */

/** @param {string[]} args @returns {{help: true} | {help: false, job: Job}} */
function parsePlace(args) {
  const options = parseFuseOptions(args)
  return options.help ? options : { help: false, job: placeJob(options) }
}

const MODES = /** @type {const} */ ({
  place: { help: FUSE_HELP, parse: parsePlace, seeded: true },
  compose: { help: COMPOSE_HELP, parse: parseComposeOptions, seeded: true },
  align: { help: ALIGN_HELP, parse: parseAlignOptions, seeded: false },
  mix: { help: MIX_HELP, parse: parseMixOptions, seeded: true },
})

/** What the arguments are about. @param {string[]} args */
function modeOf(args) {
  if (wantsProject(args)) return { help: PROJECT_HELP, parse: parseProjectOptions, seeded: false }
  const at = args.findIndex((arg) => arg === '--mode' || arg.startsWith('--mode='))
  const named =
    at < 0 ? 'place' : args[at] === '--mode' ? (args[at + 1] ?? '') : args[at].slice('--mode='.length)
  const mode = oneOf('--mode', named, /** @type {(keyof typeof MODES)[]} */ (Object.keys(MODES)))
  return MODES[mode ?? 'place']
}

/** The job of arguments that are no plea for help. @param {string[]} args @returns {Job} */
function jobOf(args) {
  const parsed = modeOf(args).parse(args)
  if (parsed.help) throw new UsageError('--help stands alone.')
  return parsed.job
}

/** One line of JSON, whatever happened. @param {object} value */
const printJson = (value) => console.log(JSON.stringify(value))

/** @param {{code: string}} problem */
function printProblem(problem) {
  printJson(problem)
  process.exitCode = 1
}

/** @param {Job} job */
async function fuse(job) {
  const answer = await withPage([job], (make) => make(job))
  if (!answer.ok) return printProblem(answer.problem)
  for (const note of answer.notes) console.error(note)
  const { ok: _ok, stats, pictures: _pictures, notes: _notes, ...size } = answer
  const { layers, out } = job
  printJson({ ...stats, ...size, out, ...(layers ? { layers: layers.path } : {}) })
}

/** @param {import('./gridOptions.mjs').Grid} grid */
async function fuseGrid({ folder, columns, cells }) {
  const digits = String(cells.length).length
  const asked = cells.map(({ name, args }, index) => ({
    about: name,
    file: `${String(index + 1).padStart(digits, '0')}-${name.replace(/[^\p{L}\p{N}.-]+/gu, '-')}.png`,
    job: jobOf(args),
  }))
  const done = await makeSheet({ title: 'Inlay', folder, columns }, asked)
  if ('code' in done) printProblem(done)
  else printJson(done)
}

/** @param {unknown} error */
function problemOf(error) {
  if (error instanceof UsageError) return { code: 'bad-arguments', message: error.message, hint: error.hint }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'internal', message, hint: 'Run it again; if it fails again, please report this line.' }
}

try {
  const args = process.argv.slice(2)
  if (args.includes('--help') || args.includes('-h')) console.log(modeOf(args).help + GRID_HELP)
  else {
    const grid = parseGrid(args, modeOf(args).seeded)
    await (grid ? fuseGrid(grid) : fuse(jobOf(args)))
  }
} catch (error) {
  printProblem(problemOf(error))
}
