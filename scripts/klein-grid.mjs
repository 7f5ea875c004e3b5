// npm run klein-grid: see --help. What only real weights can decide, side by side.
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { parseFuseOptions } from './fuseOptions.mjs'
import { placeJob } from './placeJob.mjs'
import { makeSheet } from './sheet.mjs'
import { UsageError } from './usage.mjs'

const HELP = `npm run klein-grid -- --background B.png --foreground F.png --box x,y,w,h [--out FOLDER]

Makes one picture in each setting of Place on FLUX.2 [klein] that nobody has tried on real weights yet, all from one
seed, and a page that shows them side by side: FOLDER/index.html (default: klein-grid). docs/klein.md says what to look for.
Prints one line of JSON; progress goes to stderr.

  --prompt TEXT            what is placed, in words: adds the picture that is told so
  --precisions q4,q8       the precisions of klein to compare; the first is the usual one (default: the newest)
  --weights PATH           a file or folder of weights, again for more; needed once
  --cache FOLDER           where they are kept (default: .cache/klein)
  --backend, --seed, --steps, --size, --detail, --scene, --memory, --lift, --stretch as for npm run fuse -- --model klein
`

/** @param {string[]} args @param {string} name its value is taken out */
function take(args, name) {
  const at = args.indexOf(name)
  return at < 0 ? null : (args.splice(at, 2)[1] ?? null)
}

/** @typedef {{name: string, about: string, change?: object, strength?: number, prompt?: string, precision?: string | null}} Cell */

/** @param {string} prompt @param {string[]} precisions @returns {Cell[]} */
const cellsOf = (prompt, precisions) => [
  { name: '0-default', about: 'As the studio does it' },
  {
    name: '1-composite-alone',
    about: '1. The pasted picture alone',
    change: { cutout: false, clean: false },
  },
  { name: '2-strength-75', about: '2. Strength 75 %', strength: 0.75 },
  { name: '2-strength-50', about: '2. Strength 50 %', strength: 0.5 },
  { name: '3-without-clean', about: '3. Without the clean photo', change: { clean: false } },
  ...(prompt === '' ? [] : [{ name: '4-named', about: `4. Told what it is: ${prompt}`, prompt }]),
  { name: '5-without-padding', about: '5. Without the text’s padding', change: { padding: false } },
  ...precisions.slice(1).map((precision) => ({
    ...{ name: `6-${precision}`, about: `6. klein at ${precision} instead of ${precisions[0]}`, precision },
  })),
  { name: '7-without-blend', about: 'Beside these: the surroundings are not held', change: { blend: false } },
]

/** @param {string[]} given */
async function grid(given) {
  const args = [...given]
  const folder = resolve(take(args, '--out') ?? 'klein-grid')
  const precisions = (take(args, '--precisions') ?? '').split(',').filter((one) => one !== '')
  mkdirSync(folder, { recursive: true })
  const first = precisions.length > 0 ? ['--precision', precisions[0]] : []
  const options = parseFuseOptions([
    '--model',
    'klein',
    ...args,
    ...first,
    '--out',
    join(folder, 'index.png'),
  ])
  if (options.help || !options.klein || !options.pictures) throw new UsageError('The grid needs pictures.')
  const usual = placeJob(options)
  const cells = cellsOf(options.prompt, precisions)
  return makeSheet(
    { title: 'Place on klein', folder },
    cells.map(
      ({ name, about, change, strength = 1, prompt = '', precision = options.klein?.precision ?? null }) => ({
        ...{ about, file: `${name}.png` },
        job: {
          ...usual,
          options: {
            ...usual.options,
            prompt,
            strength,
            klein: { ...usual.options.klein, ...change, variations: 1 },
          },
          packs: { ...usual.packs, precision },
          precisions: precisions.length > 0 ? precisions : ['q4'],
        },
      }),
    ),
  )
}

const args = process.argv.slice(2)
if (args.includes('--help') || args.includes('-h')) console.log(HELP)
else
  try {
    const done = await grid(args)
    console.log(JSON.stringify(done))
    if ('code' in done) process.exitCode = 1
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const hint =
      error instanceof UsageError ? error.hint : 'Run it again; if it fails again, please report this line.'
    console.log(
      JSON.stringify({ code: error instanceof UsageError ? 'bad-arguments' : 'internal', message, hint }),
    )
    process.exitCode = 1
  }
