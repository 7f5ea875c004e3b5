import { describe, expect, it } from 'vitest'

import { InlayError } from '@/base/errors'
import { openAlignSet } from '@/pipelines/align/alignSet'
import { type PackProvider } from '@/pipelines/shared/modelSet'
import type { PackFamily } from '@/schema/pack'
import type { ModelPart } from '@/schema/modelRef'

const pack = (family: PackFamily, config: object): PackProvider =>
  ({ manifest: { family, name: family, config }, hash: family }) as unknown as PackProvider

const PACKS: PackProvider[] = [
  pack('unet', { contextDim: 1024, inChannels: 4 }),
  pack('vae', { latentChannels: 4 }),
  pack('clipText', { width: 1024 }),
  pack('tokenizer', { of: 'clip' }),
  pack('clip', {}),
  pack('lora', { base: 'sd2' }),
]

/** A recipe's parts for the packs, and a shelf to find them on. */
function shelf(packs: readonly PackProvider[], isThere: (part: ModelPart) => boolean = () => true) {
  const parts = packs.map(({ manifest }, i): ModelPart => {
    const family = manifest.family as ModelPart['family']
    return { family, name: family, hash: String(i), weight: family === 'lora' ? 0.5 : 1 }
  })
  const find = (part: ModelPart) => Promise.resolve(isThere(part) ? packs[Number(part.hash)] : null)
  return openAlignSet(parts, find)
}

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) =>
      error instanceof InlayError ? `${error.problem.code}: ${error.problem.message}` : String(error),
  )

/** The packs with one of them replaced by another of its family. */
const exchanged = (other: PackProvider) =>
  PACKS.map((one) => (one.manifest.family === other.manifest.family ? other : one))

describe("Align's set", () => {
  const [unet, vae, text, tokenizer, scorer, lora] = PACKS

  it('has every pack in its place, adapters with their weights; the scorer may be absent', async () => {
    const set = { unet, vae, text, tokenizer, scorer, adapters: [{ pack: lora, weight: 0.5 }] }
    expect(await shelf(PACKS)).toEqual(set)
    expect(await shelf(PACKS.slice(0, 4))).toEqual({ ...set, scorer: null, adapters: [] })
  })

  it.each([
    ['unet', 'U-Net'],
    ['vae', 'autoencoder'],
    ['clipText', 'text encoder'],
    ['tokenizer', "CLIP's tokenizer"],
    ['clip', 'CLIP model that scores'],
    ['lora', 'an adapter'],
  ])('says that %s is missing', async (family, words) => {
    const problem = await problemOf(shelf(PACKS, (part) => part.family !== family))
    expect(problem).toMatch(/^missing-asset: /)
    expect(problem).toContain(words)
  })

  it.each([
    [pack('clipText', { width: 768 }), 'The text encoder does not fit this U-Net'],
    [pack('vae', { latentChannels: 16 }), 'The autoencoder does not fit this U-Net'],
    [pack('lora', { base: 'flux' }), 'The adapter "lora" does not fit Stable Diffusion 2'],
  ])("refuses FLUX's parts", async (other, words) => {
    expect(await problemOf(shelf(exchanged(other)))).toBe(`bad-recipe: ${words}.`)
  })
})
