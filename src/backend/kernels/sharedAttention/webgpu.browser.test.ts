import * as fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ATTENTION_CASES, fullCase, type AttentionCase } from '@/backend/kernels/sharedAttention/cases'
import { prepareAttention, type AttentionErrors } from '@/backend/kernels/sharedAttention/compare'
import {
  attentionPlans,
  type AttentionPlan,
  type AttentionShape,
  type AttentionStrategy,
} from '@/backend/kernels/sharedAttention/strategies'
import type { KeyRange } from '@/backend/kernels/sharedAttention/types'
import { sharedAttentionWebgpu } from '@/backend/kernels/sharedAttention/webgpu'
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

/** What the device can run, whatever it would choose; `software` as if it were a GPU or not. */
const plansOf = (shape: AttentionShape, software: boolean): AttentionPlan[] =>
  attentionPlans({ ...target.gpu.capabilities, software }, shape, 70)

const shapeOf = ({ headDim, sources }: AttentionCase): AttentionShape => ({
  headDim,
  half: sources.every(({ half }) => half === true),
})

describe.each(['rows', 'tile', 'tile-subgroup'] satisfies AttentionStrategy[])(
  'attention by %s',
  (strategy) => {
    const usual = { device: null as TestDevice | null }
    beforeAll(async () => {
      // ORT miscomputes on an emulated adapter with subgroups, and the studio asks for none there; kernels may have them.
      usual.device = target
      if (strategy === 'tile-subgroup') target = await TestDevice.create({}, ['subgroups'])
    })
    afterAll(() => {
      if (target !== usual.device) target.dispose()
      target = usual.device!
    })

    test.each(ATTENTION_CASES.map((item) => [item.name, item] as const))('%s', async (_, item) => {
      const plan = plansOf(shapeOf(item), true).find((one) => one.strategy === strategy)
      expect(plan).toBeDefined()
      const error = await errorsOf(item, 1, plan)
      expect(error.out).toBeLessThanOrEqual(TOLERANCE)
      expect(error.lse).toBeLessThanOrEqual(TOLERANCE)
    })

    test('several tiles of queries and keys, half of the keys hidden', async () => {
      const item: AttentionCase = {
        ...fullCase('', { batch: 2, heads: 2, headDim: 64, queries: 150, keys: 300 }),
        mask: 'hidden',
      }
      const plan = plansOf(shapeOf(item), true).find((one) => one.strategy === strategy)
      const error = await errorsOf(item, 1, plan)
      expect(Math.max(error.out, error.lse)).toBeLessThanOrEqual(TOLERANCE)
    })
  },
)

describe('attention, cut otherwise', () => {
  let roomy: TestDevice
  beforeAll(async () => {
    roomy = await TestDevice.create({ maxComputeWorkgroupStorageSize: 32768 }, ['subgroups'])
  })
  afterAll(() => roomy.dispose())

  test('in every way that fits', async () => {
    const narrow = target
    target = roomy
    try {
      const item = fullCase('', { heads: 2, headDim: 128, queries: 70, keys: 45 })
      const plans = plansOf(shapeOf(item), false)
      expect(new Set(plans.map((plan) => plan.strategy)).size).toBe(3)
      for (const plan of plans) {
        const error = await errorsOf(item, 1, plan)
        expect(Math.max(error.out, error.lse), JSON.stringify(plan)).toBeLessThanOrEqual(TOLERANCE)
      }
    } finally {
      target = narrow
    }
  })

  test('no plan exceeds what a device promises', () => {
    const least = {
      ...target.gpu.capabilities,
      workgroupBytes: 16384,
      invocations: 128,
      smallestSubgroup: null,
    }
    for (const headDim of [4, 64, 72, 128])
      for (const plan of attentionPlans({ ...least, software: false }, { headDim, half: false }, 4096)) {
        if (plan.strategy === 'subgroup-matrix') throw new Error('for halves alone')
        expect(plan.workgroup).toBeLessThanOrEqual(128)
        expect(plan.strategy).not.toBe('tile-subgroup')
      }
    const [first] = attentionPlans({ ...least, software: false }, { headDim: 128, half: false }, 4096)
    expect(first.strategy).toBe('tile')
    expect(
      attentionPlans({ ...least, software: true }, { headDim: 128, half: false }, 4096)[0].strategy,
    ).toBe('rows')
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
