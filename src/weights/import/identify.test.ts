import { describe, expect, it } from 'vitest'

import { problemOf, type Problem } from '@/base/errors'
import { memoryBytes, type ByteSource } from '@/weights/formats/bytes'
import { groupFiles } from '@/weights/import/groups'
import { identify } from '@/weights/import/identify'
import { writeSafetensors, type TensorToWrite } from '@/weights/formats/safetensors'
import {
  bflFlux,
  clipText,
  diffusersFlux,
  fileOf,
  jsonFile,
  loraPair,
  originalVae,
  shardsOf,
  t5,
  table,
  type TestTensors,
} from '@/weights/testModels'

const SMALL = { hidden: 128, headDim: 128, mlp: 128, image: 8, context: 8, vector: 8, double: 1, single: 1 }

/** The adapters of these tests are for no model in particular. */
const ANY_SIZE = { targets: null }

const file = (name: string, bytes: Uint8Array<ArrayBuffer> | string): ByteSource =>
  memoryBytes(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes, name)
const weights = (name: string, ...tensors: string[]): ByteSource =>
  file(
    name,
    writeSafetensors(
      Object.fromEntries(
        tensors.map((key): [string, TensorToWrite] => [key, { shape: [2, 2], data: new Float32Array(4) }]),
      ),
    ),
  )
const all = (files: Record<string, Uint8Array<ArrayBuffer>>) =>
  Object.entries(files).map(([name, bytes]) => file(name, bytes))

async function refusal(...files: ByteSource[]): Promise<Problem> {
  try {
    await identify(files)
  } catch (error) {
    return problemOf(error)
  }
  throw new Error('expected a problem')
}

function lora(...pairs: [down: string, up: string][]): TestTensors {
  const tensors: TestTensors = {}
  for (const [down, up] of pairs) loraPair(tensors, down, up, 12, 8, 3)
  return tensors
}
const peft = lora([
  'base_model.model.transformer_blocks.0.attn.to_q.lora_A.weight',
  'base_model.model.transformer_blocks.0.attn.to_q.lora_B.weight',
])

