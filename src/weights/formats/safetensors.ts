/** safetensors reading and writing; files are hostile until proven otherwise. */
import { fail } from '@/base/errors'
import type { ByteSource } from '@/weights/formats/bytes'
import { TYPE_BYTES, widenInto, type StoredType } from '@/weights/formats/widen'

export type { StoredType }

export interface StoredTensor {
  dtype: StoredType
  shape: readonly number[]
  /** Raw little-endian bytes. */
  bytes: Uint8Array<ArrayBuffer>
}

/** Where a tensor lies in its file. */
export interface TensorSpan {
  dtype: StoredType
  shape: readonly number[]
  /** Bytes [begin, end) of the file. */
  begin: number
  end: number
}

export interface Header {
  tensors: Map<string, TensorSpan>
  metadata: Record<string, string>
  /** The header's bytes, which name the file's content better than its name does. */
  bytes: Uint8Array<ArrayBuffer>
}

/** A FLUX checkpoint's header has about 100 kB; 25 MB is beyond any real file. */
const MAX_HEADER_BYTES = 25_000_000
const MAX_TENSORS = 100_000
const MAX_DIMS = 8
/** Tables of tables of offsets: a real header is never deeper. */
const MAX_DEPTH = 4
const MAX_KEY_LENGTH = 256

/** Types that safetensors knows and that are not read here: packed floats, complex numbers. */
const NEWER = /^(?:C64|F4|F6_E2M3|F6_E3M2|F8_E8M0|F8_E4M3FNUZ|F8_E5M2FNUZ)$/

/** What to do about weights that are packed. */
export const PUBLISHED =
  'Get the bf16, f16 or fp8 safetensors file as its authors publish it; Inlay makes 4 or 8 bits of it.'

function broken(file: string, why: string): never {
  fail(
    'bad-weights',
    `The weights file "${file}" is broken: ${why}.`,
    'Get the file again from where it came.',
    file,
  )
}

/**
 * Reads a file's header and nothing else of it.
 * @throws bad-weights naming what is wrong: header too long or too deep, not JSON, unknown type, shape and size that
 * disagree, offsets that overlap, leave gaps or leave the file.
 */
export async function readHeader(source: ByteSource, signal?: AbortSignal): Promise<Header> {
  const { name, size } = source
  if (size < 8) broken(name, 'it is shorter than its header')
  const length = headerLength(await source.read(0, 8, signal), size, name)
  return parseHeader(await source.read(8, 8 + length, signal), size, name)
}

function headerLength(first: Uint8Array<ArrayBuffer>, fileSize: number, name: string): number {
  if (first.byteLength < 8) broken(name, 'it is shorter than its header')
  const length = Number(new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true))
  if (length > MAX_HEADER_BYTES || length > fileSize - 8) broken(name, 'its header is too long')
  return length
}

function parseHeader(bytes: Uint8Array<ArrayBuffer>, fileSize: number, name: string): Header {
  const body = 8 + bytes.byteLength
  const tensors = new Map<string, TensorSpan>()
  const metadata: Record<string, string> = {}
  for (const [key, entry] of Object.entries(parseJson(bytes, name))) {
    if (key === '__metadata__') Object.assign(metadata, textEntries(entry))
    else tensors.set(key, checkEntry(entry, key, body, fileSize, name))
    if (tensors.size > MAX_TENSORS) broken(name, 'it lists too many tensors')
  }
  let at = body
  for (const { begin, end } of [...tensors.values()].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) broken(name, 'its tensors overlap or leave gaps')
    at = end
  }
  if (at !== fileSize)
    broken(name, `its tensors end at byte ${at} where the file has ${fileSize}; it may be cut off`)
  return { tensors, metadata, bytes }
}

function parseJson(bytes: Uint8Array, name: string): Record<string, unknown> {
  if (jsonDepth(bytes) > MAX_DEPTH) broken(name, 'its header is nested too deeply')
  try {
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof header === 'object' && header !== null && !Array.isArray(header))
      return header as Record<string, unknown>
  } catch {
    // Falls through to the error below.
  }
  return broken(name, 'its header is not a JSON object')
}

/** How deep brackets are nested, found before a parser recurses into them. */
export function jsonDepth(bytes: Uint8Array): number {
  const [quote, backslash] = [0x22, 0x5c]
  let depth = 0
  let deepest = 0
  let inText = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (inText) {
      if (byte === backslash) i++
      else if (byte === quote) inText = false
    } else if (byte === quote) inText = true
    else if (byte === 0x7b || byte === 0x5b) deepest = Math.max(deepest, ++depth)
    else if (byte === 0x7d || byte === 0x5d) depth--
  }
  return deepest
}

