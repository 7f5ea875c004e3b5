import { describe, expect, it } from 'vitest'

import { FAMILIES } from '@/families/registry'
import { problemOf, type Problem } from '@/base/errors'
import { memoryBytes } from '@/weights/formats/bytes'
import { checkpointOf } from '@/weights/formats/checkpoint'
import { identify } from '@/weights/import/identify'
import { checkAdapter, mergedSource, openAdapter, withAdapters } from '@/weights/lora/lora'
import { parseSafetensors } from '@/weights/formats/safetensors'
import { checkpoint, scalar, waves, zeros, type Tensors } from '@/weights/lora/testAdapters'
import { fileOf } from '@/weights/testModels'

const [RANK, C, CONTEXT, ALPHA] = [3, 6, 10, 1.5]

/** The adapted linears: canonical name, rows, columns. */
const LINEARS: readonly [string, number, number][] = [
  ['down_blocks.0.attentions.1.transformer_blocks.0.attn1.to_q', C, C],
  ['mid_block.attentions.0.transformer_blocks.0.attn2.to_k', C, CONTEXT],
  ['mid_block.attentions.0.transformer_blocks.0.attn2.to_v', C, CONTEXT],
  ['up_blocks.3.attentions.2.transformer_blocks.0.attn1.to_out.0', C, C],
]
/** What the older dialect has no names for. */
const MORE: readonly [string, number, number][] = [
  ['up_blocks.1.attentions.0.proj_in', C, C],
  ['up_blocks.1.attentions.0.transformer_blocks.0.ff.net.0.proj', 8 * C, C],
  ['up_blocks.1.attentions.0.transformer_blocks.0.ff.net.2', C, 4 * C],
  ['down_blocks.1.resnets.0.time_emb_proj', C, 4 * C],
]

const matrices = (i: number, rows: number, cols: number) => ({
  a: waves(RANK, cols, 2 * i),
  b: waves(rows, RANK, 2 * i + 1),
})

function adapter(
  linears: readonly [string, number, number][],
  module: (name: string) => string,
  [down, up]: [string, string],
  hasAlpha = false,
): Tensors {
  const tensors: Tensors = {}
  linears.forEach(([name, rows, cols], i) => {
    const { a, b } = matrices(i, rows, cols)
    tensors[`${module(name)}${down}.weight`] = a
    tensors[`${module(name)}${up}.weight`] = b
    if (hasAlpha) tensors[`${module(name)}.alpha`] = scalar(ALPHA)
  })
  return tensors
}

const AB: [string, string] = ['.lora_A', '.lora_B']
const DOWN_UP: [string, string] = ['.lora_down', '.lora_up']
const older = (name: string) => name.replace(/\.(to_[qkv]|to_out)(?:\.0)?$/, '.processor.$1_lora')
const ALL = [...LINEARS, ...MORE]

const FORMS: [string, string, string, Tensors, readonly [string, number, number][], number][] = [
  ['diffusers', 'diffusers', 'diffusers', adapter(ALL, (name) => `unet.${name}`, AB), ALL, 1],
  ['diffusers', 'diffusers', 'diffusers without prefix', adapter(ALL, (name) => name, AB), ALL, 1],
  [
    'diffusers',
    'diffusers',
    'diffusers between the two',
    adapter(ALL, (name) => `unet.${name}`, ['.lora.down', '.lora.up']),
    ALL,
    1,
  ],
  ['PEFT', 'peft', 'PEFT', adapter(ALL, (name) => `base_model.model.${name}`, AB), ALL, 1],
  ['older diffusers', 'diffusers', 'older diffusers', adapter(LINEARS, older, ['.down', '.up']), LINEARS, 1],
  [
    'older diffusers',
    'diffusers',
    'older diffusers in a pipeline',
    adapter(LINEARS, (name) => `unet.${older(name)}`, ['.down', '.up']),
    LINEARS,
    1,
  ],
  [
    'kohya',
    'kohya',
    'kohya',
    adapter(ALL, (name) => `lora_unet_${name.replaceAll('.', '_')}`, DOWN_UP, true),
    ALL,
    ALPHA / RANK,
  ],
]

