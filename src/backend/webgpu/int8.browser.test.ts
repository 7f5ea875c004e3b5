/** Linears of few bits whose activations are rounded to 8: how many may, how many the runtime takes so, and what that costs. */
import { afterAll, beforeAll, expect, test } from 'vitest'

import { seededNormals } from '@/backend/kernels/seeded'
import { createSession, loadOrt } from '@/backend/ort'
import { GraphBuilder, TOKENS, type Graph } from '@/onnx/graph'
import { linear, QUANT_BLOCK, takesInt8 } from '@/onnx/layers'

const runtimeUrl = new URL('/ort/', location.href).href
/** Relative to the mean size of what comes out. */
const TOLERANCE = { exact: 1e-6, fast: 1e-2 }

interface Case {
  tokens: number
  cols: number
  rows: number
  bits: 4 | 8
  /** Whether the runtime multiplies it in 8 bits. */
  taken: boolean
}

const CASES: readonly Case[] = [
  { tokens: 70, cols: 256, rows: 48, bits: 4, taken: true },
  { tokens: 1, cols: 128, rows: 16, bits: 4, taken: true },
  { tokens: 129, cols: 384, rows: 80, bits: 8, taken: true },
  { tokens: 33, cols: 192, rows: 48, bits: 4, taken: false },
  { tokens: 33, cols: 256, rows: 40, bits: 8, taken: false },
]

/** Its kernels as the runtime calls them. */
let kernels: string[] = []
let device: GPUDevice

/** With subgroups, which the studio's own device has on GPUs alone: here the runtime's attention goes wrong with them. */
beforeAll(async () => {
  const adapter = await navigator.gpu.requestAdapter()
  device = await adapter!.requestDevice({ requiredFeatures: ['subgroups'] })
  const compile = device.createShaderModule.bind(device)
  device.createShaderModule = (descriptor) => {
    kernels.push(descriptor.label ?? '')
    return compile(descriptor)
  }
})
afterAll(() => device.destroy())

function graphOf({ cols, rows, bits }: Case, fast: boolean): Graph {
  const g = new GraphBuilder(`int8 ${cols} ${rows} ${bits} ${fast}`)
  const x = g.input('x', 'float32', [1, TOKENS, cols])
  const format = bits === 4 ? 'q4' : 'q8'
  const spec = { format, rows, cols, chunks: [rows], bias: false, lora: false, int8: fast } as const
  g.output(linear(g, x, 'l', spec, 1), 'y', [1, TOKENS, rows])
  return g.build()
}

/** Numbers of a case and, in f64, what comes out. */
function numbersOf({ tokens, cols, rows, bits }: Case) {
  const middle = 2 ** (bits - 1)
  const x = seededNormals(1, tokens * cols)
  const codes = Uint8Array.from(seededNormals(2, rows * cols), (value) =>
    Math.max(0, Math.min(2 * middle - 1, Math.round(middle * (1 + value / 3)))),
  )
  const scale = 3 / middle / Math.sqrt(cols)
  const y = new Float64Array(tokens * rows)
  for (let token = 0; token < tokens; token++)
    for (let row = 0; row < rows; row++)
      for (let col = 0; col < cols; col++)
        y[token * rows + row] += x[token * cols + col] * (codes[row * cols + col] - middle) * scale
  const weights =
    bits === 8
      ? codes
      : Uint8Array.from({ length: codes.length / 2 }, (_, at) => codes[2 * at] | (codes[2 * at + 1] << 4))
  const scales = new Float32Array((rows * cols) / QUANT_BLOCK).fill(Math.fround(scale))
  return { x, weights, scales, y }
}

/** How far off it is, and whether the runtime multiplied in 8 bits; it compiles a kernel once per shape. */
async function run(item: Case, fast: boolean): Promise<{ error: number; taken: boolean }> {
  const ort = await loadOrt(runtimeUrl)
  kernels = []
  const session = await createSession(ort, graphOf(item, fast), {
    executionProviders: [{ name: 'webgpu', device }],
  })
  const { tokens, cols, rows, bits } = item
  const { x, weights, scales, y } = numbersOf(item)
  const blocks = cols / QUANT_BLOCK
  const { y: found } = await session.run({
    x: new ort.Tensor('float32', x, [1, tokens, cols]),
    'l.w0': new ort.Tensor('uint8', weights, [rows, blocks, (QUANT_BLOCK * bits) / 8]),
    'l.s0': new ort.Tensor('float32', scales, [rows, blocks]),
  })
  const values = (await found.getData()) as Float32Array
  await session.release()
  let [squares, size] = [0, 0]
  y.forEach((value, at) => {
    squares += (values[at] - value) ** 2
    size += value ** 2
  })
  const taken = kernels.some((name) => name.startsWith('DP4AMatMulNBits'))
  return { error: Math.sqrt(squares / size), taken }
}

test('linears take it where they may, and then are off by the rounding to 8 bits', async () => {
  let counted = 0
  for (const item of CASES) {
    const exact = await run(item, false)
    expect(exact.taken).toBe(false)
    expect(exact.error).toBeLessThan(TOLERANCE.exact)
    const fast = await run(item, true)
    expect(fast.taken).toBe(item.taken)
    expect(takesInt8(item.rows, item.cols, 1)).toBe(item.taken)
    expect(fast.error).toBeLessThan(TOLERANCE[item.taken ? 'fast' : 'exact'])
    // It is seen, so that it is known to have taken place.
    if (item.taken) expect(fast.error).toBeGreaterThan(1e-3)
    counted += Number(fast.taken)
  }
  expect(counted).toBe(3)
}, 120_000)
