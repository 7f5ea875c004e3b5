import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import { InlayError } from '@/base/errors'
import { detectFluxLayout, fluxDepths } from '@/families/flux/transformer'
import { fluxSource } from '@/weights/formats/fluxSource'
import { parseSafetensors } from '@/weights/formats/safetensors'

const golden = new URL('../../conformance/golden/', import.meta.url)
const read = (path: string) => parseSafetensors(new Uint8Array(readFileSync(new URL(path, golden))), path)

const diffusers = read('flux-dit/weights.safetensors')
const bfl = read('flux-dit-bfl/weights.safetensors')

describe('FLUX layouts', () => {
  it('are told apart, with their depths', () => {
    expect(detectFluxLayout(bfl).layout).toBe('bfl')
    expect(detectFluxLayout(diffusers).layout).toBe('diffusers')
    expect(fluxDepths(diffusers)).toEqual(fluxDepths(bfl))
  })

  it('give the same parameters under the same names', async () => {
    const [a, b] = [fluxSource(bfl), fluxSource(diffusers)]
    let linears = 0
    for (const [key, tensor] of bfl) {
      if (key.endsWith('.scale'))
        expect(await b.tensor(key, tensor.shape)).toEqual(await a.tensor(key, tensor.shape))
      if (!key.endsWith('.weight')) continue
      const name = key.slice(0, -'.weight'.length)
      const [rows, cols] = tensor.shape
      expect(await b.linear(name, rows, cols)).toEqual(await a.linear(name, rows, cols))
      linears++
    }
    expect(linears).toBeGreaterThan(30)
  })

  it('name what is missing or of another shape', async () => {
    const source = fluxSource(diffusers)
    const problem = async (work: () => unknown) => {
      try {
        await work()
        return null
      } catch (error) {
        return error instanceof InlayError ? error.problem : null
      }
    }
    expect((await problem(() => source.linear('img_in', 64, 999)))?.detail).toContain(
      'expected [64, 999], found [64, 16]',
    )
    expect((await problem(() => source.linear('double_blocks.9.img_mlp.0', 1, 1)))?.message).toContain(
      'double_blocks.9',
    )
    expect((await problem(() => fluxSource(new Map())))?.code).toBe('bad-weights')
  })
})
