/**
 * A complete tiny set of models in the authors' real layouts, with random weights that are the same every time:
 * what somebody would drop on the model manager, in miniature.
 */
import {
  bflFlux,
  clipText,
  diffusersFlux,
  fileOf,
  FLUX,
  jsonFile,
  loraPair,
  originalVae,
  shardsOf,
  t5,
  table,
  type TestTensors,
} from '@/weights/testModels'
import { qwenJson, QWEN_TOKENS } from '@/text/testTokenizers'
import { bflKlein, KLEIN, kleinVae, qwen3, QWEN3 } from '@/weights/testKlein'
import { tinyMatting } from '@/weights/testMatting'
import { clipModel } from '@/weights/testSd'
import { dinov2, redux, siglip } from '@/weights/testVision'

import type { PictureFile } from './pictures'

/** File contents by file name. */
export type ModelFiles = Record<string, Uint8Array<ArrayBuffer>>

/** The same as files to drop. */
export const filesOf = (files: ModelFiles): PictureFile[] =>
  Object.entries(files).map(([name, bytes]) => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(bytes),
  }))

/** FLUX.1-dev as its authors publish it: one bf16 file, fused linears. */
export const fluxFiles = (): ModelFiles => ({ 'flux1-dev.safetensors': fileOf(bflFlux(), 'BF16') })

/** The same FLUX as diffusers publishes it: shards, an index and a config. */
export const fluxDiffusersFiles = (): ModelFiles => ({
  ...shardsOf(diffusersFlux(bflFlux()), 3, 'diffusion_pytorch_model'),
  'config.json': jsonFile({
    _class_name: 'FluxTransformer2DModel',
    attention_head_dim: FLUX.headDim,
    num_attention_heads: FLUX.hidden / FLUX.headDim,
    num_layers: FLUX.double,
    num_single_layers: FLUX.single,
    in_channels: FLUX.image,
    joint_attention_dim: FLUX.context,
    pooled_projection_dim: FLUX.vector,
    guidance_embeds: true,
    axes_dims_rope: [16, 56, 56],
  }),
})

/** DreamFuse's adapter as PEFT writes it (specs: DreamFuse §7). */
export function dreamFuseFiles(): ModelFiles {
  const { hidden, double, single } = FLUX
  const prefix = 'base_model.model.'
  const tensors: TestTensors = table(`${prefix}image_tag_embeddings.weight`, 3, hidden)
  const pair = (module: string): void =>
    loraPair(tensors, `${prefix}${module}.lora_A.weight`, `${prefix}${module}.lora_B.weight`, hidden, hidden)
  for (let i = 0; i < double; i++)
    for (const part of ['to_q', 'to_k', 'to_v', 'to_out.0']) pair(`transformer_blocks.${i}.attn.${part}`)
  for (let i = 0; i < single; i++)
    for (const part of ['to_q', 'to_k', 'to_v']) pair(`single_transformer_blocks.${i}.attn.${part}`)
  return {
    'adapter_model.safetensors': fileOf(tensors, 'F32'),
    'adapter_config.json': jsonFile({
      peft_type: 'LORA',
      r: 4,
      lora_alpha: 4,
      target_modules: ['to_k', 'to_q', 'to_v', 'to_out.0'],
      modules_to_save: ['image_tag_embeddings'],
    }),
  }
}

/** DreamO's XLabs-like names; `embeddings` are the three tables of its main file (specs: DreamO §6). */
function dreamoTensors(embeddings: boolean): TestTensors {
  const { hidden, mlp, double, single, context } = FLUX
  const tensors: TestTensors = {}
  const pair = (module: string, rows: number, cols: number): void =>
    loraPair(tensors, `${module}.down.weight`, `${module}.up.weight`, rows, cols)
  for (let i = 0; i < double; i++)
    for (const stream of [1, 2]) {
      pair(`double_blocks_${i}.processor.qkv_lora${stream}`, 3 * hidden, hidden)
      pair(`double_blocks_${i}.processor.proj_lora${stream}`, hidden, hidden)
    }
  for (let i = 0; i < single; i++) {
    pair(`single_blocks_${i}.processor.qkv_lora`, 3 * hidden, hidden)
    pair(`single_blocks_${i}.processor.proj_lora`, hidden, hidden + mlp)
  }
  if (!embeddings) return tensors
  return {
    ...tensors,
    ...table('dreamo_task_embedding.weight', 2, hidden),
    ...table('dreamo_idx_embedding.weight', 10, hidden),
    ...table('dreamo_t5_embedding.weight', 10, context, 1),
  }
}

