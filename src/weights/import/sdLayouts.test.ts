import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

import { InlayError, type Problem } from '@/base/errors'
import { checkpointOf, type Checkpoint } from '@/weights/formats/checkpoint'
import { clipLayout, clipTextLayout } from '@/families/shared/clip'
import { ShardBuilder } from '@/weights/import/convert'
import type { Precision } from '@/families/family'
import { planImport } from '@/weights/import/importPlan'
import type { Layout } from '@/families/layout'
import { checkLayout, layoutSource } from '@/weights/formats/canonical'
import { parseSafetensors, toFloat32 } from '@/weights/formats/safetensors'
import { clipText, fileOf, type TestTensors } from '@/weights/testModels'
import { clipModel, compVisNames, openClip, renamed, sdUnet, sdVae, UNET } from '@/weights/testSd'
import { unetLayout } from '@/families/sd2/unet'
import { vaeLayout } from '@/families/shared/autoencoder'

const checkpoint = (tensors: TestTensors, json: Record<string, unknown> = {}): Checkpoint => ({
  ...checkpointOf(parseSafetensors(fileOf(tensors, 'F32'), 'test')),
  json,
})

function problemOf(work: () => unknown): Problem {
  try {
    work()
  } catch (error) {
    if (error instanceof InlayError) return error.problem
    throw error
  }
  throw new Error('expected a problem')
}

/** The hashes of a pack's shards. */
async function pack(from: Checkpoint, layout: Layout, precision: Precision): Promise<string[]> {
  const builder = new ShardBuilder(from)
  const hashes: string[] = []
  for (const shard of planImport(layout, precision, { chunk: 30_000, shard: 200_000 }).shards)
    hashes.push(
      createHash('sha256')
        .update(await builder.build(shard, () => undefined))
        .digest('hex'),
    )
  return hashes
}

/** Reads every canonical tensor and holds it against the one it should be. */
async function expectSame(from: Checkpoint, layout: Layout, canonical: TestTensors): Promise<void> {
  const source = layoutSource(from, layout.tensors)
  for (const { name, shape } of layout.tensors.values()) {
    const found = await source.tensor(name, shape)
    const bytes = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)
    // Comparing arrays number by number takes the test runner minutes.
    expect(bytes(found).equals(bytes(canonical[name].data)), name).toBe(true)
  }
}

const usedBy = (layout: Layout): string[] =>
  [...new Set([...layout.tensors.values()].flatMap(({ parts }) => parts.map(({ tensor }) => tensor)))].sort()

