import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import { InlayError } from '@/base/errors'
import { detectFluxLayout, fluxDepths, fluxSource } from '@/weights/fluxLayout'
import { parsePeft, withLora } from '@/weights/lora'
import { parseSafetensors, toFloat32 } from '@/weights/safetensors'
import { mergeLora } from '@/weights/source'

const golden = new URL('../conformance/golden/', import.meta.url)
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
      'transformer_blocks.9',
    )
    expect((await problem(() => fluxSource(new Map())))?.code).toBe('bad-weights')
  })
})

describe('LoRA', () => {
  const adapter = parsePeft(read('dreamfuse-dit/adapter_model.safetensors'), 4)
  const source = fluxSource(read('dreamfuse-dit/weights.safetensors'))

  it('travels with its tags', () => {
    expect(adapter.extra.get('image_tag_embeddings.weight')?.shape).toEqual([3, 64])
  })

  it('adds q, k and v to their own rows of a fused linear, weights negative too', async () => {
    const name = 'single_blocks.1.linear1'
    const linear = await source.linear(name, 7 * 64, 64)
    const both = withLora(name, linear, [
      { adapter, weight: 1 },
      { adapter, weight: -0.25 },
    ])
    expect(both.lora?.rank).toBe(2 * 3 * 4)
    const merged = mergeLora(both).chunks[0].weight
    const plain = linear.chunks[0].weight
    const k = adapter.modules.get('single_transformer_blocks.1.attn.to_k')!
    const [row, col] = [5, 7]
    let delta = 0
    for (let r = 0; r < k.rank; r++) delta += 0.75 * k.b[row * k.rank + r] * k.a[r * 64 + col]
    expect(merged[(64 + row) * 64 + col] - plain[(64 + row) * 64 + col]).toBeCloseTo(delta, 6)
    // The MLP's rows are not adapted.
    expect(merged.slice(3 * 64 * 64)).toEqual(plain.slice(3 * 64 * 64))
  })

  it('refuses an adapter whose halves disagree', () => {
    const [key, tensor] = [...read('dreamfuse-dit/adapter_model.safetensors')].find(([name]) =>
      name.includes('lora_A'),
    )!
    expect(() => parsePeft(new Map([[key, tensor]]), 4)).toThrow(/incomplete/)
    expect(toFloat32(tensor).length).toBeGreaterThan(0)
  })
})