describe('identify', () => {
  it.each([
    ['fluxDit', "FLUX transformer, authors' layout, 1 + 1 blocks", fileOf(bflFlux(SMALL), 'BF16')],
    [
      'fluxDit',
      'FLUX transformer, diffusers layout, 1 + 1 blocks',
      fileOf(diffusersFlux(bflFlux(SMALL)), 'BF16'),
    ],
    ['t5', 'T5 v1.1 encoder, 1 layers of 16', fileOf(t5(20, 16, 1, 2, 8, 24), 'F16')],
    ['clipText', 'CLIP text encoder, 1 layers of 64', fileOf(clipText(20, 64, 1, 7), 'F16')],
    ['vae', "Autoencoder, authors' layout, 16 latent channels", fileOf(originalVae([32, 32], 16, 1), 'F32')],
  ] as const)('knows %s: %s', async (family, description, bytes) => {
    const found = await identify([file('some.safetensors', bytes)])
    expect([found.family, found.description, found.name]).toEqual([family, description, 'some'])
    expect(found.parameters).toBeGreaterThan(1000)
  })

  it('knows a network in fp8 with scales', async () => {
    const tensors = Object.entries(bflFlux(SMALL)).map(([name, { shape, data }]): [string, TensorToWrite] =>
      name.endsWith('.weight')
        ? [name, { shape, dtype: 'F8_E4M3', data: new Uint8Array(data.length) }]
        : [name, { shape, data }],
    )
    const scales = tensors
      .filter(([name]) => name.endsWith('.weight'))
      .map(([name]): [string, TensorToWrite] => [
        name.replace('.weight', '.scale_weight'),
        { shape: [], data: Float32Array.of(2) },
      ])
    const found = await identify([
      file('f.safetensors', writeSafetensors(Object.fromEntries([...tensors, ...scales]))),
    ])
    expect(found.description).toContain("FLUX transformer, authors' layout")
  })

  it.each([
    ['PEFT', 'base_model.model.transformer_blocks.0.attn.to_q.lora_A.weight', 'x.safetensors', 'other'],
    [
      'PEFT',
      'base_model.model.single_transformer_blocks.0.attn.to_q.lora_A.default.weight',
      'dreamfuse.safetensors',
      'dreamfuse',
    ],
    [
      'diffusers',
      'transformer.transformer_blocks.0.attn.to_q.lora_A.weight',
      'dreamo_sft_lora.safetensors',
      'dreamo-sft',
    ],
    [
      'diffusers',
      'transformer.transformer_blocks.0.attn.to_q.lora_A.weight',
      'dreamo_dpo_lora.safetensors',
      'dreamo-dpo',
    ],
    [
      'diffusers',
      'transformer.transformer_blocks.0.ff.net.2.lora_A.weight',
      'diffusion_pytorch_model.safetensors',
      'turbo',
    ],
    ['kohya', 'lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight', 'x.safetensors', 'other'],
    ['XLabs', 'double_blocks.0.processor.qkv_lora1.down.weight', 'x.safetensors', 'other'],
    [
      'DreamO',
      'double_blocks_0.processor.qkv_lora1.down.weight',
      'dreamo_cfg_distill.safetensors',
      'dreamo-cfg-distill',
    ],
    [
      'DreamO',
      'single_blocks_3.processor.qkv_lora.down.weight',
      'dreamo_quality_lora_pos.safetensors',
      'dreamo-quality-pos',
    ],
    [
      'DreamO',
      'single_blocks_3.processor.qkv_lora.down.weight',
      'dreamo_quality_lora_neg.safetensors',
      'dreamo-quality-neg',
    ],
    ['BFL', 'double_blocks.0.img_attn.qkv.lora_A.weight', 'x.safetensors', 'other'],
  ])('knows a LoRA with %s names: %s in %s', async (dialect, name, fileName, role) => {
    const up = name.replace('lora_A', 'lora_B').replace('down.weight', 'up.weight')
    const found = await identify([file(fileName, fileOf(lora([name, up]), 'F32'))], ANY_SIZE)
    expect(found.description).toBe(`LoRA for FLUX.1, ${dialect} names, rank 3`)
    expect(found.kind === 'lora' && found.config).toEqual({ role, base: 'flux', alpha: null, rank: 3 })
  })

  it('knows adapters by the tables that travel with them, and their alpha', async () => {
    const tags = { ...peft, ...table('base_model.model.image_tag_embeddings.weight', 3, 8) }
    const adapter = await identify(
      [
        file('adapter_model.safetensors', fileOf(tags, 'F32')),
        file('adapter_config.json', jsonFile({ lora_alpha: 6, r: 3 })),
      ],
      ANY_SIZE,
    )
    expect(adapter.kind === 'lora' && adapter.config).toEqual({
      role: 'dreamfuse',
      base: 'flux',
      alpha: 6,
      rank: 3,
    })
    const tables = { ...peft, ...table('dreamo_task_embedding.weight', 2, 8) }
    const metadata = { lora_adapter_metadata: JSON.stringify({ 'transformer.lora_alpha': 12 }) }
    const dreamo = await identify([file('x.safetensors', fileOf(tables, 'F32', metadata))], ANY_SIZE)
    expect(dreamo.kind === 'lora' && dreamo.config).toEqual({
      role: 'dreamo',
      base: 'flux',
      alpha: 12,
      rank: 3,
    })
  })

  it.each([
    ['GGUF', file('flux1-dev-Q4_0.gguf', 'GGUF\u0003\0\0\0 and more'), 'GGUF'],
    ['GGUF under another name', file('flux.safetensors', 'GGUF\u0003\0\0\0 and more'), 'GGUF'],
    ['a torch archive', file('pytorch_model.bin', 'PK\u0003\u0004 and more'), 'pickle'],
    ['an old pickle', file('x.pt', Uint8Array.of(0x80, 2, 0x8a, 10, 1, 2, 3, 4, 5, 6)), 'pickle'],
    ['text', file('notes.txt', 'remember the milk'), 'not a safetensors file'],
    [
      'Nunchaku',
      weights(
        'svdq.safetensors',
        'transformer_blocks.0.qkv_proj.qweight',
        'transformer_blocks.0.qkv_proj.wscales',
      ),
      'Nunchaku',
    ],
    [
      'NF4',
      weights(
        'nf4.safetensors',
        'double_blocks.0.img_attn.qkv.weight',
        'double_blocks.0.img_attn.qkv.weight.absmax',
      ),
      'bitsandbytes',
    ],
    [
      'NF4 of transformers',
      weights(
        'nf4.safetensors',
        'encoder.block.0.layer.0.SelfAttention.q.weight.quant_state.bitsandbytes__nf4',
      ),
      'bitsandbytes',
    ],
    [
      'SD3',
      weights('sd3.safetensors', 'model.diffusion_model.joint_blocks.0.x.weight'),
      'Stable Diffusion 3',
    ],
    [
      'a LoRA of another network',
      file(
        'x.safetensors',
        fileOf(lora(['blocks.0.attn.lora_A.weight', 'blocks.0.attn.lora_B.weight']), 'F32'),
      ),
      'another network',
    ],
  ])('refuses %s with the reason', async (_, source, reason) => {
    const problem = await refusal(source)
    expect(problem.code).toBe('unsupported')
    expect(problem.message).toContain(reason)
    expect(problem.hint.length).toBeGreaterThan(10)
  })

  it('says what it found in a file that is nothing', async () => {
    const problem = await refusal(weights('x.safetensors', 'foo.weight', 'bar.weight'))
    expect([problem.code, problem.detail]).toEqual(['bad-weights', 'first tensors: foo.weight, bar.weight'])
  })

  it('names a tensor that is missing from a known network', async () => {
    const tensors = t5(20, 16, 1, 2, 8, 24)
    delete tensors['encoder.block.0.layer.1.DenseReluDense.wo.weight']
    expect((await refusal(file('t5.safetensors', fileOf(tensors, 'F16')))).message).toContain(
      'DenseReluDense.wo',
    )
  })
})

