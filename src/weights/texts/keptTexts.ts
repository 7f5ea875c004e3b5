/**
 * Features of texts in the origin's private file system, under the texts themselves: the encoder that made them is larger
 * than all else that a picture needs, and can be deleted once they are kept. They are safetensors files, one a text, and
 * the same put together is what is exported and imported (docs/formats.md).
 */
import * as v from 'valibot'

import { fail } from '@/base/errors'
import { f16ToF32, f32ToF16 } from '@/base/half'
import { createQueue } from '@/base/queue'
import { sha256 } from '@/base/sha256'
import { listFiles, openFolder, readFile, removeFile, writeFile } from '@/storage/files'
import { isQuotaError } from '@/storage/quota'
import { fileBytes } from '@/weights/formats/bytes'
import { layOut, readHeader, toFloat32 } from '@/weights/formats/safetensors'

/** Features of a text as a transformer takes them. */
export interface TextFeatures {
  values: Float32Array // [tokens, width]
  tokens: number
  /** Tokens of the text itself, which padding follows; absent: all. */
  real?: number | undefined
}

/** What makes features of texts: sha256 of the encoder's and the tokenizer's manifests. */
export interface TextMakers {
  encoder: string
  tokenizer: string
}

/** A text that is kept. */
export interface KeptText {
  text: string
  /** Numbers of a token, which tell for which model it is. */
  width: number
  bytes: number
}

export interface TextStore {
  /**
   * @param width numbers of a token
   * @param makers null: by whichever encoder, the one that was used last
   * @returns null where there are none, or they are damaged: then they are deleted
   */
  get(text: string, width: number, makers: TextMakers | null): Promise<TextFeatures | null>
  /** Keeps features, in f16 where no number is lost by it. @throws storage-full */
  put(text: string, width: number, makers: TextMakers, features: TextFeatures): Promise<void>
  list(): Promise<KeptText[]>
  /** All that is kept as one file. */
  exportAll(): Promise<Blob>
  /** Keeps what was exported. @returns how many texts @throws bad-weights when it is something else, hash-mismatch */
  importFrom(file: File): Promise<number>
}

const FORMAT = 'inlay-texts 1'
/** 64 texts of klein take 0.5 GB; those that were kept first go first. */
const MOST_TEXTS = 64

/** What is said of one text of a file. */
interface Entry extends TextMakers {
  text: string
  real?: number | undefined
  /** Of the stored numbers. */
  sha256: string
}

/** One text of a file; its numbers are read when they are asked for. */
interface StoredText {
  entry: Entry
  dtype: 'F16' | 'F32'
  shape: readonly [tokens: number, width: number]
  bytes: Blob
}

/**
 * @param path the folder
 * @param pinned texts that no other ever displaces
 */
export function createTextStore(path = 'texts', pinned: readonly string[] = []): TextStore {
  /** Whoever lists must not meet a file that is being written. */
  const inTurn = createQueue()

  const get = async (
    text: string,
    width: number,
    makers: TextMakers | null,
  ): Promise<TextFeatures | null> => {
    const folder = await openFolder(path)
    const wanted = makers ? await nameOf(text, makers) : await hashOf(text)
    for (const name of (await byAge(folder)).filter((one) => one.startsWith(wanted))) {
      const file = await readFile(folder, name)
      const [found] = file ? await readTexts(file, name).catch(() => []) : []
      if (found && found.shape[1] !== width) continue
      const values = found && (await valuesOf(found))
      if (values) return { values, tokens: found.shape[0], real: found.entry.real }
      await removeFile(folder, name)
    }
    return null
  }

  const put = async (
    text: string,
    width: number,
    makers: TextMakers,
    { values, tokens, real }: TextFeatures,
  ): Promise<void> => {
    const folder = await openFolder(path)
    await makeRoom(folder, pinned)
    const stored = await storedText({ text, real }, makers, values, [tokens, width])
    try {
      await writeFile(folder, await nameOf(text, makers), fileOf([stored]))
    } catch (error) {
      if (!isQuotaError(error)) throw error
      fail(
        'storage-full',
        "The browser's storage is full: this text could not be kept.",
        'Delete models or results that you no longer need, then try again.',
        `${stored.bytes.size} bytes`,
      )
    }
  }

  const all = async (): Promise<StoredText[]> => {
    const folder = await openFolder(path)
    const found: StoredText[] = []
    for (const name of await listFiles(folder)) {
      const file = await readFile(folder, name)
      if (file) found.push(...(await readTexts(file, name).catch(() => [])))
    }
    return found
  }

  const importFrom = async (file: File): Promise<number> => {
    const texts = await readTexts(file, file.name)
    for (const stored of texts) {
      const { entry, shape } = stored
      const values =
        (await valuesOf(stored)) ??
        fail('hash-mismatch', `The file "${file.name}" is damaged.`, 'Export the texts again.', entry.text)
      await put(entry.text, shape[1], entry, { values, tokens: shape[0], real: entry.real })
    }
    return texts.length
  }

  return {
    get: (...wanted) => inTurn(() => get(...wanted)),
    put: (...kept) => inTurn(() => put(...kept)),
    list: () =>
      inTurn(async () =>
        (await all()).map(({ entry, shape, bytes }) => ({
          text: entry.text,
          width: shape[1],
          bytes: bytes.size,
        })),
      ),
    exportAll: () => inTurn(async () => fileOf(await all())),
    importFrom: (file) => inTurn(() => importFrom(file)),
  }
}

