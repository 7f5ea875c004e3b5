// Arguments that all modes of `npm run fuse` share, and what is said of those that cannot be run.
import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'

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
export function number(name, text, low, high, { integer = false } = {}) {
  if (text === undefined) return null
  const value = text.trim() === '' ? NaN : Number(text)
  const kind = integer ? 'a whole number' : 'a number'
  if (!(value >= low && value <= high) || (integer && !Number.isInteger(value)))
    throw new UsageError(`${name} must be ${kind} from ${low} to ${high}, not "${text}".`)
  return value
}

/** @param {string} name @param {string} path */
export function inputFile(name, path) {
  const full = resolve(path)
  if (!existsSync(full)) throw new UsageError(`${name}: there is no file ${path}.`, 'Check the path.')
  if (!statSync(full).isFile())
    throw new UsageError(`${name}: ${path} is not a file.`, 'Give the path of a picture.')
  return full
}

/** @param {string | undefined} path @param {string[]} inputs */
export function outputFile(path, inputs) {
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

/**
 * parseArgs takes a value that begins with a minus sign for an option; joined to its option it does not.
 * @param {string[]} args
 */
function joinNegative(args) {
  /** @type {string[]} */
  const joined = []
  for (const arg of args) {
    const before = joined.at(-1)
    if (/^-[\d.]/.test(arg) && before !== undefined && /^--[a-zA-Z]+$/.test(before))
      joined[joined.length - 1] += `=${arg}`
    else joined.push(arg)
  }
  return joined
}

/** @typedef {{type: 'string' | 'boolean', multiple?: boolean, short?: string}} Option */

/** What every mode takes. */
const COMMON = /** @type {const} */ ({
  mode: { type: 'string' },
  backend: { type: 'string' },
  arithmetic: { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
})

/**
 * The values of options, each known by name. @template {Record<string, Option>} O
 * @param {string[]} args @param {O} options @param {string} [hint]
 */
export function parseOptions(args, options, hint) {
  try {
    return parseArgs({ args: joinNegative(args), options: { ...COMMON, ...options } }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), hint)
  }
}

/**
 * One of several words. @template {string} T
 * @param {string} name @param {string | undefined} text @param {readonly T[]} allowed @returns {T | undefined}
 */
export function oneOf(name, text, allowed) {
  if (text === undefined) return undefined
  const found = allowed.find((one) => one === text)
  if (found === undefined) throw new UsageError(`${name} must be ${listOr(allowed)}, not "${text}".`)
  return found
}

/** @param {readonly string[]} words */
const listOr = (words) => `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

/**
 * 64 bits as their digits: a JavaScript number holds 53.
 * @param {string | undefined} text @param {string} [name]
 */
export function seed(text = '1', name = '--seed') {
  if (!/^\d+$/.test(text) || BigInt(text) >= 2n ** 64n)
    throw new UsageError(`${name} must be a whole number from 0 to 18446744073709551615, not "${text}".`)
  return String(BigInt(text))
}

/** @param {string} [backend] */
export function backendOf(backend = 'auto') {
  if (!['auto', 'webgpu', 'cpu'].includes(backend))
    throw new UsageError(`--backend must be webgpu or cpu, not "${backend}".`)
  return /** @type {'auto' | 'webgpu' | 'cpu'} */ (backend)
}

/** @param {string} [arithmetic] */
export function arithmeticOf(arithmetic = 'exact') {
  if (!['exact', 'fast'].includes(arithmetic))
    throw new UsageError(`--arithmetic must be exact or fast, not "${arithmetic}".`)
  return /** @type {'exact' | 'fast'} */ (arithmetic)
}

/** @param {{backend?: string, arithmetic?: string}} values */
export const engineOf = ({ backend, arithmetic }) => ({
  backend: backendOf(backend),
  arithmetic: arithmeticOf(arithmetic),
})
