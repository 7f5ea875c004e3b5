import { describe, expect, it } from 'vitest'

import type { Backend } from '@/backend/types'
import { problemOf } from '@/base/errors'
import type { Speed } from '@/nets/runner/memoryPlan'
import { encoderName, KleinModels, openKleinSet } from '@/pipelines/flux2/kleinModel'
import { kleinTypical, planKleinWork, type KleinWork } from '@/pipelines/flux2/kleinPlan'
import { tinyKlein } from '@/pipelines/flux2/testKlein'
import type { EngineContext } from '@/pipelines/shared/engineMode'
import type { PackProvider } from '@/pipelines/shared/modelSet'
import type { ModelPart } from '@/schema/modelRef'

const set = tinyKlein()

const part = (family: ModelPart['family']): ModelPart => ({ family, name: family, hash: family, weight: 1 })
const PARTS = (['flux2Dit', 'vae', 'qwen3', 'tokenizer'] as const).map(part)

/** The packs of the set, changed. */
function shelf(change: Partial<Record<ModelPart['family'], PackProvider | null>> = {}) {
  const packs: Partial<Record<ModelPart['family'], PackProvider | null>> = {
    flux2Dit: set.transformer,
    vae: set.vae,
    qwen3: set.encoder?.pack ?? null,
    tokenizer: set.tokenizer?.pack ?? null,
    ...change,
  }
  return ({ family }: ModelPart) => Promise.resolve(packs[family] ?? null)
}

const refused = (find: ReturnType<typeof shelf>, parts = PARTS) =>
  openKleinSet(parts, find).then(
    () => 'nothing',
    (error: unknown) => `${problemOf(error).code}: ${problemOf(error).message}`,
  )

describe('the model set of a recipe', () => {
  it('has every pack in its place; encoder and tokenizer may be gone', async () => {
    expect(await openKleinSet(PARTS, shelf())).toMatchObject({
      encoder: { hash: 'qwen3', pack: set.encoder?.pack },
      tokenizer: { hash: 'tokenizer' },
    })
    expect(await openKleinSet(PARTS.slice(0, 2), shelf())).toMatchObject({ encoder: null, tokenizer: null })
    expect(await openKleinSet(PARTS, shelf({ qwen3: null }))).toMatchObject({
      encoder: { hash: 'qwen3', pack: null },
    })
  })

  it('says what is missing, and what does not belong together', async () => {
    expect(await refused(shelf({ flux2Dit: null }))).toMatch(/^missing-asset.*transformer/)
    const { pack } = set.encoder ?? {}
    if (!pack) throw new Error('no encoder')
    const wide = { ...pack, manifest: { ...pack.manifest, config: { ...pack.manifest.config, width: 99 } } }
    expect(await refused(shelf({ qwen3: wide }))).toMatch(/^bad-weights.*text encoder does not belong/)
    expect([7680, 12288].map(encoderName)).toEqual(['Qwen3-4B', 'Qwen3-8B'])
    const { manifest } = set.vae
    const other = {
      ...set.vae,
      manifest: { ...manifest, config: { ...manifest.config, latentChannels: 16 } },
    }
    expect(await refused(shelf({ vae: other }))).toMatch(/^bad-weights.*autoencoder does not belong/)
  })
})

describe('the time of a picture', () => {
  it('is told beforehand in tokens and arithmetic where nobody has measured the device', async () => {
    const size = { width: 64, height: 48 }
    const work: KleinWork = {
      samplings: [{ size, references: [size], steps: 4, count: 1 }],
      ...{ guided: false, texts: 1, encoded: [], decoded: [] },
    }
    const backend = { maxTensorBytes: Infinity } as unknown as Backend
    const plan = (speed: Speed | null, guided = false) =>
      planKleinWork(new KleinModels(backend, set), { ...work, guided }, {
        ...{ backend, speed, memoryBytes: 1e9 },
      } as unknown as EngineContext)
    // 512 of text, 4 x 3 of the picture and of its reference.
    expect((await plan(null)).reason).toMatch(/^It fits: .* 536 tokens a step, 0\.\d TFLOP at most: measure/)
    expect((await plan({ linearTflops: 1, attentionTflops: 1, diskGBps: null })).reason).not.toMatch(/TFLOP/)
    expect((await plan(null, true)).reason).toMatch(/This is Base, which needs about 50 steps\.$/)
  })

  it('is that of the specification: 79 TFLOP for 512 pixels with background and cut-out', () => {
    const side = (pixels: number) => ({ width: pixels, height: pixels })
    const work: KleinWork = {
      samplings: [{ size: side(512), references: [side(512), side(256)], steps: 4, count: 1 }],
      guided: false,
      texts: 0,
      encoded: [],
      decoded: [],
    }
    const speed = { linearTflops: 1, attentionTflops: 1, diskGBps: null }
    expect(kleinTypical('', work, speed).seconds).toBeCloseTo(78.8, 0)
    expect(kleinTypical('', { ...work, guided: true }, speed).seconds).toBeCloseTo(157.6, 0)
    // Qwen3: 5.45 GFLOP a token.
    const texts = kleinTypical('', { ...work, samplings: [], texts: 1 }, speed).seconds
    expect(texts / 512).toBeCloseTo(5.45e-3, 4)
  })
})
