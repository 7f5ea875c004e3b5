/** Milliseconds of onnxruntime's own operators on WebGPU, at the sizes that ours are timed at. */
import { mhaGraph } from '@/backend/kernels/sharedAttention/cpu'
import type { Tensor } from '@/backend/tensor'
import type { WebgpuBackend } from '@/backend/webgpu/backend'
import { GraphBuilder } from '@/onnx/graph'
import { linear, QUANT_BLOCK } from '@/onnx/layers'

import type { OrtTimes } from './gpuRun'
import { milliseconds } from './stopwatch'

export function ortTimes(backend: WebgpuBackend): OrtTimes {
  const floats = (...dims: number[]): Tensor =>
    backend.upload(new Float32Array(product(dims)).fill(0.01), dims, 'bench')
  const time = async (
    graph: ReturnType<GraphBuilder['build']>,
    inputs: Record<string, Tensor>,
    output: readonly number[],
  ): Promise<number> => {
    const segment = await backend.compile(graph)
    try {
      return await milliseconds(backend.gpu.device, async () => {
        const { out } = await backend.run(segment, inputs, { out: [...output] })
        backend.free(out)
      })
    } finally {
      backend.free(...Object.values(inputs))
    }
  }
  return {
    async attention({ heads, headDim, queries, keys }) {
      const width = heads * headDim
      const inputs = { q: floats(1, queries, width), k: floats(1, keys, width), v: floats(1, keys, width) }
      return time(mhaGraph(heads, width, 1 / Math.sqrt(headDim), false), inputs, [1, queries, width])
    },

    async linear({ m, k, n, bits }) {
      const g = new GraphBuilder(`bench linear ${k} ${n} ${bits}`)
      const x = g.input('x', 'float32', [1, 'tokens', k])
      const spec = { rows: n, cols: k, chunks: [n], bias: false, lora: false }
      g.output(linear(g, x, 'l', { ...spec, format: bits === 4 ? 'q4' : 'q8' }, 1), 'out', [1, 'tokens', n])
      const blocks = Math.ceil(k / QUANT_BLOCK)
      const dims = [n, blocks, (QUANT_BLOCK * bits) / 8]
      const inputs = {
        x: floats(1, m, k),
        'l.w0': backend.upload(new Uint8Array(product(dims)).fill(129), dims, 'bench'),
        'l.s0': floats(n, blocks),
      }
      return time(g.build(), inputs, [1, m, n])
    },
  }
}

const product = (dims: readonly number[]): number => dims.reduce((all, dim) => all * dim, 1)
