import { describe, expect, it, vi } from 'vitest'

import { attentionPlans, classOf, planName } from '@/backend/kernels/sharedAttention/strategies'
import { tuneAttention, type TuneMemory } from '@/backend/webgpu/autotune'
import type { Capabilities } from '@/backend/webgpu/capabilities'
import type { Gpu } from '@/backend/webgpu/gpu'

/** A GPU that is only asked what it can and told what to prefer. */
function fake(): Gpu {
  let capabilities: Capabilities = {
    adapter: 'a GPU',
    software: false,
    workgroupBytes: 32768,
    invocations: 256,
    storageBuffers: 10,
    shaderF16: true,
    smallestSubgroup: 32,
    subgroupMatrix: null,
    faulty: [],
    preferred: {},
  }
  return {
    get capabilities() {
      return capabilities
    },
    prefer(shapes: string, plan: string) {
      capabilities = { ...capabilities, preferred: { ...capabilities.preferred, [shapes]: plan } }
    },
  } as unknown as Gpu
}

const memoryOf = (kept: Record<string, unknown>): TuneMemory => ({
  read: (key) => Promise.resolve(kept[key]),
  write: (key, choices) => {
    kept[key] = choices
    return Promise.resolve()
  },
})

const FLUX = { headDim: 128, half: false }
const firstOf = (gpu: Gpu, shape = FLUX) => planName(attentionPlans(gpu.capabilities, shape, 4096)[0])

describe('attention that is tuned', () => {
  it('takes the fastest plan of each class, and asks the memory the next time', async () => {
    const gpu = fake()
    const wanted = planName(attentionPlans(gpu.capabilities, FLUX, 1024)[3])
    const trial = vi.fn((shape: typeof FLUX, plan: Parameters<typeof planName>[0]) =>
      Promise.resolve(classOf(shape) === '128' && planName(plan) === wanted ? 1 : 5),
    )
    const kept = {}
    const before = firstOf(gpu, { headDim: 64, half: true })
    await tuneAttention(gpu, memoryOf(kept), trial, { half: true, clock: () => 0 })
    expect(firstOf(gpu)).toBe(wanted)
    expect(firstOf(gpu, { headDim: 100, half: false })).toBe(wanted)
    expect(firstOf(gpu, { headDim: 64, half: true })).toBe(before)

    const again = fake()
    trial.mockClear()
    await tuneAttention(again, memoryOf(kept), trial, { half: true, clock: () => 0 })
    expect(trial).not.toHaveBeenCalled()
    expect(firstOf(again)).toBe(wanted)
  })

  it('never takes a plan that computes something else', async () => {
    const gpu = fake()
    const all = attentionPlans(gpu.capabilities, FLUX, 1024)
    await tuneAttention(gpu, null, (_, plan) => Promise.resolve(plan.strategy === 'rows' ? 9 : null), {
      clock: () => 0,
    })
    expect(firstOf(gpu)).toBe('rows')
    expect(attentionPlans(gpu.capabilities, FLUX, 1024)).toHaveLength(all.length)
  })

  it('ends after two seconds with what it knows', async () => {
    const gpu = fake()
    let now = 0
    const trial = vi.fn(() => {
      now += 900
      return Promise.resolve(now)
    })
    await tuneAttention(gpu, null, trial, { clock: () => now })
    expect(trial).toHaveBeenCalledTimes(3)
    expect(Object.keys(gpu.capabilities.preferred)).toEqual(['128'])
  })

  it.each([['no table'], [{ 128: 3 }], [null], [[]]])('tries where the memory holds %j', async (kept) => {
    const trial = vi.fn(() => Promise.resolve(1))
    const memory = { read: () => Promise.resolve(kept), write: () => Promise.resolve() }
    await tuneAttention(fake(), memory, trial, { half: true, clock: () => 0 })
    expect(trial).toHaveBeenCalled()
  })

  it('tries again where there are other plans to choose from, and halves only where they are used', async () => {
    const kept = {}
    const trial = vi.fn((_: typeof FLUX) => Promise.resolve(1))
    const clock = () => 0
    await tuneAttention(fake(), memoryOf(kept), trial, { clock })
    expect(trial.mock.calls.some(([shape]) => shape.half)).toBe(false)
    await tuneAttention(fake(), memoryOf(kept), trial, { half: true, clock })
    expect(trial.mock.calls.some(([shape]) => shape.half)).toBe(true)
    trial.mockClear()
    const other = fake()
    const { capabilities } = other
    Object.defineProperty(other, 'capabilities', { value: { ...capabilities, faulty: ['tile'] } })
    await tuneAttention(other, memoryOf(kept), trial, { half: true, clock })
    expect(trial).toHaveBeenCalled()
  })

  it('passes over names of plans that there are no more', async () => {
    const gpu = fake()
    const before = firstOf(gpu)
    await tuneAttention(gpu, { read: () => Promise.resolve({ 128: 'gone' }), write: vi.fn() }, vi.fn())
    expect(firstOf(gpu)).toBe(before)
  })
})
