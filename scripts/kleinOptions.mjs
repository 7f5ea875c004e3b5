// What can be said of FLUX.2 [klein] on the command line.
import { existing, keptAt, lora, MODEL_OPTIONS, precisionOf } from './modelOptions.mjs'
import { number, UsageError } from './usage.mjs'

export const KLEIN_HELP = `
With --model klein:
  --weights PATH           a file or folder of weights, again for more; needed once, then they are kept
  --lora FILE[=WEIGHT]     an adapter for klein, again for more; weight -4 to 4 (default: 1)
  --cache FOLDER           where they are kept (default: .cache/klein); moved, it is empty
  --precision q4|q8|f16    which klein, and how its files are imported (default: the newest; q4 for files)
  --variations N           pictures of following seeds, 1 to 3: OUT.png, OUT-2.png, … (default: 1)
  --scene TEXT             what the whole picture shows, in words (default: nothing is said)
  --size 512|768|1024      the object's part of the photo is worked on at most at this squared (default: 1024)
  --without LIST           leaves out, with commas between: cutout, clean (references), blend, padding (default: none)
  --detail D               how much of the cut-out's own detail is kept, 0 to 1 (default: 0.5)
  --memory GB              GPU memory that may be used (default: 8)
  --strength must be 1, 0.75 or 0.5.
`

const text = /** @type {const} */ ({ type: 'string' })
export const KLEIN_OPTIONS = /** @type {const} */ ({
  ...MODEL_OPTIONS,
  variations: text,
  scene: text,
  size: text,
  without: text,
  detail: text,
})

const PARTS = ['cutout', 'clean', 'blend', 'padding']

/** @param {string} [list] */
function without(list = '') {
  const left = list.split(',').filter((part) => part !== '')
  for (const part of left)
    if (!PARTS.includes(part))
      throw new UsageError(
        `--without takes ${PARTS.join(', ')}, not "${part}".`,
        'For example: --without clean',
      )
  const has = (/** @type {string} */ part) => !left.includes(part)
  return { cutout: has('cutout'), clean: has('clean'), blend: has('blend'), padding: has('padding') }
}

/**
 * @param {Partial<Record<Exclude<keyof typeof KLEIN_OPTIONS, 'weights' | 'lora'>, string>> & {weights?: string[], lora?: string[], model?: string, strength?: string}} values
 * @param {boolean} hasPictures
 * @returns {import('./kleinOptions.mjs').KleinOptions | null} null where klein is not asked for
 */
export function kleinOptions(values, hasPictures) {
  if (values.model !== 'klein') {
    const stray = Object.keys(KLEIN_OPTIONS).find((name) => name in values)
    if (stray) throw new UsageError(`--${stray} is for --model klein.`, 'Add --model klein, or leave it out.')
    return null
  }
  if (!hasPictures)
    throw new UsageError('--demo is for Inlay Mini 2.', 'Give --background, --foreground and --box.')
  if (values.strength !== undefined && ![1, 0.75, 0.5].includes(Number(values.strength)))
    throw new UsageError(`--strength must be 1, 0.75 or 0.5 with klein, not "${values.strength}".`)
  const size = Number(values.size ?? 1024)
  if (size !== 512 && size !== 768 && size !== 1024)
    throw new UsageError(`--size must be 512, 768 or 1024, not "${values.size}".`)
  return {
    weights: (values.weights ?? []).map((path) => existing('--weights', path)),
    loras: (values.lora ?? []).map(lora),
    kept: keptAt(values.cache),
    precision: precisionOf(values.precision),
    variations: number('--variations', values.variations, 1, 3, { integer: true }) ?? 1,
    memoryGB: number('--memory', values.memory, 1, 200) ?? 8,
    settings: {
      size,
      ...without(values.without),
      scene: values.scene ?? '',
      detail: number('--detail', values.detail, 0, 1) ?? 0.5,
    },
  }
}
