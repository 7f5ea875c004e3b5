import { isNotFound } from '@/storage/quota'

type Bytes = Uint8Array<ArrayBuffer> | Blob

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
 */
export async function writeFile(
  folder: FileSystemDirectoryHandle,
  name: string,
  bytes: Bytes,
): Promise<void> {
  const part = `${name}.part`
  try {
    const handle = await folder.getFileHandle(part, { create: true })
    await writeInto(handle, bytes)
    const { move } = handle as FileSystemFileHandle & Movable
    if (move) await move.call(handle, name)
    else {
      // A browser without rename: its writable streams replace the file only when they are closed.
      await writeInto(await folder.getFileHandle(name, { create: true }), bytes)
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
      await stream.write(bytes)
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
    access.write(bytes instanceof Blob ? new Uint8Array(await bytes.arrayBuffer()) : bytes)
    access.flush()
  } finally {
    access.close()
  }
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
