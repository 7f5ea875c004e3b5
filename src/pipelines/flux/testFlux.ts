/** A tiny FLUX model set, made of waves instead of weights, for the pipelines' tests. */
import type { Raster } from '@/base/geometry'
import type { FluxModelSet } from '@/pipelines/flux/fluxModel'
import type { PackOf, PackProvider } from '@/pipelines/shared/modelSet'
import type { LoraRole, PackFamily, PackManifest } from '@/schema/pack'
import { checkpointOf } from '@/weights/formats/checkpoint'
import { parseSafetensors, writeSafetensors } from '@/weights/formats/safetensors'
import type { LinearWeights, WeightSource } from '@/weights/formats/source'

/** The config of one family's packs. */
type PackConfig<F extends PackFamily> = { [M in PackManifest as M['family']]: M['config'] }[F]

export const HIDDEN = 48
export const CONTEXT = 24

/** Every value another one, none of them random. */
export function waves(count: number, seed: number, scale: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => scale * Math.sin(0.7371 * i + 1.913 * seed))
}

const seedOf = (name: string) => [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 1009
const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1)

/** Norms near 1, biases near 0, the rest so large that values neither die nor grow. */
export const WAVES: WeightSource = {
  has: (name) => !/quant_conv/.test(name),
  tensor: (name, shape) => {
    const count = sizeOf(shape)
    if (/norm.*(weight|scale)$/.test(name))
      return Promise.resolve(waves(count, seedOf(name), 0.1).map((value) => 1 + value))
    const fanIn = shape.length > 1 ? count / shape[0] : 100
    return Promise.resolve(waves(count, seedOf(name), 1.4 / Math.sqrt(fanIn)))
  },
  linear: (name, rows, cols): Promise<LinearWeights> =>
    Promise.resolve({
      rows,
      cols,
      format: 'f32',
      chunks: [{ rows, weight: waves(rows * cols, seedOf(name), 1.4 / Math.sqrt(cols)), scales: null }],
      bias: waves(rows, seedOf(name) + 1, 0.1),
      lora: null,
    }),
}

/** A pack of waves. */
export function pack<F extends PackFamily>(
  family: F,
  config: PackConfig<F>,
  rest: Partial<Pick<PackProvider, 'checkpoint' | 'file'>> & { source?: WeightSource } = {},
): PackOf<F> {
  const none = () => Promise.reject(new Error(`the ${family} pack has none`))
  const shards = [{ file: 'data', bytes: 2, sha256: '0'.repeat(64) }]
  const manifest = { schema: 1, name: family, licence: '', tensors: {}, shards, family, config }
  return {
    manifest: manifest as unknown as PackOf<F>['manifest'],
    hash: `${family} hash`,
    source: () => rest.source ?? WAVES,
    checkpoint: rest.checkpoint ?? none,
    file: rest.file ?? none,
  } as PackOf<F>
}

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

const tokenizer = (of: 'clip' | 't5', json: unknown) =>
  pack('tokenizer', { of }, { file: () => Promise.resolve(new Blob([JSON.stringify(json)])) })

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

/** A picture of smooth colours; opaque, or an ellipse on nothing. */
export function testPicture(width: number, height: number, seed: number, ellipse = false): Raster {
  const data = new Uint8ClampedArray(4 * width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const inside = ((2 * x + 1) / width - 1) ** 2 + ((2 * y + 1) / height - 1) ** 2 < 1
      const colour = (k: number) => 127 + 100 * Math.sin(x / (7 + k) + y / (11 - k) + seed * k)
      data.set([colour(1), colour(2), colour(3), ellipse && !inside ? 0 : 255], 4 * (y * width + x))
    }
  return { width, height, data }
}
