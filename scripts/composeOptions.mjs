// Arguments of `npm run fuse -- --mode compose`, checked before anything is built or started.
import { folderOf, MODEL_HELP, MODEL_OPTIONS, modelsOf } from './modelOptions.mjs'
import { engineOf, inputFile, number, oneOf, outputFile, parseOptions, seed, UsageError } from './usage.mjs'

export const COMPOSE_HELP = `npm run fuse -- --mode compose --reference A.png --prompt TEXT --out OUT.png

Makes a new picture of a prompt and references and writes a PNG that carries its recipe. Prints one line of JSON
statistics; progress goes to stderr.

  --reference FILE         a picture to take from; up to 9 times (klein: 4, the built-in model: 3). [ref#1] in the prompt is
                           the first
  --role ROLE              what a reference gives, to DreamO: subject, identity, style or tryOn; once for each, in their
                           order (default: subject)
  --prompt TEXT            what the new picture shows
  --model painter|klein|dreamo
                           the built-in model, FLUX.2 [klein], or DreamO on FLUX.1 (default: the built-in one where its
                           weights are there and no others are named)
  --painter2 FOLDER        the built-in model's weights, where they did not come with the studio
  --width N, --height N    pixels, 128 to 2048 in steps of 16 (default: 1024); the built-in model has its own
  --steps N                1 to 100 (default: the model's)
  --guidance G             0 to 30 (default: the model's)
  --instruction TEXT       what klein is told, references being "image 1", … (default: made of prompt and roles)
  --version v1|v1.1        of DreamO (default: v1.1)
  --turbo                  DreamO with a few-step adapter
  --firstStepGuidance, --trueCfg, --cfgStart, --cfgEnd, --negativePrompt, --negativeGuidance, --referenceSize, --noise
                           of DreamO, as recipes have them (docs/formats.md)
  --seed N                 0 to 18446744073709551615 (default: 1)
  --backend webgpu|cpu     what it runs on (default: auto, the GPU where there is one)
  --arithmetic exact|fast  how exactly a GPU computes: fast rounds a little more (default: exact)
  --out FILE               the PNG to write
${MODEL_HELP}`

const text = /** @type {const} */ ({ type: 'string' })
const several = /** @type {const} */ ({ type: 'string', multiple: true })
const OPTIONS = /** @type {const} */ ({
  ...{ reference: several, role: several, prompt: text, model: text, painter2: text },
  ...{ width: text, height: text, steps: text, guidance: text, instruction: text, version: text },
  turbo: { type: 'boolean' },
  ...{ firstStepGuidance: text, trueCfg: text, cfgStart: text, cfgEnd: text, negativePrompt: text },
  ...{ negativeGuidance: text, referenceSize: text, noise: text, seed: text },
  ...MODEL_OPTIONS,
})

const HINT = 'See npm run fuse -- --mode compose --help.'
const ROLES = /** @type {const} */ (['subject', 'identity', 'style', 'tryOn'])
/** Whom weights and adapters are for. */
const BASES = /** @type {const} */ ({ painter: null, klein: 'flux2', dreamo: 'flux' })
/** Options that a single model reads. */
const OWN = /** @type {const} */ ({
  klein: ['instruction'],
  dreamo: [
    ...['role', 'version', 'turbo', 'firstStepGuidance', 'trueCfg', 'cfgStart', 'cfgEnd'],
    ...['negativePrompt', 'negativeGuidance', 'referenceSize', 'noise'],
  ],
})

/** @param {{reference?: string[], role?: string[]}} values */
function references({ reference: files = [], role: roles = [] }) {
  if (files.length === 0 || files.length > 9)
    throw new UsageError(
      `Compose takes one to nine --reference, not ${files.length}.`,
      'For example: --reference jar.png',
    )
  if (roles.length !== 0 && roles.length !== files.length)
    throw new UsageError(
      `There are ${files.length} --reference and ${roles.length} --role.`,
      'Give one for each, or none.',
    )
  return files.map((file, index) => ({
    file: inputFile('--reference', file),
    role: oneOf('--role', roles[index], ROLES) ?? 'subject',
  }))
}

/** @param {string} name @param {string | undefined} given @param {number} low @param {number} high @param {number} step */
function inSteps(name, given, low, high, step) {
  const value = number(name, given, low, high, { integer: true }) ?? undefined
  if (value !== undefined && value % step !== 0)
    throw new UsageError(`${name} goes in steps of ${step}, not ${value}.`, HINT)
  return value
}

/**
 * @param {string[]} args
 * @returns {{help: true} | {help: false, job: import('./fuseRun.mjs').Job}}
 */
export function parseComposeOptions(args) {
  const values = parseOptions(args, OPTIONS, HINT)
  if (values.help) return { help: true }
  const given = references(values)
  if (!values.prompt?.trim())
    throw new UsageError(
      '--prompt is missing.',
      'Say what the new picture shows: --prompt "a jar on a beach"',
    )
  const named = oneOf('--model', values.model, /** @type {const} */ (['painter', 'klein', 'dreamo']))
  for (const [model, names] of Object.entries(OWN))
    for (const name of names)
      if (name in values && named !== model)
        throw new UsageError(`--${name} is for --model ${model}.`, `Add --model ${model}, or leave it out.`)
  const base = named ? BASES[named] : null
  const { weights, packs, precisions, kept, memoryGB } = modelsOf(values, base)
  const guidance = (/** @type {string} */ name, /** @type {string | undefined} */ of) =>
    number(name, of, 0, 30) ?? undefined
  const step = (/** @type {string} */ name, /** @type {string | undefined} */ of) =>
    number(name, of, 0, 100, { integer: true }) ?? undefined
  return {
    help: false,
    job: {
      mode: 'compose',
      options: {
        references: given,
        prompt: values.prompt,
        model: named,
        width: inSteps('--width', values.width, 128, 2048, 16),
        height: inSteps('--height', values.height, 128, 2048, 16),
        steps: number('--steps', values.steps, 1, 100, { integer: true }) ?? undefined,
        guidance: guidance('--guidance', values.guidance),
        instruction: values.instruction,
        version: oneOf('--version', values.version, ['v1', 'v1.1']),
        turbo: values.turbo,
        firstStepGuidance: guidance('--firstStepGuidance', values.firstStepGuidance),
        trueCfg: number('--trueCfg', values.trueCfg, 1, 10) ?? undefined,
        cfgStart: step('--cfgStart', values.cfgStart),
        cfgEnd: step('--cfgEnd', values.cfgEnd),
        negativePrompt: values.negativePrompt,
        negativeGuidance: guidance('--negativeGuidance', values.negativeGuidance),
        referenceSize: inSteps('--referenceSize', values.referenceSize, 256, 1024, 16),
        noise: oneOf('--noise', values.noise, ['philox', 'torch']),
        seed: seed(values.seed),
        memoryGB,
      },
      engine: engineOf(values),
      painter2: folderOf('--painter2', values.painter2),
      ...{ packs, weights, precisions, kept, layers: null },
      out: outputFile(
        values.out,
        given.map(({ file }) => file),
      ),
    },
  }
}
