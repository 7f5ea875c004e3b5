import * as v from 'valibot'

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e6))
const depth = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(200))
const theta = v.pipe(v.number(), v.minValue(1))
const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'expected a sha256 in hex'))

/** Sizes that every model of the FLUX family has; see `nets/fluxParameters.ts`. */
const transformer = {
  hidden: count,
  heads: count,
  axesDim: v.pipe(v.array(count), v.length(3)),
  theta,
  doubleBlocks: depth,
  singleBlocks: depth,
  mlpRatio: count,
  contextDim: count,
  inChannels: count,
  outChannels: count,
}

/** Sizes of Inlay Mini; see docs/mini.md. */
export const MiniConfig = v.object({
  ...transformer,
  size: count,
  patch: count,
  mapReduction: count,
  textTokens: count,
  steps: v.pipe(count, v.maxValue(100)),
  strength: v.pipe(v.number(), v.minValue(0.05), v.maxValue(1)),
})
export type MiniConfig = v.InferOutput<typeof MiniConfig>

/** FLUX.1 and its pruned relatives (specs: FLUX §1). */
export const FluxConfig = v.object({ ...transformer, vectorDim: v.nullable(count), guidance: v.boolean() })
export type FluxConfig = v.InferOutput<typeof FluxConfig>

/** CLIP's text transformers (specs: encoders §2). */
export const ClipTextConfig = v.object({
  width: count,
  heads: count,
  layers: depth,
  mlp: count,
  vocabulary: count,
  positions: count,
  activation: v.picklist(['quickGelu', 'gelu']),
  /** Width of the text projection, or null where there is none. */
  projection: v.nullable(count),
})
export type ClipTextConfig = v.InferOutput<typeof ClipTextConfig>

/** The T5 v1.1 encoder (specs: encoders §3). */
export const T5Config = v.object({
  width: count,
  heads: count,
  headDim: count,
  layers: depth,
  mlp: count,
  vocabulary: count,
  buckets: count,
  maxDistance: count,
})
export type T5Config = v.InferOutput<typeof T5Config>

/** AutoencoderKL (specs: encoders §1). */
export const VaeConfig = v.object({
  latentChannels: count,
  /** Channels per level, finest first. */
  channels: v.pipe(v.array(count), v.minLength(1), v.maxLength(8)),
  /** Resnets per encoder level; the decoder has one more. */
  resnets: v.pipe(count, v.maxValue(16)),
  groups: count,
  /** 1x1 convolutions around the latent. */
  quantConvs: v.boolean(),
  scaling: v.number(),
  shift: v.number(),
})
export type VaeConfig = v.InferOutput<typeof VaeConfig>

/** Stable Diffusion's U-Net (specs: D-Fusion §2, §3). */
export const UnetConfig = v.object({
  inChannels: count,
  outChannels: count,
  /** Channels per level, finest first. */
  channels: v.pipe(v.array(count), v.minLength(1), v.maxLength(8)),
  /** Attention heads per level. */
  heads: v.array(count),
  /** Which levels have transformers. */
  attention: v.array(v.boolean()),
  /** Resnets per level on the way down; one more on the way up. */
  resnets: count,
  contextDim: count,
  groups: count,
  prediction: v.picklist(['epsilon', 'v_prediction']),
})
export type UnetConfig = v.InferOutput<typeof UnetConfig>

/** CLIP's vision transformers (specs: encoders §6). */
export const ClipVisionConfig = v.object({
  width: count,
  heads: count,
  layers: depth,
  mlp: count,
  /** Pixels per side of the picture and of a patch. */
  image: count,
  patch: count,
  activation: v.picklist(['quickGelu', 'gelu']),
  projection: count,
})
export type ClipVisionConfig = v.InferOutput<typeof ClipVisionConfig>

/** Both towers of CLIP, projected to the same width: what scores pictures against words. */
export const ClipConfig = v.object({ text: ClipTextConfig, vision: ClipVisionConfig })
export type ClipConfig = v.InferOutput<typeof ClipConfig>

/** A Stable Diffusion U-Net as it is installed. */
export const InstalledUnetConfig = v.object({
  ...UnetConfig.entries,
  /** Distilled to a few steps without guidance, as SD-Turbo. */
  fewSteps: v.optional(v.boolean(), false),
})
export type InstalledUnetConfig = v.InferOutput<typeof InstalledUnetConfig>