export const dreamoFiles = (): ModelFiles => ({ 'dreamo.safetensors': fileOf(dreamoTensors(true), 'BF16') })

export const dreamoCfgDistillFiles = (): ModelFiles => ({
  'dreamo_cfg_distill.safetensors': fileOf(dreamoTensors(false), 'BF16'),
})

/** ids 0 to 32099, as in T5's own tokenizer: DreamO's tokens come after them. */
const T5_TOKENS = 32100

/** Pieces that T5's tiny tokenizer knows: words, letters, then names that no text contains. */
function t5Pieces(): [string, number][] {
  const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789.,!?\'"-[]#_:;()ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const words = [
    'a',
    'the',
    'of',
    'in',
    'on',
    'and',
    'with',
    'red',
    'blue',
    'cup',
    'cat',
    'dog',
    'table',
    'house',
  ]
  const pieces: [string, number][] = [
    ['<pad>', 0],
    ['</s>', 0],
    ['<unk>', 0],
    ['▁', -2],
    ...words.map((word, i): [string, number] => [`▁${word}`, -3 - i / 100]),
    ...letters.map((letter, i): [string, number] => [letter, -6 - i / 100]),
  ]
  const extra = 100
  while (pieces.length < T5_TOKENS - extra) pieces.push([`\u{E000}${pieces.length}`, -20])
  for (let i = extra - 1; i >= 0; i--) pieces.push([`<extra_id_${i}>`, 0])
  return pieces
}

const special = (id: number, content: string, normalized = false) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized,
  special: true,
})

const t5TokenizerJson = () => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: ['<pad>', '</s>', '<unk>'].map((content, id) => special(id, content)),
  normalizer: null,
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'WhitespaceSplit' },
      { type: 'Metaspace', replacement: '▁', add_prefix_space: true },
    ],
  },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 0 } }],
    pair: [
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '</s>', type_id: 0 } },
      { Sequence: { id: 'B', type_id: 0 } },
      { SpecialToken: { id: '</s>', type_id: 0 } },
    ],
    special_tokens: { '</s>': { id: '</s>', ids: [1], tokens: ['</s>'] } },
  },
  decoder: { type: 'Metaspace', replacement: '▁', add_prefix_space: true },
  model: { type: 'Unigram', unk_id: 2, vocab: t5Pieces() },
})

/** CLIP's printable stand-ins for bytes. */
function byteSymbols(): string[] {
  const printable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255)
  const bytes = Array.from({ length: 256 }, (_, byte) => byte)
  return [
    ...bytes.filter(printable).map((byte) => String.fromCharCode(byte)),
    ...bytes.filter((byte) => !printable(byte)).map((_, i) => String.fromCharCode(256 + i)),
  ]
}

const MERGES = [
  'r e',
  're d</w>',
  'c u',
  'cu p</w>',
  't h',
  'th e</w>',
  'o f</w>',
  'i n</w>',
  'c a',
  'ca t</w>',
]
const BOS = '<|startoftext|>'
const EOS = '<|endoftext|>'

function clipTokens(): string[] {
  const symbols = byteSymbols()
  return [
    ...symbols,
    ...symbols.map((symbol) => `${symbol}</w>`),
    ...MERGES.map((merge) => merge.replace(' ', '')),
    BOS,
    EOS,
  ]
}

function clipTokenizerJson() {
  const vocab = Object.fromEntries(clipTokens().map((token, id) => [token, id]))
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [special(vocab[BOS], BOS, true), special(vocab[EOS], EOS)],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" },
          behavior: 'Removed',
          invert: true,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
      ],
    },
    post_processor: {
      type: 'RobertaProcessing',
      sep: [EOS, vocab[EOS]],
      cls: [BOS, vocab[BOS]],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: EOS,
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      vocab,
      merges: MERGES,
    },
  }
}

export const clipFiles = (): ModelFiles => ({
  'clip_l.safetensors': fileOf(clipText(clipTokens().length), 'F16'),
})
export const clipTokenizerFiles = (): ModelFiles => ({ 'tokenizer.json': jsonFile(clipTokenizerJson()) })
/** The table has more rows than the tokenizer has tokens, as T5's own. */
export const t5Files = (): ModelFiles => ({ 't5xxl_fp16.safetensors': fileOf(t5(T5_TOKENS + 28), 'F16') })
export const t5TokenizerFiles = (): ModelFiles => ({ 'tokenizer.json': jsonFile(t5TokenizerJson()) })
export const vaeFiles = (): ModelFiles => ({ 'ae.safetensors': fileOf(originalVae(), 'F32') })

