/**
 * Strategy `subgroup-matrix` where no adapter has the hardware for it: the shader itself, with the products that it asks for done in plain
 * WGSL, every invocation by itself. Halves are f32 that are rounded as halves.
 */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { ATTENTION_CASES } from '@/backend/kernels/sharedAttention/cases'
import { prepareAttention } from '@/backend/kernels/sharedAttention/compare'
import { ATTENTION_KERNELS, attentionPlans } from '@/backend/kernels/sharedAttention/strategies'
import { sharedAttentionWebgpu } from '@/backend/kernels/sharedAttention/webgpu'
import { TestDevice } from '@/backend/kernels/testDevice'

/** Queries and weights are rounded to 2^-11. */
const TOLERANCE = 4e-3

const loaded = (kind: string, from: string, rows: string, columns: string): string => `
fn ${kind.toLowerCase()}_of_${from}(offset: u32, stride: u32) -> ${kind} {
  var a: ${kind};
  for (var i = 0u; i < ${rows}; i++) {
    for (var j = 0u; j < ${columns}; j++) {
      a.x[i * ${columns} + j] = ${from === 'tile' ? 'kv_tile' : 'weights'}[offset + i * stride + j];
    }
  }
  return a;
}`
const PLAIN_PRODUCTS = `
struct Left { x: array<f32, MATRIX_M * MATRIX_K> }
struct Right { x: array<f32, MATRIX_K * MATRIX_N> }
struct Result { x: array<f32, MATRIX_M * MATRIX_N> }
fn to_half(x: f32) -> f32 {
  return unpack2x16float(pack2x16float(vec2f(x, 0.0))).x;
}
${loaded('Left', 'tile', 'MATRIX_M', 'MATRIX_K')}
${loaded('Left', 'weights', 'MATRIX_M', 'MATRIX_K')}
${loaded('Right', 'tile', 'MATRIX_K', 'MATRIX_N')}
fn multiply_add(a: Left, b: Right, sum: Result) -> Result {
  var left = a;
  var right = b;
  var c = sum;
  for (var i = 0u; i < MATRIX_M; i++) {
    for (var j = 0u; j < MATRIX_N; j++) {
      for (var k = 0u; k < MATRIX_K; k++) {
        c.x[i * MATRIX_N + j] += left.x[i * MATRIX_K + k] * right.x[k * MATRIX_N + j];
      }
    }
  }
  return c;
}
fn store_work(offset: u32, x: Result, stride: u32) {
  var c = x;
  for (var i = 0u; i < MATRIX_M; i++) {
    for (var j = 0u; j < MATRIX_N; j++) {
      work[offset + i * stride + j] = c.x[i * MATRIX_N + j];
    }
  }
}`

let target: TestDevice
beforeAll(async () => {
  // Halves take twice their room here.
  target = await TestDevice.create({ maxComputeWorkgroupStorageSize: 32768 })
  const kernel = ATTENTION_KERNELS['subgroup-matrix']
  const emulated = {
    name: 'emulated subgroup matrices',
    wgsl: kernel.wgsl.replace(/#ifdef SUBGROUP_MATRIX[^]*?#endif\n/, '').replaceAll('HALF_TYPE', 'f32'),
    includes: { ...kernel.includes, 'subgroup_matrix.wgsl': PLAIN_PRODUCTS },
  }
  const pipeline = target.gpu.pipeline.bind(target.gpu)
  vi.spyOn(target.gpu, 'pipeline').mockImplementation((source, defines) =>
    pipeline(source === kernel ? emulated : source, defines),
  )
})
afterEach(() => target.clear())
afterAll(() => {
  vi.restoreAllMocks()
  target.dispose()
})

/** One width of each kind, and everything about ranges and masks; scores so large that rounding queries changes weights are none of its. */
const WIDTHS = /^(head dim (6|72|128)|.*(keys|segments|nothing).*)$/
const CASES = ATTENTION_CASES.filter(({ name, scale }) => WIDTHS.test(name) && scale === undefined).map(
  (item) => ({ ...item, sources: item.sources.map((source) => ({ ...source, half: true })) }),
)

/** Apple's, Intel's, and NVIDIA's and AMD's sizes. */
const MATRICES = [
  { m: 8, n: 8, k: 8, lanes: 32 },
  { m: 8, n: 16, k: 16, lanes: 16 },
  { m: 16, n: 16, k: 16, lanes: 32 },
]

test('is taken for halves alone, where the device has all that it needs', () => {
  const device = { ...target.gpu.capabilities, software: false, shaderF16: true, subgroupMatrix: MATRICES[0] }
  const first = (half: boolean, change = {}) =>
    attentionPlans({ ...device, ...change }, { headDim: 128, half }, 4096)[0].strategy
  expect(first(true)).toBe('subgroup-matrix')
  expect(first(false)).toBe('tile')
  expect(first(true, { shaderF16: false })).toBe('tile')
  expect(first(true, { subgroupMatrix: null })).toBe('tile')
  expect(first(true, { faulty: ['subgroup-matrix'] })).toBe('tile')
})

test.each(CASES.map((item, at) => [item.name, item, MATRICES[at % MATRICES.length]] as const))(
  '%s',
  async (_, item, subgroupMatrix) => {
    const device = { ...target.gpu.capabilities, workgroupBytes: 16384, shaderF16: true, subgroupMatrix }
    const shape = { headDim: item.headDim, half: true }
    const plans = attentionPlans(device, shape, item.queryTokens).filter(
      ({ strategy }) => strategy === 'subgroup-matrix',
    )
    expect(plans.length).toBeGreaterThan(0)
    const { args, out, lse, errors } = prepareAttention(item, 1, (...given) => target.tensor(...given))
    sharedAttentionWebgpu(target.gpu, args, plans[0])
    const found = errors(await target.read(out), await target.read(lse))
    expect(found.out).toBeLessThan(TOLERANCE)
    expect(found.lse).toBeLessThan(TOLERANCE)
  },
)
