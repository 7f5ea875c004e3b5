/**
 * Our own noise stream, the default: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1,
 * 2, 3", 2011), keyed by the seed. Normal i comes from counter floor(i/4), so any part of the stream can be made
 * alone and the result does not depend on how the work is split.
 */

const M0 = 0xd2511f53n
const M1 = 0xcd9e8d57n
const W0 = 0x9e3779b9
const W1 = 0xbb67ae85

/** Four random words of a 64-bit counter and key. */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): Uint32Array {
  let [c0, c1, c2, c3] = counter
  let [k0, k1] = key
  for (let round = 0; round < 10; round++) {
    const p0 = M0 * BigInt(c0 >>> 0)
    const p1 = M1 * BigInt(c2 >>> 0)
    const next0 = Number(p1 >> 32n) ^ c1 ^ k0
    const next2 = Number(p0 >> 32n) ^ c3 ^ k1
    c1 = Number(p1 & 0xffffffffn)
    c3 = Number(p0 & 0xffffffffn)
    c0 = next0
    c2 = next2
    k0 = (k0 + W0) | 0
    k1 = (k1 + W1) | 0
  }
  return Uint32Array.of(c0, c1, c2, c3)
}

/**
 * `count` standard normals of stream `stream` (e.g. the index of the foreground), by Box-Muller on pairs of words.
 * @param seed 0 … 2^64-1; its low and high word are the key
 */
export function philoxNormals(seed: number | bigint, stream: number, count: number): Float32Array {
  const key = [Number(BigInt(seed) & 0xffffffffn), Number(BigInt(seed) >> 32n)] as const
  const out = new Float32Array(count)
  const unit = (word: number) => (word + 0.5) / 2 ** 32 // (0, 1)
  for (let i = 0; i < count; i += 4) {
    const words = philox4x32([i / 4, 0, stream, 0], key)
    for (let pair = 0; pair < 2; pair++) {
      const radius = Math.sqrt(-2 * Math.log(unit(words[2 * pair])))
      const theta = 2 * Math.PI * unit(words[2 * pair + 1])
      if (i + 2 * pair < count) out[i + 2 * pair] = radius * Math.cos(theta)
      if (i + 2 * pair + 1 < count) out[i + 2 * pair + 1] = radius * Math.sin(theta)
    }
  }
  return out
}
