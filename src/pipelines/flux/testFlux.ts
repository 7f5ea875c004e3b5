/** A tiny FLUX model set, made of waves instead of weights, for the pipelines' tests. */
import type { FluxModelSet } from '@/pipelines/flux/fluxModel'
import type { PackOf } from '@/pipelines/shared/modelSet'
import { pack, seedOf, sizeOf, tokenizer, waves } from '@/pipelines/shared/testPacks'
import type { LoraRole } from '@/schema/pack'
import { checkpointOf } from '@/weights/formats/checkpoint'
import { parseSafetensors, writeSafetensors } from '@/weights/formats/safetensors'

export const HIDDEN = 48
export const CONTEXT = 24

type Table = [name: string, shape: number[]]

/** @param linears diffusers' or DreamO's names without the halves' endings */
function adapter(
  role: LoraRole,
  halves: [string, string],
  linears: [name: string, rows: number, cols: number][],
  tables: Table[],
): PackOf<'lora'> {
  const rank = 4
  const shapes: Table[] = [
    ...linears.flatMap(([name, rows, cols]): Table[] => [
      [`${name}.${halves[0]}.weight`, [rank, cols]],
      [`${name}.${halves[1]}.weight`, [rows, rank]],
    ]),
    ...tables,
  ]
  const tensors = Object.fromEntries(
    shapes.map(([name, shape]) => [name, { shape, data: waves(sizeOf(shape), seedOf(name), 0.3) }]),
  )
  const checkpoint = () =>
    Promise.resolve(checkpointOf(parseSafetensors(writeSafetensors(tensors), 'adapter')))
  return pack('lora', { role, base: 'flux', alpha: null, rank }, { checkpoint })
}

export const DREAMFUSE = adapter(
  'dreamfuse',
  ['lora_A', 'lora_B'],
  ['to_q', 'to_k', 'to_v', 'to_out.0'].map((name): [string, number, number] => [
    `base_model.model.transformer_blocks.0.attn.${name}`,
    HIDDEN,
    HIDDEN,
  ]),
  [['base_model.model.image_tag_embeddings.weight', [3, HIDDEN]]],
)

export const DREAMO = adapter(
  'dreamo',
  ['down', 'up'],
  [
    ['double_blocks_0_processor.qkv_lora1', 3 * HIDDEN, HIDDEN],
    ['single_blocks_0_processor.proj_lora', HIDDEN, 3 * HIDDEN],
  ],
  [
    ['dreamo_task_embedding.weight', [2, HIDDEN]],
    ['dreamo_idx_embedding.weight', [10, HIDDEN]],
    ['dreamo_t5_embedding.weight', [10, CONTEXT]],
  ],
)

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz']

/** One piece per letter; the end of text has the highest id, as CLIP's pooling expects. */
export const CLIP_PIECES = [
  ...LETTERS,
  ...LETTERS.map((letter) => `${letter}</w>`),
  '<|startoftext|>',
  '<|endoftext|>',
]
const CLIP_TOKENIZER = {
  model: {
    type: 'BPE',
    vocab: Object.fromEntries(CLIP_PIECES.map((piece, id) => [piece, id])),
    merges: [],
    end_of_word_suffix: '</w>',
  },
}

export const clipTokenizer = () => tokenizer('clip', CLIP_TOKENIZER)

const T5_PIECES = ['<pad>', '</s>', '<unk>', '▁', ...LETTERS]
const T5_TOKENIZER = {
  model: { type: 'Unigram', vocab: T5_PIECES.map((piece, id) => [piece, -id]), unk_id: 2 },
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
}

/** The set with these adapters at weight 1. */
export function tinySet(...adapters: PackOf<'lora'>[]): FluxModelSet {
  return {
    transformer: pack('fluxDit', {
      hidden: HIDDEN,
      heads: 3,
      axesDim: [4, 6, 6],
      theta: 10000,
      doubleBlocks: 1,
      singleBlocks: 1,
      mlpRatio: 2,
      inChannels: 16,
      outChannels: 16,
      contextDim: CONTEXT,
      vectorDim: 20,
      guidance: true,
    }),
    vae: pack('vae', {
      latentChannels: 4,
      channels: [4, 4, 8, 8],
      resnets: 1,
      groups: 2,
      quantConvs: false,
      scaling: 0.3611,
      shift: 0.1159,
    }),
    clip: pack('clipText', {
      width: 20,
      heads: 2,
      layers: 1,
      mlp: 40,
      vocabulary: CLIP_PIECES.length,
      positions: 16,
      activation: 'quickGelu',
      projection: null,
    }),
    clipTokenizer: clipTokenizer(),
    t5: {
      hash: 't5 hash',
      pack: pack('t5', {
        width: CONTEXT,
        heads: 2,
        headDim: 8,
        layers: 1,
        mlp: 32,
        vocabulary: T5_PIECES.length + 10,
        buckets: 32,
        maxDistance: 128,
      }),
    },
    t5Tokenizer: tokenizer('t5', T5_TOKENIZER),
    adapters: adapters.map((each) => ({ pack: each, weight: 1 })),
  }
}
