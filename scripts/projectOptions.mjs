// Arguments of `npm run fuse` where they name a project file.
import { MODEL_HELP, MODEL_OPTIONS, folderOf, modelsOf } from './modelOptions.mjs'
import { engineOf, inputFile, outputFile, parseOptions, UsageError } from './usage.mjs'

export const PROJECT_HELP = `npm run fuse -- PROJECT.inlay --out OUT.png

Makes what Fuse in the studio would make of a project file, in whichever mode it is, from the pictures in the file. Where
nothing waits to be fused, the document's topmost result is made again.

  --out FILE               the PNG to write
  --painter2 FOLDER        the built-in model's weights for Mix and Compose, where they did not come with the studio
  --backend webgpu|cpu     what it runs on (default: auto, the GPU where there is one)
  --arithmetic exact|fast  how exactly a GPU computes (default: exact)
${MODEL_HELP}`

/** Whether a project is what the arguments are about. @param {string[]} args */
export const wantsProject = (args) => args.some((arg) => /\.inlay$/i.test(arg))

/**
 * @param {string[]} args
 * @returns {{help: true} | {help: false, job: import('./fuseRun.mjs').Job}}
 */
export function parseProjectOptions(args) {
  const projects = args.filter((arg) => wantsProject([arg]))
  const rest = args.filter((arg) => !wantsProject([arg]))
  const options = /** @type {const} */ ({ painter2: { type: 'string' }, ...MODEL_OPTIONS })
  const values = parseOptions(rest, options, 'See npm run fuse -- PROJECT.inlay --help.')
  if (values.help) return { help: true }
  if (values.mode !== undefined) throw new UsageError('--mode is the project’s own.', 'Leave it out.')
  if (projects.length !== 1)
    throw new UsageError('Give one project file.', 'npm run fuse -- PROJECT.inlay --out OUT.png')
  const file = inputFile('PROJECT.inlay', projects[0])
  if (values.lora?.length)
    throw new UsageError('--lora is not for projects: its recipe names them.', 'Give the file by --weights.')
  // Its recipe names the models, which may be kept from before.
  const { weights, precisions, kept, memoryGB } = modelsOf(values, 'flux')
  return {
    help: false,
    job: {
      mode: 'project',
      options: { project: { file }, memoryGB },
      engine: engineOf(values),
      painter2: folderOf('--painter2', values.painter2),
      ...{ packs: null, weights, precisions, kept, layers: null },
      out: outputFile(values.out, [file]),
    },
  }
}
