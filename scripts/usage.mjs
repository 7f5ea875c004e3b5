// What commands say of arguments that cannot be run.

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
