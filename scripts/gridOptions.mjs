// `--grid`: one command line for several seeds, or for several values of one option, or for both.
import { basename, dirname, join, resolve } from 'node:path'

import { seed, UsageError } from './usage.mjs'

export const GRID_HELP = `
With --grid, in every mode:
  --seeds A,B,C            a picture for each seed; Align takes --vary base=A,B,C instead, a project has its own
  --vary OPTION=A,B,C      a picture for each value, for example --vary strength=0.5,1; with semicolons between values that
                           have commas: --vary "light=90,30;200,40"
  --out FOLDER             the pictures, and index.html, which shows them side by side; both given, a row for each value
`

/** @typedef {{name: string, args: string[]}} Cell what it is called, and its own arguments */
/** @typedef {{folder: string, columns: number | null, cells: Cell[]}} Grid */

/** Takes an option out of the arguments: its last value, or null. @param {string[]} args @param {string} name */
function take(args, name) {
  /** @type {string | null} */
  let value = null
  for (let at = args.length - 1; at >= 0; at--) {
    const joined = args[at].startsWith(`${name}=`)
    if (!joined && args[at] !== name) continue
    const [first, next] = args.splice(at, joined ? 1 : 2)
    value ??= joined ? first.slice(name.length + 1) : (next ?? '')
  }
  return value
}

/** @param {string} text */
function varied(text) {
  const [, option, list] = /^(?:--)?([a-zA-Z0-9]+)=(.+)$/s.exec(text) ?? []
  if (option === undefined)
    throw new UsageError(`--vary takes OPTION=A,B,C, not "${text}".`, 'For example: --vary strength=0.5,1')
  if (['out', 'mode', 'layers', 'backend', 'arithmetic'].includes(option))
    throw new UsageError(
      `--vary: --${option} is the same for all pictures.`,
      'Vary what changes the picture.',
    )
  return { option, values: list.split(list.includes(';') ? ';' : ',').map((one) => one.trim()) }
}

/**
 * The grid that the arguments ask for, or null.
 * @param {string[]} given @param {boolean} seeded whether what they are about takes a --seed @returns {Grid | null}
 */
export function parseGrid(given, seeded = true) {
  const args = [...given]
  const flag = args.indexOf('--grid')
  if (flag >= 0) args.splice(flag, 1)
  const seeds = take(args, '--seeds')
  const vary = take(args, '--vary')
  if (flag < 0) {
    const stray = seeds !== null ? '--seeds' : vary !== null ? '--vary' : null
    if (stray) throw new UsageError(`${stray} is for --grid.`, 'Add --grid, or leave it out.')
    return null
  }
  if (seeds === null && vary === null)
    throw new UsageError('--grid needs something to vary.', 'Give --seeds 1,2,3 or --vary strength=0.5,1')
  if (seeds !== null && !seeded)
    throw new UsageError(
      '--seeds is for what takes a --seed: neither Align nor a project does.',
      'In Align vary where a picture begins: --vary base=1,2,3',
    )
  const out = take(args, '--out')
  if (!out) throw new UsageError('--out is missing.', 'Say which folder the pictures go to: --out grid')
  const columns = seeds?.split(',').map((one) => seed(one.trim(), '--seeds')) ?? null
  const rows = vary === null ? null : varied(vary)
  if (rows && columns && rows.option === 'seed')
    throw new UsageError('--seeds and --vary seed say the same.', 'Leave one of them out.')
  if (columns) take(args, '--seed')
  if (rows) take(args, `--${rows.option}`)
  const folder = resolve(out)
  // Where the folder will be nothing is written before all is known to be right.
  const beside = ['--out', join(dirname(folder), `${basename(folder)}.png`)]
  const cells = (rows?.values ?? [null]).flatMap((value) =>
    (columns ?? [null]).map((one) => ({
      name: [value === null ? [] : `${rows?.option} ${value}`, one === null ? [] : `seed ${one}`]
        .flat()
        .join(', '),
      args: [
        ...args,
        ...(value === null ? [] : [`--${rows?.option}=${value}`]),
        ...(one === null ? [] : [`--seed=${one}`]),
        ...beside,
      ],
    })),
  )
  return { folder, columns: rows ? (columns?.length ?? null) : null, cells }
}
