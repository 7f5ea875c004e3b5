// Arguments of `npm run fuse` where they name a project file.
import { parseArgs } from 'node:util'

import { arithmeticOf, backendOf, inputFile, outputFile, UsageError } from './fuseOptions.mjs'

export const PROJECT_HELP = `npm run fuse -- PROJECT.inlay --out OUT.png

Makes the picture of a project file again, as Fuse in the studio would: of Place with Inlay Mini 2, from the pictures
in the file. Where nothing waits to be fused, the document's topmost result is made again.

  --out FILE               the PNG to write
  --backend webgpu|cpu     what it runs on (default: auto, the GPU where there is one)
  --arithmetic exact|fast  how exactly a GPU computes (default: exact)
`

/** Whether a project is what the arguments are about. @param {string[]} args */
export const wantsProject = (args) => args.some((arg) => /\.inlay$/i.test(arg))

/** @param {string[]} args */
function parse(args) {
  const text = /** @type {const} */ ({ type: 'string' })
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { out: text, backend: text, arithmetic: text, help: { type: 'boolean', short: 'h' } },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/**
 * @param {string[]} args
 * @returns {{help: true} | ({help: false} & import('./projectOptions.mjs').ProjectOptions)}
 */
export function parseProjectOptions(args) {
  const { values, positionals } = parse(args)
  if (values.help) return { help: true }
  if (positionals.length !== 1)
    throw new UsageError('Give one project file.', 'npm run fuse -- PROJECT.inlay --out OUT.png')
  const project = inputFile('PROJECT.inlay', positionals[0])
  return {
    help: false,
    project,
    out: outputFile(values.out, [project]),
    backend: backendOf(values.backend),
    arithmetic: arithmeticOf(values.arithmetic),
  }
}
