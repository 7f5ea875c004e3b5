/**
 * A folder in IndexedDB, for pages to which the browser gives no private file system: those over plain http, and
 * private windows of some browsers. It has those methods of a `FileSystemDirectoryHandle` that we use; a write shows
 * when its stream is closed, whole.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'

import { Once } from '@/base/once'

interface FileDatabase extends DBSchema {
  /** By path: "assets/ab.png"; a folder as its path with a slash at the end. */
  files: { key: string; value: Blob }
}

const opened = new Once<IDBPDatabase<FileDatabase>>()

const openFiles = (): Promise<IDBPDatabase<FileDatabase>> =>
  opened.get(() =>
    openDB<FileDatabase>('inlay-files', 1, {
      upgrade: (database) => void database.createObjectStore('files'),
      blocking(_current, _blocked, event) {
        void opened.take()
        ;(event.target as IDBDatabase).close()
      },
      terminated: () => void opened.take(),
    }),
  )

const notFound = (path: string): DOMException => new DOMException(`no ${path}`, 'NotFoundError')

/** Every path that begins with `prefix`. */
const under = (prefix: string): IDBKeyRange => IDBKeyRange.bound(prefix, `${prefix}\uffff`)

class DatabaseFile {
  readonly kind = 'file'
  readonly name: string
  private readonly parent: string

  constructor(parent: string, name: string) {
    this.parent = parent
    this.name = name
  }

  async getFile(): Promise<File> {
    const blob = await (await openFiles()).get('files', this.parent + this.name)
    if (!blob) throw notFound(this.parent + this.name)
    return new File([blob], this.name)
  }

  async createWritable(): Promise<{
    write(piece: BlobPart): Promise<void>
    close(): Promise<void>
    abort(): Promise<void>
  }> {
    const path = this.parent + this.name
    let pieces: Blob[] = []
    return {
      // A blob of its own each: the browser may then move it out of memory.
      write: async (piece) => void pieces.push(new Blob([piece])),
      close: async () => void (await (await openFiles()).put('files', new Blob(pieces), path)),
      abort: async () => void (pieces = []),
    }
  }

  /** Renames within the folder; what had the name is replaced. */
  async move(name: string): Promise<void> {
    const transaction = (await openFiles()).transaction('files', 'readwrite')
    const blob = await transaction.store.get(this.parent + this.name)
    if (!blob) throw notFound(this.parent + this.name)
    await Promise.all([
      transaction.store.put(blob, this.parent + name),
      transaction.store.delete(this.parent + this.name),
      transaction.done,
    ])
  }
}

export class DatabaseFolder {
  readonly kind = 'directory'
  readonly name: string
  /** Ends with a slash; the root's is empty. */
  private readonly path: string

  constructor(path = '') {
    this.path = path
    this.name = path.split('/').at(-2) ?? ''
  }

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<DatabaseFolder> {
    checkName(name)
    const path = `${this.path}${name}/`
    const database = await openFiles()
    if (create) await database.put('files', new Blob([]), path)
    else if ((await database.getKey('files', path)) === undefined) throw notFound(path)
    return new DatabaseFolder(path)
  }

  async getFileHandle(name: string, { create = false } = {}): Promise<DatabaseFile> {
    checkName(name)
    const path = this.path + name
    if ((await (await openFiles()).getKey('files', path)) === undefined) {
      if (!create) throw notFound(path)
      await (await openFiles()).put('files', new Blob([]), path)
    }
    return new DatabaseFile(this.path, name)
  }

  async removeEntry(name: string, { recursive = false } = {}): Promise<void> {
    checkName(name)
    const path = this.path + name
    const transaction = (await openFiles()).transaction('files', 'readwrite')
    const keys = [
      ...(await transaction.store.getAllKeys(IDBKeyRange.only(path))),
      ...(await transaction.store.getAllKeys(under(`${path}/`))),
    ]
    const full = keys.length > 1 && !recursive
    if (!full) for (const key of keys) void transaction.store.delete(key)
    await transaction.done
    if (keys.length === 0) throw notFound(path)
    if (full) throw new DOMException(`${path} is not empty`, 'InvalidModificationError')
  }

  async *entries(): AsyncGenerator<[string, DatabaseFolder | DatabaseFile]> {
    for (const key of await (await openFiles()).getAllKeys('files', under(this.path))) {
      const [name, ...rest] = key.slice(this.path.length).split('/')
      // A file, or the folder's own entry; what lies deeper belongs to that folder.
      if (rest.length === 0 && name) yield [name, new DatabaseFile(this.path, name)]
      else if (rest.length === 1 && rest[0] === '') yield [name, new DatabaseFolder(`${this.path}${name}/`)]
    }
  }

  async *keys(): AsyncGenerator<string> {
    for await (const [name] of this.entries()) yield name
  }

  async *values(): AsyncGenerator<DatabaseFolder | DatabaseFile> {
    for await (const [, handle] of this.entries()) yield handle
  }
}

/** As the file system has it: names are no paths. */
function checkName(name: string): void {
  if (name === '' || name === '.' || name === '..' || name.includes('/'))
    throw new TypeError(`not a name: ${name}`)
}
