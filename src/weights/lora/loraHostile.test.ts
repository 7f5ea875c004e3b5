import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { InlayError } from '@/base/errors'
import { checkAdapter, openAdapter, withAdapters, type Adapter } from '@/weights/lora/lora'
import {
  checkpoint,
  H,
  merged,
  MLP,
  problem,
  RANK,
  scalar,
  SHAPES,
  waves,
  zeros,
  type Tensors,
} from '@/weights/lora/testAdapters'

describe('what an adapter does not bring', () => {
  const half = (module: string): Tensors => ({
    [`${module}.lora_A.weight`]: waves(RANK, H, 1),
    [`${module}.lora_B.weight`]: waves(H, RANK, 2),
  })
  const good = half('transformer_blocks.0.attn.to_q')
  const open = (tensors: Tensors) => openAdapter(checkpoint(tensors), null)
  const apply = (adapter: Adapter) => merged([{ adapter, weight: 1 }])

  it('text encoders are left out, and said so; embeddings travel with it', async () => {
    const adapter = await open({
      ...good,
      'lora_te1_text_model_encoder_layers_0_mlp_fc1.lora_down.weight': waves(1, 2, 1),
      'lora_te1_text_model_encoder_layers_0_mlp_fc1.alpha': scalar(1),
      'base_model.model.image_tag_embeddings.modules_to_save.default.weight': waves(3, H, 3),
      'base_model.model.image_tag_embeddings.original_module.weight': waves(3, H, 4),
      'something.else': waves(1, 1, 1),
    })
    expect([...adapter.pieces.keys()]).toEqual(['double_blocks.0.img_attn.qkv'])
    expect(adapter.notes.join(' ')).toMatch(/2 tensors are left out: text encoders.*something\.else/)
    expect([...adapter.extra.keys()]).toEqual(['image_tag_embeddings.weight', 'something.else'])
  })

  it.each<[string, Tensors, RegExp]>([
    ['nothing', {}, /not an adapter/],
    ['a checkpoint', { 'conv_in.weight': waves(1, 1, 1) }, /not an adapter/],
    ['a missing up', { 'img_in.lora_A.weight': waves(2, 4, 1) }, /incomplete/],
    ['a missing down', { 'img_in.lora_B.weight': waves(2, 4, 1) }, /incomplete/],
    ['an alpha alone', { 'img_in.alpha': scalar(1) }, /incomplete/],
    ['another model', half('lora_unet_down_blocks_0_attentions_0_proj_in'), /no layer of FLUX/],
    ['a block numbered strangely', half('double_blocks.007.img_attn.proj'), /no layer of FLUX/],
    ['text numbers in a single block', half('single_blocks.0.processor.qkv_lora1'), /no layer of FLUX/],
    [
      'three dimensions',
      {
        'img_in.lora_A.weight': { shape: [1, 2, 2], data: new Float32Array(4) },
        'img_in.lora_B.weight': waves(H, 1, 1),
      },
      /do not belong together/,
    ],
    [
      'ranks that disagree',
      { 'img_in.lora_A.weight': waves(2, 4, 1), 'img_in.lora_B.weight': waves(H, 3, 1) },
      /do not belong together/,
    ],
    [
      'rank 0',
      {
        'img_in.lora_A.weight': { shape: [0, 4], data: new Float32Array(0) },
        'img_in.lora_B.weight': { shape: [H, 0], data: new Float32Array(0) },
      },
      /rank 0/,
    ],
    [
      'an absurd rank',
      { 'img_in.lora_A.weight': waves(4096, 1, 1), 'img_in.lora_B.weight': waves(1, 4096, 1) },
      /rank 4096/,
    ],
    ['one linear twice', { ...good, ...half('transformer.transformer_blocks.0.attn.to_q') }, /twice/],
    [
      'one half twice',
      { ...good, 'transformer_blocks.0.attn.to_q.lora_A.default.weight': waves(RANK, H, 1) },
      /twice/,
    ],
    ['a DoRA', { ...good, 'img_in.dora_scale': waves(1, 1, 1) }, /DoRA/],
    ['a LoKr', { ...good, 'lora_unet_img_in.lokr_w1': waves(1, 1, 1) }, /LoKr/],
    ['changed biases', { ...good, 'img_in.lora_B.bias': waves(1, H, 1) }, /biases/],
    [
      'a whole layer',
      { ...good, 'base_model.model.x_embedder.weight': waves(H, 4, 1) },
      /whole layer "x_embedder"/,
    ],
  ])('refuses %s', async (_, tensors, message) => {
    expect((await problem(() => open(tensors))).message).toMatch(message)
  })

  it('says what it expected and found when it does not fit the model', async () => {
    const narrow = await open({
      'transformer_blocks.0.attn.to_q.lora_A.weight': waves(2, H - 1, 1),
      'transformer_blocks.0.attn.to_q.lora_B.weight': waves(H, 2, 1),
    })
    const { detail } = await problem(() => apply(narrow))
    expect(detail).toContain('transformer_blocks.0.attn.to_q: expected A [2, 6] and B [6, 2], found A [2, 5]')
    const tall = await open({
      'single_blocks.0.processor.qkv_lora.down.weight': waves(2, H, 1),
      'single_blocks.0.processor.qkv_lora.up.weight': waves(3 * H + MLP, 2, 1),
    })
    expect((await problem(() => apply(tall))).detail).toContain('B [18, 2], found A [2, 6] and B [30, 2]')
    const control = await open({
      'img_in.lora_A.weight': waves(2, 8, 1),
      'img_in.lora_B.weight': waves(H, 2, 1),
    })
    const refused = await problem(() => apply(control))
    expect(refused.code).toBe('unsupported')
    expect(refused.message).toContain('8 channels where the model has 4')
    const deep = await open(half('transformer_blocks.1.attn.to_q'))
    expect(() => {
      checkAdapter(deep, [['double_blocks.0.img_attn.qkv', 3 * H, H]])
    }).toThrow(/no layer for/)
  })

  it('reads nothing but alphas until a linear is asked for', async () => {
    const file = checkpoint({ ...good, 'transformer_blocks.0.attn.to_q.alpha': scalar(2) })
    const reads: string[] = []
    const entries = new Map(
      [...file.entries].map(([name, entry]) => {
        const read = (begin: number, end: number) => {
          reads.push(name)
          return entry.source.read(begin, end)
        }
        return [name, { ...entry, source: { ...entry.source, read } }]
      }),
    )
    const source = withAdapters(zeros(), [
      { adapter: await openAdapter({ ...file, entries }, null), weight: 1 },
    ])
    expect(reads).toEqual(['transformer_blocks.0.attn.to_q.alpha'])
    await source.linear('img_in', H, 4)
    expect(reads).toHaveLength(1)
    await source.linear('double_blocks.0.img_attn.qkv', 3 * H, H)
    expect(reads).toHaveLength(3)
  })
})

