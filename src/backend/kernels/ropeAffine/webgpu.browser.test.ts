import * as fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import fixedTrig from '@shaders/fixed_trig.wgsl?raw'
import { ROPE_CASES, type RopeCase } from '@/backend/kernels/ropeAffine/cases'
import { ropeError, UNTOUCHED } from '@/backend/kernels/ropeAffine/compare'
import { fixedWords } from '@/backend/kernels/ropeAffine/webgpu'
import { seededUniform } from '@/backend/kernels/seeded'
import { TestDevice } from '@/backend/kernels/testDevice'

const TOLERANCE = 2e-6
/** Of the nearest half, 2^-11, and what the kernel itself errs by. */
const HALF_TOLERANCE = 2 ** -11 + TOLERANCE

let target: TestDevice
/** Over all cases. */
let worst = 0

beforeAll(async () => {
  target = await TestDevice.create()
})
afterEach(() => target.clear())
afterAll(() => {
  console.info(`largest relative error of q, k, v: ${worst.toExponential(2)}`)
  target.dispose()
})

/** Noted over all cases. */
async function errorOf(item: RopeCase, table = false, seed = 1): Promise<number> {
  const error = await ropeError(target, item, { table, seed })
  worst = Math.max(worst, error)
  return error
}

describe('rope_affine against f64', () => {
  test.each(ROPE_CASES.map((item) => [item.name, item] as const))('%s', async (_, item) => {
    expect(await errorOf(item)).toBeLessThanOrEqual(TOLERANCE)
  })

  test.each(
    ROPE_CASES.filter(({ batch, ids }) => batch > 1 || ids === 'far').map(
      (item) => [item.name, item] as const,
    ),
  )('with tables: %s', async (_, item) => {
    expect(await errorOf(item, true)).toBeLessThanOrEqual(TOLERANCE)
  })

  test.each(ROPE_CASES.map((item) => [item.name, item] as const))(
    'keys and values as halves: %s',
    async (_, item) => {
      const error = await ropeError(target, item, { half: true })
      expect(error).toBeLessThanOrEqual(HALF_TOLERANCE)
      expect(error).toBeGreaterThan(TOLERANCE)
    },
  )

  test('any size and affine', async () => {
    const number = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true })
    const affine = fc.record({
      a: number(4),
      b: number(4),
      c: number(4),
      d: number(4),
      tx: number(99),
      ty: number(99),
    })
    const anyCase = fc
      .record({
        batch: fc.integer({ min: 1, max: 3 }),
        tokens: fc.integer({ min: 1, max: 40 }),
        columns: fc.integer({ min: 1, max: 9 }),
        map: affine,
        sizes: fc.constantFrom(
          { axesDim: [4, 6, 6], theta: 10000, rowAxis: 1, columnAxis: 2 },
          { axesDim: [2, 4, 2, 6], theta: 2000, rowAxis: 3, columnAxis: 1 },
        ),
        fading: fc.boolean(),
        ids: fc.constantFrom('grid' as const, 'centres' as const),
      })
      .map(({ map, sizes, fading, ...rest }): RopeCase => {
        const { rowAxis, columnAxis } = sizes
        const grid = { rowAxis, columnAxis, rows: 7, columns: rest.columns }
        const changed = fading
          ? { ...map, ...grid, b: 0, c: 0, mode: 'dreamfuse' as const }
          : { ...map, ...grid, mode: 'exact' as const }
        const segments = [{ start: 0, length: rest.tokens, arenaStart: 2, affine: changed }]
        return { ...rest, ...sizes, name: 'any', heads: 2, arenaTokens: rest.tokens + 3, segments }
      })
    await fc.assert(
      fc.asyncProperty(anyCase, fc.integer({ min: 1, max: 1e6 }), async (item, seed) => {
        const error = await errorOf(item, false, seed)
        target.clear()
        return error <= TOLERANCE
      }),
      { numRuns: 25, seed: 20 },
    )
  })
})

describe('fixed-point trigonometry', () => {
  /** Cosine and sine of p * frequency for the kernel's own types of number. */
  const wgsl = `${fixedTrig}
@group(0) @binding(0) var<storage, read> positions: array<f32>;
@group(0) @binding(1) var<storage, read> frequencies: array<vec2u>;
@group(0) @binding(2) var<storage, read_write> out: array<vec2f>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < arrayLength(&positions)) {
    out[id.x] = cos_sin(phase_of(fixed_of(positions[id.x]), frequencies[id.x]));
  }
}`

  test.each([10000, 2000])('is within 1e-6 of f64 over ±2048, theta %d', async (theta) => {
    const count = 1 << 17
    const uniform = seededUniform(7)
    const positions = Float32Array.from({ length: count }, (_, i) => {
      const p = (uniform() * 2 - 1) * 2048
      return i % 4 === 0 ? Math.round(p) : i % 4 === 1 ? Math.round(p * 2) / 2 : i % 64 === 2 ? p * 1e-9 : p
    })
    const exact = Array.from({ length: count }, (_, i) => theta ** -((i % 97) / 97))
    const words = new Int32Array(count * 2)
    exact.forEach((frequency, i) => {
      const turns = (frequency / (2 * Math.PI)) * 2 ** 32
      words[2 * i] = Math.floor(turns)
      words[2 * i + 1] = fixedWords(turns)[1]
    })
    const out = target.filled(UNTOUCHED, [count, 2])
    target.gpu.dispatch(
      target.gpu.pipeline({ name: 'trig', wgsl }, {}),
      [target.tensor(positions, [count]).buffer, target.tensor(words, [count, 2]).buffer, out.buffer],
      [count / 64, 1, 1],
    )
    const actual = await target.read(out)
    let worst = 0
    for (let i = 0; i < count; i++) {
      const angle = positions[i] * exact[i]
      const error = Math.max(
        Math.abs(actual[2 * i] - Math.cos(angle)),
        Math.abs(actual[2 * i + 1] - Math.sin(angle)),
      )
      worst = error <= worst ? worst : error
    }
    console.info(`largest error of cosine and sine, theta ${theta}: ${worst.toExponential(2)}`)
    expect(worst).toBeLessThanOrEqual(1e-6)
  })
})
