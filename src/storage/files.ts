import { DatabaseFolder } from '@/storage/databaseFolder'
import { isNotFound } from '@/storage/quota'

type Piece = Uint8Array<ArrayBuffer>
/** What a file is written from: bytes, another file, or pieces that come one after the other. */
export type Bytes = Piece | Blob | AsyncIterable<Piece>

/** What is read of a file at a time. */
const PIECE_BYTES = 8 * 2 ** 20

/** A writer that was given up may hold its file for a moment longer: how often, and how long apart, a removal is tried. */
const TRIES = 20
const APART_MS = 50

/** `move` renames within OPFS; not yet in TypeScript's library, nor in every browser. */
interface Movable {
  move?(name: string): Promise<void>
}

/** What a worker's synchronous handle offers; pages have none. */
interface SyncAccess {
  truncate(bytes: number): void
  write(piece: Piece, at: { at: number }): number
  flush(): void
  close(): void
}

interface SyncAccessible {
  createSyncAccessHandle?(): Promise<SyncAccess>
}

/** The origin's private file system; where the browser gives none, folders in its database. */
async function openRoot(): Promise<FileSystemDirectoryHandle> {
  const { storage } = navigator as { storage?: StorageManager }
  try {
    if (storage) return await storage.getDirectory()
  } catch (error) {
    // A private window of some browsers; anything else is a fault to be told.
    if (!(error instanceof DOMException && error.name === 'SecurityError')) throw error
  }
  return new DatabaseFolder() as unknown as FileSystemDirectoryHandle
}

/** Opens (and makes) a folder of ours, "a/b/c" from the root. */
export async function openFolder(path: string): Promise<FileSystemDirectoryHandle> {
  let folder = await openRoot()
  for (const name of path.split('/').filter(Boolean))
    folder = await folder.getDirectoryHandle(name, { create: true })
  return folder
}

/**
 * Writes a file so that `name` either holds all of `bytes` or does not exist: first `name.part`, then a rename.
 * On the page through a writable stream, in a worker without those through a synchronous handle.
 * @param check looks at what was written before it gets its name; when it throws, nothing is kept
 */
export async function writeFile(
  folder: FileSystemDirectoryHandle,
  name: string,
  bytes: Bytes,
  check?: (written: File) => Promise<void>,
): Promise<void> {
  const part = `${name}.part`
  try {
    const handle = await folder.getFileHandle(part, { create: true })
    await writeInto(handle, bytes)
    await check?.(await handle.getFile())
    const { move } = handle as FileSystemFileHandle & Movable
    if (move) await move.call(handle, name)
    else {
      // A browser without rename: its writable streams replace the file only when they are closed.
      await writeInto(await folder.getFileHandle(name, { create: true }), await handle.getFile())
      await folder.removeEntry(part)
    }
  } catch (error) {
    await removeFile(folder, part).catch(() => false)
    throw error
  }
}

async function writeInto(handle: FileSystemFileHandle, bytes: Bytes): Promise<void> {
  if (typeof handle.createWritable === 'function') {
    const stream = await handle.createWritable()
    try {
      for await (const piece of bytes instanceof Blob ? [bytes] : piecesOf(bytes)) await stream.write(piece)
      await stream.close()
    } catch (error) {
      await stream.abort().catch(() => undefined)
      throw error
    }
    return
  }
  const access = await (handle as SyncAccessible).createSyncAccessHandle?.()
  if (!access) throw new DOMException('this browser writes no files from here', 'NotSupportedError')
  try {
    access.truncate(0)
    let at = 0
    for await (const piece of piecesOf(bytes)) {
      for (let done = 0; done < piece.length;) {
        const written = access.write(piece.subarray(done), { at: at + done })
        if (written === 0) throw new DOMException('nothing could be written', 'QuotaExceededError')
        done += written
      }
      at += piece.length
    }
    access.flush()
  } finally {
    access.close()
  }
}

async function* piecesOf(bytes: Bytes): AsyncIterable<Piece> {
  if (bytes instanceof Blob)
    for (let at = 0; at < bytes.size; at += PIECE_BYTES)
      yield new Uint8Array(await bytes.slice(at, at + PIECE_BYTES).arrayBuffer())
  else if (Symbol.asyncIterator in bytes) yield* bytes
  // A write copies what it is given: in pieces, no copy of the whole is ever made.
  else for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES)
}

/** The file, or null where there is none. */
export async function readFile(folder: FileSystemDirectoryHandle, name: string): Promise<File | null> {
  try {
    return await (await folder.getFileHandle(name)).getFile()
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

/** Deletes a file; false where there was none. */
export async function removeFile(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  for (let left = TRIES; ; left--)
    try {
      await folder.removeEntry(name)
      return true
    } catch (error) {
      if (isNotFound(error)) return false
      if (left === 0 || !isHeld(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, APART_MS))
    }
}

const isHeld = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'NoModificationAllowedError'

/** Whether a file is half written: a `.part` of ours, or what the browser writes into until that is closed. */
export const isHalfWritten = (name: string): boolean => /\.(part|crswap)$/.test(name)

/** Names of the finished files of a folder; half-written ones are left out. */
export async function listFiles(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = []
  for await (const [name, handle] of folder.entries())
    if (handle.kind === 'file' && !isHalfWritten(name)) names.push(name)
  return names.sort()
}

/** Every file of a folder, half-written ones too. */
export async function filesIn(folder: FileSystemDirectoryHandle): Promise<{ name: string; file: File }[]> {
  const found = []
  for await (const [name, handle] of folder.entries())
    if (handle.kind === 'file') {
      // One that has gone meanwhile is none.
      const file = await readFile(folder, name)
      if (file) found.push({ name, file })
    }
  return found
}
