/** Adapters in every dialect: taken, or refused by name when they are dropped. */
import { describe, expect, it } from 'vitest'

import { memoryBytes, type ByteSource } from '@/weights/formats/bytes'
import { identify } from '@/weights/import/identify'
import { refusal, source, use, zeros, type File } from '@/weights/import/testDrops'

/** An adapter of released size: A and B of modules with rows and columns. */
function lora(
  modules: Record<string, [rows: number, cols: number]>,
  [down, up]: readonly [string, string] = ['lora_A', 'lora_B'],
  rank = 2,
): File {
  const file: File = {}
  for (const [module, [rows, cols]] of Object.entries(modules)) {
    file[`${module}.${down}.weight`] = zeros([rank, cols])
    file[`${module}.${up}.weight`] = zeros([rows, rank])
  }
  return file
}
const DOWN_UP = ['lora_down', 'lora_up'] as const
const H = 3072
const GOOD: Record<string, [number, number]> = { 'transformer.transformer_blocks.0.attn.to_q': [H, H] }

describe('adapters are taken in every dialect', () => {
  it.each<[string, File]>([
    ['diffusers', lora(GOOD)],
    ['diffusers, bare', lora({ 'single_transformer_blocks.37.proj_mlp': [4 * H, H] })],
    ['PEFT', lora({ 'base_model.model.transformer_blocks.18.ff.net.0.proj': [4 * H, H] })],
    ['authors', lora({ 'diffusion_model.double_blocks.0.img_attn.qkv': [3 * H, H] })],
    ['authors, ComfyUI halves', lora({ 'diffusion_model.single_blocks.0.linear1': [7 * H, H] }, DOWN_UP)],
    ['kohya', lora({ lora_unet_double_blocks_0_img_mlp_0: [4 * H, H] }, DOWN_UP)],
    ['kohya of diffusers', lora({ lora_transformer_single_transformer_blocks_0_attn_to_q: [H, H] }, DOWN_UP)],
    ['underscores without a prefix', lora({ double_blocks_3_txt_attn_qkv: [3 * H, H] }, DOWN_UP)],
    ['underscores after a dot', lora({ 'diffusion_model.single_blocks_3_linear2': [H, 5 * H] }, DOWN_UP)],
    ['XLabs', lora({ 'double_blocks.0.processor.qkv_lora1': [3 * H, H] }, ['down', 'up'])],
    ['DreamO', lora({ 'double_blocks_0.processor.proj_lora2': [H, H] }, ['down', 'up'])],
    ['embedders', lora({ x_embedder: [H, 64], 'norm_out.linear': [2 * H, H] })],
    [
      'ranks that differ',
      { ...lora(GOOD), ...lora({ 'transformer.transformer_blocks.1.attn.to_q': [H, H] }, undefined, 5) },
    ],
    [
      'with an alpha',
      {
        ...lora({ lora_unet_single_blocks_0_linear1: [7 * H, H] }, DOWN_UP),
        'lora_unet_single_blocks_0_linear1.alpha': { shape: [], data: Float32Array.of(1) },
      },
    ],
    [
      'fp8 numbers',
      Object.fromEntries(
        Object.entries(lora(GOOD)).map(([name, { shape }]) => [name, zeros(shape, 'F8_E4M3')]),
      ),
    ],
    [
      'FLUX.2, diffusers',
      lora({ 'transformer.single_transformer_blocks.0.attn.to_qkv_mlp_proj': [9 * H, H] }),
    ],
    [
      'FLUX.2, single blocks out',
      lora({ 'transformer.single_transformer_blocks.19.attn.to_out': [H, 4 * H] }),
    ],
    ['FLUX.2, cut short', lora({ 'sformer_blocks.4.ff.linear_in': [6 * H, H] })],
    ['FLUX.2, ai-toolkit', lora({ 'diffusion_model.single_blocks.0.linear1': [9 * H, H] })],
    ['FLUX.2, its modulation', lora({ 'diffusion_model.double_stream_modulation_img.lin': [6 * H, H] })],
    ['FLUX.2, PEFT', lora({ 'base_model.model.double_blocks.0.img_mlp.2': [H, 3 * H] })],
    ['FLUX.2, ComfyUI', lora({ 'diffusion_model.double_blocks.0.txt_mlp.0': [6 * H, H] }, DOWN_UP)],
    ['FLUX.2, kohya', lora({ lora_unet_single_blocks_19_linear2: [H, 4 * H] }, DOWN_UP)],
    [
      "Stable Diffusion 2's",
      lora({ 'unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_k': [1280, 1024] }),
    ],
  ])('%s', async (called, file) => {
    const found = await identify([source(file)])
    expect(found.kind).toBe('lora')
    const base = called.startsWith('FLUX.2') ? 'flux2' : called.startsWith('Stable') ? 'sd2' : 'flux'
    expect(found.base).toBe(base)
    await use(found)
  })

  it('what is left out is said', async () => {
    const te = 'lora_te1_text_model_encoder_layers_0_mlp_fc1.lora_down.weight'
    const found = await identify([
      source({
        ...lora({ lora_unet_double_blocks_0_img_mlp_0: [4 * H, H] }, DOWN_UP),
        [te]: zeros([1, 768]),
      }),
    ])
    expect(found.notes).toEqual(['1 tensors are left out: text encoders are not adapted.'])
  })
})

