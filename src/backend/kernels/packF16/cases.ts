/** Values that halves round in every way, for tests of both backends. */
import { halfReference } from '@/backend/kernels/expandF16/reference'
import { seededUniform } from '@/backend/kernels/seeded'

/** Every finite half, what lies in the middle of each two, and the floats on both sides of it; of both signs. */
export function everyRounding(): Float32Array {
  const values: number[] = []
  const bits = new Uint32Array(1)
  const float = new Float32Array(bits.buffer)
  for (let half = 0; half < 0x7c00; half++) {
    const low = halfReference(half)
    // Behind the largest half comes what would be 2^16.
    const high = half === 0x7bff ? 65536 : halfReference(half + 1)
    float[0] = (low + high) / 2
    const middle = float[0]
    bits[0] -= 1
    const below = float[0]
    bits[0] += 2
    values.push(low, below, middle, float[0])
  }
  return Float32Array.from([...values, ...values.map((value) => -value)])
}

/** What is no number or has no half of its size, then numbers of every size; an odd count. */
export function extremes(): Float32Array {
  const uniform = seededUniform(5)
  const some = Array.from({ length: 999 }, () => (uniform() - 0.5) * 2 ** (uniform() * 276 - 146))
  return Float32Array.from([NaN, Infinity, -Infinity, 0, -0, 3.4e38, -65520, 65519.99, 1e-45, 2e-38, ...some])
}
