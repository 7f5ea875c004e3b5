import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { CpuBackend } from '@/backend/cpu/backend'
import { ATTENTION_CASES } from '@/backend/kernels/sharedAttention/cases'
import { prepareAttention } from '@/backend/kernels/sharedAttention/compare'
import { sharedAttentionCpu } from '@/backend/kernels/sharedAttention/cpu'

const TOLERANCE = 2e-5
let backend: CpuBackend

beforeAll(async () => {
  backend = await CpuBackend.create(new URL('/ort/', location.href).href)
})
afterAll(() => backend.dispose())

describe('attention on the cpu backend against f64', () => {
  test.each(ATTENTION_CASES.map((item) => [item.name, item] as const))('%s', async (_, item) => {
    const { args, out, lse, errors } = prepareAttention(item, 1, (values, dims, label) =>
      backend.upload(values, dims, label),
    )
    // A small budget cuts the queries into several runs.
    await sharedAttentionCpu(backend, args, 2e5)
    const error = errors(await backend.read(out), await backend.read(lse))
    expect(error.out).toBeLessThanOrEqual(TOLERANCE)
    expect(error.lse).toBeLessThanOrEqual(TOLERANCE)
  })
})
