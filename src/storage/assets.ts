import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { keptName } from '@/base/names'
import { createQueue } from '@/base/queue'
import type { AssetRef } from '@/schema/common'
import { listFiles, openFolder, readFile, removeFile, writeFile } from '@/storage/files'
import { guardStorage, isQuotaError } from '@/storage/quota'

/** How pictures become files; `assets/png.ts` and `assets/hash.ts` have these, wired together in `app`. */
export interface AssetCodec {
  encode(raster: Raster): Promise<Uint8Array<ArrayBuffer>>
  decode(bytes: Uint8Array<ArrayBuffer>): Promise<Raster>
  hash(raster: Raster): Promise<string>
}

export type Deeper = () => Promise<Uint8Array<ArrayBuffer> | null>

export interface AssetStore {
  /**
   * Keeps a picture under the hash of its pixels; cheap when it is already there. Throws `storage-full`.
   * @param deeper gives a 16-bit PNG of it, null where there is none; `codec` decodes it to the same pixels
   */
  put(raster: Raster, name: string, deeper?: Deeper): Promise<AssetRef>
  /** The pixels. Throws `missing-asset` where they are gone or damaged. */
  get(asset: AssetRef | string): Promise<Raster>
  /** The picture as a PNG file, its pixels compared with the hash. Throws `missing-asset` where they are gone or damaged. */
  png(hash: string): Promise<Blob>
  /** Its PNG where that has 16 bits a channel. */
  deep(hash: string): Promise<Blob | null>
  /** Keeps a PNG whose pixels have been compared with the hash; false where the picture was there. Throws `storage-full`. */
  adopt(hash: string, png: Uint8Array<ArrayBuffer>): Promise<boolean>
  has(hash: string): Promise<boolean>
  /** False where there was none. */
  remove(hash: string): Promise<boolean>
  /** Hashes of all pictures. */
  list(): Promise<string[]>
  /** Deletes every picture that is not in `keep`, and goes on with what a crash has left half done; returns how many. */
  collect(keep: ReadonlySet<string>): Promise<number>
}

const packedName = (hash: string): string => `${hash}.png`
/** Pixels as they are: two 32-bit words of size, then RGBA. Written at once, and gone when the PNG is there. */
const RAW = '.rgba'
const RAW_HEADER_BYTES = 8
const rawName = (hash: string): string => `${hash}${RAW}`

