// Jobs of the command line on the headless page: what it is served, what it is asked, what is written.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join, parse } from 'node:path'

import { unzipSync } from 'fflate'

import { withHeadless } from './headless.mjs'

/**
 * One run, as the options of a mode describe it (scripts/*Options.mjs).
 * @typedef {object} Job
 * @property {'place' | 'compose' | 'align' | 'mix' | 'project'} mode
 * @property {object} options the engine's own (src/engine/api.ts); pictures in them are `{file}`
 * @property {{backend: string, arithmetic: string}} engine
 * @property {string | null} painter2 a folder with the built-in model's weights
 * @property {object | null} packs which installed models (src/cli/requests.ts)
 * @property {string[]} weights files and folders to import first
 * @property {string[]} precisions at which a transformer is imported
 * @property {{profile: string, port: number} | null} kept where the browser keeps models
 * @property {{kind: 'psd' | 'folder', path: string} | null} layers
 * @property {string} out
 */

/**
 * The options with addresses in place of files, which are mounted under them.
 * @param {any} value @param {string} origin @param {Record<string, string>} mounts @returns {any}
 */
function served(value, origin, mounts) {
  if (Array.isArray(value)) return value.map((one) => served(one, origin, mounts))
  if (value === null || typeof value !== 'object') return value
  const { file, ...rest } = value
  const others = Object.fromEntries(
    Object.entries(rest).map(([key, one]) => [key, served(one, origin, mounts)]),
  )
  if (file === undefined) return others
  const mount = `picture-${Object.keys(mounts).length}`
  mounts[mount] = file
  return { picture: `${origin}/files/${mount}`, name: basename(file), ...others }
}

/** @param {Job} job @param {string} origin @param {Record<string, string>} mounts */
function requestOf(job, origin, mounts) {
  const { mode, options, engine, painter2, packs, layers } = job
  if (painter2) mounts.painter2 = painter2
  return {
    mode,
    options: served(options, origin, mounts),
    engine: { ...engine, models: painter2 ? { painter2: `${origin}/files/painter2/` } : {} },
    packs: packs && {
      ...packs,
      loras: packs.loras.map(({ file, weight }) => ({ file: basename(file), weight })),
    },
    layers: layers && (layers.kind === 'psd' ? 'psd' : 'zip'),
  }
}

/** Opens a page on which jobs can be made. @template T @param {Job[]} jobs @param {(make: (job: Job) => Promise<any>) => Promise<T>} use @param {(line: string) => void} [note] */
export async function withPage(jobs, use, note = console.error) {
  /** @type {Record<string, string>} */
  const mounts = {} // Looked up with every request.
  const kept = jobs.find((job) => job.kept)?.kept ?? undefined
  const onDisk = jobs.some(({ weights }) => weights.length > 0)
  return withHeadless({ mounts, onDisk, kept, print: note, note }, async (headless) => {
    for (const job of new Map(
      jobs.map((one) => [JSON.stringify([one.weights, one.packs?.loras, one.precisions]), one]),
    ).values()) {
      const failed = await importWeights(headless, job)
      if (failed) return use(() => Promise.resolve(failed))
    }
    return use((job) => make(headless, job, mounts))
  })
}

/** @param {import('./headless.mjs').Headless & {call: any}} headless @param {Job} job */
async function importWeights({ page, call }, { weights, packs, precisions }) {
  for (const files of weightGroups([...weights, ...(packs?.loras ?? []).map(({ file }) => file)])) {
    await page.evaluate(() => {
      const document = /** @type {any} */ (globalThis).document
      document.querySelector('input[type=file]')?.remove()
      document.body.append(Object.assign(document.createElement('input'), { type: 'file', multiple: true }))
    })
    await page.setInputFiles('input[type=file]', files)
    const answer = await call('importFiles', { precisions, base: packs?.base ?? null })
    if (!answer.ok) return answer
  }
  return null
}

/** @param {import('./headless.mjs').Headless & {call: any}} headless @param {Job} job @param {Record<string, string>} mounts */
async function make({ origin, page, call }, job, mounts) {
  for (const name of Object.keys(mounts)) Reflect.deleteProperty(mounts, name)
  /** @type {Map<string, import('playwright').Download>} */
  const downloads = new Map()
  const keep = (/** @type {import('playwright').Download} */ file) =>
    downloads.set(file.suggestedFilename(), file)
  page.on('download', keep)
  try {
    const answer = await call('fuse', requestOf(job, origin, mounts))
    if (!answer.ok) return answer
    const downloaded = async (/** @type {string} */ name) => {
      while (!downloads.has(name)) await page.waitForEvent('download', { timeout: 0 })
      return /** @type {import('playwright').Download} */ (downloads.get(name))
    }
    const { dir, name, ext } = parse(job.out)
    for (const [index, { file }] of answer.pictures.entries())
      await (await downloaded(file)).saveAs(join(dir, `${name}${index > 0 ? `-${index + 1}` : ''}${ext}`))
    if (job.layers)
      await saveLayers(await downloaded(`layers.${job.layers.kind === 'psd' ? 'psd' : 'zip'}`), job.layers)
    const notes = [...new Set(answer.pictures.flatMap((/** @type {{notes: string[]}} */ one) => one.notes))]
    return { ...answer, notes }
  } finally {
    page.off('download', keep)
  }
}

/** @param {import('playwright').Download} download @param {NonNullable<Job['layers']>} target */
async function saveLayers(download, { kind, path }) {
  if (kind === 'psd') return download.saveAs(path)
  mkdirSync(path, { recursive: true })
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(await download.path()))))
    writeFileSync(join(path, name), bytes)
}

const KINDS = ['.safetensors', '.json', '.txt', '.onnx']

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
