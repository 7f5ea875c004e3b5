import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

import { f16ToF32, f32ToF16 } from '@/base/half'
import { checkpointOf, type Checkpoint } from '@/weights/formats/checkpoint'
import { fluxSource } from '@/weights/formats/fluxSource'
import {
  checkAdapter,
  mergedSource,
  openAdapter,
  withAdapters,
  type WeightedAdapter,
} from '@/weights/lora/lora'
import { parseSafetensors, toFloat32 } from '@/weights/formats/safetensors'
import { quantiseLinear } from '@/weights/formats/source'
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
  type Matrix,
  type Tensors,
} from '@/weights/lora/testAdapters'

const rowsOf = ({ shape: [, cols], data }: Matrix, first: number, rows: number): Matrix => ({
  shape: [rows, cols],
  data: data.slice(first * cols, (first + rows) * cols),
})
const times = ({ shape, data }: Matrix, factor: number): Matrix => ({
  shape,
  data: data.map((x) => x * factor),
})
const padded = ({ shape: [rows, cols], data }: Matrix, more: number): Matrix => ({
  shape: [rows + more, cols],
  data: Float32Array.of(...data, ...new Array<number>(more * cols).fill(0)),
})

/** One adapter: A and B per module, in XLabs' words, which is what all dialects can say. */
const ALPHA = 1.5
const MODULES = {
  imgQkv: { a: waves(RANK, H, 1), b: waves(3 * H, RANK, 2) },
  txtQkv: { a: waves(RANK, H, 3), b: waves(3 * H, RANK, 4) },
  imgProj: { a: waves(RANK, H, 5), b: waves(H, RANK, 6) },
  txtProj: { a: waves(RANK, H, 7), b: waves(H, RANK, 8) },
  singleQkv: { a: waves(RANK, H, 9), b: waves(3 * H, RANK, 10) },
  singleProj: { a: waves(RANK, H + MLP, 11), b: waves(H, RANK, 12) },
}
type ModuleName = keyof typeof MODULES

const expectedDelta = ({ a, b }: { a: Matrix; b: Matrix }, scale: number): number[] => {
  const [rows, rank] = b.shape
  const cols = a.shape[1]
  return Array.from({ length: rows * cols }, (_, i) => {
    let sum = 0
    for (let r = 0; r < rank; r++)
      sum += b.data[Math.floor(i / cols) * rank + r] * a.data[r * cols + (i % cols)]
    return scale * sum
  })
}

/** Dialects that name whole linears; what has no alpha gets it folded into B. */
function whole(
  names: Record<ModuleName, string>,
  [down, up]: [string, string],
  alpha: boolean,
  padSingle: boolean,
): Tensors {
  const tensors: Tensors = {}
  for (const [key, { a, b }] of Object.entries(MODULES)) {
    const name = names[key as ModuleName]
    tensors[`${name}.${down}.weight`] = a
    const rows = key === 'singleQkv' && padSingle ? padded(b, MLP) : b
    tensors[`${name}.${up}.weight`] = alpha ? rows : times(rows, ALPHA / RANK)
    if (alpha) tensors[`${name}.alpha`] = scalar(ALPHA)
  }
  return tensors
}

/** Dialects with diffusers' modules: q, k and v apart, with the same A. */
function split(prefix: string, infix: string): Tensors {
  const tensors: Tensors = {}
  const put = (module: string, a: Matrix, b: Matrix) => {
    tensors[`${prefix}${module}.lora_A${infix}.weight`] = a
    tensors[`${prefix}${module}.lora_B${infix}.weight`] = b
  }
  const block = 'transformer_blocks.0.attn'
  const cut = (owner: string, names: string[], { a, b }: { a: Matrix; b: Matrix }) => {
    names.forEach((name, i) => put(`${owner}.${name}`, a, rowsOf(b, i * H, H)))
  }
  cut(block, ['to_q', 'to_k', 'to_v'], MODULES.imgQkv)
  cut(block, ['add_q_proj', 'add_k_proj', 'add_v_proj'], MODULES.txtQkv)
  cut('single_transformer_blocks.0.attn', ['to_q', 'to_k', 'to_v'], MODULES.singleQkv)
  put(`${block}.to_out.0`, MODULES.imgProj.a, MODULES.imgProj.b)
  put(`${block}.to_add_out`, MODULES.txtProj.a, MODULES.txtProj.b)
  put('single_transformer_blocks.0.proj_out', MODULES.singleProj.a, MODULES.singleProj.b)
  return tensors
}

