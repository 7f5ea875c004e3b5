import { DOWNLOAD_MS, saveFile } from '@/app/saveFile'
import { fail, InlayError, isAbort } from '@/base/errors'
import { listFiles, openFolder, readFile, removeFile, writeFile } from '@/storage/files'
import { withLock, withLockIfFree } from '@/storage/locks'
import { guardStorage } from '@/storage/quota'

/** Chromium's picker of a file to write; other browsers have none. */
interface SavePicker {
  showSaveFilePicker(options: { suggestedName: string; id: string }): Promise<FileSystemFileHandle>
}

const hasPicker = (page: object): page is SavePicker => 'showSaveFilePicker' in page

type Pieces = AsyncIterable<Uint8Array<ArrayBuffer>>

const FOLDER = 'exports'
const LOCK = 'inlay-exports'

/** What is being written, as it is called where that fails. */
interface Written {
  /** "The archive" */
  title: string
  /** That nothing is lost: "the pairs are still kept here". */
  safe: string
  /** Under which the picker remembers its folder. */
  id: string
}

/**
 * Streams bytes to a file of the user's: straight to the disk where the browser has a picker, else through our own
 * storage to a download. False when the user closes the picker. Call it on a user's action.
 * @throws storage-full, storage-failed; what `write` throws. No half-written file is left.
 */
export async function saveStream(name: string, written: Written, write: () => Pieces): Promise<boolean> {
  if (hasPicker(window)) {
    let handle: FileSystemFileHandle
    try {
      handle = await window.showSaveFilePicker({ suggestedName: name, id: written.id })
    } catch (error) {
      if (isAbort(error)) return false
      throw error
    }
    await writePicked(handle, written, write())
    return true
  }
  await withLock(LOCK, () =>
    guardStorage(`${written.title} could not be written`, async () => {
      const folder = await openFolder(FOLDER)
      await writeFile(folder, name, write())
      const file = await readFile(folder, name)
      if (file) saveFile(file, name)
      setTimeout(() => void removeFile(folder, name).catch(() => false), DOWNLOAD_MS)
    }),
  )
  return true
}

/** Deletes what downloads of earlier sessions have left. */
export async function clearExports(): Promise<void> {
  await withLockIfFree(LOCK, async (free) => {
    if (!free) return
    const folder = await openFolder(FOLDER)
    for (const name of await listFiles(folder)) await removeFile(folder, name)
  })
}

/** The file keeps what it was until the last byte is written. */
async function writePicked(
  handle: FileSystemFileHandle,
  { title, safe }: Written,
  pieces: Pieces,
): Promise<void> {
  let stream: FileSystemWritableFileStream | null = null
  try {
    stream = await handle.createWritable()
    for await (const piece of pieces) await stream.write(piece)
    await stream.close()
  } catch (error) {
    await stream?.abort().catch(() => undefined)
    await removeEmpty(handle)
    // What is wrong with the content itself is not the disk's doing.
    if (error instanceof InlayError) throw error
    fail(
      'storage-failed',
      `${title} could not be written.`,
      `Choose another place, or free space on that disk; ${safe}.`,
      String(error),
    )
  }
}

/** A picker makes the file at once; one that was there before is never empty and stays. */
async function removeEmpty(handle: FileSystemFileHandle & { remove?(): Promise<void> }): Promise<void> {
  try {
    if ((await handle.getFile()).size === 0) await handle.remove?.()
  } catch {
    // An empty file is left; nothing is lost.
  }
}
