/** safetensors reading and writing; files are hostile until proven otherwise. */
import { fail } from '@/base/errors'
import { bf16ToF32, f16ToF32 } from '@/base/half'

export type StoredType = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'U8' | 'I8' | 'BOOL'

export interface StoredTensor {
  dtype: StoredType
  shape: readonly number[]
  /** Raw little-endian bytes. */
  bytes: Uint8Array<ArrayBuffer>
}

const SIZES: Record<StoredType, number> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  U8: 1,
  I8: 1,
  BOOL: 1,
}

/** A FLUX checkpoint's header has about 100 kB; 25 MB is beyond any real file. */
const MAX_HEADER_BYTES = 25_000_000
const MAX_TENSORS = 100_000
const MAX_DIMS = 8

function broken(file: string, why: string): never {
  fail(
    'bad-weights',
    `The weights file "${file}" is broken: ${why}.`,
    'Get the file again from where it came.',
    file,
  )
}

/**
 * Parses a whole safetensors file in memory.
 * @throws bad-weights naming what is wrong: header too long, not JSON, unknown type, shape and size that
 * disagree, offsets that overlap, leave gaps or leave the file.
 */
export function parseSafetensors(file: Uint8Array<ArrayBuffer>, name: string): Map<string, StoredTensor> {
  if (file.byteLength < 8) broken(name, 'it is shorter than its header')
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const headerBytes = Number(view.getBigUint64(0, true))
  if (headerBytes > MAX_HEADER_BYTES || headerBytes > file.byteLength - 8)
    broken(name, 'its header is too long')
  const header = parseHeader(new TextDecoder().decode(file.subarray(8, 8 + headerBytes)), name)
  const body = file.subarray(8 + headerBytes)

  const tensors = new Map<string, StoredTensor>()
  const spans: [number, number][] = []
  for (const [key, entry] of Object.entries(header)) {
    if (key === '__metadata__') continue
    const { dtype, shape, begin, end } = checkEntry(entry, key, name)
    if (end > body.byteLength) broken(name, `tensor ${key} ends after the file`)
    spans.push([begin, end])
    tensors.set(key, { dtype, shape, bytes: body.slice(begin, end) })
    if (tensors.size > MAX_TENSORS) broken(name, 'it lists too many tensors')
  }
  spans.sort((a, b) => a[0] - b[0])
  let at = 0
  for (const [begin, end] of spans) {
    if (begin !== at) broken(name, 'its tensors overlap or leave gaps')
    at = end
  }
  if (at !== body.byteLength) broken(name, 'its tensors do not fill the file')
  return tensors
}

function parseHeader(text: string, name: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(text)
    if (typeof header === 'object' && header !== null && !Array.isArray(header))
      return header as Record<string, unknown>
  } catch {
    // Falls through to the error below.
  }
  return broken(name, 'its header is not a JSON object')
}

function checkEntry(entry: unknown, key: string, name: string) {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>
  if (typeof dtype !== 'string' || !(dtype in SIZES)) broken(name, `tensor ${key} has an unknown type`)
  if (!Array.isArray(shape) || shape.length > MAX_DIMS || !shape.every(isCount))
    broken(name, `tensor ${key} has a bad shape`)
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    broken(name, `tensor ${key} has bad offsets`)
  const [begin, end] = offsets as [number, number]
  const bytes = (shape as number[]).reduce((product, size) => product * size, SIZES[dtype as StoredType])
  if (end - begin !== bytes)
    broken(name, `tensor ${key} has ${end - begin} bytes where its shape needs ${bytes}`)
  return { dtype: dtype as StoredType, shape: shape as number[], begin, end }
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

/** Values as f32, whatever float or integer type they are stored in. */
export function toFloat32(tensor: StoredTensor): Float32Array {
  const { buffer, byteOffset, byteLength } = aligned(tensor.bytes)
  switch (tensor.dtype) {
    case 'F32':
      return new Float32Array(buffer, byteOffset, byteLength / 4)
    case 'F64':
      return Float32Array.from(new Float64Array(buffer, byteOffset, byteLength / 8))
    case 'BF16':
      return bf16ToF32(new Uint16Array(buffer, byteOffset, byteLength / 2))
    case 'F16':
      return f16ToF32(new Uint16Array(buffer, byteOffset, byteLength / 2))
    case 'I64':
      return Float32Array.from(new BigInt64Array(buffer, byteOffset, byteLength / 8), Number)
    case 'I32':
      return Float32Array.from(new Int32Array(buffer, byteOffset, byteLength / 4))
    case 'U8':
    case 'BOOL':
      return Float32Array.from(tensor.bytes)
    case 'I8':
      return Float32Array.from(new Int8Array(buffer, byteOffset, byteLength))
  }
}

/** Typed arrays need aligned offsets; `slice` in the parser starts every tensor at 0. */
function aligned(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.byteOffset % 8 ? bytes.slice() : bytes
}

/** Writes f32 and u8 tensors in the given order. */
export function writeSafetensors(
  tensors: Record<string, { shape: readonly number[]; data: Float32Array | Uint8Array }>,
): Uint8Array<ArrayBuffer> {
  let at = 0
  const header = Object.fromEntries(
    Object.entries(tensors).map(([key, { shape, data }]) => {
      const begin = at
      at += data.byteLength
      return [key, { dtype: data instanceof Float32Array ? 'F32' : 'U8', shape, data_offsets: [begin, at] }]
    }),
  )
  const text = JSON.stringify(header)
  const headerBytes = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8))
  const file = new Uint8Array(8 + headerBytes.length + at)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes.length), true)
  file.set(headerBytes, 8)
  let offset = 8 + headerBytes.length
  for (const { data } of Object.values(tensors)) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset)
    offset += data.byteLength
  }
  return file
}
