/** Long work is cut: the same bits, no more arithmetic per submission than asked, and Stop between two pieces. */
import { afterEach, expect, test, vi } from 'vitest'

import { createBackend } from '@/backend/create'
import { seededNormals } from '@/backend/kernels/seeded'
import type { SharedAttentionArgs } from '@/backend/kernels/sharedAttention/types'
import type { Segment, Tensor } from '@/backend/types'
import type { WebgpuBackend } from '@/backend/webgpu/backend'
import { Pace } from '@/backend/webgpu/pace'
import { GraphBuilder, TOKENS } from '@/onnx/graph'
import { geluTanh, linear, modulatedNorm, type LinearSpec } from '@/onnx/layers'

const WIDTH = 128
const ROWS = 256
const runtimeUrl = new URL('/ort/', location.href).href
const open = async (): Promise<WebgpuBackend> =>
  (await createBackend('webgpu', runtimeUrl)).backend as WebgpuBackend

/** Runs and dispatches from here on are held to one budget, whatever the device takes for them. */
function fixBudget(backend: WebgpuBackend, flops: number): void {
  const pace = new Pace(backend.gpu.device.queue, true)
  Object.assign(pace, { budget: flops, measure: () => undefined })
  Object.assign(backend, { pace })
}

let backend: WebgpuBackend
afterEach(async () => {
  vi.restoreAllMocks()
  await backend.dispose()
})

/** y = x + W2 gelu(W1 norm(x)), 4 and 8 bits, a shape that takes every kind of our linears' graphs. */
async function network(batch: number): Promise<{ segment: Segment; weights: Record<string, Tensor> }> {
  const g = new GraphBuilder(`cut ${batch}`)
  const x = g.input('x', 'float32', [batch, TOKENS, WIDTH])
  const zero = g.floats(new Array<number>(WIDTH).fill(0), [1, 1, WIDTH])
  const specs: Record<string, LinearSpec> = {
    up: { format: 'q4', rows: ROWS, cols: WIDTH, chunks: [ROWS], bias: false, lora: false },
    across: { format: 'q8', rows: ROWS, cols: ROWS, chunks: [ROWS / 2, ROWS / 2], bias: false, lora: false },
    down: { format: 'f32', rows: WIDTH, cols: ROWS, chunks: [WIDTH], bias: false, lora: false },
  }
  const inner = linear(g, modulatedNorm(g, x, WIDTH, zero, zero), 'up', specs.up, batch)
  const middle = linear(g, geluTanh(g, inner), 'across', specs.across, batch)
  g.output(g.node('Add', [x, linear(g, middle, 'down', specs.down, batch)]), 'y', [batch, TOKENS, WIDTH])
  const weights: Record<string, Tensor> = {}
  for (const [name, { format, chunks, cols }] of Object.entries(specs))
    chunks.forEach((rows, index) => {
      const noise = seededNormals(rows + cols + index, rows * cols)
      if (format === 'f32') {
        const values = noise.map((value) => value / Math.sqrt(cols))
        weights[`${name}.w${index}`] = backend.uploadWeights(values, [rows, cols], name)
        return
      }
      const bytes = Uint8Array.from({ length: (rows * cols * (format === 'q4' ? 4 : 8)) / 8 }, (_, i) =>
        Math.round(127 + 40 * noise[i]),
      )
      const scales = new Float32Array((rows * cols) / 32).fill(
        (format === 'q4' ? 1 / 8 : 1 / 128) / Math.sqrt(cols),
      )
      weights[`${name}.w${index}`] = backend.uploadWeights(
        bytes,
        [rows, cols / 32, bytes.length / rows / (cols / 32)],
        name,
      )
      weights[`${name}.s${index}`] = backend.uploadWeights(scales, [rows, cols / 32], name)
    })
  return { segment: await backend.compile(g.build()), weights }
}

const tokensOf = (batch: number, tokens: number): Tensor =>
  backend.upload(seededNormals(7, batch * tokens * WIDTH), [batch, tokens, WIDTH], 'x')

test.each([
  [1, 300],
  [2, 200],
  [1, 127],
])('linears: the bits do not depend on the cut, batch %i, %i tokens', async (batch, tokens) => {
  backend = await open()
  const { segment, weights } = await network(batch)
  const results: Float32Array[] = []
  for (const budget of [Infinity, 1, 130 * batch * segment.graph.flopsPerToken]) {
    fixBudget(backend, budget)
    const x = tokensOf(batch, tokens)
    const { y } = await backend.run(segment, { x, ...weights }, { y: [batch, tokens, WIDTH] })
    results.push(await backend.read(y))
  }
  expect(results[0].some((value) => value !== 0)).toBe(true)
  expect(results[1]).toEqual(results[0])
  expect(results[2]).toEqual(results[0])
})

