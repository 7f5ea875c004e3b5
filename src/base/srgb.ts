/** sRGB's curve between bytes and linear light (IEC 61966-2-1). */

/** Shares of linear red, green and blue in luminance. */
export const LUMINANCE = [0.2126, 0.7152, 0.0722] as const

/** Linear value of every byte. */
export const LINEAR: Float32Array = Float32Array.from({ length: 256 }, (_, byte) => toLinear(byte / 255))

/** Encoded value in 0..1 -> linear. */
export function toLinear(encoded: number): number {
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4
}

/** Linear value in 0..1 -> encoded. */
export function toEncoded(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055
}

const STEPS = 1 << 14
const ENCODED = Float32Array.from({ length: STEPS + 2 }, (_, i) => toEncoded(i / STEPS))

/** `toEncoded` read from a table, within 4e-6: for whole pictures. Values outside 0..1 are cut off. */
export function quicklyEncoded(linear: number): number {
  const at = Math.min(1, Math.max(0, linear)) * STEPS
  const below = Math.floor(at)
  return ENCODED[below] + (at - below) * (ENCODED[below + 1] - ENCODED[below])
}
