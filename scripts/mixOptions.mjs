// Arguments of `npm run fuse -- --mode mix`, checked before anything is built or started.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { resolve } from 'node:path'

import { folderOf, MODEL_HELP, MODEL_OPTIONS, modelsOf } from './modelOptions.mjs'
import { engineOf, inputFile, number, oneOf, outputFile, parseOptions, seed, UsageError } from './usage.mjs'

export const MIX_HELP = `npm run fuse -- --mode mix --object A.png --object B.png --out OUT.png

Makes one object of two to four and writes a PNG that carries its recipe. Prints one line of JSON statistics; progress
goes to stderr.

  --object FILE            the picture of an object; twice, up to four times
  --label TEXT             what an object is called; once for each, in their order (default: after the files' names)
  --model painter|flux     the built-in model, or VMDiff on FLUX.1 from models that you bring (default: the built-in one
                           where its weights are there and no others are named)
  --painter2 FOLDER        the built-in model's weights, where they did not come with the studio
  --models FOLDER          the authors' files (docs/models.md, Mix), or copies that the studio saved, which need no
                           conversion; a file's config.json beside it, several in
                           folders of their own; all are imported anew each time
  --alpha auto|A           0 to 1: how much of the second object of two; auto finds it in at most 14 drafts (default: auto;
                           more than two objects are mixed evenly)
  --shares A,B[,C[,D]]     how much of each, together 1
  --strengths A,B[,C[,D]]  how strongly each shapes the noise, 0 to 3.5, beside --shares (default: 1 each)
  --prompt TEXT            (default: made of the labels)
  --size N                 pixels per side, 128 to 1024 in steps of 16 (default: 512); the built-in model has its own
  --steps N                1 to 100 (default: 20)
  --slerp released|true|whole
                           how tokens are mixed (default: released)
  --noise philox|torch     where the noise comes from (default: philox)
  --seed N                 0 to 18446744073709551615 (default: 1)
  --backend webgpu|cpu     what it runs on (default: auto, the GPU where there is one)
  --arithmetic exact|fast  how exactly a GPU computes: fast rounds a little more (default: exact)
  --out FILE               the PNG to write
${MODEL_HELP}`

const HINT = 'See npm run fuse -- --mode mix --help.'

/** @param {string[]} args */
const parse = (args) =>
  parseOptions(
    args,
    /** @type {const} */ ({
      object: { type: 'string', multiple: true },
      label: { type: 'string', multiple: true },
      model: { type: 'string' },
      models: { type: 'string' },
      painter2: { type: 'string' },
      alpha: { type: 'string' },
      shares: { type: 'string' },
      strengths: { type: 'string' },
      prompt: { type: 'string' },
      size: { type: 'string' },
      steps: { type: 'string' },
      slerp: { type: 'string' },
      noise: { type: 'string' },
      seed: { type: 'string' },
      ...MODEL_OPTIONS,
    }),
    HINT,
  )

/** @param {string | undefined} path */
function modelFolder(path) {
  if (path === undefined) return null
  const full = resolve(path)
  if (!existsSync(full) || !statSync(full).isDirectory())
    throw new UsageError(`--models: there is no folder ${path}.`, 'Check the path.')
  if (readdirSync(full).length === 0)
    throw new UsageError(`--models: the folder ${path} is empty.`, 'Put the model files in.')
  return full
}

/**
 * A number for each object, with commas between.
 * @param {string} name @param {string | undefined} text @param {number} most @param {number} count
 */
function perObject(name, text, most, count) {
  if (text === undefined) return null
  const given = text.split(',').map((part) => /** @type {number} */ (number(name, part, 0, most)))
  if (given.length !== count)
    throw new UsageError(`${name} takes a number for each of the ${count} objects, not "${text}".`, HINT)
  return given
}

/** How much of each object; null: it is searched for. @param {ReturnType<typeof parse>} values @param {number} count */
function sharesOf(values, count) {
  const alpha =
    values.alpha === undefined || values.alpha === 'auto' ? null : number('--alpha', values.alpha, 0, 1)
  if (alpha !== null && count > 2)
    throw new UsageError(
      '--alpha is for two objects.',
      'Give --shares, or leave it out: more are mixed evenly.',
    )
  const shares = perObject('--shares', values.shares, 1, count)
  if (alpha !== null && shares)
    throw new UsageError('--alpha and --shares say the same.', 'Leave one of them out.')
  if (shares && Math.abs(shares.reduce((sum, one) => sum + one, 0) - 1) > 1e-6)
    throw new UsageError(
      `--shares are together 1, not as in "${values.shares}".`,
      'For example: --shares 0.5,0.3,0.2',
    )
  return alpha === null ? shares : [1 - alpha, alpha]
}

/** @param {ReturnType<typeof parse>} values */
function objects({ object: files = [], label: labels = [] }) {
  if (files.length < 2 || files.length > 4)
    throw new UsageError(
      `Mix takes two to four --object, not ${files.length}.`,
      'For example: --object jar.png --object owl.png',
    )
  if (labels.length !== 0 && labels.length !== files.length)
    throw new UsageError(
      `There are ${files.length} --object and ${labels.length} --label.`,
      'Give one for each, or none.',
    )
  return files.map((file, i) => ({
    file: inputFile('--object', file),
    ...(labels[i] ? { label: labels[i] } : {}),
  }))
}

/**
 * @param {string[]} args
 * @returns {{help: true} | {help: false, job: import('./fuseRun.mjs').Job}}
 */
export function parseMixOptions(args) {
  const values = parse(args)
  if (values.help) return { help: true }
  const given = objects(values)
  const shares = sharesOf(values, given.length)
  const strengths = perObject('--strengths', values.strengths, 3.5, given.length)
  if (strengths && !shares)
    throw new UsageError('--strengths need shares.', 'Give --shares too, for example --shares 0.5,0.5')
  const folder = modelFolder(values.models)
  const named = oneOf('--model', values.model, /** @type {const} */ (['painter', 'flux']))
  const model = named ?? (folder || values.weights || values.cache ? 'flux' : undefined)
  const size = number('--size', values.size, 128, 1024, { integer: true }) ?? 512
  if (size % 16 !== 0) throw new UsageError(`--size goes in steps of 16, not ${size}.`, HINT)
  const { weights, packs, precisions, kept, memoryGB } = modelsOf(values, model === 'flux' ? 'flux' : null)
  return {
    help: false,
    job: {
      mode: 'mix',
      options: {
        objects: given,
        model,
        shares,
        ...(strengths ? { strengths } : {}),
        prompt: values.prompt ?? '',
        size,
        steps: number('--steps', values.steps, 1, 100, { integer: true }) ?? 20,
        slerp: oneOf('--slerp', values.slerp, ['released', 'true', 'whole']),
        noise: oneOf('--noise', values.noise, ['philox', 'torch']),
        seed: seed(values.seed),
        memoryGB,
      },
      engine: engineOf(values),
      painter2: folderOf('--painter2', values.painter2),
      packs,
      // What --models names is for this run alone.
      weights: folder ? [folder, ...weights] : weights,
      precisions,
      kept: folder && values.cache === undefined ? null : kept,
      layers: null,
      out: outputFile(
        values.out,
        given.map(({ file }) => file),
      ),
    },
  }
}
