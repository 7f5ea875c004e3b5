import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import { InlayError, type Problem } from '@/base/errors'
import { checkpointOf, type Checkpoint } from '@/weights/formats/checkpoint'
import { clipTextLayout } from '@/families/shared/clip'
import { ShardBuilder } from '@/weights/import/convert'
import { fluxLayout, fluxTensorsIn } from '@/families/flux/transformer'
import type { Precision } from '@/families/family'
import { planImport } from '@/weights/import/importPlan'
import type { Layout } from '@/families/layout'
import { canonicalTensors, checkLayout, layoutSource } from '@/weights/formats/canonical'
import { fluxSource } from '@/weights/formats/fluxSource'
import { parseSafetensors, toFloat32 } from '@/weights/formats/safetensors'
import { t5Layout } from '@/families/flux/t5'
import {
  bflFlux,
  clipText,
  diffusersFlux,
  fileOf,
  originalVae,
  t5,
  type TestTensors,
} from '@/weights/testModels'
import { vaeLayout } from '@/families/shared/autoencoder'

const checkpoint = (tensors: TestTensors, config?: unknown): Checkpoint => ({
  ...checkpointOf(parseSafetensors(fileOf(tensors, 'F32'), 'test')),
  json: config ? { 'config.json': config } : {},
})

const renamed = (tensors: TestTensors, change: (name: string) => string): TestTensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [change(name), tensor]))

/** A pack's shards. */
async function shardsOf(
  from: Checkpoint,
  layout: Layout,
  precision: Precision,
  limits?: { chunk: number; shard: number },
) {
  const builder = new ShardBuilder(from)
  const files = []
  for (const shard of planImport(layout, precision, limits).shards)
    files.push((await builder.build(shard, () => undefined)).slice())
  return files
}

/** A pack's shards by their hashes: comparing arrays number by number takes the test runner minutes. */
const pack = async (...args: Parameters<typeof shardsOf>): Promise<string[]> =>
  (await shardsOf(...args)).map((file) => createHash('sha256').update(file).digest('hex'))

function problemOf(work: () => unknown): Problem {
  try {
    work()
  } catch (error) {
    if (error instanceof InlayError) return error.problem
    throw error
  }
  throw new Error('expected a problem')
}

const golden = (path: string) =>
  parseSafetensors(
    new Uint8Array(readFileSync(new URL(`../../conformance/golden/${path}`, import.meta.url))),
    path,
  )

