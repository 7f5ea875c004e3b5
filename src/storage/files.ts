import { isNotFound } from '@/storage/quota'

type Piece = Uint8Array<ArrayBuffer>
/** What a file is written from: bytes, another file, or pieces that come one after the other. */
export type Bytes = Piece | Blob | AsyncIterable<Piece>

/** What is read of a file at a time. */
const PIECE_BYTES = 8 * 2 ** 20

/** `move` renames within OPFS; not yet in TypeScript's library, nor in every browser. */
interface Movable {
  move?(name: string): Promise<void>
}

/** Opens (and makes) a folder of the origin's private file system, "a/b/c" from its root. */
export async function openFolder(path: string): Promise<FileSystemDirectoryHandle> {
  let folder = await navigator.storage.getDirectory()
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
  const access = await handle.createSyncAccessHandle()
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
  try {
    await folder.removeEntry(name)
    return true
  } catch (error) {
    if (isNotFound(error)) return false
    throw error
  }
}

/** Names of the finished files of a folder; half-written ones (`.part`) are left out. */
export async function listFiles(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = []
  for await (const [name, handle] of folder.entries())
    if (handle.kind === 'file' && !name.endsWith('.part')) names.push(name)
  return names.sort()
}
