import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBackend } from '@/backend/create'
import { buildFusion, FUSION_CASES, type FusionCase } from '@/backend/kernels/kvFusion/cases'
import { kvFusionReference } from '@/backend/kernels/kvFusion/reference'
import type { KvFusionArgs } from '@/backend/kernels/kvFusion/types'
import type { Backend } from '@/backend/types'
import type { InlayError } from '@/base/errors'

const [SMALL] = FUSION_CASES

describe.each(['cpu', 'webgpu'] as const)('K/V fusion on %s', (name) => {
  let backend: Backend
  beforeAll(async () => {
    ;({ backend } = await createBackend(name, new URL('/ort/', location.href).href))
  })
  afterAll(() => backend.dispose())

  function upload(item: FusionCase, data = buildFusion(item)): KvFusionArgs {
    const { batch, width, grid } = item
    const dims = [batch, grid.rows * grid.columns, 1, width]
    const reference = data.half ?? data.reference
    return {
      batch,
      width,
      grid,
      target: { k: backend.upload(data.target.k, dims, 'k'), v: backend.upload(data.target.v, dims, 'v') },
      reference: { k: backend.upload(reference.k, dims, 'k'), v: backend.upload(reference.v, dims, 'v') },
      mask: backend.upload(data.mask, item.maskDims, 'mask'),
    }
  }
  const release = ({ target, reference, mask }: KvFusionArgs): void =>
    backend.free(target.k, target.v, reference.k, reference.v, mask)

  test.each(FUSION_CASES.map((item) => [item.name, item] as const))('%s', async (_, item) => {
    const data = buildFusion(item)
    const args = upload(item, data)
    backend.kvFusion(args)
    for (const part of ['k', 'v'] as const) {
      const values = await backend.read(args.target[part])
      const expected = kvFusionReference(
        { ...item, mask: data.mask },
        data.target[part],
        data.reference[part],
      )
      expect(values.length).toBe(expected.length)
      expected.forEach((value, at) => {
        // A hard mask moves bits and computes nothing.
        if (item.soft) expect(Math.abs(values[at] - value)).toBeLessThan(1e-6)
        else expect(values[at]).toBe(value)
      })
    }
    release(args)
  })

  test('a mask of zeros keeps the target even where the reference is no number, and ones the reverse', async () => {
    for (const m of [0, 1]) {
      const data = buildFusion(SMALL)
      data.mask.fill(m)
      const [kept, dropped] = m === 0 ? [data.target, data.reference] : [data.reference, data.target]
      dropped.k.fill(NaN)
      dropped.v.fill(Infinity)
      const args = upload(SMALL, data)
      backend.kvFusion(args)
      expect(await backend.read(args.target.k)).toEqual(kept.k)
      expect(await backend.read(args.target.v)).toEqual(kept.v)
      release(args)
    }
  })

  test.each<[string, Partial<FusionCase>, Partial<KvFusionArgs>, string]>([
    ['a grid that does not hold the tokens', {}, { grid: { rows: 4, columns: 5 } }, 'internal'],
    ['three masks for two items', { maskDims: [3, 8, 8] }, {}, 'internal'],
    ['no mask', { maskDims: [1, 0, 8] }, {}, 'internal'],
  ])('refuses %s', (_, change, part, code) => {
    const args = upload({ ...SMALL, ...change })
    try {
      backend.kvFusion({ ...args, ...part })
      expect.unreachable()
    } catch (error) {
      expect((error as InlayError).problem?.code).toBe(code)
    }
    release(args)
  })
})