describe('the U-Net', () => {
  const diffusers = sdUnet()
  const original = renamed(diffusers, compVisNames(UNET))

  it.each([
    ['diffusers layout', diffusers, ''],
    ['diffusers layout', diffusers, 'unet.'],
    ["authors' layout", original, ''],
    ["authors' layout", original, 'model.diffusion_model.'],
  ])('in %s has all of its tensors under their names', async (dialect, tensors, prefix) => {
    const from = checkpoint(renamed(tensors, (name) => prefix + name))
    const layout = unetLayout(from, ['x.safetensors'])
    expect(layout.dialect).toBe(dialect)
    expect(layout.config).toEqual({
      inChannels: 4,
      outChannels: 4,
      channels: [64, 128],
      heads: [1, 2],
      attention: [true, false],
      resnets: 2,
      contextDim: 64,
      groups: 32,
      prediction: 'epsilon',
      fewSteps: false,
    })
    checkLayout(from, layout)
    expect(usedBy(layout)).toEqual([...from.entries.keys()].sort())
    await expectSame(from, layout, diffusers)
  })

  it.each(['q4', 'q8', 'f16'] as const)(
    'becomes the same pack from either layout at %s',
    async (precision) => {
      const [one, other] = [checkpoint(diffusers), checkpoint(original)]
      const packs = await Promise.all([one, other].map((from) => pack(from, unetLayout(from, []), precision)))
      expect(packs[0].length).toBeGreaterThan(3)
      expect(packs[1]).toEqual(packs[0])
    },
  )

  it("reads the golden case's weights back from CompVis' names, every number the same", async () => {
    const golden = (file: string) =>
      readFileSync(new URL(`../../conformance/golden/sd-unet/${file}`, import.meta.url))
    const stored = parseSafetensors(new Uint8Array(golden('weights.safetensors')), 'golden')
    const config = JSON.parse(golden('config.json').toString()) as { block_out_channels: number[] }
    const names = compVisNames({
      channels: config.block_out_channels,
      attention: [true, true, true, false],
      resnets: 2,
    })
    const from: Checkpoint = {
      ...checkpointOf(
        new Map([...stored].map(([name, tensor]) => [`model.diffusion_model.${names(name)}`, tensor])),
      ),
      json: { 'config.json': config },
    }
    const layout = unetLayout(from, [])
    expect(layout.config).toMatchObject({
      channels: [8, 16, 24, 24],
      heads: [2, 4, 4, 4],
      attention: [true, true, true, false],
      groups: 4,
      contextDim: 20,
    })
    expect([...layout.tensors.keys()].sort()).toEqual([...stored.keys()].sort())
    await expectSame(
      from,
      layout,
      Object.fromEntries(
        [...stored].map(([name, tensor]) => [name, { shape: tensor.shape, data: toFloat32(tensor) }]),
      ),
    )
  })

  it.each([
    ['v2-1_512-ema-pruned.safetensors', 'epsilon', false],
    ['512-base-ema.safetensors', 'epsilon', false],
    ['sd-v2.safetensors', 'epsilon', false],
    ['v2-1_768-nonema-pruned.safetensors', 'v_prediction', false],
    ['768-v-ema.safetensors', 'v_prediction', false],
    ['mine-v.safetensors', 'v_prediction', false],
    ['mine_vpred.safetensors', 'v_prediction', false],
    ['mine-v_prediction.safetensors', 'v_prediction', false],
    ['sd_turbo.safetensors', 'epsilon', true],
  ] as const)('called %s predicts %s', (name, prediction, fewSteps) => {
    expect(unetLayout(checkpoint(original), [name]).config).toMatchObject({ prediction, fewSteps })
  })

  it('believes configs before names', () => {
    const config = (json: Record<string, unknown>, name = 'diffusion_pytorch_model.safetensors') =>
      unetLayout(checkpoint(diffusers, json), [name]).config
    const scheduler = (fields: object) => ({ 'scheduler_config.json': fields })
    expect(config(scheduler({ prediction_type: 'v_prediction' })).prediction).toBe('v_prediction')
    expect(config(scheduler({ prediction_type: 'epsilon' }), '768-v.safetensors').prediction).toBe('epsilon')
    expect(config(scheduler({ timestep_spacing: 'trailing' })).fewSteps).toBe(true)
    expect(config({ 'config.json': { sample_size: 96 } }).prediction).toBe('v_prediction')
    expect(config({ 'config.json': { sample_size: 64 } }).prediction).toBe('epsilon')
  })

  it.each([
    ['Stable Diffusion 1', sdUnet({ ...UNET, contextDim: 768 })],
    ['Stable Diffusion XL', sdUnet({ ...UNET, contextDim: 2048 })],
    ['inpainting, depth', sdUnet({ ...UNET, inChannels: 9 })],
    [
      'labels or pictures',
      { ...diffusers, 'class_embedding.linear_1.weight': diffusers['time_embedding.linear_1.weight'] },
    ],
    [
      'Stable Diffusion 1',
      Object.fromEntries(
        Object.entries(diffusers).map(([name, { shape, data }]) => [
          name,
          { shape: name.endsWith('proj_in.weight') ? [...shape, 1, 1] : shape, data },
        ]),
      ),
    ],
    [
      'Stable Diffusion XL',
      {
        ...diffusers,
        'mid_block.attentions.0.transformer_blocks.1.norm1.weight':
          diffusers['mid_block.resnets.0.norm1.weight'],
      },
    ],
  ] as [string, TestTensors][])('of %s is refused, in both layouts', (words, tensors) => {
    const isPlain = Object.keys(tensors).every((name) => name in diffusers)
    for (const form of isPlain ? [tensors, renamed(tensors, compVisNames(UNET))] : [tensors]) {
      const problem = problemOf(() => unetLayout(checkpoint(form), []))
      expect(problem.code).toBe('unsupported')
      expect(problem.message).toContain(words)
    }
  })

  it('names what is missing, and survives absurd numbers', () => {
    const { 'up_blocks.1.attentions.2.transformer_blocks.0.ff.net.2.bias': _, ...lacking } = diffusers
    const from = checkpoint(lacking)
    expect(problemOf(() => checkLayout(from, unetLayout(from, []))).message).toContain('ff.net.2.bias')
    for (const name of [
      'down_blocks.99999999.x',
      'down_blocks.0.resnets.99999999.x',
      'down_blocks.0.resnets.16.x',
    ]) {
      const absurd = checkpoint({ ...diffusers, [name]: { shape: [1], data: new Float32Array(1) } })
      expect(problemOf(() => checkLayout(absurd, unetLayout(absurd, []))).code).toBe('bad-weights')
    }
    const long = checkpoint({
      ...original,
      'input_blocks.99999999.x': { shape: [1], data: new Float32Array(1) },
    })
    expect(problemOf(() => checkLayout(long, unetLayout(long, []))).code).toBe('bad-weights')
    const odd = checkpoint(diffusers, { 'config.json': { attention_head_dim: [3, 5] } })
    expect(problemOf(() => unetLayout(odd, [])).detail).toContain('heads [3, 5]')
  })
})

