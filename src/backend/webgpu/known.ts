/** Small work and some of its results in f64, for the self-test; `selfTest.test.ts` works them out again. */
import { f16ToF32, f32ToF16 } from '@/base/half'
import { GraphBuilder, TOKENS, type Graph } from '@/onnx/graph'
import { geluTanh, linear, modulatedNorm } from '@/onnx/layers'

type Known = readonly (readonly [at: number, value: number])[]

/** Waves, the same on every machine to f32. */
const waves = (count: number, step: number, size = 1.5): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: count }, (_, i) => size * Math.sin(step * i + 0.1 * i * i))

/** More than one tile of queries and of keys. */
export const KNOWN_ATTENTION = { heads: 2, headDim: 64, queries: 70, keys: 75 }

/** q: [queries, heads, headDim]; k, v: [keys, heads, headDim], which halves hold exactly. */
export function attentionNumbers() {
  const { heads, headDim, queries, keys } = KNOWN_ATTENTION
  const count = keys * heads * headDim
  const half = { k: f32ToF16(waves(count, 1.3)), v: f32ToF16(waves(count, 2.1)) }
  return {
    q: waves(queries * heads * headDim, 0.7),
    k: f16ToF32(half.k),
    v: f16ToF32(half.v),
    half,
    scale: 1 / Math.sqrt(headDim),
  }
}

export const KNOWN_ROPE = { tokens: 5, heads: 2, headDim: 32, axesDim: [4, 14, 14], theta: 10000 }

/** qkv: [tokens, 3 * heads * headDim]; scales [headDim]; ids [tokens, 3]. */
export function ropeNumbers() {
  const { tokens, heads, headDim } = KNOWN_ROPE
  return {
    qkv: waves(tokens * 3 * heads * headDim, 0.9),
    queryScale: waves(headDim, 0.3, 1),
    keyScale: waves(headDim, 0.5, 1),
    ids: Float32Array.from({ length: tokens * 3 }, (_, i) => [0, 113.25, -7.5][i % 3] * Math.floor(i / 3)),
  }
}

/** ORT's kernels for a few tokens are others than those for many: more than a tile of 64. */
export const KNOWN_GRAPH = { tokens: 70, width: 128, middle: 32, out: 16 }

/** x -> norm -> 4-bit linear -> gelu -> linear: [1, tokens, width] to [1, tokens, out]. @param int8 see `LinearSpec` */
export function knownGraph(int8: boolean): Graph {
  const { width, middle, out } = KNOWN_GRAPH
  const g = new GraphBuilder(`self-test ${int8}`)
  const x = g.input('x', 'float32', [1, TOKENS, width])
  const zero = g.floats(new Array<number>(width).fill(0), [1, 1, width])
  const up = { format: 'q4', rows: middle, cols: width, chunks: [middle], bias: false, lora: false } as const
  const down = { format: 'f32', rows: out, cols: middle, chunks: [out], bias: false, lora: false } as const
  const inner = linear(g, modulatedNorm(g, x, width, zero, zero), 'up', { ...up, int8 }, 1)
  g.output(linear(g, geluTanh(g, inner), 'down', down, 1), 'y', [1, TOKENS, out])
  return g.build()
}

/** Codes of 0 to 15 stand for (code - 8) * scale; two are packed in a byte, the first in its lower half. */
export function graphNumbers() {
  const { tokens, width, middle, out } = KNOWN_GRAPH
  const codes = Uint8Array.from(waves(middle * width, 1.7, 7.4), (value) => Math.round(7.5 + value))
  return {
    x: waves(tokens * width, 0.7),
    codes,
    packed: Uint8Array.from({ length: codes.length / 2 }, (_, i) => codes[2 * i] | (codes[2 * i + 1] << 4)),
    scale: 2 ** -6,
    down: waves(out * middle, 1.1, 0.25),
  }
}

/** Where in the output [queries, heads, headDim]. */
export const KNOWN_OUTPUTS: Known = [
  [0, -0.7236155248846263],
  [5, 0.8599638104093592],
  [63, -0.02259220869949191],
  [64, 0.04606072622997849],
  [127, 0.07710607257582934],
  [1111, -0.1942343761606213],
  [2345, 0.626909972724548],
  [4096, -0.17941839632976914],
  [5000, -0.11792048026821987],
  [6789, 0.22745973078906057],
  [8191, 0.08324098806836515],
  [8192, -0.13984513794163342],
  [8300, -0.5613900500798041],
  [8447, 0.20279178559335947],
  [8500, 0.552728731221247],
  [8601, -0.022649689633652496],
  [8666, 0.38703737318200426],
  [8703, 1.3934489015755773],
  [8800, 0.13633151195591167],
  [8959, 0.1790886525467522],
]
/** Where in q and k, [tokens, heads, headDim]. */
export const KNOWN_ROTATED: Readonly<Record<'q' | 'k', Known>> = {
  q: [
    [3, -0.6845422011051261],
    [37, -0.5697945835718335],
    [150, 0.5371519703725636],
    [255, -1.2662150706023338],
    [319, 1.1812427381534527],
  ],
  k: [
    [3, 0.23536018114137033],
    [37, 1.3258123230750325],
    [150, 1.2505645107141745],
    [255, -1.4328179141312172],
    [319, 0.7130137975176973],
  ],
}
/** Where in y, [tokens, out]. */
export const KNOWN_PRODUCTS: Known = [
  [0, 0.17535026791471636],
  [5, -0.05637354989165955],
  [11, -0.4038772384877621],
  [15, 0.3206385606079213],
  [1029, 0.18308784620389038],
  [1062, -0.21271357143633549],
  [1090, 0.582559875096383],
  [1119, -0.16330508569457786],
]
