import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import { InlayError } from '@/base/errors'
import { detectFluxLayout, fluxDepths, fluxTensorsIn } from '@/families/flux/transformer'
import { canonicalTensors } from '@/weights/formats/canonical'
import { fluxSource } from '@/weights/formats/fluxSource'
import { parseSafetensors } from '@/weights/formats/safetensors'

const golden = new URL('../../conformance/golden/', import.meta.url)
const read = (path: string) => parseSafetensors(new Uint8Array(readFileSync(new URL(path, golden))), path)

const diffusers = read('flux-dit/weights.safetensors')
const bfl = await canonicalTensors(fluxSource(diffusers), fluxTensorsIn(diffusers))
/** Of the authors' own file with the same numbers, which is not kept: the first 16 digits of each tensor's SHA-256. */
const hashes = JSON.parse(
  readFileSync(new URL('flux-dit-bfl/weights.sha256.json', golden), 'utf8'),
) as Record<string, string>

describe('FLUX layouts', () => {
  it('are told apart, with their depths', () => {
    expect(detectFluxLayout(bfl).layout).toBe('bfl')
    expect(detectFluxLayout(diffusers).layout).toBe('diffusers')
    expect(fluxDepths(diffusers)).toEqual(fluxDepths(bfl))
  })

  it('give the same numbers under the same names', () => {
    const found = [...bfl].map(([name, { bytes }]) => [
      name,
      createHash('sha256').update(bytes).digest('hex').slice(0, 16),
    ])
    expect(Object.fromEntries(found)).toEqual(hashes)
  })

  it('are read as stored where they are the authors’', async () => {
    const [stored, converted] = [fluxSource(bfl), fluxSource(diffusers)]
    for (const [name, { shape }] of bfl) {
      const [a, b] = [await stored.tensor(name, shape), await converted.tensor(name, shape)]
      expect(a.length > 0 && a.every((value, i) => value === b[i]), name).toBe(true)
    }
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