const bflNames = {
  imgQkv: 'double_blocks.0.img_attn.qkv',
  txtQkv: 'double_blocks.0.txt_attn.qkv',
  imgProj: 'double_blocks.0.img_attn.proj',
  txtProj: 'double_blocks.0.txt_attn.proj',
  singleQkv: 'single_blocks.0.linear1',
  singleProj: 'single_blocks.0.linear2',
}
const renamed = (change: (name: string) => string) =>
  Object.fromEntries(Object.entries(bflNames).map(([key, name]) => [key, change(name)])) as typeof bflNames
const processors = (index: string, middle: string): typeof bflNames => ({
  imgQkv: `double_blocks${index}${middle}qkv_lora1`,
  txtQkv: `double_blocks${index}${middle}qkv_lora2`,
  imgProj: `double_blocks${index}${middle}proj_lora1`,
  txtProj: `double_blocks${index}${middle}proj_lora2`,
  singleQkv: `single_blocks${index}${middle}qkv_lora`,
  singleProj: `single_blocks${index}${middle}proj_lora`,
})

const pipelineMetadata = JSON.stringify({ 'transformer.r': RANK, 'transformer.lora_alpha': ALPHA })

const DIALECTS: [name: string, dialect: string, file: Checkpoint][] = [
  [
    'raw PEFT',
    'peft',
    checkpoint(split('base_model.model.', ''), { json: { 'adapter_config.json': { lora_alpha: ALPHA } } }),
  ],
  [
    'raw PEFT from memory',
    'peft',
    checkpoint(split('base_model.model.', '.default'), {
      json: { 'adapter_config.json': { lora_alpha: ALPHA } },
    }),
  ],
  [
    'diffusers',
    'diffusers',
    checkpoint(split('transformer.', ''), { metadata: { lora_adapter_metadata: pipelineMetadata } }),
  ],
  ['diffusers without prefix', 'diffusers', checkpoint(split('', ''), { metadata: { alpha: `${ALPHA}` } })],
  [
    'kohya',
    'kohya',
    checkpoint(
      whole(
        renamed((name) => `lora_unet_${name.replaceAll('.', '_')}`),
        ['lora_down', 'lora_up'],
        true,
        true,
      ),
    ),
  ],
  ['XLabs', 'xlabs', checkpoint(whole(processors('.0', '.processor.'), ['down', 'up'], false, false))],
  [
    'XLabs with a prefix',
    'xlabs',
    checkpoint(
      whole(
        Object.fromEntries(
          Object.entries(processors('.0', '.processor.')).map(([key, name]) => [
            key,
            `diffusion_model.${name}`,
          ]),
        ) as typeof bflNames,
        ['down', 'up'],
        false,
        false,
      ),
    ),
  ],
  ['DreamO', 'dreamo', checkpoint(whole(processors('_0', '.processor.'), ['down', 'up'], false, false))],
  [
    'DreamO, another infix',
    'dreamo',
    checkpoint(whole(processors('_0', '_attn.x.'), ['down', 'up'], false, false)),
  ],
  ['BFL', 'bfl', checkpoint(whole(bflNames, ['lora_A', 'lora_B'], false, true))],
]

describe('one adapter in every dialect', () => {
  it.each(DIALECTS)('%s', async (_, dialect, file) => {
    const adapter = await openAdapter(file, null)
    expect(adapter.dialect).toBe(dialect)
    expect(adapter.notes).toEqual([])
    expect(() => {
      checkAdapter(
        adapter,
        Object.entries(SHAPES).map(([name, [rows, cols]]) => [name, rows, cols] as const),
      )
    }).not.toThrow()
    const weights = await merged([{ adapter, weight: 1 }])
    for (const [key, module] of Object.entries(MODULES)) {
      const found = weights[bflNames[key as ModuleName]]
      const want = expectedDelta(module, ALPHA / RANK)
      want.forEach((value, i) => {
        expect(found[i]).toBeCloseTo(value, 5)
      })
      // A qkv-only module leaves the MLP's rows of a single block alone.
      expect(found.slice(want.length).every((value) => value === 0)).toBe(true)
    }
    expect(weights.img_in.every((value) => value === 0)).toBe(true)
  })
})

