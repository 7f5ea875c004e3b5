/** Reproducible numbers for cases of tests and benches. */

/** Uniform in [0, 1): a 32-bit counter through an integer hash. */
export function seededUniform(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b9) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Unit normals by Box and Muller. */
export function seededNormals(seed: number, count: number): Float32Array {
  const uniform = seededUniform(seed)
  const values = new Float32Array(count)
  for (let i = 0; i < count; i++)
    values[i] = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  return values
}