/** The built-in text-to-image model of Align; see docs/painter.md. */
export const PainterConfig = v.object({
  /** Pixels per side of its pictures. */
  size: count,
  unet: UnetConfig,
  text: ClipTextConfig,
  /** The latent is a fixed linear map of patches of so many pixels per side. */
  patch: count,
  scorer: ClipConfig,
})
export type PainterConfig = v.InferOutput<typeof PainterConfig>

/** What a LoRA is for; the modes look for theirs by this. */
export const LoraRole = v.picklist([
  'dreamfuse',
  'dreamo',
  'dreamo-cfg-distill',
  'dreamo-quality-pos',
  'dreamo-quality-neg',
  'dreamo-sft',
  'dreamo-dpo',
  'turbo',
  'other',
])
export type LoraRole = v.InferOutput<typeof LoraRole>

/** An adapter; its tensors are kept as the author named them. */
export const LoraConfig = v.object({
  role: LoraRole,
  /** The model that it adapts. */
  base: v.optional(v.picklist(['flux', 'sd2']), 'flux'),
  /** alpha where it travels outside the tensors (adapter_config.json, metadata); null: alpha = rank. */
  alpha: v.nullable(v.number()),
  rank: count,
})
export type LoraConfig = v.InferOutput<typeof LoraConfig>

/** A tokenizer.json as published by the authors; kept whole, as the pack's only file. */
export const TokenizerConfig = v.object({ of: v.picklist(['clip', 't5']) })
export type TokenizerConfig = v.InferOutput<typeof TokenizerConfig>

export const TensorFormat = v.picklist(['f32', 'f16', 'bf16', 'q8', 'q4'])
export type TensorFormat = v.InferOutput<typeof TensorFormat>

/** What every pack has, whatever it holds. */
const pack = {
  schema: v.literal(1),
  name: v.pipe(v.string(), v.maxLength(200)),
  licence: v.string(),
  provenance: v.optional(v.record(v.string(), v.unknown())),
  /**
   * Canonical tensors. A quantised `<name>` has `<name>.scale` beside it in the shards; one with several `chunks` is
   * stored as `<name>.0`, `<name>.1`, … (rows of each chunk).
   */
  tensors: v.record(
    v.string(),
    v.object({
      format: TensorFormat,
      shape: v.array(count),
      block: v.optional(v.literal(32)),
      chunks: v.optional(v.array(count)),
    }),
  ),
  shards: v.pipe(
    v.array(
      v.object({
        file: v.pipe(v.string(), v.regex(/^[\w.-]+$/, 'expected a plain file name')),
        bytes: v.pipe(v.number(), v.integer(), v.minValue(2)),
        sha256: Sha256,
      }),
    ),
    v.minLength(1),
    v.maxLength(1000),
  ),
}

export const MiniManifest = v.object({
  ...pack,
  family: v.literal('mini'),
  config: MiniConfig,
  words: v.pipe(v.array(v.string()), v.maxLength(100_000)),
})
export type MiniManifest = v.InferOutput<typeof MiniManifest>

export const PainterManifest = v.object({
  ...pack,
  family: v.literal('painter'),
  config: PainterConfig,
  /** The vocabulary by id: `<pad>`, `<unk>`, words, `<bos>`, `<eos>`. */
  words: v.pipe(v.array(v.string()), v.maxLength(100_000)),
})
export type PainterManifest = v.InferOutput<typeof PainterManifest>

/** `manifest.json` of a weight pack (DESIGN contracts, docs/formats.md): what ships and what the importer writes. */
export const PackManifest = v.variant('family', [
  MiniManifest,
  PainterManifest,
  v.object({ ...pack, family: v.literal('fluxDit'), config: FluxConfig }),
  v.object({ ...pack, family: v.literal('unet'), config: InstalledUnetConfig }),
  v.object({ ...pack, family: v.literal('clip'), config: ClipConfig }),
  v.object({ ...pack, family: v.literal('clipText'), config: ClipTextConfig }),
  v.object({ ...pack, family: v.literal('t5'), config: T5Config }),
  v.object({ ...pack, family: v.literal('vae'), config: VaeConfig }),
  v.object({ ...pack, family: v.literal('lora'), config: LoraConfig }),
  v.object({ ...pack, family: v.literal('tokenizer'), config: TokenizerConfig }),
])
export type PackManifest = v.InferOutput<typeof PackManifest>
export type PackFamily = PackManifest['family']
/** What ships with the studio; all else is imported. */
export type BuiltInFamily = 'mini' | 'painter'
/** The manifest of one family. */
export type ManifestOf<F extends PackFamily> = Extract<PackManifest, { family: F }>
