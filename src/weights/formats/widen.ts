/** Stored numbers of any type as f32. Sixteen- and eight-bit floats go through tables: one load per number. */
import { f16ToF32 } from '@/base/half'

/** The types that safetensors files have (names as in their headers) and their bytes per number. */
export const TYPE_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I64: 8,
  U64: 8,
  I32: 4,
  U32: 4,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const

export type StoredType = keyof typeof TYPE_BYTES

/** E4M3 in the form that has no infinity: 4 exponent bits with bias 7, 3 fraction bits, all ones is NaN. */
function e4m3(code: number): number {
  const sign = code & 0x80 ? -1 : 1
  const exponent = (code >> 3) & 15
  const fraction = code & 7
  if (exponent === 15 && fraction === 7) return NaN
  return exponent === 0 ? sign * fraction * 2 ** -9 : sign * (1 + fraction / 8) * 2 ** (exponent - 7)
}

const tables = new Map<StoredType, Float32Array>()

function tableOf(dtype: 'F16' | 'F8_E4M3' | 'F8_E5M2'): Float32Array {
  let table = tables.get(dtype)
  if (!table) {
    if (dtype === 'F8_E4M3') table = Float32Array.from({ length: 256 }, (_, code) => e4m3(code))
    // E5M2 is the upper byte of an f16.
    else if (dtype === 'F8_E5M2') table = f16ToF32(Uint16Array.from({ length: 256 }, (_, code) => code << 8))
    else table = f16ToF32(Uint16Array.from({ length: 65536 }, (_, bits) => bits))
    tables.set(dtype, table)
  }
  return table
}

function lookUp(table: Float32Array, codes: Uint8Array | Uint16Array, out: Float32Array): void {
  for (let i = 0; i < codes.length; i++) out[i] = table[codes[i]]
}

/** Writes the numbers in `bytes` (little endian) into `out`, which has room for exactly them. */
export function widenInto(dtype: StoredType, bytes: Uint8Array<ArrayBuffer>, out: Float32Array): void {
  // Typed arrays need aligned offsets.
  const { buffer, byteOffset: at, byteLength } = bytes.byteOffset % 8 ? bytes.slice() : bytes
  const count = byteLength / TYPE_BYTES[dtype]
  switch (dtype) {
    case 'F32':
      return out.set(new Float32Array(buffer, at, count))
    case 'BF16': {
      // bf16 is the upper half of an f32.
      const words = new Uint32Array(out.buffer, out.byteOffset, count)
      const codes = new Uint16Array(buffer, at, count)
      for (let i = 0; i < count; i++) words[i] = codes[i] << 16
      return
    }
    case 'F16':
      return lookUp(tableOf(dtype), new Uint16Array(buffer, at, count), out)
    case 'F8_E4M3':
    case 'F8_E5M2':
      return lookUp(tableOf(dtype), bytes, out)
    case 'F64':
      return out.set(new Float64Array(buffer, at, count))
    case 'I64':
      return out.set(Float32Array.from(new BigInt64Array(buffer, at, count), Number))
    case 'U64':
      return out.set(Float32Array.from(new BigUint64Array(buffer, at, count), Number))
    case 'I32':
      return out.set(new Int32Array(buffer, at, count))
    case 'U32':
      return out.set(new Uint32Array(buffer, at, count))
    case 'I16':
      return out.set(new Int16Array(buffer, at, count))
    case 'U16':
      return out.set(new Uint16Array(buffer, at, count))
    case 'I8':
      return out.set(new Int8Array(buffer, at, count))
    case 'U8':
    case 'BOOL':
      return out.set(bytes)
  }
}