const textEntries = (entry: unknown): Record<string, string> =>
  typeof entry === 'object' && entry !== null
    ? Object.fromEntries(Object.entries(entry).filter(([, value]) => typeof value === 'string'))
    : {}

function checkEntry(entry: unknown, key: string, body: number, fileSize: number, name: string): TensorSpan {
  if (key.length > MAX_KEY_LENGTH) broken(name, 'a tensor has an endless name')
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>
  if (typeof dtype === 'string' && NEWER.test(dtype))
    fail(
      'unsupported',
      `The weights file "${name}" holds numbers of the type ${dtype}, which is not supported.`,
      PUBLISHED,
      key,
    )
  if (typeof dtype !== 'string' || !Object.hasOwn(TYPE_BYTES, dtype))
    broken(name, `tensor ${key} has an unknown type`)
  if (!Array.isArray(shape) || shape.length > MAX_DIMS || !shape.every(isCount))
    broken(name, `tensor ${key} has a bad shape`)
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    broken(name, `tensor ${key} has bad offsets`)
  const [begin, end] = offsets as [number, number]
  if (end < begin || body + end > fileSize)
    broken(name, `tensor ${key} ends after the file; it may be cut off`)
  const bytes = (shape as number[]).reduce(
    (product, size) => product * size,
    TYPE_BYTES[dtype as StoredType] as number,
  )
  if (end - begin !== bytes)
    broken(name, `tensor ${key} has ${end - begin} bytes where its shape needs ${bytes}`)
  return { dtype: dtype as StoredType, shape: shape as number[], begin: body + begin, end: body + end }
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

/** Parses a whole file in memory. @throws bad-weights as `readHeader` */
export function parseSafetensors(file: Uint8Array<ArrayBuffer>, name: string): Map<string, StoredTensor> {
  if (file.byteLength < 8) broken(name, 'it is shorter than its header')
  const length = headerLength(file, file.byteLength, name)
  const { tensors } = parseHeader(file.subarray(8, 8 + length), file.byteLength, name)
  return new Map(
    [...tensors].map(([key, { dtype, shape, begin, end }]) => [
      key,
      { dtype, shape, bytes: file.slice(begin, end) },
    ]),
  )
}

/** Values as f32, whatever float or integer type they are stored in. */
export function toFloat32(tensor: StoredTensor): Float32Array {
  const { bytes, dtype } = tensor
  if (dtype === 'F32' && bytes.byteOffset % 4 === 0)
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
  const values = new Float32Array(bytes.byteLength / TYPE_BYTES[dtype])
  widenInto(dtype, bytes, values)
  return values
}

/** A file's beginning for tensors that will follow in this order, and where in the file each will begin. */
export function layOut(
  tensors: readonly { name: string; dtype: StoredType; shape: readonly number[] }[],
  metadata?: Readonly<Record<string, string>>,
): { header: Uint8Array<ArrayBuffer>; begins: number[]; size: number } {
  let at = 0
  const begins: number[] = []
  const table: Record<string, unknown> = metadata ? { __metadata__: metadata } : {}
  for (const { name, dtype, shape } of tensors) {
    begins.push(at)
    at += shape.reduce((product, size) => product * size, TYPE_BYTES[dtype] as number)
    table[name] = { dtype, shape, data_offsets: [begins.at(-1), at] }
  }
  // Spaces after the JSON make the body begin at a multiple of eight.
  const text = new TextEncoder().encode(JSON.stringify(table))
  const header = new Uint8Array(8 + Math.ceil(text.length / 8) * 8).fill(0x20)
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true)
  header.set(text, 8)
  return { header, begins: begins.map((begin) => header.length + begin), size: header.length + at }
}

export interface TensorToWrite {
  shape: readonly number[]
  data: Float32Array | Uint8Array | Uint16Array
  /** What the numbers are: F32, U8 or F16 by their array unless said otherwise. */
  dtype?: StoredType
}

/** Writes tensors in the given order. */
export function writeSafetensors(
  tensors: Record<string, TensorToWrite>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const typeOf = ({ data, dtype }: TensorToWrite): StoredType =>
    dtype ?? (data instanceof Float32Array ? 'F32' : data instanceof Uint16Array ? 'F16' : 'U8')
  const list = Object.entries(tensors)
  const { header, begins, size } = layOut(
    list.map(([name, tensor]) => ({ name, dtype: typeOf(tensor), shape: tensor.shape })),
    metadata,
  )
  const file = new Uint8Array(size)
  file.set(header)
  for (const [i, [, { data }]] of list.entries())
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), begins[i])
  return file
}
