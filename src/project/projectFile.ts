/** Project files: a document, its pictures and its results in one zip (docs/formats.md, section Project). */
import { fail } from '@/base/errors'
import { sha256 } from '@/base/sha256'
import { openZip, writeZip, type ZipKind, type ZippedFile } from '@/base/zip'
import { assetsOf, recipeAssets } from '@/document/queries'
import type { AssetRef } from '@/schema/common'
import { readDocument, type FusionDocument } from '@/schema/document'
import { MAX_PROJECT_ITEMS, readProjectManifest, type ProjectManifest } from '@/schema/project'
import { readRecipe, type Recipe } from '@/schema/recipe'
import type { Read } from '@/schema/versioned'

/** A result as it goes along. */
export interface ProjectResult {
  id: string
  /** When it was made, ms since 1970. */
  time: number
  recipe: Recipe
  /** Kept whatever the limit. */
  starred?: boolean
}

/** What is written; the files are opened one after the other. */
export interface ProjectSource {
  /** What writes it: "Inlay 0.1.0". */
  writer: string
  document: FusionDocument
  /** Newest first. */
  results: readonly ProjectResult[]
  /** A picture as PNG; null where it is gone or damaged. */
  openPicture(asset: AssetRef): Promise<Blob | null>
  /** A result's PNG; null where it is gone: it is left out. */
  openResult(id: string): Promise<Blob | null>
}

const MANIFEST = 'project.json'
const pictureName = (hash: string): string => `pictures/${hash}.png`
const resultName = (id: string): string => `results/${id}.png`

/** A zip without extensions ends below 4 GiB; what is left for its own tables is ample. */
const MAX_BYTES = 2 ** 32 - 2 ** 27
/** Nothing that is read whole may be larger than these. */
const LIMITS = { manifest: 2 ** 26, picture: 2 ** 29 } as const

/** Every picture that a document and its results name, each once. */
export function projectAssets(document: FusionDocument, results: readonly ProjectResult[]): AssetRef[] {
  const named = [...assetsOf(document), ...results.flatMap(({ recipe }) => recipeAssets(recipe))]
  return [...new Map(named.map((asset) => [asset.hash, asset])).values()]
}

/**
 * A project as a stream of bytes. Pictures that are gone are named as missing, so that the rest can be saved.
 * @param onFile hears of every file that has been opened, and how many there will be
 * @throws unsupported for more than a zip can hold; what `open…` throws; AbortError
 */
export function writeProject(
  source: ProjectSource,
  signal?: AbortSignal,
  onFile?: (done: number, total: number) => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const { writer, document, results } = source
  const assets = projectAssets(document, results)
  const manifest: ProjectManifest = {
    ...{ schema: 1, kind: 'inlay-project', writer, document },
    ...{ pictures: [], missing: [], results: [] },
  }
  let [bytes, files] = [0, 0]
  const counted = (blob: Blob | null): Blob | null => {
    onFile?.(++files, assets.length + results.length)
    if (blob) bytes += blob.size
    if (bytes > MAX_BYTES || assets.length > MAX_PROJECT_ITEMS || results.length > MAX_PROJECT_ITEMS)
      fail(
        'unsupported',
        'This document and its results do not fit into one project file of 4 GB.',
        'Delete results that you no longer need, then save it again.',
      )
    return blob
  }
  return writeZip(
    [
      ...assets.map((asset) => ({
        name: pictureName(asset.hash),
        async open() {
          const blob = counted(await source.openPicture(asset))
          const { hash, width, height } = asset
          if (blob) manifest.pictures.push({ hash, width, height })
          else manifest.missing.push(hash)
          return blob
        },
      })),
      ...results.map(({ id, time, recipe, starred }) => ({
        name: resultName(id),
        async open() {
          const blob = counted(await source.openResult(id))
          const star = starred ? { starred } : {}
          if (blob)
            manifest.results.push({ id, time, ...star, recipe, sha256: await sha256(await bytesOf(blob)) })
          return blob
        },
      })),
      // Last, for it says what has become of the others.
      { name: MANIFEST, open: () => Promise.resolve(new Blob([JSON.stringify(manifest)])) },
    ],
    signal,
  )
}

const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer())

/** A picture of a project; its bytes are looked at when they are read. */
export interface ProjectPicture {
  hash: string
  width: number
  height: number
  /** Its PNG, as it was written. @throws bad-archive */
  read(): Promise<Uint8Array<ArrayBuffer>>
}

