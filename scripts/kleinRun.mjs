// Place on FLUX.2 [klein] on the headless page: weights go in once and are kept, pictures come out.
import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, parse } from 'node:path'

const KINDS = ['.safetensors', '.json']

/** All weights below a path, folder by folder: names repeat in others. @param {string} path @returns {string[][]} */
function groupsOf(path) {
  if (statSync(path).isFile()) return [[path]]
  const entries = readdirSync(path, { withFileTypes: true })
  const own = entries.filter((entry) => entry.isFile() && KINDS.includes(extname(entry.name)))
  const files = own.map(({ name }) => join(path, name))
  const below = entries
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => groupsOf(join(path, name)))
  return [...(files.length > 0 ? [files] : []), ...below]
}

/** Files that were given one by one belong together where they lie together. @param {string[]} paths */
function weightGroups(paths) {
  /** @type {Map<string, string[]>} */
  const byFolder = new Map()
  for (const group of paths.flatMap(groupsOf)) {
    const folder = dirname(group[0])
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), ...group])
  }
  return [...byFolder.values()]
}

/** @param {import('playwright').Page} page @param {string[]} files */
async function giveFiles(page, files) {
  await page.evaluate(() => {
    const document = /** @type {any} */ (globalThis).document
    document.querySelector('input[type=file]')?.remove()
    const input = document.createElement('input')
    input.type = 'file'
    input.multiple = true
    document.body.append(input)
  })
  await page.setInputFiles('input[type=file]', files)
}

/** @typedef {{name: string, klein: {others: string[]}}} Run a setting, as the page is asked for it */

/** What the pictures of a run are called as downloads. @param {Run} run */
const filesOf = ({ name, klein: { others } }) => [
  `${name}.png`,
  ...others.map((_, index) => `${name}-${index + 2}.png`),
]

/**
 * @param {import('./headless.mjs').Headless} headless
 * @param {{pictures: {background: string, foregrounds: {file: string, box: object, lift: number}[]}, stretch: boolean,
 *   backend: string, arithmetic?: string, weights: string[],
 *   loras: {file: string, weight: number}[], precisions: string[], memoryGB: number, runs: Run[]}} asked
 * @param {(file: string) => string} pathOf where a picture goes
 */
export async function kleinOn({ origin, page, call }, asked, pathOf) {
  const {
    pictures,
    stretch,
    backend,
    arithmetic = 'exact',
    weights,
    loras,
    precisions,
    memoryGB,
    runs,
  } = asked
  const request = {
    ...{ backend, arithmetic, precisions, memoryGB },
    loras: loras.map(({ file, weight }) => ({ file: basename(file), weight })),
    background: { url: `${origin}/files/background`, name: basename(pictures.background) },
    foregrounds: pictures.foregrounds.map(({ file, box, lift }, index) => ({
      picture: { url: `${origin}/files/foreground-${index}`, name: basename(file) },
      ...{ box, stretch, lift },
    })),
  }
  for (const files of weightGroups([...weights, ...loras.map(({ file }) => file)])) {
    await giveFiles(page, files)
    const imported = await call('klein', { ...request, runs: [] })
    if (!imported.ok) return imported
  }
  await giveFiles(page, [])
  const coming = runs.flatMap(filesOf).map((name) => {
    const predicate = (/** @type {import('playwright').Download} */ file) => file.suggestedFilename() === name
    const download = page.waitForEvent('download', { timeout: 0, predicate })
    download.catch(() => {}) // The page closes without it when the run fails.
    return download
  })
  const answer = await call('klein', { ...request, runs })
  if (answer.ok)
    for (const download of coming) {
      const file = await download
      await file.saveAs(pathOf(file.suggestedFilename()))
    }
  return answer
}

/** Seeds that follow one another. @param {string} seed @param {number} count */
export const seedsAfter = (seed, count) =>
  Array.from({ length: count }, (_, index) => String((BigInt(seed) + BigInt(index + 1)) % 2n ** 64n))

/** `npm run fuse -- --model klein`. @param {import('./headless.mjs').Headless} headless @param {import('./fuseOptions.mjs').FuseOptions} options */
export async function kleinFuse(headless, options) {
  const { klein, pictures, prompt, seed, steps, strength, out } = options
  if (!klein || !pictures) throw new Error('klein needs pictures')
  const { dir, name, ext } = parse(out)
  const { precision, weights, loras, memoryGB, variations, settings } = klein
  const run = {
    ...{ name, precision, prompt, seed, steps, strength },
    klein: { ...settings, others: seedsAfter(seed, variations - 1), away: null },
  }
  const asked = {
    ...options,
    pictures,
    weights,
    loras,
    memoryGB,
    precisions: [precision ?? 'q4'],
    runs: [run],
  }
  const answer = await kleinOn(headless, asked, (file) => join(dir, parse(file).name + ext))
  if (!answer.ok) return answer
  const [first] = answer.pictures
  const notes = [...new Set(answer.pictures.flatMap((/** @type {{notes: string[]}} */ one) => one.notes))]
  return { ok: true, stats: first.stats, width: first.width, height: first.height, notes }
}
