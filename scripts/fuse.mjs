// npm run fuse: see --help.
import { FUSE_HELP, parseFuseOptions, UsageError } from './fuseOptions.mjs'
import { fuseOn, mountsOf, projectOn } from './fuseRun.mjs'
import { withHeadless } from './headless.mjs'
import { kleinFuse } from './kleinRun.mjs'
import { MIX_HELP, parseMixOptions, wantsMix } from './mixOptions.mjs'
import { mixMountsOf, mixOn } from './mixRun.mjs'
import { parseProjectOptions, PROJECT_HELP, wantsProject } from './projectOptions.mjs'

const print = console.error

/** What the arguments ask for: help, or a run and where it writes. @param {string[]} args */
function jobOf(args) {
  if (wantsMix(args)) {
    const options = parseMixOptions(args)
    if (options.help) return { help: MIX_HELP }
    const page = { mounts: mixMountsOf(options), onDisk: true, print }
    return {
      run: () => withHeadless(page, (headless) => mixOn(headless, options)),
      written: { out: options.out },
    }
  }
  if (wantsProject(args)) {
    const options = parseProjectOptions(args)
    if (options.help) return { help: PROJECT_HELP }
    const page = { mounts: { project: options.project }, print }
    return {
      run: () => withHeadless(page, (headless) => projectOn(headless, options)),
      written: { out: options.out },
    }
  }
  const options = parseFuseOptions(args)
  if (options.help) return { help: FUSE_HELP }
  const { out, layers } = options
  const page = { mounts: mountsOf(options), print }
  if (options.klein) {
    const { kept } = options.klein
    return {
      run: () => withHeadless({ ...page, kept }, (headless) => kleinFuse(headless, options)),
      written: { out },
    }
  }
  return {
    run: () => withHeadless(page, (headless) => fuseOn(headless, options)),
    written: layers ? { out, layers: layers.path } : { out },
  }
}

/** @param {unknown} error */
function problemOf(error) {
  if (error instanceof UsageError) return { code: 'bad-arguments', message: error.message, hint: error.hint }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'internal', message, hint: 'Run it again; if it fails again, please report this line.' }
}

/** One line of JSON, whatever happened. @param {object} value */
const printJson = (value) => console.log(JSON.stringify(value))

try {
  const job = jobOf(process.argv.slice(2))
  if (job.help !== undefined) {
    console.log(job.help)
  } else {
    const answer = await job.run()
    if (answer.ok) {
      for (const note of answer.notes) console.error(note)
      printJson({ ...answer.stats, width: answer.width, height: answer.height, ...job.written })
    } else {
      printJson(answer.problem)
      process.exitCode = 1
    }
  }
} catch (error) {
  printJson(problemOf(error))
  process.exitCode = 1
}