const EYES = { width: 64, layers: 2, mlp: 96, patch: 14, grid: 3 }

/** SigLIP as FLUX.1 Redux brings it. */
const siglipFiles = (): ModelFiles => ({
  'model.safetensors': fileOf(siglip(EYES), 'BF16'),
  'config.json': jsonFile({ architectures: ['SiglipVisionModel'], num_attention_heads: 4 }),
})
const reduxFiles = (): ModelFiles => ({
  'flux1-redux-dev.safetensors': fileOf(redux(EYES.width, FLUX.context), 'BF16'),
})
const dinoFiles = (): ModelFiles => ({ 'dinov2.safetensors': fileOf(dinov2(EYES, 2), 'F32') })
const scorerFiles = (): ModelFiles => ({
  'clip.safetensors': fileOf(clipModel(clipTokens().length), 'F16'),
  'config.json': jsonFile({
    model_type: 'clip',
    text_config: { num_attention_heads: 4, hidden_act: 'quick_gelu' },
    vision_config: { num_attention_heads: 6, hidden_act: 'quick_gelu' },
  }),
})

/** What Mix needs; the last file holds a scorer, and a text encoder besides. */
export const mixSet = (): ModelFiles[] => [
  fluxFiles(),
  siglipFiles(),
  reduxFiles(),
  clipFiles(),
  clipTokenizerFiles(),
  vaeFiles(),
  dinoFiles(),
  scorerFiles(),
]

/** What Place with DreamFuse needs, in the order of an import; the two tokenizers share a file name. */
export const dreamFuseSet = (): ModelFiles[] => [
  fluxFiles(),
  dreamFuseFiles(),
  clipFiles(),
  clipTokenizerFiles(),
  t5Files(),
  t5TokenizerFiles(),
  vaeFiles(),
]

/** What Compose with DreamO needs. */
export const dreamoSet = (): ModelFiles[] => [
  fluxDiffusersFiles(),
  dreamoFiles(),
  dreamoCfgDistillFiles(),
  clipFiles(),
  clipTokenizerFiles(),
  t5Files(),
  t5TokenizerFiles(),
  vaeFiles(),
]

/**
 * FLUX.2 [klein] with its encoder, tokenizer and autoencoder, as their authors publish them.
 * @param name the transformer's file, which tells its Base
 */
export const kleinSet = (name = 'flux-2-klein-4b.safetensors'): ModelFiles[] => [
  { [name]: fileOf(bflKlein(), 'BF16') },
  shardsOf(qwen3(QWEN_TOKENS), 2, 'model'),
  { 'tokenizer.json': jsonFile(qwenJson()) },
  { 'flux2-vae.safetensors': fileOf(kleinVae(), 'F32') },
]

/** An adapter of `kleinSet`'s transformer that says nothing of whom it is for. */
export function kleinLoraFiles(): ModelFiles {
  const tensors: TestTensors = {}
  const module = 'diffusion_model.double_blocks.0.img_attn.qkv'
  loraPair(tensors, `${module}.lora_A.weight`, `${module}.lora_B.weight`, 3 * KLEIN.hidden, KLEIN.hidden)
  return { 'style.safetensors': fileOf(tensors, 'F32') }
}

/** FLUX.2 [dev]: klein's names, and guidance as a number. */
export const flux2DevFiles = (): ModelFiles => ({
  'flux2-dev.safetensors': fileOf(
    { ...bflKlein(), ...table('guidance_in.in_layer.weight', KLEIN.hidden, 256) },
    'BF16',
  ),
})

/** A text encoder of another klein: wider than `kleinSet`'s transformer reads. */
export const wideQwenFiles = (): ModelFiles => ({
  'qwen_3_8b.safetensors': fileOf(qwen3(QWEN_TOKENS, { ...QWEN3, width: 64, layers: 27 }), 'BF16'),
})

/** Looks like u2netp, and takes what is blue and not red for the main object. */
export const blueFinder = (): ModelFiles => ({
  'blue-finder.onnx': tinyMatting({
    kind: 'u2net',
    weights: [-2, 0, 2],
    height: 320,
    width: 320,
    bounded: true,
  }),
})

/** Looks like MODNet, which takes photos in their own shape; no runtime has its operator. */
export const bicycle = (): ModelFiles => ({
  'bicycle.onnx': tinyMatting({
    ...{ kind: 'modnet', weights: [1, 1, 1], height: 'h', width: 'w', bounded: true },
    odd: 'Bicycle',
  }),
})
