import { createQueue } from '@/base/queue'
import { sha256Bytes } from '@/base/sha256'
import { isQuotaError } from '@/storage/quota'
import { listFiles, openFolder, readFile, removeFile, writeFile } from '@/storage/files'

/** Kept embeddings take at most this; one of 512 T5 tokens is 8 MiB. */
const DEFAULT_CAP = 256 * 2 ** 20
/** "IPE1": an Inlay prompt embedding, first format. */
const MAGIC = 0x31455049
/** Magic, number of values, sha256 of the values. */
const HEADER_BYTES = 40
const USES = 'uses.json'

export interface PromptCacheStore {
  /** The values, or null where there are none or they are damaged (then they are deleted). */
  get(key: string): Promise<Float32Array | null>
  /** Keeps values; forgets those that were not used for longest when they do not fit under the cap. */
  put(key: string, values: Float32Array): Promise<void>
}

/**
 * Prompt embeddings in the origin's private file system, so that a prompt meets its encoder once. Values are kept as
 * f32: the second picture of a prompt is the first one's to the bit. Keys are hashes and become file names.
 * @throws from `put`: whatever the file system throws; the caller may well go on without a cache
 */
export function createPromptCache(path = 'prompts', capBytes = DEFAULT_CAP): PromptCacheStore {
  /** Two tasks must not rewrite the table of uses at once. */
  const inTurn = createQueue()

  const get = async (key: string): Promise<Float32Array | null> => {
    const folder = await openFolder(path)
    const name = fileOf(key)
    const file = await readFile(folder, name)
    if (!file) return null
    const values = await decode(new Uint8Array(await file.arrayBuffer()))
    if (!values) {
      await removeFile(folder, name)
      return null
    }
    // A full disk must not hide what is there.
    await noteUse(folder, name).catch(() => undefined)
    return values
  }

  const put = async (key: string, values: Float32Array): Promise<void> => {
    const folder = await openFolder(path)
    const name = fileOf(key)
    const bytes = await encode(values)
    if (bytes.byteLength > capBytes) return
    await makeRoom(folder, capBytes - bytes.byteLength, name)
    try {
      await writeFile(folder, name, bytes)
    } catch (error) {
      if (!isQuotaError(error)) throw error
      // These are worth less than anything else that is stored here.
      await makeRoom(folder, 0, name)
      await writeFile(folder, name, bytes)
    }
    await noteUse(folder, name)
  }

  return {
    get: (key) => inTurn(() => get(key)),
    put: (key, values) => inTurn(() => put(key, values)),
  }
}

function fileOf(key: string): string {
  if (!/^[0-9a-f]{64}$/.test(key)) throw new Error(`not a cache key: ${key}`)
  return `${key}.bin`
}

async function encode(values: Float32Array): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(HEADER_BYTES + values.byteLength)
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, values.length, true)
  bytes.set(await sha256Bytes(bytes.subarray(HEADER_BYTES)), 8)
  return bytes
}

/** The values, or null where the file is not what was written. */
async function decode(bytes: Uint8Array<ArrayBuffer>): Promise<Float32Array | null> {
  if (bytes.byteLength < HEADER_BYTES) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const payload = bytes.subarray(HEADER_BYTES)
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) * 4 !== payload.byteLength) return null
  const want = bytes.subarray(8, HEADER_BYTES)
  const found = await sha256Bytes(payload)
  if (!want.every((byte, i) => byte === found[i])) return null
  return new Float32Array(payload.slice().buffer)
}

/** When each file was last used; a table that is gone or odd counts as never. */
async function readUses(folder: FileSystemDirectoryHandle): Promise<Map<string, number>> {
  try {
    const file = await readFile(folder, USES)
    const table: unknown = file ? JSON.parse(await file.text()) : {}
    if (typeof table !== 'object' || table === null) return new Map()
    return new Map(
      Object.entries(table).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    )
  } catch {
    return new Map()
  }
}

async function noteUse(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  const present = new Set(await listFiles(folder))
  const uses = new Map([...(await readUses(folder))].filter(([other]) => present.has(other)))
  // Two uses within a millisecond keep their order.
  uses.set(name, Math.max(Date.now(), ...[...uses.values()].map((time) => time + 1)))
  await writeFile(folder, USES, new Blob([JSON.stringify(Object.fromEntries(uses))]))
}

/** Deletes the files that were not used for longest until the others, without `except`, take at most `bytes`. */
async function makeRoom(folder: FileSystemDirectoryHandle, bytes: number, except: string): Promise<void> {
  const uses = await readUses(folder)
  const names = (await listFiles(folder)).filter((name) => name !== USES && name !== except)
  const files = await Promise.all(
    names.map(async (name) => ({
      name,
      bytes: (await readFile(folder, name))?.size ?? 0,
      used: uses.get(name) ?? 0,
    })),
  )
  files.sort((a, b) => b.used - a.used)
  let kept = 0
  for (const file of files) {
    kept += file.bytes
    if (kept > bytes) await removeFile(folder, file.name)
  }
}