describe("Stable Diffusion's text encoder", () => {
  const text = clipText(20, 64, 3, 7)
  const projection = {
    'text_projection.weight': { shape: [24, 64], data: new Float32Array(24 * 64).fill(0.5) },
  }

  it.each(['', 'cond_stage_model.model.', 'conditioner.embedders.0.model.'])(
    'of OpenCLIP at "%s" is kept without what lies behind its last but one layer',
    async (prefix) => {
      const from = checkpoint(renamed(openClip({ ...text, ...projection }), (name) => prefix + name))
      const layout = clipTextLayout(from)
      expect(layout.config).toEqual({
        width: 64,
        heads: 1,
        layers: 2,
        mlp: 256,
        vocabulary: 20,
        positions: 7,
        activation: 'gelu',
        projection: null,
      })
      checkLayout(from, layout)
      expect(usedBy(layout).some((name) => /resblocks\.2\.|text_projection/.test(name))).toBe(false)
      await expectSame(from, layout, text)
    },
  )

  it("at OpenCLIP's real size reads 23 of 24 layers, from either file; 23 layers stay", () => {
    const of = (layers: number, form: (tensors: TestTensors) => TestTensors = (tensors) => tensors) => {
      const one = form(clipText(3, 1024, 1, 7))
      const entries = new Map()
      const first = /(layers|resblocks)\.0\./
      for (const [name, { shape }] of Object.entries(one))
        for (let i = 0; i < (first.test(name) ? layers : 1); i++)
          entries.set(name.replace(first, `$1.${i}.`), {
            dtype: 'F16',
            shape,
            source: null,
            begin: 0,
            end: 0,
          })
      return clipTextLayout({ entries, json: {} }).config
    }
    const expected = { layers: 23, heads: 16, activation: 'gelu', projection: null }
    expect(of(24, openClip)).toMatchObject(expected)
    expect(of(24)).toMatchObject(expected)
    expect(of(23)).toMatchObject(expected)
    expect(of(12)).toMatchObject({ layers: 12 })
  })
})

