// Arguments of `npm run fuse`, checked before anything is built or started.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, extname, resolve } from 'node:path'

import { kleinOptions, KLEIN_HELP, KLEIN_OPTIONS } from './kleinOptions.mjs'
import {
  arithmeticOf,
  backendOf,
  inputFile,
  number,
  outputFile,
  parseOptions,
  seed,
  UsageError,
} from './usage.mjs'

export const FUSE_HELP = `npm run fuse -- --background B.png --foreground F.png --box x,y,w,h --out OUT.png

Fuses one or more foregrounds into a background, on this machine, and writes a PNG of the background's size that
carries its recipe. Prints one line of JSON statistics; progress goes to stderr.

Other modes: --mode compose, --mode align, --mode mix, each with a --help of its own. A project file of the studio's in place
of all of them makes its picture again: see PROJECT.inlay --help.

  --background FILE        the picture to fuse into (PNG, JPEG, WebP, AVIF, GIF)
  --foreground FILE        a cut-out with transparency; repeat it together with --box for more, bottom to top
  --box x,y,w,h            where that foreground's visible part goes, in background pixels: fitted inside with its
                           aspect kept, standing on the box's bottom edge
  --lift HEIGHTS           how far the objects hang above the ground, in heights of their boxes; one number for all, or
                           one for each foreground with commas between: 0,0.5 (default: all stand)
  --stretch                fill the boxes instead of fitting inside them
  --prompt TEXT            words of light: "evening sun from the left" (default: none)
  --steps N                in how many steps the photo's light is read, 1 to 100 (default: 4)
  --seed N                 0 to 18446744073709551615 (default: 1)
  --strength S             0.05 to 1: how strongly shadow, contact, reflection and tone show (default: 1)
  --light photo            light as it is read off the background: another seed is another reading, words of light in
                           the prompt choose (default)
  --light AZ,EL[,DISC[,SHARE]]
                           light set by hand: degrees from the right over behind, degrees high, its angular diameter
                           (default: 10), and how much of the ground's light it gives, 0 to 1 (default: 0.6); twice for
                           two lights
  --horizon ROW[,TILT]     the horizon's row in background pixels, and its tilt in degrees (default: as it is read off
                           the background)
  --fov DEGREES            field of view over the longer side (default: as it is read off the background)
  --backend webgpu|cpu     what it runs on (default: auto, the GPU where there is one)
  --arithmetic exact|fast  how exactly a GPU computes FLUX: fast rounds a little more (default: exact)
  --demo                   use the first sample scene, in its own light, instead of --background, --foreground
                           and --box
  --out FILE               the PNG to write
  --layers FILE.psd        writes the layers too: a Photoshop document, or one PNG for each and parameters.json in a
           or FOLDER       folder that is empty or new
  --model klein            place with FLUX.2 [klein] instead of Inlay Mini 2; then --prompt says what is placed, --steps is
                           the model's, and --light, --horizon, --fov and --layers mean nothing
${KLEIN_HELP}`

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

/**
 * Numbers with commas between them.
 * @param {string} name @param {string} text @param {[low: number, high: number][]} ranges of each
 * @param {number} needed how many must be there
 */
function list(name, text, ranges, needed) {
  const parts = text.split(',')
  if (parts.length < needed || parts.length > ranges.length)
    throw new UsageError(`${name} takes ${needed} to ${ranges.length} numbers, not "${text}".`)
  return parts.map((part, index) => /** @type {number} */ (number(name, part, ...ranges[index])))
}

/** What is said of light and camera; the rest is read off the photo. @param {ReturnType<typeof parse>} values */
function lighting({ light: lights = [], horizon, fov }) {
  const photo = lights.includes('photo')
  if (photo && lights.length > 1)
    throw new UsageError('--light photo stands alone.', 'Leave out the other lights, or set all by hand.')
  if (lights.length > 2)
    throw new UsageError('--light can be given twice, not more.', 'Leave out the weaker ones.')
  const [row = null, tilt = 0] =
    horizon === undefined
      ? []
      : list(
          '--horizon',
          horizon,
          [
            [-65536, 65536],
            [-45, 45],
          ],
          1,
        )
  return {
    lights: (photo ? [] : lights).map((text) => {
      const [azimuth, elevation, disc = 10, share = null] = list(
        '--light',
        text,
        [
          [0, 360],
          [0, 90],
          [0, 90],
          [0, 1],
        ],
        2,
      )
      return { azimuth, elevation, disc, share }
    }),
    horizon: row === null ? null : { row, tilt },
    fov: number('--fov', fov, 10, 120),
  }
}

