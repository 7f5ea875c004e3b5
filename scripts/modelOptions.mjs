// What can be said of models on the command line: weights that are imported once, and built-in ones that lie elsewhere.
import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { ROOT } from './build.mjs'
import { number, oneOf, UsageError } from './usage.mjs'

export const MODEL_HELP = `
Of imported models:
  --weights PATH           a file or folder of weights, again for more; needed once, then they are kept
  --lora FILE[=WEIGHT]     an adapter for the model, again for more; weight -4 to 4 (default: 1)
  --cache FOLDER           where they are kept (default: .cache/klein); moved, it is empty
  --precision q4|q8|f16    which of several, and how files are imported (default: the newest; q4 for files)
  --memory GB              GPU memory that may be used (default: 8)
`

export const MODEL_OPTIONS = /** @type {const} */ ({
  weights: { type: 'string', multiple: true },
  lora: { type: 'string', multiple: true },
  cache: { type: 'string' },
  precision: { type: 'string' },
  memory: { type: 'string' },
})

/** @param {string | undefined} text */
export const precisionOf = (text) =>
  oneOf('--precision', text, /** @type {const} */ (['q4', 'q8', 'f16'])) ?? null

/** Where the browser keeps the weights: by address, so that a folder has always the same port. */
const KEPT = { profile: join(ROOT, '.cache', 'klein'), port: 41_873 }

/** @param {string} [folder] default: the usual one */
export function keptAt(folder) {
  const profile = resolve(folder ?? KEPT.profile)
  if (profile === KEPT.profile) return KEPT
  let sum = 0
  for (const letter of profile) sum = (31 * sum + letter.charCodeAt(0)) % 20_000
  return { profile, port: 42_000 + sum }
}

/** @param {string} option @param {string | undefined} path */
export function folderOf(option, path) {
  if (path === undefined) return null
  const full = existing(option, path)
  if (!statSync(full).isDirectory())
    throw new UsageError(`${option}: ${path} is no folder.`, 'Check the path.')
  return full
}

/** @param {string} option @param {string} path */
export function existing(option, path) {
  const full = resolve(path)
  if (!existsSync(full)) throw new UsageError(`${option}: there is nothing at ${path}.`, 'Check the path.')
  return full
}

/** @param {string} given a file, and its weight after the last `=` */
export function lora(given) {
  const [, file, weight] = /^(.*?)(?:=([^=/\\]*))?$/s.exec(given) ?? []
  return { file: existing('--lora', file), weight: number('--lora', weight, -4, 4) ?? 1 }
}

/**
 * What a job takes of the options above.
 * @param {{weights?: string[], lora?: string[], cache?: string, precision?: string, memory?: string}} values
 * @param {'flux' | 'flux2' | 'sd2' | null} base whom weights and adapters are for; null: the built-in model
 */
export function modelsOf(values, base) {
  const { weights = [], lora: loras = [], cache } = values
  const precision = precisionOf(values.precision)
  const stray = ['weights', 'lora', 'cache', 'precision', 'memory'].find((name) => name in values)
  if (base === null && stray)
    throw new UsageError(`--${stray} is for imported models.`, 'Name one with --model, or leave it out.')
  return {
    weights: weights.map((path) => existing('--weights', path)),
    packs: base && { precision, loras: loras.map(lora), base },
    precisions: [precision ?? /** @type {const} */ ('q4')],
    kept: base && keptAt(cache),
    memoryGB: number('--memory', values.memory, 1, 200) ?? 8,
  }
}