describe('FLUX', () => {
  const bfl = bflFlux({
    hidden: 128,
    headDim: 128,
    mlp: 160 * 4,
    image: 20,
    context: 24,
    vector: 12,
    double: 1,
    single: 1,
  })

  it.each(['q4', 'q8', 'f16'] as const)(
    'becomes the same pack from either layout at %s, bit for bit',
    async (precision) => {
      const limits = { chunk: 30_000, shard: 100_000 }
      const packs = []
      for (const tensors of [
        bfl,
        diffusersFlux(bfl),
        renamed(bfl, (name) => `model.diffusion_model.${name}`),
      ]) {
        const from = checkpoint(tensors)
        packs.push(await pack(from, fluxLayout(from), precision, limits))
      }
      expect(packs[0].length).toBeGreaterThan(3)
      expect(packs[1]).toEqual(packs[0])
      expect(packs[2]).toEqual(packs[0])
    },
  )

  it('becomes the same pack from the golden checkpoint in both layouts', async () => {
    const packs = []
    const diffusers = golden('flux-dit/weights.safetensors')
    for (const tensors of [
      diffusers,
      await canonicalTensors(fluxSource(diffusers), fluxTensorsIn(diffusers)),
    ]) {
      const from = { ...checkpointOf(tensors), json: { 'config.json': { axes_dims_rope: [4, 6, 6] } } }
      packs.push(await pack(from, fluxLayout(from), 'q8'))
    }
    expect(packs[1]).toEqual(packs[0])
  })

  it('has its config from the shapes', () => {
    const { config } = fluxLayout(checkpoint(bfl))
    expect(config).toEqual({
      hidden: 128,
      heads: 1,
      axesDim: [16, 56, 56],
      theta: 10000,
      doubleBlocks: 1,
      singleBlocks: 1,
      mlpRatio: 5,
      contextDim: 24,
      inChannels: 20,
      outChannels: 20,
      vectorDim: 12,
      guidance: true,
    })
  })

  it('asks for its config.json where the heads are unusual', () => {
    const from = checkpointOf(golden('flux-dit/weights.safetensors'))
    expect(problemOf(() => fluxLayout(from)).hint).toContain('config.json')
    const wrong = { ...from, json: { 'config.json': { axes_dims_rope: [2, 2, 2] } } }
    expect(problemOf(() => fluxLayout(wrong)).detail).toContain('do not sum to 16')
  })

  it('names a tensor that is missing or has another shape', () => {
    const lacking = checkpoint(
      Object.fromEntries(Object.entries(bfl).filter(([name]) => name !== 'single_blocks.0.linear2.bias')),
    )
    expect(problemOf(() => checkLayout(lacking, fluxLayout(lacking)))).toMatchObject({
      message: 'The weights lack the tensor "single_blocks.0.linear2.bias".',
      detail: 'expected [128]',
    })
    const wide = checkpoint({
      ...bfl,
      'single_blocks.0.linear2.weight': { shape: [128, 5], data: new Float32Array(640) },
    })
    expect(problemOf(() => checkLayout(wide, fluxLayout(wide))).detail).toBe(
      'expected [128, 768], found [128, 5]',
    )
  })

  it('refuses numbers that are not finite', async () => {
    const broken = {
      ...bfl,
      'img_in.weight': { shape: [128, 20], data: new Float32Array(2560).fill(Infinity) },
    }
    const from = checkpoint(broken)
    for (const precision of ['q4', 'f16'] as const)
      await expect(pack(from, fluxLayout(from), precision)).rejects.toThrow(/"img_in.weight" has numbers/)
  })

  it('at its real size makes chunks that fit a binding and shards that fit memory', () => {
    const real = { hidden: 3072, headDim: 128, mlp: 12288, image: 64, context: 4096, vector: 768 }
    const one = fluxShapes(real)
    for (const [precision, gigabytes] of [
      ['q4', [8.9, 9.4]],
      ['q8', [13.2, 13.5]],
      ['f16', [23.7, 23.9]],
    ] as const) {
      const plan = planImport(fluxLayout(one), precision)
      expect(plan.parameters).toBeCloseTo(11_901_408_320, -7)
      expect(plan.bytes / 1e9).toBeGreaterThan(gigabytes[0])
      expect(plan.bytes / 1e9).toBeLessThan(gigabytes[1])
      for (const shard of plan.shards) {
        expect(shard.bytes).toBeLessThan(75e6)
        for (const { dtype, shape } of shard.pieces) {
          const numbers = shape.reduce((product, size) => product * size, 1)
          expect(numbers * (dtype === 'U8' ? 1 : 4)).toBeLessThanOrEqual(128 * 2 ** 20)
        }
      }
    }
  })
})

/** FLUX.1-dev's table of tensors without their numbers. */
function fluxShapes(size: {
  hidden: number
  headDim: number
  mlp: number
  image: number
  context: number
  vector: number
}): Checkpoint {
  const names = Object.keys(
    bflFlux({ hidden: 8, headDim: 8, mlp: 32, image: 8, context: 8, vector: 8, double: 1, single: 1 }),
  )
  const { hidden, mlp } = size
  const rows: [RegExp, number, number][] = [
    [/img_in/, hidden, size.image],
    [/txt_in/, hidden, size.context],
    [/vector_in.in_layer/, hidden, size.vector],
    [/(time|guidance)_in.in_layer/, hidden, 256],
    [/out_layer/, hidden, hidden],
    [/mod.lin/, 6 * hidden, hidden],
    [/modulation.lin/, 3 * hidden, hidden],
    [/qkv/, 3 * hidden, hidden],
    [/proj/, hidden, hidden],
    [/mlp.0/, mlp, hidden],
    [/mlp.2/, hidden, mlp],
    [/linear1/, 3 * hidden + mlp, hidden],
    [/linear2/, hidden, hidden + mlp],
    [/adaLN/, 2 * hidden, hidden],
    [/final_layer.linear/, size.image, hidden],
    [/norm/, size.headDim, 0],
  ]
  const entries = new Map()
  for (const name of names) {
    const [, out, into] = rows.find(([pattern]) => pattern.test(name))!
    const shape = name.endsWith('.weight') ? [out, into] : [out]
    const blocks = name.startsWith('double') ? 19 : name.startsWith('single') ? 38 : 1
    for (let i = 0; i < blocks; i++)
      entries.set(name.replace('blocks.0', `blocks.${i}`), {
        dtype: 'BF16',
        shape,
        source: null,
        begin: 0,
        end: 0,
      })
  }
  return { entries, metadata: {}, json: {} }
}

