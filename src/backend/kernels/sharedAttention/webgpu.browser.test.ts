import * as fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ATTENTION_CASES, fullCase, type AttentionCase } from '@/backend/kernels/sharedAttention/cases'
import { prepareAttention, type AttentionErrors } from '@/backend/kernels/sharedAttention/compare'
import type { KeyRange } from '@/backend/kernels/sharedAttention/types'
import {
  planAttention,
  sharedAttentionWebgpu,
  type AttentionPlan,
} from '@/backend/kernels/sharedAttention/webgpu'
import { TestDevice } from '@/backend/kernels/testDevice'
import { InlayError } from '@/base/errors'

const TOLERANCE = 2e-5

let target: TestDevice
/** Over all cases. */
const worst = { out: 0, lse: 0 }

beforeAll(async () => {
  target = await TestDevice.create()
})
afterEach(() => target.clear())
afterAll(() => {
  console.info(`largest error of output ${worst.out.toExponential(2)}, of LSE ${worst.lse.toExponential(2)}`)
  target.dispose()
})

/** Runs a case and returns the largest errors of output and LSE, untouched rows included. */
async function errorsOf(test: AttentionCase, seed = 1, plan?: AttentionPlan): Promise<AttentionErrors> {
  const prepared = prepareAttention(test, seed, (values, dims, label) => target.tensor(values, dims, label))
  sharedAttentionWebgpu(target.gpu, prepared.args, plan)
  const error = prepared.errors(await target.read(prepared.out), await target.read(prepared.lse))
  worst.out = Math.max(worst.out, error.out)
  worst.lse = Math.max(worst.lse, error.lse)
  return error
}

describe('shared_attention against f64', () => {
  test.each(ATTENTION_CASES.map((item) => [item.name, item] as const))('%s', async (_, item) => {
    const error = await errorsOf(item)
    expect(error.out).toBeLessThanOrEqual(TOLERANCE)
    expect(error.lse).toBeLessThanOrEqual(TOLERANCE)
  })

  test.each([16, 32, 128])('as cut for a real GPU, head dim %i', async (headDim) => {
    const item = fullCase('', { batch: 2, heads: 2, headDim, queries: 70, keys: 45 })
    const error = await errorsOf(item, 1, planAttention(headDim, 70, false))
    expect(Math.max(error.out, error.lse)).toBeLessThanOrEqual(TOLERANCE)
  })

  test('two sources with masks and LSE in one dispatch where the limits allow', async () => {
    const narrow = target
    target = await TestDevice.create({ maxStorageBuffersPerShaderStage: 9 })
    try {
      const error = await errorsOf(ATTENTION_CASES.find((item) => item.sources.length === 2)!)
      expect(Math.max(error.out, error.lse)).toBeLessThanOrEqual(TOLERANCE)
    } finally {
      target.dispose()
      target = narrow
    }
  })
})

describe('shared_attention, any sizes', () => {
  const range = (source: number, tokens: number): fc.Arbitrary<KeyRange> =>
    fc
      .tuple(fc.nat(tokens), fc.nat(tokens))
      .map(([a, b]) => ({ source, start: Math.min(a, b), length: Math.abs(a - b) }))

  /** Few head dims, since every one compiles a kernel; all else is free. */
  const anyCase: fc.Arbitrary<AttentionCase> = fc
    .record({
      batch: fc.integer({ min: 1, max: 3 }),
      heads: fc.integer({ min: 1, max: 4 }),
      headDim: fc.constantFrom(6, 16),
      tokens: fc.tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 40 })),
      queryTokens: fc.integer({ min: 1, max: 50 }),
      mask: fc.constantFrom('random' as const, 'hidden' as const),
    })
    .chain(({ tokens, queryTokens, ...rest }) =>
      fc
        .record({
          ranges: fc.array(fc.oneof(range(0, tokens[0]), range(1, tokens[1])), {
            minLength: 1,
            maxLength: 4,
          }),
          start: fc.nat(queryTokens - 1),
          outStart: fc.nat(5),
        })
        .map(({ ranges, start, outStart }) => ({
          ...rest,
          name: 'any',
          queryTokens,
          outTokens: queryTokens + 5,
          sources: tokens.map((count) => ({ tokens: count })),
          queries: [{ start, length: queryTokens - start, outStart, keys: ranges, lse: true }],
        })),
    )

  test('equals the definition', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, fc.integer({ min: 1, max: 1e6 }), async (item, seed) => {
        const error = await errorsOf(item, seed)
        target.clear()
        return error.out <= TOLERANCE && error.lse <= TOLERANCE
      }),
      { numRuns: 25, seed: 20 },
    )
  })
})

describe('shared_attention refuses', () => {
  const shape = { heads: 1, queries: 2, keys: 2 }
  test.each([
    ['odd head dims in half precision', fullCase('odd', { ...shape, headDim: 5, half: true }), 'unsupported'],
    ['heads above 128', fullCase('wide', { ...shape, headDim: 132 }), 'unsupported'],
    [
      'keys outside their source',
      { ...fullCase('outside', { ...shape, headDim: 4 }), sources: [{ tokens: 1 }] },
      'internal',
    ],
  ])('%s', async (_, item, code) => {
    const error = await errorsOf(item).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(InlayError)
    expect((error as InlayError).problem.code).toBe(code)
  })
})
