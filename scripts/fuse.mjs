// npm run fuse: see --help.
import { FUSE_HELP, parseFuseOptions, UsageError } from './fuseOptions.mjs'
import { fuseOn, mountsOf } from './fuseRun.mjs'
import { withHeadless } from './headless.mjs'

/** @param {import('./fuseOptions.mjs').FuseOptions} options */
const run = (options) =>
  withHeadless({ mounts: mountsOf(options), print: console.error }, (headless) => fuseOn(headless, options))

/** @param {unknown} error */
function problemOf(error) {
  if (error instanceof UsageError) return { code: 'bad-arguments', message: error.message, hint: error.hint }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'internal', message, hint: 'Run it again; if it fails again, please report this line.' }
}

/** One line of JSON, whatever happened. @param {object} value */
const printJson = (value) => console.log(JSON.stringify(value))

try {
  const options = parseFuseOptions(process.argv.slice(2))
  if (options.help) {
    console.log(FUSE_HELP)
  } else {
    const answer = await run(options)
    if (answer.ok) {
      for (const note of answer.notes) console.error(note)
      const { out, layers } = options
      const written = layers ? { out, layers: layers.path } : { out }
      printJson({ ...answer.stats, width: answer.width, height: answer.height, ...written })
    } else {
      printJson(answer.problem)
      process.exitCode = 1
    }
  }
} catch (error) {
  printJson(problemOf(error))
  process.exitCode = 1
}