async function refusal(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    return problemOf(error)
  }
  throw new Error('expected a problem')
}

const identified = (tensors: Tensors, name = 'x.safetensors') =>
  identify([memoryBytes(fileOf(tensors, 'F32'), name)], { targets: null })

describe("a LoRA for Stable Diffusion's U-Net", () => {
  it.each(FORMS)('with %s names (%s): %s', async (words, dialect, _, tensors, linears, scale) => {
    const found = await identified(tensors, 'dreamo_turbo_dpo.safetensors')
    expect(found.description).toBe(`LoRA for Stable Diffusion 2, ${words} names, rank ${RANK}`)
    // Whatever it is called: the roles are of FLUX's modes.
    expect(found.kind === 'lora' && found.config).toEqual({
      role: 'other',
      base: 'sd2',
      alpha: null,
      rank: RANK,
    })

    const opened = await openAdapter(checkpoint(tensors), null, FAMILIES.sd2)
    expect([opened.dialect, opened.notes, opened.pieces.size]).toEqual([dialect, [], linears.length])
    checkAdapter(opened, linears)
    const source = mergedSource(zeros(), [{ adapter: opened, weight: 2 }])
    for (const [i, [name, rows, cols]] of linears.entries()) {
      const { a, b } = matrices(i, rows, cols)
      const merged = (await source.linear(name, rows, cols)).chunks[0].weight
      for (const [row, col] of [
        [0, 0],
        [rows - 1, cols - 1],
        [2, 5],
      ]) {
        let delta = 0
        for (let r = 0; r < RANK; r++) delta += 2 * scale * b.data[row * RANK + r] * a.data[r * cols + col]
        expect(merged[row * cols + col]).toBeCloseTo(delta, 5)
      }
    }
    const side = await withAdapters(zeros(), [{ adapter: opened, weight: 1 }]).linear(...linears[0])
    expect(side.lora?.rank).toBe(RANK)
  })

  it('is told from those of Stable Diffusion 1 and XL by what it reads of the prompt', async () => {
    for (const [width, words] of [
      [768, 'Stable Diffusion 1'],
      [2048, 'Stable Diffusion XL'],
    ] as const) {
      const wide: [string, number, number][] = [[LINEARS[1][0], C, width]]
      for (const tensors of [
        adapter(wide, (name) => `unet.${name}`, AB),
        adapter(wide, older, ['.down', '.up']),
        adapter(wide, (name) => `lora_unet_${name.replaceAll('.', '_')}`, DOWN_UP),
      ]) {
        const problem = await refusal(identified(tensors))
        expect([problem.code, problem.message]).toEqual([
          'unsupported',
          `“x.safetensors” is an adapter for ${words}.`,
        ])
      }
    }
  })

  it.each<[string, object, number]>([
    ['one for all', { 'unet.r': RANK, 'unet.lora_alpha': 2 * RANK }, 2],
    [
      'one for each layer',
      { 'unet.lora_alpha': RANK, 'unet.alpha_pattern': { [LINEARS[0][0]]: 4 * RANK } },
      4,
    ],
    ['one over the root of the rank', { 'unet.lora_alpha': RANK, 'unet.use_rslora': true }, Math.sqrt(RANK)],
  ])('has its alpha from the header that diffusers writes: %s', async (_, fields, scale) => {
    const metadata = { lora_adapter_metadata: JSON.stringify(fields) }
    const opened = await openAdapter(checkpoint(FORMS[0][3], { metadata }), null, FAMILIES.sd2)
    const [name, rows, cols] = LINEARS[0]
    const source = mergedSource(zeros(), [{ adapter: opened, weight: 1 }])
    const merged = (await source.linear(name, rows, cols)).chunks[0].weight
    const { a, b } = matrices(0, rows, cols)
    let delta = 0
    for (let r = 0; r < RANK; r++) delta += scale * b.data[r] * a.data[r * cols]
    expect(merged[0]).toBeCloseTo(delta, 5)
  })

  it('leaves text encoders out and says so', async () => {
    const tensors = {
      ...FORMS[6][3],
      'lora_te_text_model_encoder_layers_0_mlp_fc1.lora_down.weight': waves(RANK, C, 1),
    }
    const opened = await openAdapter(checkpoint(tensors), null, FAMILIES.sd2)
    expect(opened.notes).toEqual(['1 tensors are left out: text encoders are not adapted.'])
  })

  it('is refused where it adapts convolutions', async () => {
    for (const module of [
      'lora_unet_down_blocks_0_resnets_0_conv1',
      'lora_unet_up_blocks_1_resnets_2_conv_shortcut',
      'lora_unet_down_blocks_0_downsamplers_0_conv',
      'lora_unet_conv_in',
      'unet.mid_block.resnets.1.conv2',
    ]) {
      const [down, up] = module.startsWith('unet') ? AB : DOWN_UP
      const tensors = {
        ...(module.startsWith('unet') ? FORMS[0][3] : FORMS[6][3]),
        [`${module}${down}.weight`]: { shape: [RANK, C, 3, 3], data: new Float32Array(RANK * C * 9) },
        [`${module}${up}.weight`]: { shape: [C, RANK, 1, 1], data: new Float32Array(C * RANK) },
      }
      const problem = await refusal(identified(tensors))
      expect([problem.code, problem.detail]).toEqual(['unsupported', module])
      expect(problem.message).toContain('convolutions')
    }
  })

  it.each([
    [
      'a layer that the U-Net has not',
      { 'unet.down_blocks.0.attentions.0.transformer_blocks.1.attn1.to_q': 'no layer of Stable Diffusion 2' },
    ],
    ['a module of nothing', { 'unet.up_blocks.0.nonsense': 'no layer of Stable Diffusion 2' }],
  ])('is refused with %s', async (_, modules) => {
    for (const [module, words] of Object.entries(modules)) {
      const problem = await refusal(identified(adapter([[module, C, C]], (name) => name, AB)))
      expect([problem.code, problem.message]).toEqual(['bad-weights', expect.stringContaining(words)])
    }
  })

  it('is refused when it lacks a half, replaces layers or does not fit', async () => {
    const { 'unet.up_blocks.1.attentions.0.proj_in.lora_B.weight': _, ...half } = FORMS[0][3]
    expect((await refusal(identified(half))).message).toContain('incomplete')
    const layer = { ...FORMS[0][3], 'unet.conv_in.weight': waves(C, C, 1) }
    expect((await refusal(identified(layer))).message).toContain('replaces the whole layer "conv_in"')
    const opened = await openAdapter(checkpoint(FORMS[0][3]), null, FAMILIES.sd2)
    expect(() => checkAdapter(opened, LINEARS)).toThrow(/no layer for/)
    const wide = ALL.map(([name, rows, cols]) => [name, rows, 2 * cols] as const)
    expect(() => checkAdapter(opened, wide)).toThrow(/does not fit/)
  })

  it('is none for FLUX, and FLUX has none for it', async () => {
    const tensors = checkpointOf(parseSafetensors(fileOf(FORMS[0][3], 'F32'), 'x'))
    expect((await refusal(openAdapter(tensors, null))).message).toContain('no layer of FLUX.1')
    const flux = adapter([['transformer_blocks.0.attn.to_q', C, C]], (name) => `transformer.${name}`, AB)
    expect((await refusal(openAdapter(checkpoint(flux), null, FAMILIES.sd2))).code).toBe('bad-weights')
  })
})
