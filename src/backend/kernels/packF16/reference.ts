/**
 * The definition of the half nearest to a value in f64 (IEEE 754 binary16, ties to even, overflow to infinity); serves
 * tests only.
 */
export function packReference(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const magnitude = Math.abs(value)
  if (Number.isNaN(value)) return 0x7e00
  // Nearer to 2^16 than to the largest half, or as near.
  if (magnitude >= 65520) return sign | 0x7c00
  // The distance between halves there: 2^-24 up to 2^-13, then doubling with every power of two.
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude || 1e-30)))
  const units = toEven(magnitude / 2 ** (exponent - 10))
  return sign | ((exponent + 14) * 1024 + units)
}

/** The nearest whole number, of two as near the even one. */
function toEven(value: number): number {
  const low = Math.floor(value)
  const rest = value - low
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low
}
