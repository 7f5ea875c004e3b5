import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import type { AssetRef } from '@/schema/common'
import { listFiles, openFolder, readFile, removeFile, writeFile } from '@/storage/files'
import { guardStorage } from '@/storage/quota'

/** How pictures become files; `assets/png.ts` and `assets/hash.ts` have these, wired together in `app`. */
export interface AssetCodec {
  encode(raster: Raster): Promise<Uint8Array<ArrayBuffer>>
  decode(bytes: Uint8Array<ArrayBuffer>): Promise<Raster>
  hash(raster: Raster): Promise<string>
}

export interface AssetStore {
  /** Keeps a picture under the hash of its pixels; cheap when it is already there. Throws `storage-full`. */
  put(raster: Raster, name: string): Promise<AssetRef>
  /** The pixels. Throws `missing-asset` where they are gone or damaged. */
  get(asset: AssetRef | string): Promise<Raster>
  has(hash: string): Promise<boolean>
  /** False where there was none. */
  remove(hash: string): Promise<boolean>
  /** Hashes of all pictures. */
  list(): Promise<string[]>
  /** Deletes every picture that is not in `keep`; returns how many. */
  collect(keep: Iterable<string>): Promise<number>
}

const fileOf = (hash: string): string => `${hash}.png`

/** Pictures by content in the origin's private file system, one PNG each. Works on the page and in workers. */
export function createAssetStore(codec: AssetCodec, path = 'assets'): AssetStore {
  const folder = (): Promise<FileSystemDirectoryHandle> => openFolder(path)
  /** Two puts of the same picture must not write the same file at once. */
  const writing = new Map<string, Promise<void>>()

  const write = async (hash: string, raster: Raster): Promise<void> => {
    if (await readFile(await folder(), fileOf(hash))) return
    const bytes = await codec.encode(raster)
    await writeFile(await folder(), fileOf(hash), bytes)
  }

  const store: AssetStore = {
    put: (raster, name) =>
      guardStorage('The picture could not be saved', async () => {
        const hash = await codec.hash(raster)
        const pending = writing.get(hash) ?? write(hash, raster).finally(() => writing.delete(hash))
        writing.set(hash, pending)
        await pending
        return { hash, name: name.slice(0, 300), width: raster.width, height: raster.height }
      }),

    get: (asset) =>
      guardStorage('The picture could not be read', async () => {
        const hash = typeof asset === 'string' ? asset : asset.hash
        const name = typeof asset === 'string' ? 'A picture' : `“${asset.name}”`
        const file = await readFile(await folder(), fileOf(hash))
        if (!file) missing(`${name} is no longer stored in this browser.`, hash)
        const raster = await codec
          .decode(new Uint8Array(await file.arrayBuffer()))
          .catch((error: unknown) => missing(`${name} is damaged in storage.`, `${hash}: ${String(error)}`))
        if ((await codec.hash(raster)) !== hash) missing(`${name} is damaged in storage.`, hash)
        return raster
      }),

    has: (hash) =>
      guardStorage(
        'The storage could not be read',
        async () => (await readFile(await folder(), fileOf(hash))) !== null,
      ),

    remove: (hash) =>
      guardStorage('The picture could not be deleted', async () => removeFile(await folder(), fileOf(hash))),

    list: () =>
      guardStorage('The storage could not be read', async () =>
        (await listFiles(await folder())).map((name) => name.replace(/\.png$/, '')),
      ),

    collect: async (keep) => {
      const kept = new Set(keep)
      const gone = (await store.list()).filter((hash) => !kept.has(hash))
      for (const hash of gone) await store.remove(hash)
      return gone.length
    },
  }
  return store
}

function missing(message: string, detail: string): never {
  return fail('missing-asset', message, 'Drop the file in again.', detail)
}