/**
 * How far each foreground hangs above the ground; 0: it stands.
 * @param {string | undefined} text @param {number} count of foregrounds
 */
function lifts(text, count) {
  if (text === undefined) return Array(count).fill(0)
  const given = text.split(',').map((part) => /** @type {number} */ (number('--lift', part, 0, 10)))
  if (given.length !== 1 && given.length !== count)
    throw new UsageError(
      `There are ${count} --foreground and ${given.length} numbers in --lift.`,
      'Give one number for all, or one for each in their order.',
    )
  return Array.from({ length: count }, (_, index) => given[given.length === 1 ? 0 : index])
}

/** @param {string | undefined} path @param {string[]} taken files that are read or written already */
function layersOutput(path, taken) {
  if (path === undefined) return null
  if (path.trim() === '') throw new UsageError('--layers needs a path.', 'For example: --layers fused.psd')
  const full = resolve(path)
  if (!existsSync(dirname(full)))
    throw new UsageError(`--layers: there is no folder ${dirname(full)}.`, 'Create it first.')
  if (taken.includes(full))
    throw new UsageError(`--layers: ${path} is read or written already.`, 'Write the layers somewhere else.')
  const stat = existsSync(full) ? statSync(full) : null
  if (stat?.isDirectory()) {
    if (readdirSync(full).length > 0)
      throw new UsageError(
        `--layers: the folder ${path} is not empty.`,
        'Give a new folder, or empty it first.',
      )
    return { kind: /** @type {const} */ ('folder'), path: full }
  }
  const extension = extname(full)
  if (extension.toLowerCase() === '.psd') return { kind: /** @type {const} */ ('psd'), path: full }
  if (extension !== '')
    throw new UsageError(
      `--layers: layers cannot be written as ${extension}.`,
      'Give a file that ends in .psd, or a folder.',
    )
  if (stat)
    throw new UsageError(`--layers: ${path} is a file.`, 'Give a file that ends in .psd, or a folder.')
  return { kind: /** @type {const} */ ('folder'), path: full }
}

/** @param {string[]} args */
const parse = (args) =>
  parseOptions(
    args,
    /** @type {const} */ ({
      background: { type: 'string' },
      foreground: { type: 'string', multiple: true },
      box: { type: 'string', multiple: true },
      stretch: { type: 'boolean' },
      prompt: { type: 'string' },
      steps: { type: 'string' },
      seed: { type: 'string' },
      strength: { type: 'string' },
      light: { type: 'string', multiple: true },
      horizon: { type: 'string' },
      fov: { type: 'string' },
      lift: { type: 'string' },
      model: { type: 'string' },
      demo: { type: 'boolean' },
      layers: { type: 'string' },
      ...KLEIN_OPTIONS,
    }),
  )

/** @param {ReturnType<typeof parse>} values */
function pictures(values) {
  const files = values.foreground ?? []
  const boxes = values.box ?? []
  if (values.demo) {
    if (values.background !== undefined || files.length > 0 || boxes.length > 0 || values.lift !== undefined)
      throw new UsageError(
        '--demo brings its own pictures.',
        'Leave out --background, --foreground, --box and --lift.',
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
  const lifted = lifts(values.lift, files.length)
  return {
    background: inputFile('--background', values.background),
    foregrounds: files.map((file, index) => ({
      file: inputFile('--foreground', file),
      box: box(boxes[index]),
      lift: lifted[index],
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
  if (values.model !== undefined && values.model !== 'klein')
    throw new UsageError(
      `--model can be klein, not "${values.model}".`,
      'Leave it out for Inlay Mini 2, which is built in.',
    )
  const backend = backendOf(values.backend)
  const given = pictures(values)
  const inputs = given ? [given.background, ...given.foregrounds.map(({ file }) => file)] : []
  const out = outputFile(values.out, inputs)
  return {
    help: false,
    pictures: given,
    stretch: values.stretch ?? false,
    prompt: values.prompt ?? '',
    steps: number('--steps', values.steps, 1, 100, { integer: true }) ?? 4,
    seed: seed(values.seed),
    strength: number('--strength', values.strength, 0.05, 1) ?? 1,
    lighting: lighting(values),
    backend,
    arithmetic: arithmeticOf(values.arithmetic),
    out,
    layers: layersOutput(values.layers, [...inputs, out]),
    klein: kleinOptions(values, given !== null),
  }
}