describe('T5', () => {
  const tensors = t5(90, 24, 2, 3, 8, 40)

  it('is found under every form of its names', async () => {
    const forms = [
      tensors,
      renamed(tensors, (name) => name.replace('shared.', 'encoder.embed_tokens.')),
      renamed(tensors, (name) => name.replace('shared.', 'embed_tokens.').replace(/^encoder\./, '')),
      renamed(tensors, (name) => `text_encoders.t5xxl.transformer.${name}`),
    ]
    const packs = []
    for (const form of forms) {
      const from = checkpoint(form)
      const layout = t5Layout(from)
      expect(layout.config).toEqual({
        width: 24,
        heads: 3,
        headDim: 8,
        layers: 2,
        mlp: 40,
        vocabulary: 90,
        buckets: 32,
        maxDistance: 128,
      })
      packs.push(await pack(from, layout, 'q8'))
    }
    for (const other of packs.slice(1)) expect(other).toEqual(packs[0])
  })

  it('of the first version is refused', () => {
    const old = renamed(tensors, (name) => name.replace('wi_0', 'wi'))
    expect(problemOf(() => t5Layout(checkpoint(old))).code).toBe('unsupported')
  })
})

describe('CLIP', () => {
  it('is found with and without its prefix, its heads by the config', async () => {
    const tensors = clipText(70, 64, 1, 9)
    const bare = checkpoint(
      renamed(tensors, (name) => name.replace('text_model.', '')),
      {
        num_attention_heads: 4,
        hidden_act: 'gelu',
      },
    )
    const plain = checkpoint(tensors)
    expect(clipTextLayout(plain).config).toMatchObject({
      heads: 1,
      activation: 'quickGelu',
      projection: null,
    })
    expect(clipTextLayout(bare).config).toMatchObject({
      heads: 4,
      activation: 'gelu',
      layers: 1,
      positions: 9,
    })
    expect(await pack(bare, clipTextLayout(bare), 'f16')).toEqual(
      await pack(plain, clipTextLayout(plain), 'f16'),
    )
  })

  it('keeps its projection', () => {
    const tensors = {
      ...clipText(70, 64, 1, 9),
      'text_projection.weight': { shape: [5, 64], data: new Float32Array(320) },
    }
    const layout = clipTextLayout(checkpoint(tensors))
    expect(layout.config.projection).toBe(5)
    expect(layout.tensors.get('text_projection.weight')?.shape).toEqual([5, 64])
  })
})