describe('hostile names and shapes', () => {
  const word = fc.constantFrom(
    ...['lora_unet_', 'lora_te1_', 'base_model.model.', 'transformer.', 'diffusion_model.', 'model.'],
    ...['double_blocks', 'single_blocks', 'transformer_blocks', 'single_transformer_blocks'],
    ...['.0', '_0', '.', '_', '.18.', '_9999999999_', '.-1.', '.1e3.', '.constructor', '.__proto__'],
    ...['img_attn', 'qkv', 'processor', 'qkv_lora1', 'proj_lora', 'attn.to_q', 'linear1', 'img_in'],
    ...[
      '.lora_A',
      '.lora_B',
      '.lora_down',
      '.lora_up',
      '.down',
      '.up',
      '.default',
      '.weight',
      '.alpha',
      '.bias',
    ],
  )
  const name = fc.oneof(
    { weight: 4, arbitrary: fc.array(word, { maxLength: 8 }).map((words) => words.join('')) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  )
  const shape = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 })
  const tensor = fc.tuple(name, shape)

  /** Opens and uses an adapter; anything but one of our own errors is a bug. */
  const survives = async (list: readonly (readonly [string, readonly number[]])[]): Promise<boolean> => {
    const tensors: Tensors = Object.create(null) as Tensors
    for (const [key, dims] of list)
      if (key !== '__metadata__')
        tensors[key] = {
          shape: dims,
          data: new Float32Array(dims.reduce((product, size) => product * size, 1)),
        }
    try {
      const adapter = await openAdapter(checkpoint(tensors), null)
      checkAdapter(
        adapter,
        Object.entries(SHAPES).map(([key, [rows, cols]]) => [key, rows, cols] as const),
      )
      await merged([{ adapter, weight: -0.8 }])
    } catch (error) {
      if (!(error instanceof InlayError) || error.problem.code === 'internal') throw error
    }
    return true
  }

  it('give an adapter or an error of ours', async () => {
    await fc.assert(fc.asyncProperty(fc.array(tensor, { maxLength: 6 }), survives), { numRuns: 1500 })
  })

  it('beside a good module, too', async () => {
    const good = ['lora_A', 'lora_B'].map(
      (half, i) =>
        [`double_blocks.0.img_attn.proj.${half}.weight`, i ? [H, 2] : [2, H]] as [string, number[]],
    )
    await fc.assert(
      fc.asyncProperty(fc.array(tensor, { maxLength: 3 }), (list) => survives([...good, ...list])),
      { numRuns: 500 },
    )
  })

  it('are read in a time that grows with their length', async () => {
    const long = 'double_blocks_0' + '.qkv_lora'.repeat(20_000) + '.down.weight'
    const begin = performance.now()
    await survives([
      [long, [1, 1]],
      ['lora_unet_' + 'a_'.repeat(50_000) + '.lora_down.weight', [1, 1]],
      ['.alpha'.repeat(20_000), [1]],
    ])
    expect(performance.now() - begin).toBeLessThan(2000)
  })
})
