// Arguments of `npm run fuse -- --mode align`, checked before anything is built or started.
import { MODEL_HELP, MODEL_OPTIONS, modelsOf } from './modelOptions.mjs'
import { engineOf, inputFile, number, oneOf, outputFile, parseOptions, seed, UsageError } from './usage.mjs'

export const ALIGN_HELP = `npm run fuse -- --mode align --prompt TEXT --words W --base SEED --reference SEED --out OUT.png

Makes the base's picture again with what words of the prompt name as it is in the reference, and writes a PNG that carries
its recipe. Prints one line of JSON statistics; progress goes to stderr.

  --prompt TEXT            what both pictures show
  --words W[=T][,W[=T]]    words of the prompt whose region comes from the reference; a cell belongs to it from the share of
                           attention T on, 0 to 1 (default: found from the reference)
  --base SEED|FILE         where the base begins: a seed, or a picture of yours, which is inverted
  --reference SEED|FILE    the same of the reference
  --model painter|sd       the built-in model (default), or Stable Diffusion 2.x from weights that you bring
  --width N, --height N    pixels, 64 to 1024 in steps of 32 (default: the model's); the built-in model has its own
  --steps N                1 to 100 (default: 20)
  --guidance G             0 to 30 (default: the model's)
  --eta E                  0 to 1: noise that every step adds (default: 1)
  --union or|xor           how the words' regions become one (default: or)
  --maps code|paper        attentions that make the regions (default: the model's)
  --fusion keys|whole|outputs
                           what is taken over in the region (default: keys)
  --layers FIRST,LAST      D-Fusion's block numbers that are fused (default: the model's)
  --fused FIRST,LAST       steps, from 0, that are fused (default: all but the first two)
  --noise philox|torch     where the noise comes from (default: philox)
  --backend webgpu|cpu     what it runs on (default: auto, the GPU where there is one)
  --arithmetic exact|fast  how exactly a GPU computes: fast rounds a little more (default: exact)
  --out FILE               the PNG to write
${MODEL_HELP}`

const text = /** @type {const} */ ({ type: 'string' })
const OPTIONS = /** @type {const} */ ({
  ...{ prompt: text, words: text, base: text, reference: text, model: text, width: text, height: text },
  ...{ steps: text, guidance: text, eta: text, union: text, maps: text, fusion: text, layers: text },
  ...{ fused: text, noise: text },
  ...MODEL_OPTIONS,
})

const HINT = 'See npm run fuse -- --mode align --help.'

/** @param {string} name @param {string | undefined} given */
function start(name, given) {
  if (given === undefined)
    throw new UsageError(`${name} is missing.`, `Give a seed or a picture, for example ${name} 7`)
  if (!/^\d+$/.test(given)) return { file: inputFile(name, given) }
  return { seed: seed(given, name) }
}

/** @param {string | undefined} given @param {string | undefined} fusion */
function words(given, fusion) {
  if (given === undefined && fusion === 'whole') return []
  if (!given?.trim())
    throw new UsageError('--words is missing.', 'Name words of the prompt, for example --words ball')
  return given.split(',').map((one) => {
    const [word, threshold] = one.split('=')
    const value = number('--words', threshold, 0, 1)
    return value === null ? word.trim() : { word: word.trim(), threshold: value }
  })
}

/** @param {string} name @param {string | undefined} given @param {number} most */
function range(name, given, most) {
  if (given === undefined) return undefined
  const ends = given.split(',').map((part) => number(name, part, 0, most, { integer: true }))
  if (ends.length !== 2) throw new UsageError(`${name} takes FIRST,LAST, not "${given}".`, HINT)
  const [first, last] = ends
  return { first, last }
}

/** @param {string} name @param {string | undefined} given */
function side(name, given) {
  const value = number(name, given, 64, 1024, { integer: true }) ?? undefined
  if (value !== undefined && value % 32 !== 0)
    throw new UsageError(`${name} goes in steps of 32, not ${value}.`, HINT)
  return value
}

/**
 * @param {string[]} args
 * @returns {{help: true} | {help: false, job: import('./fuseRun.mjs').Job}}
 */
export function parseAlignOptions(args) {
  const values = parseOptions(args, OPTIONS, HINT)
  if (values.help) return { help: true }
  if (!values.prompt?.trim())
    throw new UsageError(
      '--prompt is missing.',
      'Say what both pictures show: --prompt "a red ball on grass"',
    )
  const model = oneOf('--model', values.model, /** @type {const} */ (['painter', 'sd'])) ?? 'painter'
  const { weights, packs, precisions, kept, memoryGB } = modelsOf(values, model === 'sd' ? 'sd2' : null)
  const starts = { base: start('--base', values.base), reference: start('--reference', values.reference) }
  const fusion = oneOf('--fusion', values.fusion, ['keys', 'whole', 'outputs'])
  return {
    help: false,
    job: {
      mode: 'align',
      options: {
        prompt: values.prompt,
        words: words(values.words, fusion),
        ...starts,
        model,
        width: side('--width', values.width),
        height: side('--height', values.height),
        steps: number('--steps', values.steps, 1, 100, { integer: true }) ?? undefined,
        guidance: number('--guidance', values.guidance, 0, 30) ?? undefined,
        eta: number('--eta', values.eta, 0, 1) ?? undefined,
        union: oneOf('--union', values.union, ['or', 'xor']),
        maps: oneOf('--maps', values.maps, ['code', 'paper']),
        fusion,
        layers: range('--layers', values.layers, 32),
        fused: range('--fused', values.fused, 100),
        noise: oneOf('--noise', values.noise, ['philox', 'torch']),
        memoryGB,
      },
      engine: engineOf(values),
      painter2: null,
      ...{ packs, weights, precisions, kept, layers: null },
      out: outputFile(
        values.out,
        Object.values(starts).flatMap((one) => one.file ?? []),
      ),
    },
  }
}