describe('the autoencoder', () => {
  const tensors = originalVae([32, 64, 64], 16, 1)

  it("has every tensor of the authors' layout under diffusers' names", async () => {
    const from = checkpoint(tensors)
    const layout = vaeLayout(from)
    expect(layout.config).toEqual({
      latentChannels: 16,
      channels: [32, 64, 64],
      resnets: 1,
      groups: 32,
      quantConvs: false,
      scaling: 0.3611,
      shift: 0.1159,
    })
    checkLayout(from, layout)
    const used = new Set(
      [...layout.tensors.values()].flatMap(({ parts }) => parts.map(({ tensor }) => tensor)),
    )
    expect([...used].sort()).toEqual(Object.keys(tensors).sort())
    const source = layoutSource(from, layout.tensors)
    for (const [canonical, stored] of [
      ['decoder.up_blocks.0.resnets.1.conv2', 'decoder.up.2.block.1.conv2'],
      ['decoder.up_blocks.2.resnets.0.conv_shortcut', 'decoder.up.0.block.0.nin_shortcut'],
      ['decoder.up_blocks.1.upsamplers.0.conv', 'decoder.up.1.upsample.conv'],
      ['encoder.down_blocks.1.downsamplers.0.conv', 'encoder.down.1.downsample.conv'],
      ['encoder.mid_block.resnets.1.conv1', 'encoder.mid.block_2.conv1'],
      ['decoder.conv_norm_out', 'decoder.norm_out'],
    ]) {
      const { shape, data } = tensors[`${stored}.weight`]
      expect(await source.tensor(`${canonical}.weight`, shape)).toEqual(data)
    }
    const { chunks, bias } = await source.linear('encoder.mid_block.attentions.0.to_out.0', 64, 64)
    expect(chunks[0].weight).toEqual(tensors['encoder.mid.attn_1.proj_out.weight'].data)
    expect(bias).toEqual(tensors['encoder.mid.attn_1.proj_out.bias'].data)
  })

  it("is FLUX.2's with statistics, and its authors have the 1x1 convolutions inside encoder and decoder", () => {
    const zeros = (...shape: number[]) => ({
      shape,
      data: new Float32Array(shape.reduce((product, size) => product * size, 1)),
    })
    const flux2 = {
      ...originalVae([32, 64, 64], 32, 1),
      'encoder.quant_conv.weight': zeros(64, 64, 1, 1),
      'encoder.quant_conv.bias': zeros(64),
      'decoder.post_quant_conv.weight': zeros(32, 32, 1, 1),
      'decoder.post_quant_conv.bias': zeros(32),
      'bn.running_mean': zeros(128),
      'bn.running_var': zeros(128),
      'bn.num_batches_tracked': zeros(1),
    }
    const from = checkpoint(flux2)
    const layout = vaeLayout(from)
    expect(layout.config).toEqual({
      latentChannels: 32,
      channels: [32, 64, 64],
      resnets: 1,
      groups: 32,
      quantConvs: true,
      scaling: 1,
      shift: 0,
    })
    expect(() => checkLayout(from, layout)).not.toThrow()
    const used = [...layout.tensors.values()].flatMap(({ parts }) => parts.map(({ tensor }) => tensor))
    expect(new Set([...used, 'bn.num_batches_tracked'])).toEqual(new Set(Object.keys(flux2)))
  })

  it('needs its config.json where its channels do not fit 32 groups', () => {
    const narrow = originalVae([8, 12], 16, 1)
    expect(problemOf(() => vaeLayout(checkpoint(narrow))).detail).toBe('8 channels in 32 groups')
    expect(vaeLayout(checkpoint(narrow, { norm_num_groups: 4, scaling_factor: 2 })).config).toMatchObject({
      groups: 4,
      scaling: 2,
    })
  })

  it('keeps its numbers exact when it is small', async () => {
    const from = checkpoint(tensors)
    const [file] = await shardsOf(from, vaeLayout(from), 'q4')
    const stored = parseSafetensors(file, 'x')
    expect(toFloat32(stored.get('encoder.conv_in.weight')!)).toEqual(tensors['encoder.conv_in.weight'].data)
  })

  it('survives absurd block numbers', () => {
    const absurd = {
      ...tensors,
      'encoder.down.0.block.99999999.x': { shape: [1], data: new Float32Array(1) },
    }
    expect(problemOf(() => vaeLayout(checkpoint(absurd))).code).toBe('bad-weights')
    const deep = {
      ...t5(9, 8, 1, 1, 8, 8),
      'encoder.block.99999999.x': { shape: [1], data: new Float32Array(1) },
    }
    expect(problemOf(() => t5Layout(checkpoint(deep))).code).toBe('bad-weights')
  })
})
