import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import {
  ATTENTION_KERNELS,
  ATTENTION_STRATEGIES,
  attentionPlans,
} from '@/backend/kernels/sharedAttention/strategies'
import { TestDevice } from '@/backend/kernels/testDevice'
import { attentionTrial } from '@/backend/webgpu/attentionTrial'
import type { KernelSource } from '@/backend/webgpu/gpu'
import { distrustFaulty, isGraphRight, isRopeRight } from '@/backend/webgpu/selfTest'
import { createBackend } from '@/backend/create'
import type { WebgpuBackend } from '@/backend/webgpu/backend'

let target: TestDevice
beforeEach(async () => {
  target = await TestDevice.create()
})
afterEach(() => target.dispose())

/** Has the device run another shader than the strategy's. */
function miscompile(source: KernelSource, change: (wgsl: string) => string): void {
  const { gpu } = target
  const pipeline = gpu.pipeline.bind(gpu)
  vi.spyOn(gpu, 'pipeline').mockImplementation((asked, defines) =>
    pipeline(asked === source ? { ...asked, name: 'wrong', wgsl: change(asked.wgsl) } : asked, defines),
  )
}

test('a device that computes as it should keeps its first choice', async () => {
  expect(await distrustFaulty(target.gpu)).toEqual([])
  expect(target.gpu.capabilities.faulty).toEqual([])
})

test.each([
  [
    'computes wrong numbers',
    'p$r_$k = exp2(p$r_$k - max$r) * seen$k;',
    'p$r_$k = exp2(p$r_$k - max$r) * 1.01 * seen$k * f32($k);',
  ],
  ['does not compile', 'total$r *= keep$r;', 'total$r *= nonsense;'],
])('a strategy that %s is named, and the next is taken', async (_, from, to) => {
  expect(ATTENTION_KERNELS.rows.wgsl).toContain(from)
  miscompile(ATTENTION_KERNELS.rows, (wgsl) => wgsl.replace(from, to))
  expect(await distrustFaulty(target.gpu)).toEqual(['rows'])
  expect(target.gpu.capabilities.faulty).toEqual(['rows'])
})

test('where none is right it is said', async () => {
  target.gpu.distrust('tile')
  miscompile(ATTENTION_KERNELS.rows, (wgsl) => wgsl.replace('total$r *= keep$r;', 'total$r = 1.0;'))
  expect(await distrustFaulty(target.gpu)).toBeNull()
})

test('halves are tried, too, and say nothing of f32', async () => {
  const { gpu } = target
  expect(await distrustFaulty(gpu, true)).toEqual([])
  miscompile(ATTENTION_KERNELS.rows, (wgsl) => wgsl.replace('total$r *= keep$r;', 'total$r = 1.0;'))
  expect(await distrustFaulty(gpu, true)).toEqual(['rows'])
  expect(gpu.capabilities.faulty).toEqual(['rows with halves'])
  const first = (half: boolean) => attentionPlans(gpu.capabilities, { headDim: 64, half }, 70)[0].strategy
  expect([first(false), first(true)]).toEqual(['rows', 'tile'])
})

test('positions that come out wrong are found', async () => {
  expect(await isRopeRight(target.gpu)).toBe(true)
  expect(await isRopeRight(target.gpu, true)).toBe(true)
  const { gpu } = target
  const pipeline = gpu.pipeline.bind(gpu)
  vi.spyOn(gpu, 'pipeline').mockImplementation((source, defines) => {
    // What a compiler may make of range reduction.
    const changed = source.wgsl.replace('let r = turn[pair];', 'let r = turn[pair].yx;')
    expect(changed).not.toBe(source.wgsl)
    return pipeline({ ...source, name: 'wrong', wgsl: changed }, defines)
  })
  expect(await isRopeRight(gpu)).toBe(false)
  expect(await isRopeRight(gpu, true)).toBe(false)
})

test.each(['exact', 'fast'] as const)('a whole device, %s', async (arithmetic) => {
  const runtimeUrl = new URL('/ort/', location.href).href
  const backend = (await createBackend('webgpu', runtimeUrl, { arithmetic })).backend as WebgpuBackend
  const since = performance.now()
  await backend.testSelf()
  console.info(`self-test, ${arithmetic}: ${(performance.now() - since).toFixed(0)} ms`)
  expect(backend.arithmetic).toBe(arithmetic)
  expect(backend.faults).toEqual([])

  // A runtime whose products are off: fast arithmetic is given up, and where exact is wrong as well nothing is left.
  const read = backend.read.bind(backend)
  const spy = vi.spyOn(backend, 'read')
  if (arithmetic === 'fast') {
    spy
      .mockImplementationOnce(read)
      .mockImplementationOnce(async (tensor) => (await read(tensor)).map((value) => 1.2 * value))
    await backend.testSelf()
    expect(backend.arithmetic).toBe('exact')
    expect(backend.faults).toEqual(['products of 8 bits'])
  }
  spy.mockImplementation(async (tensor) => (await read(tensor)).map((value) => value + 0.01))
  await expect(backend.testSelf()).rejects.toThrow(/wrong numbers \(products\)/)
  const { device } = backend.gpu
  expect(await isGraphRight(device, backend, true)).toBe(true)
  // A driver that refuses one of the runtime's shaders.
  spy.mockRejectedValueOnce(new Error('refused'))
  expect(await isGraphRight(device, backend, true)).toBe(false)
  await backend.dispose()
})

test('where attention is wrong with halves alone, a device computes exactly', async () => {
  const runtimeUrl = new URL('/ort/', location.href).href
  const options = { arithmetic: 'fast' } as const
  const backend = (await createBackend('webgpu', runtimeUrl, options)).backend as WebgpuBackend
  for (const strategy of ATTENTION_STRATEGIES) backend.gpu.distrust(strategy, true)
  await backend.testSelf()
  expect([backend.arithmetic, backend.faults]).toEqual(['exact', ['all attention with halves']])
  await backend.dispose()
})

test('a trial gives the time of plans that compute the same, and none of one that does not', async () => {
  const shape = { headDim: 64, half: true }
  const trial = attentionTrial(target.gpu, 96)
  const [rows, tile] = attentionPlans(target.gpu.capabilities, shape, 96)
  expect(await trial(shape, rows, true)).toBeGreaterThan(0)
  expect(await trial(shape, tile, false)).toBeGreaterThan(0)
  // Weights that are a little off, though they still add up to 1.
  miscompile(ATTENTION_KERNELS.rows, (wgsl) =>
    wgsl.replace('p$r_$k = exp2(p$r_$k - max$r)', 'p$r_$k = exp2(0.98 * (p$r_$k - max$r))'),
  )
  expect(await trial(shape, rows, false)).toBeNull()
})
