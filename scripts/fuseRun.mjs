// One fuse on the headless page: what it is served, what it is asked, what it writes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { unzipSync } from 'fflate'

import { readSample } from './samples.mjs'

/** @typedef {import('./fuseOptions.mjs').FuseOptions} FuseOptions */

/** Local files behind the addresses that the page is given. @param {FuseOptions} options */
export function mountsOf({ pictures }) {
  /** @type {Record<string, string>} */
  const mounts = {}
  if (pictures) {
    mounts.background = pictures.background
    pictures.foregrounds.forEach(({ file }, index) => (mounts[`foreground-${index}`] = file))
  }
  return mounts
}

/** @param {FuseOptions} options @param {string} origin */
function requestOf(options, origin) {
  const { pictures, stretch, prompt, steps, seed, strength, lighting, layers, backend, arithmetic } = options
  const settings = {
    seed,
    steps,
    strength,
    lighting,
    layers: layers && (layers.kind === 'psd' ? 'psd' : 'zip'),
    backend,
    arithmetic,
  }
  if (pictures === null) {
    const sample = readSample(origin)
    return {
      ...settings,
      background: sample.background,
      foregrounds: sample.foregrounds.map((one) => ({ ...one, stretch, lift: 0 })),
      // Words choose among what is read.
      known: prompt === '' ? sample.scene : null,
      prompt,
    }
  }
  return {
    ...settings,
    known: null,
    prompt,
    background: { url: `${origin}/files/background`, name: basename(pictures.background) },
    foregrounds: pictures.foregrounds.map(({ file, box, lift }, index) => ({
      picture: { url: `${origin}/files/foreground-${index}`, name: basename(file) },
      box,
      stretch,
      lift,
    })),
  }
}

/** @param {import('playwright').Download} download @param {NonNullable<FuseOptions['layers']>} target */
async function saveLayers(download, { kind, path }) {
  if (kind === 'psd') return download.saveAs(path)
  mkdirSync(path, { recursive: true })
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(await download.path()))))
    writeFileSync(join(path, name), bytes)
}

/** A download of such a name. @param {import('playwright').Page} page @param {RegExp} name */
function downloaded(page, name) {
  const predicate = (/** @type {import('playwright').Download} */ file) => name.test(file.suggestedFilename())
  const download = page.waitForEvent('download', { timeout: 0, predicate })
  download.catch(() => {}) // The page closes without one when the fuse fails.
  return download
}

/**
 * Makes the picture of a project again, which is served as `project`.
 * @param {import('./headless.mjs').Headless} headless @param {import('./projectOptions.mjs').ProjectOptions} options
 */
export async function projectOn({ origin, page, call }, { out, backend, arithmetic }) {
  const picture = downloaded(page, /^fused/)
  const answer = await call('project', { url: `${origin}/files/project`, backend, arithmetic })
  if (answer.ok) await (await picture).saveAs(out)
  return answer
}

/**
 * Fuses on a page whose files are served under the names of `mountsOf`; the picture and its layers are written.
 * @param {import('./headless.mjs').Headless} headless @param {FuseOptions} options
 */
export async function fuseOn({ origin, page, call }, options) {
  const picture = downloaded(page, /^fused/)
  const layers = options.layers && downloaded(page, /^layers/)
  const answer = await call('fuse', requestOf(options, origin))
  if (!answer.ok) return answer
  await (await picture).saveAs(options.out)
  if (layers) await saveLayers(await layers, options.layers)
  return answer
}
