// Arguments of `npm run fuse -- --mode mix`, checked before anything is built or started.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

import { arithmeticOf, backendOf, inputFile, number, outputFile, seed, UsageError } from './fuseOptions.mjs'

export const MIX_HELP = `npm run fuse -- --mode mix --object A.png --object B.png --models FOLDER --out OUT.png

Makes one object of two (VMDiff on FLUX.1), on models that you bring, and writes a PNG that carries its recipe. Prints one
line of JSON statistics; progress goes to stderr.

  --object FILE            the picture of an object; twice, up to four times
  --label TEXT             what an object is called; once for each, in their order (default: after the files' names)
  --models FOLDER          the authors' files (docs/models.md, Mix), or copies that the studio saved, which need no
                           conversion; a file's config.json beside it, several in
                           folders of their own; all are imported anew each time
  --precision q4|q8|f16    what authors' files are converted to, where it is offered (default: q4)
  --alpha auto|A           0 to 1: how much of the second object; auto finds it in at most 14 drafts (default: auto;
                           more than two objects are mixed evenly)
  --prompt TEXT            (default: made of the labels)
  --size N                 pixels per side, 256 to 1024 in steps of 16 (default: 512)
  --steps N                1 to 100 (default: 20)
  --seed N                 0 to 18446744073709551615 (default: 1)
  --backend webgpu|cpu     what it runs on (default: auto, the GPU where there is one)
  --arithmetic exact|fast  how exactly a GPU computes: fast rounds a little more (default: exact)
  --out FILE               the PNG to write
`

/** @param {string[]} args */
function parse(args) {
  const text = /** @type {const} */ ({ type: 'string' })
  const several = /** @type {const} */ ({ type: 'string', multiple: true })
  try {
    return parseArgs({
      args,
      options: {
        mode: text,
        object: several,
        label: several,
        models: text,
        precision: text,
        alpha: text,
        prompt: text,
        size: text,
        steps: text,
        seed: text,
        backend: text,
        arithmetic: text,
        out: text,
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? error.message : String(error),
      'See npm run fuse -- --mode mix --help.',
    )
  }
}

/**
 * The files of a folder, then those of each in it: a config.json belongs to what lies beside it.
 * @param {string} folder @returns {string[][]}
 */
function groupsIn(folder) {
  const entries = readdirSync(folder, { withFileTypes: true })
  const paths = (/** @type {boolean} */ folders) =>
    entries.filter((entry) => entry.isDirectory() === folders).map(({ name }) => join(folder, name))
  return [paths(false), ...paths(true).flatMap(groupsIn)].filter((files) => files.length > 0)
}

/** @param {string | undefined} path */
function modelGroups(path) {
  if (path === undefined)
    throw new UsageError(
      '--models is missing.',
      'Give the folder with the model files; docs/models.md lists them.',
    )
  const full = resolve(path)
  if (!existsSync(full) || !statSync(full).isDirectory())
    throw new UsageError(`--models: there is no folder ${path}.`, 'Check the path.')
  const groups = groupsIn(full)
  if (groups.length === 0)
    throw new UsageError(`--models: the folder ${path} is empty.`, 'Put the model files in.')
  return groups
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
  return files.map((file, i) => ({ file: inputFile('--object', file), label: labels[i] ?? null }))
}

/** Whether the arguments ask for Mix. @param {string[]} args */
export const wantsMix = (args) =>
  args.some((arg, i) => arg === '--mode=mix' || (arg === '--mode' && args[i + 1] === 'mix'))

/**
 * @param {string[]} args
 * @returns {{help: true} | ({help: false} & import('./mixOptions.mjs').MixOptions)}
 */
export function parseMixOptions(args) {
  const values = parse(args)
  if (values.help) return { help: true }
  const given = objects(values)
  const alpha =
    values.alpha === undefined || values.alpha === 'auto' ? null : number('--alpha', values.alpha, 0, 1)
  if (alpha !== null && given.length > 2)
    throw new UsageError('--alpha is for two objects.', 'Leave it out: more are mixed evenly.')
  const size = number('--size', values.size, 256, 1024, { integer: true }) ?? 512
  if (size % 16 !== 0) throw new UsageError(`--size goes in steps of 16, not ${size}.`)
  const precision = values.precision ?? 'q4'
  if (!['q4', 'q8', 'f16'].includes(precision))
    throw new UsageError(`--precision must be q4, q8 or f16, not "${precision}".`)
  return {
    help: false,
    objects: given,
    models: modelGroups(values.models),
    precision: /** @type {'q4' | 'q8' | 'f16'} */ (precision),
    alpha,
    prompt: values.prompt ?? '',
    size,
    steps: number('--steps', values.steps, 1, 100, { integer: true }) ?? 20,
    seed: seed(values.seed),
    backend: backendOf(values.backend),
    arithmetic: arithmeticOf(values.arithmetic),
    out: outputFile(
      values.out,
      given.map(({ file }) => file),
    ),
  }
}
