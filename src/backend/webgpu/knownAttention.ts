/** A small attention and some of its outputs in f64, for the self-test; `selfTest.test.ts` works them out again. */

/** More than one tile of queries and of keys. */
export const KNOWN_ATTENTION = { heads: 2, headDim: 64, queries: 70, keys: 75 }

/** Waves, the same on every machine to f32. q: [queries, heads, headDim]; k, v: [keys, heads, headDim]. */
export function knownNumbers() {
  const { heads, headDim, queries, keys } = KNOWN_ATTENTION
  const waves = (tokens: number, step: number): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length: tokens * heads * headDim }, (_, i) => 1.5 * Math.sin(step * i + 0.1 * i * i))
  return { q: waves(queries, 0.7), k: waves(keys, 1.3), v: waves(keys, 2.1), scale: 1 / Math.sqrt(headDim) }
}

/** Where in the output [queries, heads, headDim], and the value there. */
export const KNOWN_OUTPUTS: readonly (readonly [at: number, value: number])[] = [
  [0, -0.7236152487826156],
  [5, 0.8597838429761467],
  [63, -0.022509953371397766],
  [64, 0.04600384927705898],
  [127, 0.07703231932143187],
  [1111, -0.1942300960324997],
  [2345, 0.6267115761534198],
  [4096, -0.1794049669836296],
  [5000, -0.1179438950625154],
  [6789, 0.22748723983216937],
  [8191, 0.08316541483701242],
  [8192, -0.1398334262083962],
  [8300, -0.5613724726230213],
  [8447, 0.2027665398982796],
  [8500, 0.5529071311737858],
  [8601, -0.02269179046543926],
  [8666, 0.3871114019749806],
  [8703, 1.3933659335345348],
  [8800, 0.13636782379771362],
  [8959, 0.17905496852339192],
]
