import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBackend } from '@/backend/create'
import { RESPONSE_CASES, type ResponseCase } from '@/backend/kernels/responseMap/cases'
import { prepareResponse, type ResponseErrors } from '@/backend/kernels/responseMap/compare'
import { responseMapCpu } from '@/backend/kernels/responseMap/cpu'
import type { ResponseMapArgs } from '@/backend/kernels/responseMap/types'
import { planResponse, responseMapWebgpu } from '@/backend/kernels/responseMap/webgpu'
import { fullCase } from '@/backend/kernels/sharedAttention/cases'
import type { Tensor } from '@/backend/tensor'
import type { Backend } from '@/backend/types'
import { WebgpuBackend } from '@/backend/webgpu/backend'
import { InlayError } from '@/base/errors'

const TOLERANCE = 1e-5
/** With `large scores` the exponents themselves reach 100, and with them the rounding of f32. */
const toleranceOf = (item: ResponseCase): number => ((item.scale ?? 0) > 1 ? 1e-4 : TOLERANCE)

describe.each(['cpu', 'webgpu'] as const)('response maps on %s', (name) => {
  let backend: Backend
  beforeAll(async () => {
    ;({ backend } = await createBackend(name, new URL('/ort/', location.href).href))
  })
  afterAll(() => backend.dispose())

  /** Runs a case; the way it runs may be told. */
  async function errorsOf(
    item: ResponseCase,
    run = (args: ResponseMapArgs): Promise<void> => backend.responseMap(args),
    seed = 1,
  ): Promise<ResponseErrors> {
    const tensors: Tensor[] = []
    const { args, errors } = prepareResponse(item, seed, (values, dims, label) => {
      const tensor = backend.upload(values, dims, label)
      tensors.push(tensor)
      return tensor
    })
    try {
      await run(args)
      return errors(await backend.read(args.out))
    } finally {
      backend.free(...tensors)
    }
  }

  test.each(RESPONSE_CASES.map((item) => [item.name, item] as const))('%s', async (_, item) => {
    const error = await errorsOf(item)
    expect(error.map).toBeLessThanOrEqual(toleranceOf(item))
    expect(error.sum).toBeLessThanOrEqual(toleranceOf(item))
  })

  test.each(RESPONSE_CASES.filter(({ heads }) => heads > 1).map((item) => [item.name, item] as const))(
    'as cut for small runs or a real GPU: %s',
    async (_, item) => {
      const error = await errorsOf(item, (args) => {
        if (!(backend instanceof WebgpuBackend)) return responseMapCpu(backend, args, 5e4)
        responseMapWebgpu(backend.gpu, args, planResponse(args.headDim, args.heads, false))
        return Promise.resolve()
      })
      expect(Math.max(error.map, error.sum)).toBeLessThanOrEqual(toleranceOf(item))
    },
  )

  /** Any ranges over two sources; one head dim, since every one compiles a kernel. */
  const anyRange = fc
    .tuple(fc.constantFrom(0, 1), fc.nat(20), fc.nat(20))
    .map(([source, a, b]) => ({ source, start: Math.min(a, b), length: Math.abs(a - b) }))
  const anyCase: fc.Arbitrary<ResponseCase> = fc
    .record({
      batch: fc.integer({ min: 1, max: 3 }),
      heads: fc.integer({ min: 1, max: 4 }),
      queryTokens: fc.integer({ min: 1, max: 50 }),
      mask: fc.constantFrom(undefined, 'random' as const, 'hidden' as const),
      groups: fc.array(fc.array(anyRange, { maxLength: 3 }), { minLength: 1, maxLength: 9 }),
    })
    .map(({ queryTokens, ...rest }) => ({
      ...fullCase('any', { heads: 1, headDim: 16, queries: queryTokens, keys: 20 }),
      ...rest,
      sources: [{ tokens: 20 }, { tokens: 20 }],
      queries: [
        {
          start: 0,
          length: queryTokens,
          outStart: 0,
          keys: [0, 1].map((source) => ({ source, start: 0, length: 20 })),
          lse: true,
        },
      ],
    }))

  test('equal the definition', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, fc.integer({ min: 1, max: 1e6 }), async (item, seed) => {
        // A key in many ranges counts each time: sums of the same size as the ranges.
        return (await errorsOf(item, undefined, seed)).map <= 3 * TOLERANCE
      }),
      { numRuns: 20, seed: 3 },
    )
  })

  const small: ResponseCase = {
    ...fullCase('', { heads: 1, headDim: 4, queries: 2, keys: 2 }),
    groups: 'whole',
  }
  test.each([
    ['heads above 128', { ...small, headDim: 132 }, {}, 'unsupported'],
    [
      'odd heads in half precision',
      { ...small, headDim: 5, sources: [{ tokens: 2, half: true }] },
      {},
      'unsupported',
    ],
    ['keys outside their source', small, { groups: [[{ source: 0, start: 1, length: 2 }]] }, 'internal'],
    ['a source that is not there', small, { groups: [[{ source: 1, start: 0, length: 1 }]] }, 'internal'],
    ['a fraction of a key', small, { groups: [[{ source: 0, start: 0.5, length: 1 }]] }, 'internal'],
    ['an output for other groups', small, { groups: [] }, 'internal'],
    ['another batch', small, { batch: 2 }, 'internal'],
  ] as const)('refuse %s', async (_, item, part, code) => {
    const error = await errorsOf(item, (args) =>
      Promise.resolve().then(() => backend.responseMap({ ...args, ...part })),
    ).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(InlayError)
    expect((error as InlayError).problem.code).toBe(code)
  })
})