/** Pictures by content in the origin's private file system, one file each. Works on the page and in workers. */
export function createAssetStore(codec: AssetCodec, path = 'assets'): AssetStore {
  const folder = (): Promise<FileSystemDirectoryHandle> => openFolder(path)
  /** Two puts of the same picture must not write the same file at once. */
  const writing = new Map<string, Promise<void>>()
  const packing = new Map<string, Promise<void>>()
  /** One at a time: a lot of large pictures would not fit into memory. */
  const inTurn = createQueue()

  /** Where there is no PNG and no raw file either, the one has been made of the other between the two looks. */
  const find = async (hash: string): Promise<File | null> =>
    (await readFile(await folder(), packedName(hash))) ??
    (await readFile(await folder(), rawName(hash))) ??
    readFile(await folder(), packedName(hash))

  /** From raw to PNG, or to a deeper one, once it is its turn; where that fails the pixels stay as they are. */
  const pack = (hash: string, deeper?: Deeper): Promise<void> => {
    const run = async () => {
      const raw = await readFile(await folder(), rawName(hash))
      const png = await readFile(await folder(), packedName(hash))
      const better = deeper && !(png && (await isDeep(png))) ? await deeper().catch(() => null) : null
      if (better) await writeFile(await folder(), packedName(hash), better)
      else if (raw && !png)
        await writeFile(await folder(), packedName(hash), await codec.encode(await decode(raw)))
      if (raw) await removeFile(await folder(), rawName(hash))
    }
    const packed =
      packing.get(hash) ??
      inTurn(run)
        .catch(() => undefined)
        .finally(() => packing.delete(hash))
    packing.set(hash, packed)
    return packed
  }

  /** Ends once the pixels are safe; making a PNG of them, which takes longer, goes on. */
  const write = async (hash: string, raster: Raster, deeper?: Deeper): Promise<void> => {
    if (await find(hash)) {
      if (deeper) void pack(hash, deeper)
      return
    }
    try {
      await writeFile(await folder(), rawName(hash), encodeRaw(raster))
    } catch (error) {
      if (!isQuotaError(error)) throw error
      // What is left may do for the PNG, which is smaller.
      return inTurn(async () => writeFile(await folder(), packedName(hash), await codec.encode(raster)))
    }
    void pack(hash, deeper)
  }

  const decode = async (file: File): Promise<Raster> => {
    const bytes = new Uint8Array(await file.arrayBuffer())
    return isRaw(file) ? decodeRaw(bytes) : codec.decode(bytes)
  }

  /** The pixels of a file that was found; a raw one may be gone again by the time that it is read, for its PNG. */
  const read = (file: File, hash: string): Promise<Raster> =>
    decode(file).catch(async (error: unknown) => {
      const again = isRaw(file) && (await find(hash))
      if (!again) throw error
      return decode(again)
    })

  const remove = async (hash: string): Promise<boolean> => {
    await packing.get(hash)
    const removed = [packedName(hash), rawName(hash)].map(async (name) => removeFile(await folder(), name))
    return (await Promise.all(removed)).includes(true)
  }

  const store: AssetStore = {
    put: (raster, name, deeper) =>
      guardStorage('The picture could not be saved', async () => {
        const hash = await codec.hash(raster)
        const pending = writing.get(hash) ?? write(hash, raster, deeper).finally(() => writing.delete(hash))
        writing.set(hash, pending)
        await pending
        return { hash, name: keptName(name), width: raster.width, height: raster.height }
      }),

    get: (asset) =>
      guardStorage('The picture could not be read', async () => {
        const hash = typeof asset === 'string' ? asset : asset.hash
        const name = typeof asset === 'string' ? 'A picture' : `“${asset.name}”`
        const file = await find(hash)
        if (!file) missing(`${name} is no longer stored in this browser.`, hash)
        const raster = await read(file, hash).catch((error: unknown) =>
          missing(`${name} is damaged in storage.`, `${hash}: ${String(error)}`),
        )
        if ((await codec.hash(raster)) !== hash) missing(`${name} is damaged in storage.`, hash)
        // A crash may have come between the raw file and its PNG.
        if (isRaw(file)) void pack(hash)
        return raster
      }),

    png: async (hash) => {
      const raster = await store.get(hash)
      const file = await find(hash)
      return file && !isRaw(file) ? file : new Blob([await codec.encode(raster)], { type: 'image/png' })
    },

    deep: (hash) =>
      guardStorage('The picture could not be read', async () => {
        await packing.get(hash)
        const png = await readFile(await folder(), packedName(hash))
        return png && (await isDeep(png)) ? png : null
      }),

    adopt: (hash, png) =>
      guardStorage('The picture could not be saved', async () => {
        if (await find(hash)) return false
        await writeFile(await folder(), packedName(hash), png)
        return true
      }),

    has: (hash) => guardStorage('The storage could not be read', async () => (await find(hash)) !== null),

    remove: (hash) => guardStorage('The picture could not be deleted', () => remove(hash)),

    list: () =>
      guardStorage('The storage could not be read', async () => {
        const names = await listFiles(await folder())
        return [...new Set(names.map((name) => name.replace(/\.\w+$/, '')))]
      }),

    collect: async (keep) => {
      const gone = (await store.list()).filter((hash) => !keep.has(hash))
      for (const hash of gone) await store.remove(hash)
      for (const name of await listFiles(await folder()))
        if (name.endsWith(RAW)) void pack(name.slice(0, -RAW.length))
      return gone.length
    },
  }
  return store
}

/** Where a PNG says how many bits a sample has. */
const DEPTH_AT = 24

async function isDeep(png: File): Promise<boolean> {
  const [depth] = new Uint8Array(await png.slice(DEPTH_AT, DEPTH_AT + 1).arrayBuffer())
  return depth === 16
}

const isRaw = ({ name }: File): boolean => name.endsWith(RAW)

function encodeRaw({ width, height, data }: Raster): Blob {
  return new Blob([Uint32Array.of(width, height), data])
}

function decodeRaw(bytes: Uint8Array<ArrayBuffer>): Raster {
  const [width, height] = new Uint32Array(bytes.buffer, 0, 2)
  const data = new Uint8ClampedArray(bytes.buffer, RAW_HEADER_BYTES)
  if (data.length !== width * height * 4) throw new Error('the pixels do not fit the size')
  return { width, height, data }
}

function missing(message: string, detail: string): never {
  return fail('missing-asset', message, 'Drop the file in again.', detail)
}