/** A project that is read; nothing but its manifest is in memory. */
export interface Project {
  /** What wrote it. */
  writer: string
  /** As it was saved, with the id that it had. */
  document: FusionDocument
  pictures: ProjectPicture[]
  /** How many pictures it lacks that it names. */
  missing: number
  /** Newest first. */
  results: (ProjectResult & {
    /** Its PNG, as it was written. @throws bad-archive, hash-mismatch */
    read(): Promise<Uint8Array<ArrayBuffer>>
  })[]
}

const KIND: ZipKind = {
  name: 'project file',
  hint: 'Choose a .inlay file as the studio has written it; copy or download it again if it was cut off.',
  // Beside ours there may be folders, which other programs add.
  maxFiles: 2 * MAX_PROJECT_ITEMS + 1000,
}

/**
 * Opens a project file and sees that all of it is there, before a single picture is read.
 * @throws bad-archive for what is no project or a dangerous one, unsupported for a newer version's, bad-document,
 * bad-recipe, missing-asset for pictures that it names and does not hold
 */
export async function openProject(archive: Blob): Promise<Project> {
  const files = await openZip(archive, KIND)
  for (const name of files.keys()) if (leadsAway(name)) outside(name)
  const find = (name: string, limit: number): ZippedFile | null => {
    const file = files.get(name) ?? null
    if (file && file.size > limit) broken(`"${name}" is larger than any real one`)
    return file
  }
  const manifest = await readManifest(find(MANIFEST, LIMITS.manifest) ?? broken(`it lacks "${MANIFEST}"`))
  const document = accepted(readDocument(manifest.document), 'bad-document', 'The document in this project')
  const pictures = manifest.pictures.map(({ hash, width, height }) => {
    const file = find(pictureName(hash), LIMITS.picture) ?? lacks(hash)
    return { hash, width, height, read: () => file.read() }
  })
  const results = manifest.results.map(({ id, time, starred = false, recipe, sha256: wanted }) => {
    const file = find(resultName(id), LIMITS.picture) ?? lacks(id)
    return {
      ...{ id, time, starred },
      recipe: accepted(readRecipe(recipe), 'bad-recipe', 'The recipe of a result in this project'),
      read: async () => unchanged(await file.read(), wanted, file.name),
    }
  })
  once(pictures.map(({ hash }) => hash))
  once(results.map(({ id }) => id))
  const known = new Map(pictures.map((picture) => [picture.hash, picture]))
  const missing = new Set(manifest.missing)
  for (const { hash, name, width, height } of projectAssets(document, results)) {
    const picture = known.get(hash)
    if (!picture && !missing.has(hash)) lacks(name)
    if (picture && (picture.width !== width || picture.height !== height))
      broken(`“${name}” has two different sizes`)
  }
  return { writer: manifest.writer, document, pictures, missing: missing.size, results }
}

async function readManifest(file: ZippedFile): Promise<ProjectManifest> {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await file.read()))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) broken(`"${MANIFEST}" is no JSON`)
    throw error
  }
  return accepted(readProjectManifest(json), 'bad-archive', 'The list of contents of this project')
}

/** What was read, or a problem that tells a newer version from a fault. */
function accepted<T>(read: Read<T>, code: 'bad-archive' | 'bad-document' | 'bad-recipe', what: string): T {
  if (read.ok) return read.value
  if (read.newer)
    fail(
      'unsupported',
      'This project was saved by a newer version of Inlay.',
      'Reload the studio to get its newest version, then open the project again.',
      read.reason,
    )
  return fail(
    code,
    `${what} cannot be read.`,
    'Save the project again where it was made; nothing here has changed.',
    read.reason,
  )
}

/** Whether a name would leave the folder that an archive is unpacked into. */
const leadsAway = (name: string): boolean => /^\/|^[a-z]:|[\\\0]|(^|\/)\.\.?(\/|$)/i.test(name)

function outside(name: string): never {
  fail(
    'bad-archive',
    'This file tries to reach outside of itself, as no project does.',
    'It may be meant to do harm: ask whoever gave it to you to save the project again.',
    `it names "${name}"`,
  )
}

async function unchanged(bytes: Uint8Array<ArrayBuffer>, wanted: string, name: string) {
  if ((await sha256(bytes)) !== wanted)
    fail(
      'hash-mismatch',
      'A result in this project is not the one that was saved.',
      'Copy or download the project again, or save it again where it was made.',
      name,
    )
  return bytes
}

function once(names: string[]): void {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) broken(`it lists "${name}" twice`)
    seen.add(name)
  }
}

function lacks(name: string): never {
  fail(
    'missing-asset',
    'A picture of this project is not in its file.',
    'Copy or download the project again, or save it again where it was made.',
    name,
  )
}

function broken(why: string): never {
  fail('bad-archive', `This project file is broken: ${why}.`, KIND.hint)
}
