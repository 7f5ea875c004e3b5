/**
 * Where imported models lie: `models/<id>/` in the origin's private file system. A folder with a `manifest.json` is a
 * finished pack; one with an `import.json` only is an import that can go on.
 */
import * as v from 'valibot'

import { fail } from '@/base/errors'
import { IMPORTED_FAMILIES, LoraRole } from '@/schema/pack'
import { openFolder, readFile, writeFile } from '@/storage/files'
import { withLockIfFree } from '@/storage/locks'
import { isNotFound } from '@/storage/quota'

export const MANIFEST = 'manifest.json'
const ABOUT = 'about.json'
const JOURNAL = 'import.json'

/** What people may change, and what is not part of the weights: apart, so that the manifest's hash names these alone. */
export const About = v.object({
  family: v.picklist(IMPORTED_FAMILIES),
  name: v.pipe(v.string(), v.maxLength(200)),
  role: v.nullable(LoraRole),
  /** "4-bit", "8-bit", "f16", "as published" */
  precision: v.string(),
  parameters: v.number(),
  importedAt: v.number(),
  /** Names of the files that it was made from. */
  files: v.array(v.string()),
})
export type About = v.InferOutput<typeof About>

/** What an unfinished import has done. */
const Journal = v.object({
  schema: v.literal(1),
  shards: v.array(v.object({ file: v.string(), bytes: v.number(), sha256: v.string() })),
})
export type Journal = v.InferOutput<typeof Journal>

const ROOT = 'models'

export const modelsFolder = (): Promise<FileSystemDirectoryHandle> => openFolder(ROOT)

/** A model's folder; made where it is missing if `create`, otherwise null. */
export async function modelFolder(id: string, create = false): Promise<FileSystemDirectoryHandle | null> {
  try {
    return await (await modelsFolder()).getDirectoryHandle(id, { create })
  } catch (error) {
    if (isNotFound(error) || error instanceof TypeError) return null
    throw error
  }
}

async function readChecked<T>(
  folder: FileSystemDirectoryHandle,
  name: string,
  schema: v.GenericSchema<unknown, T>,
): Promise<T | null> {
  const text = await (await readFile(folder, name))?.text()
  if (text === undefined) return null
  try {
    return v.parse(schema, JSON.parse(text))
  } catch {
    return null
  }
}

const writeJson = (folder: FileSystemDirectoryHandle, name: string, value: unknown): Promise<void> =>
  writeFile(folder, name, new TextEncoder().encode(JSON.stringify(value)))

export const readAbout = (folder: FileSystemDirectoryHandle) => readChecked(folder, ABOUT, About)
export const writeAbout = (folder: FileSystemDirectoryHandle, about: About) => writeJson(folder, ABOUT, about)
export const aboutFile = (folder: FileSystemDirectoryHandle) => readFile(folder, ABOUT)

export const readJournal = (folder: FileSystemDirectoryHandle) => readChecked(folder, JOURNAL, Journal)
export const writeJournal = (folder: FileSystemDirectoryHandle, journal: Journal) =>
  writeJson(folder, JOURNAL, journal)
export const removeJournal = (folder: FileSystemDirectoryHandle) =>
  folder.removeEntry(JOURNAL).catch(() => undefined)

/** Runs something that nobody else may do to the same model meanwhile, in this tab or another. */
export async function withModelLock<T>(id: string, run: () => Promise<T>): Promise<T> {
  return withLockIfFree(`inlay-model-${id}`, (free) => {
    if (!free)
      fail(
        'storage-failed',
        'This model is being imported or changed elsewhere.',
        'Wait until that is done, or close the other tab.',
      )
    return run()
  })
}
