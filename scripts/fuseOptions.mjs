// Arguments of `npm run fuse`, checked before anything is built or started.
import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'

export const FUSE_HELP = `npm run fuse -- --background B.png --foreground F.png --box x,y,w,h --out OUT.png

Fuses one or more foregrounds into a background, on this machine, and writes a PNG of the background's size that
carries its recipe. Prints one line of JSON statistics; progress goes to stderr.

  --background FILE        the picture to fuse into (PNG, JPEG, WebP, AVIF, GIF)
  --foreground FILE        a cut-out with transparency; repeat it together with --box for more, bottom to top
  --box x,y,w,h            where that foreground's visible part goes, in background pixels: fitted inside with its
                           aspect kept, standing on the box's bottom edge
  --stretch                fill the boxes instead of fitting inside them
  --prompt TEXT            a few words about the object (default: none)
  --steps N                1 to 100 (default: the model's own)
  --seed N                 0 to 4294967295 (default: 1)
  --strength S             0.05 to 1; less keeps more of the pasted picture (default: 1)
  --backend webgpu|cpu     what it runs on (default: auto, the GPU where there is one)
  --model FOLDER           a model other than the built-in one: a folder with a manifest.json
  --demo                   use the first sample scene instead of --background, --foreground and --box
  --out FILE               the PNG to write
`

/** What the user typed cannot be run; `hint` says what to type instead. */
export class UsageError extends Error {
  /** @param {string} message @param {string} [hint] */
  constructor(message, hint = 'See npm run fuse -- --help.') {
    super(message)
    this.hint = hint
  }
}

/**
 * @param {string} name @param {string | undefined} text @param {number} low @param {number} high
 * @param {{integer?: boolean}} [options]
 */
function number(name, text, low, high, { integer = false } = {}) {
  if (text === undefined) return null
  const value = text.trim() === '' ? NaN : Number(text)
  const kind = integer ? 'a whole number' : 'a number'
  if (!(value >= low && value <= high) || (integer && !Number.isInteger(value)))
    throw new UsageError(`${name} must be ${kind} from ${low} to ${high}, not "${text}".`)
  return value
}

/** @param {string} text */
function box(text) {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)))
  if (numbers.length !== 4 || !numbers.every(Number.isFinite))
    throw new UsageError(
      `--box must be four numbers x,y,w,h, not "${text}".`,
      'For example: --box 120,300,200,180',
    )
  const [x, y, width, height] = numbers
  if (width <= 0 || height <= 0)
    throw new UsageError(`--box needs a width and a height above 0, not "${text}".`, 'The order is x,y,w,h.')
  return { x, y, width, height }
}

/** @param {string} name @param {string} path */
function inputFile(name, path) {
  const full = resolve(path)
  if (!existsSync(full)) throw new UsageError(`${name}: there is no file ${path}.`, 'Check the path.')
  if (!statSync(full).isFile())
    throw new UsageError(`${name}: ${path} is not a file.`, 'Give the path of a picture.')
  return full
}

/** @param {string | undefined} path @param {string[]} inputs */
function outputFile(path, inputs) {
  if (!path) throw new UsageError('--out is missing.', 'Say where the picture goes: --out fused.png')
  const full = resolve(path)
  if (!existsSync(dirname(full)))
    throw new UsageError(`--out: there is no folder ${dirname(full)}.`, 'Create it first or write elsewhere.')
  if (existsSync(full) && !statSync(full).isFile())
    throw new UsageError(`--out: ${path} is a folder.`, 'Give the path of a file.')
  if (inputs.includes(full))
    throw new UsageError(
      `--out: ${path} is one of the inputs.`,
      'Write to another file, so that no picture is lost.',
    )
  return full
}

/** @param {string | undefined} path */
function modelFolder(path) {
  if (path === undefined) return null
  const full = resolve(path)
  if (!existsSync(resolve(full, 'manifest.json')))
    throw new UsageError(`--model: there is no manifest.json in ${path}.`, 'Give the folder of a model pack.')
  return full
}

/**
 * parseArgs takes a value that begins with a minus sign for an option; joined to its option it does not.
 * @param {string[]} args
 */
function joinNegative(args) {
  /** @type {string[]} */
  const joined = []
  for (const arg of args) {
    const before = joined.at(-1)
    if (/^-[\d.]/.test(arg) && before !== undefined && /^--[a-z]+$/.test(before))
      joined[joined.length - 1] += `=${arg}`
    else joined.push(arg)
  }
  return joined
}

/** @param {string[]} args */
function parse(args) {
  const text = /** @type {const} */ ({ type: 'string' })
  try {
    return parseArgs({
      args: joinNegative(args),
      options: {
        background: text,
        foreground: { type: 'string', multiple: true },
        box: { type: 'string', multiple: true },
        stretch: { type: 'boolean' },
        prompt: text,
        steps: text,
        seed: text,
        strength: text,
        backend: text,
        model: text,
        demo: { type: 'boolean' },
        out: text,
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** @param {ReturnType<typeof parse>} values */
function pictures(values) {
  const files = values.foreground ?? []
  const boxes = values.box ?? []
  if (values.demo) {
    if (values.background !== undefined || files.length > 0 || boxes.length > 0)
      throw new UsageError(
        '--demo brings its own pictures.',
        'Leave out --background, --foreground and --box.',
      )
    return null
  }
  if (values.background === undefined)
    throw new UsageError('--background is missing.', 'Give a picture, or try --demo.')
  if (files.length === 0) throw new UsageError('--foreground is missing.', 'Give a cut-out, or try --demo.')
  if (files.length !== boxes.length)
    throw new UsageError(
      `There are ${files.length} --foreground and ${boxes.length} --box.`,
      'Each foreground needs its own box: --foreground F.png --box x,y,w,h',
    )
  return {
    background: inputFile('--background', values.background),
    foregrounds: files.map((file, index) => ({
      file: inputFile('--foreground', file),
      box: box(boxes[index]),
    })),
  }
}

/**
 * @param {string[]} args
 * @returns {{help: true} | ({help: false} & import('./fuseOptions.mjs').FuseOptions)}
 */
export function parseFuseOptions(args) {
  const values = parse(args)
  if (values.help) return { help: true }
  const backend = values.backend ?? 'auto'
  if (!['auto', 'webgpu', 'cpu'].includes(backend))
    throw new UsageError(`--backend must be webgpu or cpu, not "${backend}".`)
  const given = pictures(values)
  const inputs = given ? [given.background, ...given.foregrounds.map(({ file }) => file)] : []
  return {
    help: false,
    pictures: given,
    stretch: values.stretch ?? false,
    prompt: values.prompt ?? '',
    steps: number('--steps', values.steps, 1, 100, { integer: true }),
    seed: number('--seed', values.seed, 0, 4294967295, { integer: true }) ?? 1,
    strength: number('--strength', values.strength, 0.05, 1) ?? 1,
    backend: /** @type {'auto' | 'webgpu' | 'cpu'} */ (backend),
    model: modelFolder(values.model),
    out: outputFile(values.out, inputs),
  }
}
