import { fail, InlayError } from '@/base/errors'
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
  /** A 16-bit PNG, made of the file that a picture came from, which `decode` reads as that picture; null where there is none. */
  deepen?(source: Uint8Array<ArrayBuffer>, raster: Raster): Promise<Uint8Array<ArrayBuffer> | null>
}

export interface AssetStore {
  /**
   * Keeps a picture under the hash of its pixels; cheap when it is already there. Throws `storage-full`.
   * @param source the file that it came from, where that has 16 bits a channel: kept until the PNG has them
   */
  put(raster: Raster, name: string, source?: Blob): Promise<AssetRef>
  /** The pixels. Throws `missing-asset` where they are gone or damaged. */
  get(asset: AssetRef | string): Promise<Raster>
  /**
   * The picture as a PNG file, of 16 bits a channel where it has them, its pixels compared with the hash. Throws
   * `missing-asset` where they are gone or damaged.
   */
  png(hash: string): Promise<Blob>
  /** Whether it has 16 bits a channel; waits for nothing that is being written. */
  hasDeep(hash: string): Promise<boolean>
  /** Its PNG of 16 bits a channel, null where it has none. */
  deep(hash: string): Promise<Blob | null>
  /**
   * Keeps a PNG whose pixels have been compared with the hash, in place of one that has 8 bits a channel where it has 16;
   * false where the picture was there. Throws `storage-full`.
   */
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
/** A file of 16 bits a channel as the user has it. Gone when the PNG has them. */
const SOURCE = '.source'
const sourceName = (hash: string): string => `${hash}${SOURCE}`

/** Pictures by content in the origin's private file system, one file each. Works on the page and in workers. */
export function createAssetStore(codec: AssetCodec, path = 'assets'): AssetStore {
  const folder = (): Promise<FileSystemDirectoryHandle> => openFolder(path)
  /** Two puts of the same picture must not write the same file at once. */
  const writing = new Map<string, Promise<void>>()
  /** The last that packs a picture. */
  const packing = new Map<string, Promise<void>>()
  /** One at a time: a lot of large pictures would not fit into memory. */
  const inTurn = createQueue()

  /** Where there is no PNG and no raw file either, the one has been made of the other between the two looks. */
  const find = async (hash: string): Promise<File | null> =>
    (await readFile(await folder(), packedName(hash))) ??
    (await readFile(await folder(), rawName(hash))) ??
    readFile(await folder(), packedName(hash))

  /** A source that is no picture any more has nothing to give. */
  const deepen = async (source: File, raster: Raster): Promise<Uint8Array<ArrayBuffer> | null> => {
    try {
      return (await codec.deepen?.(new Uint8Array(await source.arrayBuffer()), raster)) ?? null
    } catch (error) {
      if (error instanceof InlayError) return null
      throw error
    }
  }

  /** From pixels and source to the PNG; where that fails they stay as they are. */
  const packNow = async (hash: string): Promise<void> => {
    const at = await folder()
    const source = await readFile(at, sourceName(hash))
    const raw = await readFile(at, rawName(hash))
    const png = await readFile(at, packedName(hash))
    const pixels = raw ?? png
    const deep = source && pixels && !(await isDeep(png)) ? await deepen(source, await decode(pixels)) : null
    if (deep) await writeFile(at, packedName(hash), deep)
    else if (raw && !png) await writeFile(at, packedName(hash), await codec.encode(await decode(raw)))
    if (raw) await removeFile(at, rawName(hash))
    if (source) await removeFile(at, sourceName(hash))
  }

  /** Packs once it is its turn, after whatever is being packed: what has come meanwhile is not missed. */
  const pack = (hash: string): Promise<void> => {
    const packed = inTurn(() => packNow(hash))
      .catch(() => undefined)
      .finally(() => packing.get(hash) === packed && packing.delete(hash))
    packing.set(hash, packed)
    return packed
  }

  const hasDeep = async (hash: string): Promise<boolean> =>
    (await readFile(await folder(), sourceName(hash))) !== null ||
    isDeep(await readFile(await folder(), packedName(hash)))

  const writePixels = async (hash: string, raster: Raster): Promise<void> => {
    try {
      await writeFile(await folder(), rawName(hash), encodeRaw(raster))
    } catch (error) {
      if (!isQuotaError(error)) throw error
      // What is left may do for the PNG, which is smaller.
      await inTurn(async () => writeFile(await folder(), packedName(hash), await codec.encode(raster)))
    }
  }

  /** Ends once the pixels and what they came from are safe; making a PNG of them, which takes longer, goes on. */
  const write = async (hash: string, raster: Raster, source?: Blob): Promise<void> => {
    const known = (await find(hash)) !== null
    if (!known) await writePixels(hash, raster)
    try {
      if (source && !(await hasDeep(hash)))
        await guardStorage('The picture was saved with 8 bits a channel, not with 16', async () =>
          writeFile(await folder(), sourceName(hash), source),
        )
    } finally {
      if (!known || source) void pack(hash)
    }
  }

  const decode = async (file: File): Promise<Raster> => {
    const bytes = new Uint8Array(await file.arrayBuffer())
    return isRaw(file) ? decodeRaw(bytes) : codec.decode(bytes)
  }

  /** The pixels of a file that was found; by the time that it is read its PNG, or a deeper one, may have taken its place. */
  const read = (file: File, hash: string): Promise<Raster> =>
    decode(file).catch(async (error: unknown) => {
      const again = await find(hash)
      if (!again) throw error
      return decode(again)
    })

  const remove = async (hash: string): Promise<boolean> => {
    await packing.get(hash)
    const removed = [packedName, rawName, sourceName].map(async (nameOf) =>
      removeFile(await folder(), nameOf(hash)),
    )
    return (await Promise.all(removed)).includes(true)
  }

  const store: AssetStore = {
    put: (raster, name, source) =>
      guardStorage('The picture could not be saved', async () => {
        const hash = await codec.hash(raster)
        const before = writing.get(hash)?.catch(() => undefined)
        const pending = Promise.resolve(before)
          .then(() => write(hash, raster, source))
          .finally(() => writing.get(hash) === pending && writing.delete(hash))
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
        if (isRaw(file) && !packing.has(hash)) void pack(hash)
        return raster
      }),

    png: async (hash) => {
      const raster = await store.get(hash)
      const png = (await store.deep(hash)) ?? (await readFile(await folder(), packedName(hash)))
      return png ?? pngBlob(await codec.encode(raster))
    },

    hasDeep: (hash) => guardStorage('The storage could not be read', () => hasDeep(hash)),

    deep: (hash) =>
      guardStorage('The picture could not be read', async () => {
        const sourceFile = async () => readFile(await folder(), sourceName(hash))
        await ((await sourceFile()) ? pack(hash) : packing.get(hash))
        const png = await readFile(await folder(), packedName(hash))
        if (await isDeep(png)) return png
        // Where there is no room for it on the disk there may be in memory.
        const source = await sourceFile()
        const deep = source && (await deepen(source, await store.get(hash)))
        return deep && pngBlob(deep)
      }),

    adopt: (hash, png) =>
      guardStorage('The picture could not be saved', async () => {
        const keep = async () => writeFile(await folder(), packedName(hash), png)
        if (!(await find(hash))) {
          await keep()
          return true
        }
        if (png[DEPTH_AT] === DEEP)
          await inTurn(async () => (await isDeep(await readFile(await folder(), packedName(hash)))) || keep())
        return false
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
        for (const ending of [RAW, SOURCE])
          if (name.endsWith(ending)) void pack(name.slice(0, -ending.length))
      return gone.length
    },
  }
  return store
}

/** Where a PNG says how many bits a sample has. */
const DEPTH_AT = 24
const DEEP = 16

async function isDeep(png: File | null): Promise<boolean> {
  const [depth] = new Uint8Array((await png?.slice(DEPTH_AT, DEPTH_AT + 1).arrayBuffer()) ?? [])
  return depth === DEEP
}

const pngBlob = (bytes: Uint8Array<ArrayBuffer>): Blob => new Blob([bytes], { type: 'image/png' })

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