describe('the last modulation', () => {
  const a = waves(RANK, H, 20)
  const b = waves(2 * H, RANK, 21)
  const swapped = { shape: b.shape, data: Float32Array.of(...rowsOf(b, H, H).data, ...rowsOf(b, 0, H).data) }
  const name = 'final_layer.adaLN_modulation.1'

  it('has its halves swapped in the layout of diffusers only', async () => {
    const files: Tensors[] = [
      { [`${name}.lora_A.weight`]: a, [`${name}.lora_B.weight`]: b },
      {
        'lora_unet_final_layer_adaLN_modulation_1.lora_down.weight': a,
        'lora_unet_final_layer_adaLN_modulation_1.lora_up.weight': b,
      },
      {
        'transformer.norm_out.linear.lora_A.weight': a,
        'transformer.norm_out.linear.lora_B.weight': swapped,
      },
    ]
    const want = expectedDelta({ a, b }, 1)
    for (const file of files) {
      const weights = await merged([{ adapter: await openAdapter(checkpoint(file), null), weight: 1 }])
      weights[name].forEach((value, i) => {
        expect(value).toBeCloseTo(want[i], 5)
      })
    }
  })
})

describe('alpha', () => {
  const file = (extra: Tensors = {}) => ({
    'img_in.lora_A.weight': waves(RANK, 4, 1),
    'img_in.lora_B.weight': waves(H, RANK, 2),
    ...extra,
  })
  const alphaOf = async (given: number | null, file: Checkpoint) =>
    (await openAdapter(file, given)).pieces.get('img_in')?.[0].alpha

  it('is the rank, unless the caller, the file or the module itself says otherwise', async () => {
    expect(await alphaOf(null, checkpoint(file()))).toBe(RANK)
    expect(await alphaOf(7, checkpoint(file()))).toBe(7)
    expect(await alphaOf(7, checkpoint(file({ 'img_in.alpha': scalar(2) })))).toBe(2)
    const pattern = { lora_alpha: 4, alpha_pattern: { img_in: 9 } }
    expect(await alphaOf(null, checkpoint(file(), { json: { 'adapter_config.json': pattern } }))).toBe(9)
    const stabilised = { lora_alpha: 4, use_rslora: true }
    expect(
      await alphaOf(null, checkpoint(file(), { json: { 'adapter_config.json': stabilised } })),
    ).toBeCloseTo(4 * Math.sqrt(RANK))
  })

  it('must be a number and a pattern a name', async () => {
    const broken = { 'img_in.alpha': { shape: [2], data: Float32Array.of(1, 2) } }
    expect((await problem(() => openAdapter(checkpoint(file(broken)), null))).message).toContain('alpha')
    expect(
      (await problem(() => openAdapter(checkpoint(file({ 'img_in.alpha': scalar(NaN) })), null))).code,
    ).toBe('bad-weights')
    const evil = { 'adapter_config.json': { alpha_pattern: { '(a+)+$': 1 } } }
    expect((await problem(() => openAdapter(checkpoint(file(), { json: evil }), null))).code).toBe(
      'unsupported',
    )
    const noise = { lora_adapter_metadata: '{"transformer.lora_alpha": [1}' }
    expect(await alphaOf(null, checkpoint(file(), { metadata: noise }))).toBe(RANK)
  })
})

