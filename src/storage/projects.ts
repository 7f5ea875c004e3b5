/** A project on its way into storage: all of it, or nothing. */
import { fail } from '@/base/errors'
import type { FusionDocument } from '@/schema/document'
import type { Recipe } from '@/schema/recipe'
import type { AssetStore } from '@/storage/assets'
import { openDatabase } from '@/storage/database'
import { openFolder, readFile, removeFile, writeFile } from '@/storage/files'
import { guardStorage } from '@/storage/quota'
import { resultFile, type KeptResult } from '@/storage/results'
import { namedAssets } from '@/storage/sweep'

type Bytes = Uint8Array<ArrayBuffer>

/** What is stored; pictures are read one after the other. */
export interface IncomingProject {
  /** Under an id of its own, which nothing stored has. */
  document: FusionDocument
  pictures: readonly { hash: string; read(): Promise<Bytes> }[]
  /** Newest first. */
  results: readonly IncomingResult[]
}

interface IncomingResult {
  id: string
  /** When it was made, ms since 1970, as the file has it. */
  time: number
  recipe: Recipe
  starred?: boolean
  read(): Promise<{ png: Bytes; thumbnail: Blob }>
}

/** What the index will have, but for its place there. */
interface Entry extends Omit<KeptResult, 'time'> {
  /** It lies here, deleted: that is over. */
  known: boolean
}

const FOLDER = 'results'

/**
 * Stores a project: its pictures, then its results, then in one transaction what names them. Until that one is through
 * nothing of it can be seen; what fails or is stopped before is taken away again, and of a browser that dies in the middle
 * the sweep finds it. Results that are here already (the same id) stay as they are, deleted ones come back.
 * @param onProgress 0..1
 * @returns the results that are new here, newest first: they stand before all others, so that they are found, and are the
 * last that a limit takes; when they were made is kept beside that
 * @throws storage-full, storage-failed, cancelled; what a `read` throws
 */
export async function storeProject(
  assets: AssetStore,
  project: IncomingProject,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<KeptResult[]> {
  const pictures: string[] = []
  const files: string[] = []
  const total = project.pictures.length + project.results.length
  let done = 0
  const next = () => {
    onProgress(done++ / Math.max(1, total))
    if (signal.aborted) fail('cancelled', 'Opening the project was stopped.', 'Nothing of it was stored.')
  }
  const guarded = <T>(run: () => Promise<T>) => guardStorage('The project could not be stored', run)
  try {
    for (const { hash, read } of project.pictures) {
      next()
      if (await assets.adopt(hash, await read())) pictures.push(hash)
    }
    const entries: Entry[] = []
    for (const { id, time, recipe, starred = false, read } of project.results) {
      next()
      const { png, thumbnail } = await read()
      await guarded(async () => {
        const there = await (await openDatabase()).get('results', id)
        if (there && there.deletedAt === undefined) return
        // The file of a deleted one is its own, whatever becomes of the project.
        if (!there) files.push(id)
        await writeFile(await openFolder(FOLDER), resultFile(id), png)
        const about = { made: possible(time), documentId: project.document.id, starred, known: !!there }
        entries.push({ schema: 2, id, recipe, thumbnail, bytes: png.length, ...about })
      })
    }
    next()
    const stored = await guarded(() => name(project.document, entries))
    for (const { id, known } of entries) if (known) await guarded(() => keepFile(project, id))
    return stored
  } catch (error) {
    await takeAway(assets, pictures, files).catch(() => undefined)
    throw error
  }
}

/** A deleted one may have gone for good between its file and its name: then its file is written again. */
async function keepFile({ results }: IncomingProject, id: string): Promise<void> {
  const folder = await openFolder(FOLDER)
  if (await readFile(folder, resultFile(id))) return
  const file = await results.find((one) => one.id === id)?.read()
  if (file) await writeFile(folder, resultFile(id), file.png)
}

/** When something can have been made; of what is no moment, or lies in the future, nothing is known. */
function possible(time: number): number | undefined {
  const whole = Math.floor(time)
  return whole >= 0 && whole <= Date.now() ? whole : undefined
}

/** Writes what names the files, the latest of all that is stored. */
async function name(document: FusionDocument, entries: readonly Entry[]): Promise<KeptResult[]> {
  const transaction = (await openDatabase()).transaction(['documents', 'results', 'stars'], 'readwrite', {
    durability: 'strict',
  })
  const documents = transaction.objectStore('documents')
  const results = transaction.objectStore('results')
  const lastSaved = (await documents.index('savedAt').openKeyCursor(null, 'prev'))?.key ?? 0
  const lastMade = (await results.index('time').openKeyCursor(null, 'prev'))?.key ?? 0
  const now = Math.max(Date.now(), lastMade + 1)
  const stars = transaction.objectStore('stars')
  const known = new Set(entries.flatMap((entry) => (entry.known ? [entry.id] : [])))
  /** Brought back by hand meanwhile: it stays as it is. */
  const there = new Set<string>()
  for (const id of known) {
    const now = await results.get(id)
    if (now && now.deletedAt === undefined) there.add(id)
  }
  const meant = entries.filter(({ id }) => !there.has(id))
  const stored = meant.map(({ known: _, ...entry }, i) => ({
    ...entry,
    time: now + meant.length - 1 - i,
  }))
  const entry = { id: document.id, savedAt: Math.max(Date.now(), lastSaved + 1), document }
  const writes = [
    async () => void (await documents.add(entry)),
    ...stored.map(({ starred, ...one }) => async () => {
      await (known.has(one.id) ? results.put(one) : results.add(one))
      await (starred ? stars.put({ id: one.id }) : stars.delete(one.id))
    }),
  ]
  try {
    await Promise.all([...writes.map((write) => write()), transaction.done])
  } catch (error) {
    // One that could not even be asked for leaves the others to be committed.
    try {
      transaction.abort()
    } catch {
      // It has ended by itself.
    }
    throw error
  }
  return stored
}

/** Deletes what was written, but for pictures that something else names by now. */
async function takeAway(assets: AssetStore, pictures: string[], files: string[]): Promise<void> {
  const folder = await openFolder(FOLDER)
  for (const id of files) await removeFile(folder, resultFile(id))
  const named = await namedAssets()
  for (const hash of pictures) if (!named.has(hash)) await assets.remove(hash)
}