/** Attention of `tokens` over themselves and as many kept keys. */
function attention(tokens: number): { args: SharedAttentionArgs; out: Tensor } {
  const [heads, headDim] = [2, 16]
  const shape = [1, tokens, heads, headDim]
  const kv = (seed: number) => backend.upload(seededNormals(seed, tokens * heads * headDim), shape, 'kv')
  const out = backend.allocate('float32', [1, tokens, heads * headDim], 'out')
  const keys = [0, 1].map((source) => ({ source, start: 3 * source, length: tokens - 3 * source }))
  const queries = [
    { start: 0, length: 10, keys: keys.slice(0, 1), out, outStart: 0 },
    { start: 10, length: tokens - 10, keys, out, outStart: 10 },
  ]
  const sources = [
    { k: kv(1), v: kv(2) },
    { k: kv(3), v: kv(4) },
  ]
  return { args: { batch: 1, heads, headDim, scale: 0.25, q: kv(5), sources, queries }, out }
}

test('attention: the bits do not depend on the cut', async () => {
  backend = await open()
  const { args, out } = attention(400)
  const results: Float32Array[] = []
  for (const budget of [Infinity, 1]) {
    fixBudget(backend, budget)
    await backend.sharedAttention(args)
    results.push(await backend.read(out))
  }
  expect(results[0].every(Number.isFinite)).toBe(true)
  expect(results[1]).toEqual(results[0])
})

test('no submission holds more arithmetic than the budget, counted where it is submitted', async () => {
  backend = await open()
  const { segment, weights } = await network(1)
  const { args: halves } = attention(512)
  // One segment of whole tiles, so that the tiles that are dispatched are the arithmetic that is done.
  const args = { ...halves, queries: [{ ...halves.queries[1], start: 0, length: 512, outStart: 0 }] }
  const tokens = 1024
  const x = tokensOf(1, tokens)
  const budget = 200 * segment.graph.flopsPerToken
  fixBudget(backend, budget)

  const spans = [0]
  const { queue } = backend.gpu.device
  const done = queue.onSubmittedWorkDone.bind(queue)
  vi.spyOn(queue, 'onSubmittedWorkDone').mockImplementation(() => {
    spans.push(0)
    return done()
  })
  const add = (flops: number) => (spans[spans.length - 1] += flops)
  const { session } = segment as unknown as {
    session: { run(feeds: Record<string, { dims: number[] }>): unknown }
  }
  const run = session.run.bind(session)
  vi.spyOn(session, 'run').mockImplementation((...given: Parameters<typeof run>) => {
    add(given[0].x.dims[1] * segment.graph.flopsPerToken)
    return run(...given)
  })
  const dispatch = backend.gpu.dispatch.bind(backend.gpu)
  vi.spyOn(backend.gpu, 'dispatch').mockImplementation((pipeline, bindings, [groups, heads, batch]) => {
    // Tiles of 128 queries and all keys.
    add(4 * batch * groups * 128 * heads * args.headDim * (2 * 512 - 3))
    dispatch(pipeline, bindings, [groups, heads, batch])
  })

  await backend.run(segment, { x, ...weights }, { y: [1, tokens, WIDTH] })
  await backend.sharedAttention(args)
  await backend.settle()
  const total = tokens * segment.graph.flopsPerToken
  expect(spans.reduce((sum, flops) => sum + flops, 0)).toBeGreaterThan(total)
  expect(spans.filter((flops) => flops > 0).length).toBeGreaterThan(5)
  // The smallest piece of attention is one tile.
  expect(Math.max(...spans)).toBeLessThanOrEqual(Math.max(budget, 4 * 128 * 2 * 16 * (2 * 512 - 3)))
})

test('a run that is stopped between two pieces leaves nothing behind', async () => {
  backend = await open()
  const { segment, weights } = await network(1)
  fixBudget(backend, 1)
  const x = tokensOf(1, 640)
  const abort = new AbortController()
  const { session } = segment as unknown as { session: { run(...given: unknown[]): unknown } }
  const run = session.run.bind(session)
  const spy = vi.spyOn(session, 'run').mockImplementation((...given) => {
    if (spy.mock.calls.length === 3) abort.abort()
    return run(...given)
  })
  backend.trim()
  const before = backend.memory().residentBytes
  const stopped = backend.run(segment, { x, ...weights }, { y: [1, 640, WIDTH] }, abort.signal)
  await expect(stopped).rejects.toThrow(/abort/i)
  expect(spy).toHaveBeenCalledTimes(3)
  backend.trim()
  expect(backend.memory().residentBytes).toBe(before)
})
