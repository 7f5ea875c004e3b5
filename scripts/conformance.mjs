// npm run conformance: runs golden cases through the real engine, in headless Chromium.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { arithmeticOf } from './fuseOptions.mjs'
import { withHeadless } from './headless.mjs'

const HELP = `npm run conformance -- FOLDER [CASE…] [--taps] [--backend webgpu|cpu] [--arithmetic exact|fast]

Runs the cases of a folder (one sub-folder each: config, weights, inputs, expected) through the engine and prints
case, backend, tensor, largest error, tolerance and verdict. The last line is "N passed, M failed".

  CASE…                  only these cases; one that the engine does not know counts as failed
  --taps                 also print the first inner tensor that leaves its tolerance
  --backend webgpu|cpu   only this backend (default: both)
  --arithmetic fast      the GPU may round more, and is held to a tolerance of its own (default: exact)
`

function parse() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      taps: { type: 'boolean' },
      backend: { type: 'string', multiple: true },
      arithmetic: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return null
  const [folder, ...cases] = positionals
  if (folder === undefined) throw new Error(`A folder of cases is missing.\n\n${HELP}`)
  const root = resolve(folder)
  if (!existsSync(root) || !statSync(root).isDirectory()) throw new Error(`There is no folder ${folder}.`)
  const backends = values.backend ?? ['cpu', 'webgpu']
  for (const backend of backends)
    if (backend !== 'cpu' && backend !== 'webgpu')
      throw new Error(`--backend must be webgpu or cpu, not "${backend}".`)
  return { root, cases, taps: values.taps ?? false, backends, arithmetic: arithmeticOf(values.arithmetic) }
}

/** @param {NonNullable<ReturnType<typeof parse>>} options */
async function run({ root, cases, taps, backends, arithmetic }) {
  const folders = readdirSync(root)
    .filter((name) => statSync(join(root, name)).isDirectory())
    .sort()
  const tally = await withHeadless({ mounts: { cases: root }, print: console.log }, ({ origin, call }) =>
    call('conformance', { baseUrl: `${origin}/files/cases/`, folders, cases, taps, backends, arithmetic }),
  )
  console.log(`${tally.passed} passed, ${tally.failed} failed`)
  process.exitCode = tally.failed > 0 ? 1 : 0
}

try {
  const options = parse()
  if (options === null) console.log(HELP)
  else await run(options)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.log('0 passed, 1 failed')
  process.exitCode = 1
}
