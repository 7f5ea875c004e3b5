/** Conversions between f32 and the 16-bit floats, as bit patterns. */

const scratch = new DataView(new ArrayBuffer(4))

/** bf16 is the upper half of an f32. */
export function bf16ToF32(bits: Uint16Array): Float32Array {
  const out = new Uint32Array(bits.length)
  for (let i = 0; i < bits.length; i++) out[i] = bits[i] << 16
  return new Float32Array(out.buffer)
}

/** Rounds to nearest, ties to even. */
export function f32ToBf16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  return Uint16Array.from(bits, (word) => (word + 0x7fff + ((word >>> 16) & 1)) >>> 16)
}

export function f16ToF32(bits: Uint16Array): Float32Array {
  const out = new Float32Array(bits.length)
  for (let i = 0; i < bits.length; i++) {
    const sign = bits[i] & 0x8000 ? -1 : 1
    const exponent = (bits[i] >> 10) & 0x1f
    const fraction = bits[i] & 0x3ff
    if (exponent === 0) out[i] = sign * fraction * 2 ** -24
    else if (exponent === 31) out[i] = fraction ? NaN : sign * Infinity
    else out[i] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  }
  return out
}

/** Rounds to nearest, ties to even; overflow becomes infinity. */
export function f32ToF16(values: Float32Array): Uint16Array {
  const out = new Uint16Array(values.length)
  for (let i = 0; i < values.length; i++) {
    scratch.setFloat32(0, values[i])
    const bits = scratch.getUint32(0)
    const sign = (bits >>> 16) & 0x8000
    const exponent = (bits >>> 23) & 0xff
    const fraction = bits & 0x7fffff
    if (exponent === 255) {
      out[i] = sign | 0x7c00 | (fraction ? 0x200 : 0)
      continue
    }
    const half = exponent - 112 // biased exponent of the f16
    if (half >= 31) out[i] = sign | 0x7c00
    else if (half <= 0) {
      if (half < -10) {
        out[i] = sign
        continue
      }
      const full = fraction | 0x800000
      const shift = 14 - half
      out[i] = sign | roundShift(full, shift)
    } else out[i] = sign + roundShift((half << 23) | fraction, 13)
  }
  return out
}

function roundShift(value: number, shift: number): number {
  const low = value & ((1 << shift) - 1)
  const middle = 1 << (shift - 1)
  const high = value >>> shift
  return low > middle || (low === middle && high & 1) ? high + 1 : high
}
