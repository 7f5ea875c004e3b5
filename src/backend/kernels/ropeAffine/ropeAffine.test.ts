import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  buildRope,
  DREAMFUSE_VECTORS,
  dreamfuseAffine,
  ROPE_CASES,
  type RopeCase,
} from '@/backend/kernels/ropeAffine/cases'
import { arenaError, expectedArena, tablesOf, UNTOUCHED } from '@/backend/kernels/ropeAffine/compare'
import { ropeAffineCpu } from '@/backend/kernels/ropeAffine/cpu'
import { mapIdReference } from '@/backend/kernels/ropeAffine/reference'
import { fixedWords } from '@/backend/kernels/ropeAffine/webgpu'
import type { HostArray, Tensor } from '@/backend/tensor'

const tensor = (data: HostArray, dims: readonly number[]): Tensor => ({
  dtype: 'float32',
  dims,
  label: 'test',
  data,
})

/** Largest relative error of the cpu kernel. */
function errorOf(item: RopeCase, withTable = false, seed = 1): number {
  const { batch, tokens, heads, axesDim, arenaTokens, segments } = item
  const data = buildRope(item, seed)
  const { headDim, theta } = data
  const blank = (): Tensor =>
    tensor(new Float32Array(batch * arenaTokens * heads * headDim).fill(UNTOUCHED), [
      batch,
      arenaTokens,
      heads,
      headDim,
    ])
  const arena = { q: blank(), k: blank(), v: blank() }
  const tables = tablesOf(item, data)
  const dims = [tokens, headDim / 2]
  ropeAffineCpu({
    heads,
    headDim,
    axesDim,
    theta,
    qkv: tensor(data.qkv, [batch, tokens, 3 * heads * headDim]),
    queryScale: tensor(data.queryScale, [headDim]),
    keyScale: tensor(data.keyScale, [headDim]),
    ids: tensor(data.ids, [tokens, axesDim.length]),
    ...(withTable ? { table: { cos: tensor(tables.cos, dims), sin: tensor(tables.sin, dims) } } : {}),
    segments,
    arena,
  })
  const actual = { q: arena.q.data!, k: arena.k.data!, v: arena.v.data! }
  return arenaError(actual, expectedArena(item, data), headDim)
}

describe('positional affine', () => {
  test('equals the vectors of the DreamFuse specification', () => {
    for (const { rows, columns, coefficients, points } of DREAMFUSE_VECTORS)
      for (const { at, id } of points)
        mapIdReference([0, ...at], dreamfuseAffine(rows, columns, coefficients)).forEach((value, axis) =>
          expect(Math.abs(value - id[axis])).toBeLessThan(2e-6),
        )
  })
})

describe('rope_affine in TypeScript', () => {
  test.each(ROPE_CASES.map((item) => [item.name, item] as const))('%s', (_, item) => {
    expect(errorOf(item)).toBeLessThanOrEqual(5e-7)
    expect(errorOf(item, true)).toBeLessThanOrEqual(1e-6)
  })

  test('notices ids that were overwritten in place', () => {
    const item = ROPE_CASES[0]
    expect(errorOf(item, false, 1)).toBeLessThanOrEqual(5e-7)
    expect(errorOf({ ...item, ids: 'far' }, false, 1)).toBeLessThanOrEqual(5e-7)
    expect(errorOf(item, false, 2)).toBeLessThanOrEqual(5e-7)
  })

  test('affines that the kernel cannot do are refused', () => {
    const affine = { ...dreamfuseAffine(4, 4, [1, 1, 0, 0]), b: 0.5 }
    const item = { ...ROPE_CASES[1], segments: [{ start: 0, length: 4, arenaStart: 0, affine }] }
    expect(() => errorOf(item)).toThrow(/turn or shear/)
    const elsewhere = (axes: object) => ({
      ...item,
      segments: [{ start: 0, length: 4, arenaStart: 0, affine: { ...affine, b: 0, ...axes } }],
    })
    expect(() => errorOf(elsewhere({ columnAxis: 3 }))).toThrow(/row axis 1 and column axis 3 .* 3 axes/)
    expect(() => errorOf(elsewhere({ columnAxis: 1 }))).toThrow(/does not fit/)
  })
})

describe('fixed point', () => {
  test('words hold the value to half a unit of 2^-32', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
        const [whole, fraction] = fixedWords(value)
        return fraction < 2 ** 32 && Math.abs((whole | 0) + fraction / 2 ** 32 - value) <= 2 ** -33
      }),
    )
    expect(fixedWords(-1e-12)).toEqual([0, 0])
    expect(fixedWords(-0.25)).toEqual([2 ** 32 - 1, 3 * 2 ** 30])
    expect(() => fixedWords(NaN)).toThrow()
    expect(() => fixedWords(2 ** 31)).toThrow()
  })
})
