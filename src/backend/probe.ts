/**
 * What this device can do, measured: a 4-bit linear layer and attention at FLUX's widths, about a second
 * each. An estimate made from it holds for whole blocks; norms and activations between cost a few per cent.
 */
import type { Tensor } from '@/backend/tensor'
import type { Backend } from '@/backend/types'
import { GraphBuilder, TOKENS } from '@/onnx/graph'
import { linear, QUANT_BLOCK, type LinearSpec } from '@/onnx/layers'

export interface DeviceSpeed {
  /** 10^12 operations a second (a multiply-add counts two) of a 4-bit linear layer. */
  linearTflops: number
  /** The same of attention, the exponentials not counted. */
  attentionTflops: number
}

export interface ProbeOptions {
  /** Seconds that the deciding measurement of each kind should take; default 0.5. */
  seconds?: number
  signal?: AbortSignal
}

/** FLUX's hidden size and its heads' (specs: FLUX §3). */
const WIDTH = 3072
const HEAD_DIM = 128
/** A third of FLUX's heads fill a GPU as well and need a third of the memory. */
const HEADS = 8

/** Work of a size that can be doubled. */
interface Workload {
  /** Smallest and largest number of tokens; from there on repeats grow. */
  tokens: readonly [first: number, last: number]
  flops(tokens: number): number
  /** Prepares tensors for a number of tokens; `run` does the work once, `free` returns them. */
  prepare(tokens: number): { run(): Promise<void>; free(): void }
}

/** @throws AbortError when the signal says so, device-lost and out-of-memory as any other work. */
export async function probeDevice(backend: Backend, options: ProbeOptions = {}): Promise<DeviceSpeed> {
  const linearTflops = await measureLinear(backend, options)
  const attentionTflops = await measure(backend, attentionWork(backend), options)
  return { linearTflops, attentionTflops }
}

/**
 * Starts tiny and doubles until one measurement takes long enough, so that a slow device does not hang and
 * a fast one is really busy. Every size runs once before it is timed, since first runs compile.
 */
async function measure(
  backend: Backend,
  { tokens: [first, last], flops, prepare }: Workload,
  { seconds = 0.5, signal }: ProbeOptions,
): Promise<number> {
  let tokens = first
  let repeats = 1
  let warm = 0
  let work = prepare(tokens)
  try {
    for (;;) {
      signal?.throwIfAborted()
      if (warm !== tokens) {
        await work.run()
        await backend.settle()
        warm = tokens
        signal?.throwIfAborted()
      }
      const since = performance.now()
      for (let i = 0; i < repeats; i++) {
        await work.run()
        signal?.throwIfAborted()
      }
      await backend.settle()
      const elapsed = (performance.now() - since) / 1000
      // Clocks may be coarse, and no time at all says nothing.
      if (elapsed >= seconds) return (repeats * flops(tokens)) / elapsed / 1e12
      if (tokens * 2 <= last) {
        tokens *= 2
        work.free()
        work = prepare(tokens)
      } else repeats *= 2
    }
  } finally {
    work.free()
  }
}

/** [tokens, 3072] x [3072, 3072] in 4 bits. The values do not matter, so they are all small and alike. */
async function measureLinear(backend: Backend, options: ProbeOptions): Promise<number> {
  const spec: LinearSpec = {
    format: 'q4',
    rows: WIDTH,
    cols: WIDTH,
    chunks: [WIDTH],
    bias: false,
    lora: false,
  }
  const g = new GraphBuilder('probe linear')
  const x = g.input('x', 'float32', [1, TOKENS, WIDTH])
  g.output(linear(g, x, 'layer', spec, 1), 'y', [1, TOKENS, WIDTH])
  const segment = await backend.compile(g.build())
  const blocks = WIDTH / QUANT_BLOCK
  const weights = new Uint8Array((WIDTH * WIDTH) / 2).fill(0x79)
  const scales = new Float32Array(WIDTH * blocks).fill(1 / WIDTH)
  const layer = {
    'layer.w0': backend.uploadWeights(weights, [WIDTH, blocks, QUANT_BLOCK / 2], 'probe'),
    'layer.s0': backend.uploadWeights(scales, [WIDTH, blocks], 'probe'),
  }
  const work: Workload = {
    tokens: [8, 1024],
    flops: (tokens) => 2 * tokens * WIDTH * WIDTH,
    prepare(tokens) {
      const input = backend.upload(new Float32Array(tokens * WIDTH).fill(1), [1, tokens, WIDTH], 'probe')
      return {
        async run() {
          const { y } = await backend.run(segment, { x: input, ...layer }, { y: [1, tokens, WIDTH] })
          backend.free(y)
        },
        free: () => backend.free(input),
      }
    },
  }
  try {
    return await measure(backend, work, options)
  } finally {
    backend.free(...Object.values(layer))
  }
}

function attentionWork(backend: Backend): Workload {
  const width = HEADS * HEAD_DIM
  return {
    tokens: [64, 4096],
    flops: (tokens) => 4 * tokens * tokens * width,
    prepare(tokens) {
      const shape = [1, tokens, HEADS, HEAD_DIM]
      const input = (): Tensor => backend.upload(new Float32Array(tokens * width).fill(0.1), shape, 'probe')
      const [q, k, v] = [input(), input(), input()]
      const out = backend.allocate('float32', [1, tokens, width], 'probe')
      const keys = [{ source: 0, start: 0, length: tokens }]
      return {
        run: () =>
          backend.sharedAttention({
            batch: 1,
            heads: HEADS,
            headDim: HEAD_DIM,
            scale: 1 / Math.sqrt(HEAD_DIM),
            q,
            sources: [{ k, v }],
            queries: [{ start: 0, length: tokens, keys, out, outStart: 0 }],
          }),
        free: () => backend.free(q, k, v, out),
      }
    },
  }
}