describe('CLIP with both towers', () => {
  const model = clipModel()
  const config = {
    text: {
      width: 64,
      heads: 1,
      layers: 2,
      mlp: 256,
      vocabulary: 20,
      positions: 7,
      activation: 'quickGelu',
      projection: 24,
    },
    vision: {
      width: 96,
      heads: 1.5,
      layers: 2,
      mlp: 384,
      image: 6,
      patch: 2,
      activation: 'quickGelu',
      projection: 24,
    },
  }
  const json = {
    'config.json': {
      text_config: { num_attention_heads: 4, hidden_act: 'gelu' },
      vision_config: { num_attention_heads: 6, hidden_act: 'gelu' },
    },
  }

  it.each([
    ['transformers layout', model],
    ['OpenCLIP layout', openClip(model)],
    ['OpenCLIP layout', renamed(openClip(model), (name) => `model.${name}`)],
  ])('in %s keeps every layer and both projections', async (dialect, tensors) => {
    const from = checkpoint(tensors, json)
    const layout = clipLayout(from)
    expect(layout.dialect).toBe(dialect)
    expect(layout.config).toEqual({
      text: { ...config.text, heads: 4, activation: 'gelu' },
      vision: { ...config.vision, heads: 6, activation: 'gelu' },
    })
    checkLayout(from, layout)
    expect(usedBy(layout)).toEqual(
      [...from.entries.keys()].filter((name) => !/logit_scale/.test(name)).sort(),
    )
    await expectSame(from, layout, model)
  })

  it('becomes the same pack from either', async () => {
    const [one, other] = [checkpoint(model, json), checkpoint(openClip(model), json)]
    expect(await pack(other, clipLayout(other), 'q8')).toEqual(await pack(one, clipLayout(one), 'q8'))
  })

  it('is refused when its sizes make no sense or its towers do not belong together', () => {
    expect(problemOf(() => clipLayout(checkpoint(model))).detail).toContain('vision.heads')
    const mixed = { ...model, 'text_projection.weight': { shape: [25, 64], data: new Float32Array(1600) } }
    expect(problemOf(() => clipLayout(checkpoint(mixed, json))).detail).toContain(
      'text is projected to 25, pictures to 24',
    )
  })
})

describe("Stable Diffusion's autoencoder", () => {
  const tensors = sdVae()

  it.each(['', 'first_stage_model.'])('is found at "%s"', (prefix) => {
    const from = checkpoint(renamed(tensors, (name) => prefix + name))
    const layout = vaeLayout(from)
    expect(layout.config).toEqual({
      latentChannels: 4,
      channels: [32, 64],
      resnets: 1,
      groups: 32,
      quantConvs: true,
      scaling: 0.18215,
      shift: 0,
    })
    checkLayout(from, layout)
    expect(usedBy(layout)).toEqual([...from.entries.keys()].sort())
  })

  it("is read under diffusers' older names too, every number the same", async () => {
    const golden = readFileSync(
      new URL('../../conformance/golden/vae-4ch/weights.safetensors.gz', import.meta.url),
    )
    const stored = parseSafetensors(new Uint8Array(gunzipSync(golden)), 'golden')
    const json = {
      'config.json': JSON.parse(
        readFileSync(new URL('../../conformance/golden/vae-4ch/config.json', import.meta.url)).toString(),
      ) as object,
    }
    const older = new Map(
      [...stored].map(([name, tensor]) => [
        name
          .replace('to_q', 'query')
          .replace('to_k', 'key')
          .replace('to_v', 'value')
          .replace('to_out.0', 'proj_attn'),
        tensor,
      ]),
    )
    expect([...older.keys()]).not.toEqual([...stored.keys()])
    const from = { ...checkpointOf(older), json }
    const layout = vaeLayout(from)
    expect(layout.config).toMatchObject({ latentChannels: 4, scaling: 0.18215 })
    expect(layout.tensors.size).toBe(stored.size)
    await expectSame(
      from,
      layout,
      Object.fromEntries(
        [...stored].map(([name, tensor]) => [name, { shape: tensor.shape, data: toFloat32(tensor) }]),
      ),
    )
  })
})