describe('adapters that cannot be used are refused by name', () => {
  const first = Object.keys(GOOD)[0]
  const peft = (fields: object): ByteSource =>
    memoryBytes(new TextEncoder().encode(JSON.stringify({ lora_alpha: 2, ...fields })), 'adapter_config.json')

  it.each<[string, File, RegExp, Record<string, string>?]>([
    ['DoRA', { ...lora(GOOD), [`${first}.dora_scale`]: zeros([H, 1]) }, /DoRA/],
    ['DoRA of PEFT', { ...lora(GOOD), [`${first}.lora_magnitude_vector.weight`]: zeros([H]) }, /DoRA/],
    [
      'DoRA told in the header',
      lora(GOOD),
      /DoRA/,
      { lora_adapter_metadata: '{"transformer.use_dora":true}' },
    ],
    ['LoHa', { 'lora_unet_double_blocks_0_img_attn_qkv.hada_w1_a': zeros([2, 2]) }, /LoHa \(LyCORIS\)/],
    ['LoKr', { 'diffusion_model.double_blocks.0.img_attn.qkv.lokr_w1': zeros([2, 2]) }, /LoKr \(LyCORIS\)/],
    ['OFT', { 'lora_unet_double_blocks_0_img_attn_qkv.oft_blocks': zeros([2, 2]) }, /OFT \(LyCORIS\)/],
    ['IA3', { 'lora_unet_double_blocks_0_img_attn_qkv.on_input': zeros([1]) }, /IA3 \(LyCORIS\)/],
    ['GLoRA', { 'lora_unet_double_blocks_0_img_attn_qkv.a1.weight': zeros([2, 2]) }, /GLoRA \(LyCORIS\)/],
    ['LoCon', { ...lora(GOOD), [`${first}.lora_mid.weight`]: zeros([2, 2]) }, /LoCon \(LyCORIS\)/],
    [
      'full differences',
      { 'lora_unet_double_blocks_0_img_attn_qkv.diff': zeros([2, 2]) },
      /full differences/,
    ],
    ['differences of biases', { ...lora(GOOD), [`${first}.diff_b`]: zeros([H]) }, /full differences/],
    ['biases of B', { ...lora(GOOD), [`${first}.lora_B.bias`]: zeros([H]) }, /biases/],
    [
      'an underscore too many',
      lora({ lora_unet_double_blocks_0_img_attn_qkv_: [3 * H, H] }, DOWN_UP),
      /no layer of FLUX\.1/,
    ],
    ['half a module', { [`${first}.lora_A.weight`]: zeros([2, H]) }, /incomplete/],
    [
      'halves of different rank',
      { [`${first}.lora_A.weight`]: zeros([2, H]), [`${first}.lora_B.weight`]: zeros([H, 3]) },
      /do not belong together/,
    ],
    [
      'integers',
      Object.fromEntries(Object.entries(lora(GOOD)).map(([name, { shape }]) => [name, zeros(shape, 'I8')])),
      /packed/,
    ],
    ['another width', lora({ 'transformer.transformer_blocks.0.attn.to_q': [5120, 5120] }), /does not fit/],
    [
      'more blocks than there are',
      lora({ 'transformer.transformer_blocks.19.attn.to_q': [H, H] }),
      /no layer for/,
    ],
    ['a control adapter', lora({ x_embedder: [H, 128] }), /image tokens of 128 channels/],
    ['tables of another width', { ...lora(GOOD), 'image_tag_embeddings.weight': zeros([3, 8]) }, /table/],
    [
      'half of the tables',
      { ...lora(GOOD), 'dreamo_task_embedding.weight': zeros([2, H]) },
      /Half of DreamO/,
    ],
    [
      'FLUX.2 [dev]',
      lora({ 'diffusion_model.single_blocks.0.linear1': [9 * 6144, 6144] }),
      /FLUX\.2 \[dev\]/,
    ],
    [
      "FLUX.2 [dev]'s attention alone",
      lora({ 'diffusion_model.double_blocks.0.img_attn.proj': [6144, 6144] }),
      /FLUX\.2 \[dev\]/,
    ],
    [
      'attention of FLUX.2 [klein] 9B without a 9B',
      lora({ 'diffusion_model.double_blocks.0.img_attn.qkv': [3 * 4096, 4096] }),
      /does not fit/,
    ],
    [
      'FLUX.2 [klein] 9B without a 9B',
      lora({ 'diffusion_model.single_blocks.0.linear1': [9 * 4096, 4096] }),
      /does not fit/,
    ],
    [
      'FLUX.2, told in the header, with layers of FLUX.1',
      lora({ 'single_transformer_blocks.0.proj_mlp': [4 * H, H] }),
      /no layer of FLUX\.2/,
      { 'modelspec.architecture': 'flux2-klein-4b/lora' },
    ],
    ['LoKr of FLUX.2', { 'diffusion_model.single_blocks.0.linear1.lokr_w1': zeros([2, 2]) }, /LoKr/],
    [
      'DoRA of FLUX.2',
      {
        ...lora({ 'diffusion_model.single_blocks.0.linear1': [9 * H, H] }),
        'diffusion_model.single_blocks.0.linear1.dora_scale': zeros([9 * H, 1]),
      },
      /DoRA/,
    ],
    ['Qwen-Image', lora({ 'transformer_blocks.0.img_mlp.net.0.proj': [4 * H, H] }), /adapter for Qwen-Image/],
    ['Chroma', lora({ 'distilled_guidance_layer.in_proj': [H, 64] }), /adapter for Chroma/],
    [
      'Stable Diffusion 1',
      lora({ lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k: [1280, 768] }, DOWN_UP),
      /Stable Diffusion 1/,
    ],
    [
      'a wider U-Net',
      lora({ 'unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_k': [640, 640] }),
      /does not fit/,
    ],
    [
      'convolutions',
      {
        ...lora({ 'unet.mid_block.attentions.0.proj_in': [1280, 1280] }),
        'unet.mid_block.resnets.0.conv1.lora_A.weight': zeros([2, 4, 3, 3]),
        'unet.mid_block.resnets.0.conv1.lora_B.weight': zeros([4, 2, 1, 1]),
      },
      /convolutions/,
    ],
    [
      'text encoders alone',
      { 'lora_te1_text_model_encoder_layers_0_mlp_fc1.lora_down.weight': zeros([1, 768]) },
      /another network/,
    ],
  ])('%s', async (_, file, message, metadata) => {
    expect((await refusal([source(file, 'x.safetensors', metadata)])).message).toMatch(message)
  })

  it.each<[string, object, RegExp]>([
    ['DoRA', { use_dora: true }, /DoRA/],
    ['LoHa', { peft_type: 'LOHA' }, /not a plain LoRA/],
    ['PiSSA', { init_lora_weights: 'pissa_niter_4' }, /the model itself was changed/],
    ['transposed matrices', { fan_in_fan_out: true }, /the other way around/],
  ])("PEFT's %s, by its config", async (_, fields, message) => {
    expect((await refusal([source(lora(GOOD)), peft(fields)])).message).toMatch(message)
  })

  it('an ordinary config passes', async () => {
    const fields = {
      peft_type: 'LORA',
      use_dora: false,
      init_lora_weights: 'gaussian',
      layer_replication: null,
    }
    expect((await identify([source(lora(GOOD)), peft(fields)])).kind).toBe('lora')
  })

  describe('attention of double blocks alone, which FLUX.1 and FLUX.2 have under the same names', () => {
    const attention = (blocks: readonly number[]): File =>
      lora(
        Object.fromEntries(
          blocks.map((i) => [`diffusion_model.double_blocks.${i}.img_attn.qkv`, [3 * H, H] as const]),
        ) as Record<string, [number, number]>,
      )
    const linears = (base: 'flux' | 'flux2', size: number) => ({
      ...{ base, name: base },
      linears: new Map([['double_blocks.1.img_attn.qkv', [3 * size, size] as const]]),
    })

    it.each<[string, File, 'flux' | 'flux2', string?, string?]>([
      ['all of five blocks', attention([0, 1, 2, 3, 4]), 'flux2'],
      ['its name, whatever the blocks', attention([0, 1, 2, 3, 4]), 'flux', 'flux1-light.safetensors'],
      ['what trained it', attention([0, 1, 2, 3, 4]), 'flux', 'klein.safetensors', 'flux-1-dev/lora'],
      ['what trained it', attention([1, 3]), 'flux', undefined, 'flux1'],
      ['what trained it', attention([1, 3]), 'flux2', undefined, 'flux2-klein-4b/lora'],
      [
        'its sizes, whatever trained it',
        lora({ 'diffusion_model.single_blocks.0.linear1': [9 * H, H] }),
        'flux2',
        undefined,
        'flux-1-dev/lora',
      ],
      ['a sixth block', attention([0, 1, 2, 3, 4, 5]), 'flux'],
      ['all of nineteen blocks', attention([...Array(19).keys()]), 'flux'],
      ['some blocks, and its name', attention([1, 3]), 'flux2', 'klein-light.safetensors'],
      ['some blocks, and its name', attention([1, 3]), 'flux2', 'flux2_style.safetensors'],
      ['some blocks, and its name', attention([1, 3]), 'flux', 'flux1-light.safetensors'],
      [
        'a width that FLUX.1 knows of its text',
        lora({
          'diffusion_model.double_blocks.1.img_attn.qkv': [3 * H, H],
          'diffusion_model.txt_in': [H, 7680],
        }),
        'flux2',
      ],
    ])('is told by %s', async (_, file, base, name = 'x.safetensors', trained = '') => {
      const metadata = { 'modelspec.architecture': trained }
      const found = await identify([source(file, name, metadata)])
      expect([found.base, found.question]).toEqual([base, null])
    })

    it('is asked where nothing tells, and taken for the one of which a model is here', async () => {
      const file = [source(attention([1, 3]))]
      const found = async (options: Parameters<typeof identify>[1] = {}) => {
        const { base, question } = await identify(file, options)
        return [base, question?.usual]
      }
      expect((await identify(file)).question?.answers).toEqual(['FLUX.1', 'FLUX.2 [klein]'])
      expect(await found()).toEqual(['flux', 0])
      expect(await found({ answer: 1 })).toEqual(['flux2', 0])
      expect(await found({ targets: [linears('flux2', H)] })).toEqual(['flux2', 1])
      expect(await found({ targets: [linears('flux2', H)], answer: 0 })).toEqual(['flux', 1])
      expect(await found({ targets: [linears('flux2', H), linears('flux', H)] })).toEqual(['flux', 0])
      // The import takes the answer that was seen, whatever is here by then.
      expect(await found({ targets: null, answer: 1 })).toEqual(['flux2', 0])
    })
  })

  it('a model that is here may have other sizes than the released one', async () => {
    const narrow = lora({ 'double_blocks.0.img_attn.qkv': [384, 128] })
    const linears = new Map([['double_blocks.0.img_attn.qkv', [384, 128] as const]])
    const found = await identify([source(narrow)], { targets: [{ base: 'flux', name: '“mine”', linears }] })
    expect(found.notes).toEqual(['It does not fit FLUX.1 [dev].'])
  })
})