/** 32 digits of a sha256. */
const hashOf = async (...parts: string[]): Promise<string> =>
  (await sha256(new TextEncoder().encode(JSON.stringify(parts)))).slice(0, 32)

const nameOf = async (text: string, { encoder, tokenizer }: TextMakers): Promise<string> =>
  `${await hashOf(text)}-${await hashOf(encoder, tokenizer)}.safetensors`

/** A folder's files, the newest first. */
async function byAge(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names = await listFiles(folder)
  const aged = await Promise.all(
    names.map(async (name) => ({ name, time: (await readFile(folder, name))?.lastModified ?? 0 })),
  )
  return aged.sort((a, b) => b.time - a.time).map(({ name }) => name)
}

/** Deletes what was kept first, so that another finds room. */
async function makeRoom(folder: FileSystemDirectoryHandle, pinned: readonly string[]): Promise<void> {
  const held = await Promise.all(pinned.map((text) => hashOf(text)))
  const others = (await byAge(folder)).filter((name) => !held.some((one) => name.startsWith(one)))
  for (const name of others.slice(MOST_TEXTS - 1)) await removeFile(folder, name)
}

async function storedText(
  text: Pick<Entry, 'text' | 'real'>,
  makers: TextMakers,
  values: Float32Array,
  shape: StoredText['shape'],
): Promise<StoredText> {
  const halves = f32ToF16(values)
  const isExact = f16ToF32(halves).every((value, i) => value === values[i])
  const { buffer, byteOffset, byteLength } = isExact ? halves : values
  const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)
  const entry = {
    ...text,
    encoder: makers.encoder,
    tokenizer: makers.tokenizer,
    sha256: await sha256(bytes.slice()),
  }
  return { entry, dtype: isExact ? 'F16' : 'F32', shape, bytes: new Blob([bytes.slice()]) }
}

/** The numbers of a text, or null where they are not those that were stored. */
async function valuesOf({ entry, dtype, shape, bytes }: StoredText): Promise<Float32Array | null> {
  const stored = new Uint8Array(await bytes.arrayBuffer())
  if ((await sha256(stored)) !== entry.sha256) return null
  return toFloat32({ dtype, shape, bytes: stored })
}

/** A safetensors file: tensors by number, and under the same numbers in its metadata what they are. */
function fileOf(texts: readonly StoredText[]): Blob {
  const metadata = Object.fromEntries(texts.map(({ entry }, i) => [String(i), JSON.stringify(entry)]))
  const { header } = layOut(
    texts.map(({ dtype, shape }, i) => ({ name: String(i), dtype, shape })),
    { format: FORMAT, ...metadata },
  )
  return new Blob([header, ...texts.map(({ bytes }) => bytes)])
}

const EntrySchema = v.object({
  text: v.string(),
  encoder: v.string(),
  tokenizer: v.string(),
  real: v.optional(v.number()),
  sha256: v.string(),
})

/** @throws bad-weights when it is no file of texts or a broken one */
async function readTexts(file: Blob, name: string): Promise<StoredText[]> {
  const { tensors, metadata } = await readHeader(fileBytes(file, name))
  if (metadata.format !== FORMAT)
    fail(
      'bad-weights',
      `“${name}” holds no texts that a studio has exported.`,
      'Choose a file that was exported here, in the model manager.',
      metadata.format,
    )
  return [...tensors].map(([key, { dtype, shape, begin, end }]) => {
    const entry = v.safeParse(EntrySchema, parsed(metadata[key]))
    const [tokens, width] = shape
    if (!entry.success || (dtype !== 'F16' && dtype !== 'F32') || shape.length !== 2 || !(tokens * width > 0))
      return fail('bad-weights', `“${name}” is broken.`, 'Export the texts again.', `tensor ${key}`)
    return { entry: entry.output, dtype, shape: [tokens, width], bytes: file.slice(begin, end) }
  })
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null') as unknown
  } catch {
    return null
  }
}
