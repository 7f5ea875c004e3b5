import { describe, expect, it } from 'vitest'

import { InlayError } from '@/base/errors'
import { openModelSet, type FluxModelSet } from '@/pipelines/flux/fluxModel'
import type { PackProvider } from '@/pipelines/shared/modelSet'
import { DREAMFUSE, tinySet } from '@/pipelines/flux/testFlux'
import { isBuiltIn } from '@/schema/pack'
import type { ModelPart } from '@/schema/modelRef'

const set = tinySet(DREAMFUSE)

/** The parts that a recipe would name for the tiny set, and a shelf to find them on. */
function shelf(without: (part: ModelPart) => boolean = () => false) {
  const packs: PackProvider[] = [
    set.transformer,
    set.vae,
    set.clip,
    set.clipTokenizer,
    ...(set.t5?.pack ? [set.t5.pack] : []),
    ...(set.t5Tokenizer ? [set.t5Tokenizer] : []),
    DREAMFUSE,
  ]
  const parts = packs.map(({ manifest }, i): ModelPart => {
    if (isBuiltIn(manifest)) throw new Error('not a part')
    const { family } = manifest
    return { family, name: `${family} ${i}`, hash: String(i), weight: family === 'lora' ? -0.5 : 1 }
  })
  const find = (part: ModelPart) => Promise.resolve(without(part) ? null : packs[Number(part.hash)])
  return { parts, find }
}

async function problemOf(work: Promise<unknown>) {
  try {
    await work
  } catch (error) {
    if (error instanceof InlayError) return `${error.problem.code}: ${error.problem.message}`
  }
  return 'none'
}

describe('the model set of a recipe', () => {
  it('has every pack in its place, adapters with their weights', async () => {
    const { parts, find } = shelf()
    const found: FluxModelSet = await openModelSet(parts, find)
    expect(found).toEqual({
      ...set,
      t5: { hash: '4', pack: set.t5?.pack },
      adapters: [{ pack: DREAMFUSE, weight: -0.5 }],
    })
  })

  it('does without T5 where it is not installed, but remembers its hash', async () => {
    const { parts, find } = shelf(({ name }) => name === 't5 4' || name === 'tokenizer 5')
    expect(await openModelSet(parts, find)).toMatchObject({
      t5: { hash: '4', pack: null },
      t5Tokenizer: null,
    })
    const unnamed = await openModelSet(
      parts.filter(({ family }) => family !== 't5'),
      find,
    )
    expect(unnamed.t5).toBeNull()
  })

  it.each([
    ['fluxDit 0', 'the FLUX transformer'],
    ['vae 1', 'the FLUX autoencoder'],
    ['clipText 2', 'the CLIP text encoder'],
    ['tokenizer 3', "CLIP's tokenizer"],
    ['lora 6', 'an adapter'],
  ])('says that %s is missing, installed or named', async (name, words) => {
    const { parts, find } = shelf((part) => part.name === name)
    expect(await problemOf(openModelSet(parts, find))).toContain(`missing-asset: This needs ${words}`)
    if (name === 'lora 6') return
    const fewer = parts.filter((part) => part.name !== name)
    expect(await problemOf(openModelSet(fewer, shelf().find))).toContain(words)
  })

  it('refuses a pack of another family', async () => {
    const { parts } = shelf()
    expect(await problemOf(openModelSet(parts, () => Promise.resolve(set.vae)))).toContain('bad-recipe')
  })
})