describe('a drop of files', () => {
  const tokenizer = (type: string) =>
    file('tokenizer.json', jsonFile({ model: { type, vocab: [], end_of_word_suffix: '</w>' } }))
  const names = async (files: ByteSource[]) =>
    (await groupFiles(files)).map((group) => group.map(({ name }) => name).sort())

  it('is sorted into what belongs together', async () => {
    const flux = all(shardsOf(diffusersFlux(bflFlux(SMALL)), 2, 'diffusion_pytorch_model'))
    const encoder = all(shardsOf(t5(20, 16, 1, 2, 8, 24), 2, 'model', 'F16'))
    const groups = await groupFiles([
      tokenizer('BPE'),
      file('adapter_config.json', jsonFile({ lora_alpha: 3 })),
      ...flux,
      file('config.json', jsonFile({ architectures: ['T5EncoderModel'] })),
      file('ae.safetensors', fileOf(originalVae([32, 32], 16, 1), 'F32')),
      file('config.json', jsonFile({ _class_name: 'FluxTransformer2DModel' })),
      ...encoder,
      file('adapter_model.safetensors', fileOf(peft, 'F32')),
      file('tokenizer_config.json', jsonFile({})),
      tokenizer('Unigram'),
    ])
    const found = await Promise.all(groups.map((group) => identify(group, ANY_SIZE)))
    expect(found.map(({ family }) => family).sort()).toEqual(
      ['fluxDit', 'lora', 't5', 'tokenizer', 'tokenizer', 'vae'].sort(),
    )
    const of = (family: string) => groups[found.findIndex((each) => each.family === family)]
    expect(of('fluxDit')).toHaveLength(4)
    expect(of('t5')).toHaveLength(4)
    expect(of('lora')).toHaveLength(2)
  })

  it('keeps shards without an index together', async () => {
    const shards = all(shardsOf(t5(20, 16, 1, 2, 8, 24), 3, 'model')).filter(
      ({ name }) => !name.endsWith('.json'),
    )
    expect(await names(shards)).toEqual([shards.map(({ name }) => name)])
  })

  it("gives DreamO's embeddings to the adapter that lacks them", async () => {
    const dreamo = lora([
      'double_blocks_0.processor.qkv_lora1.down.weight',
      'double_blocks_0.processor.qkv_lora1.up.weight',
    ])
    const files = [
      file('dreamo_cfg_distill_comfyui.safetensors', fileOf(dreamo, 'F32')),
      file('embedding.safetensors', fileOf(table('dreamo_task_embedding.weight', 2, 8), 'F32')),
      file('dreamo_comfyui.safetensors', fileOf(dreamo, 'F32')),
    ]
    expect(await names(files)).toEqual([
      ['dreamo_cfg_distill_comfyui.safetensors'],
      ['dreamo_comfyui.safetensors', 'embedding.safetensors'],
    ])
  })

  it('keeps a broken file to itself', async () => {
    const groups = await groupFiles([
      file('broken.safetensors', fileOf(peft, 'F32').slice(0, 300)),
      file('odd.json', '{'),
      file('ae.safetensors', fileOf(originalVae([32, 32], 16, 1), 'F32')),
    ])
    expect(groups.map(([{ name }]) => name).sort()).toEqual([
      'ae.safetensors',
      'broken.safetensors',
      'odd.json',
    ])
    expect((await refusal(...groups.find(([{ name }]) => name === 'broken.safetensors')!)).code).toBe(
      'bad-weights',
    )
    expect((await refusal(...groups.find(([{ name }]) => name === 'odd.json')!)).code).toBe('bad-weights')
  })
})

describe('a dropped pack', () => {
  it('of a newer studio says so', async () => {
    const problem = await refusal(file('manifest.json', '{"schema": 2}'))
    expect(problem.code).toBe('bad-manifest')
    expect(problem.detail).toContain("newer than this studio's 1")
  })
})