describe('several adapters', () => {
  const open = (index: number) => openAdapter(DIALECTS[index][2], null)
  const name = bflNames.singleQkv

  it('add up, weights negative too; weight 0 is absent', async () => {
    const [one, two] = [await open(0), await open(4)]
    const both = await merged([
      { adapter: one, weight: 1 },
      { adapter: two, weight: -0.8 },
    ])
    const want = expectedDelta(MODULES.singleQkv, (0.2 * ALPHA) / RANK)
    want.forEach((value, i) => {
      expect(both[name][i]).toBeCloseTo(value, 5)
    })
    const source = zeros()
    expect(withAdapters(source, [{ adapter: one, weight: 0 }])).toBe(source)
    expect(() => withAdapters(source, [{ adapter: one, weight: NaN }])).toThrow(/strength/)
  })

  it('join one branch, and a branch joins an earlier one', async () => {
    const [one, two] = [await open(0), await open(5)]
    const [rows, cols] = SHAPES[name]
    const at = (weighted: WeightedAdapter[]) => withAdapters(zeros(), weighted).linear(name, rows, cols)
    const once = await at([
      { adapter: one, weight: 0.5 },
      { adapter: two, weight: 2 },
    ])
    expect(once.lora?.rank).toBe(3 * RANK + RANK)
    const twice = await withAdapters(withAdapters(zeros(), [{ adapter: one, weight: 0.5 }]), [
      { adapter: two, weight: 2 },
    ]).linear(name, rows, cols)
    expect(twice.lora).toEqual(once.lora)
    expect(
      (await withAdapters(zeros(), [{ adapter: one, weight: 1 }]).linear('img_in', H, 4)).lora,
    ).toBeNull()
  })

  it('stay beside quantised weights, and are not merged into them', async () => {
    const adapter = await open(0)
    const [rows, cols] = SHAPES[name]
    const quantised = zeros((linear) => quantiseLinear(linear, 'q4'))
    const side = await withAdapters(quantised, [{ adapter, weight: 1 }]).linear(name, rows, cols)
    expect(side.format).toBe('q4')
    expect(side.lora).not.toBeNull()
    const refused = await problem(() =>
      mergedSource(quantised, [{ adapter, weight: 1 }]).linear(name, rows, cols),
    )
    expect(refused.code).toBe('unsupported')
    // What no adapter changes may be quantised.
    expect((await mergedSource(quantised, [{ adapter, weight: 1 }]).linear('img_in', H, 4)).format).toBe('q4')
  })

  it('merge into f16 weights through f32', async () => {
    const adapter = await open(0)
    const [rows, cols] = SHAPES[name]
    const half = zeros((linear) => ({
      ...linear,
      format: 'f16',
      chunks: [
        { rows: 5, weight: new Uint16Array(5 * cols).fill(f32ToF16(Float32Array.of(1))[0]), scales: null },
        { rows: rows - 5, weight: new Uint16Array((rows - 5) * cols), scales: null },
      ],
    }))
    const { format, chunks } = await mergedSource(half, [{ adapter, weight: 1 }]).linear(name, rows, cols)
    expect(format).toBe('f16')
    expect(chunks.map((chunk) => chunk.rows)).toEqual([5, rows - 5])
    const found = chunks.flatMap(({ weight }) => [...f16ToF32(weight as Uint16Array)])
    expectedDelta(MODULES.singleQkv, ALPHA / RANK).forEach((value, i) => {
      expect(found[i]).toBeCloseTo(i < 5 * cols ? value + 1 : value, 2)
    })
  })
})

describe("DreamFuse's own adapter", () => {
  const golden = new URL('../../conformance/golden/dreamfuse-dit/', import.meta.url)
  const read = (file: string) => readFileSync(new URL(file, golden))
  const tensors = parseSafetensors(new Uint8Array(read('adapter_model.safetensors')), 'adapter')

  it('adds q, k and v to their own rows of a fused linear, and brings its tags', async () => {
    const adapter = await openAdapter(checkpointOf(tensors), 4)
    expect(adapter.dialect).toBe('peft')
    expect(adapter.notes).toEqual([])
    expect(adapter.extra.get('image_tag_embeddings.weight')?.shape).toEqual([3, 64])
    const name = 'single_blocks.1.linear1'
    const weights = gunzipSync(read('weights.safetensors.gz'))
    const base = fluxSource(parseSafetensors(new Uint8Array(weights), 'weights'))
    const plain = (await base.linear(name, 7 * 64, 64)).chunks[0].weight
    const changed = (await mergedSource(base, [{ adapter, weight: 0.75 }]).linear(name, 7 * 64, 64)).chunks[0]
      .weight
    const half = (side: string) => {
      const key = [...tensors.keys()].find((key) =>
        key.endsWith(`single_transformer_blocks.1.attn.to_k.lora_${side}.weight`),
      )
      return toFloat32(tensors.get(key!)!)
    }
    const [a, b] = [half('A'), half('B')]
    const [row, col] = [5, 7]
    let delta = 0
    for (let r = 0; r < 4; r++) delta += 0.75 * b[row * 4 + r] * a[r * 64 + col]
    expect(Math.abs(delta)).toBeGreaterThan(1e-4)
    expect(changed[(64 + row) * 64 + col] - plain[(64 + row) * 64 + col]).toBeCloseTo(delta, 6)
    // The MLP's rows are not adapted.
    expect(changed.slice(3 * 64 * 64)).toEqual(plain.slice(3 * 64 * 64))
  })
})
