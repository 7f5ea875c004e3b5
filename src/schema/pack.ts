import * as v from 'valibot'

import {
  FAMILY_IDS,
  LORA_ROLES,
  NETWORK_FAMILIES,
  NETWORKS,
  TOKENIZER_KINDS,
  type ConfigOf,
  type NetworkFamily,
} from '@/families/registry'
import { MattingConfig } from '@/families/matting'
import { UnetConfig } from '@/families/sd2/config'
import { FluxConfig } from '@/families/flux/config'
import { ClipConfig, ClipTextConfig, VaeConfig } from '@/families/shared/config'
import { count, depth } from '@/families/sizes'
import { versioned } from '@/schema/versioned'

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'expected a sha256 in hex'))

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

/** The parts of Painter 2's pack; see docs/painter.md and `pipelines/painter`. */
export const Painter2Config = v.object({
  /** Pixels per side of its pictures. */
  size: count,
  autoencoder: VaeConfig,
  /** Words, and pictures as cells of an autoencoder's encoder. */
  scorer: v.object({ text: ClipTextConfig, image: VaeConfig }),
  /** Painter-U, which Align runs on, and Painter-D, which Mix and Compose run on; absent where it was not trained. */
  unet: v.optional(UnetConfig),
  dit: v.optional(FluxConfig),
})
export type Painter2Config = v.InferOutput<typeof Painter2Config>

/** Sizes of the scene network; see docs/scene.md. */
export const SceneConfig = v.object({
  /** Channels at 96, 48, 24 and 12 cells a side. */
  widths: v.pipe(v.array(count), v.length(4)),
  /** Residual blocks at all but the finest. */
  depth: v.pipe(v.array(depth), v.length(3)),
  hidden: count,
  heads: count,
  blocks: count,
})
export type SceneConfig = v.InferOutput<typeof SceneConfig>

/** Sizes of the geometry and of the cut-out network; see `nets/smallUnet.ts`. */
export const SmallUnetConfig = v.object({
  /** Channels at 64 cells a side. */
  fine: count,
  /** At 32 cells and each half of the one before. */
  widths: v.pipe(v.array(count), v.minLength(2), v.maxLength(6)),
  /** Residual blocks per level on the way down, and up, the finest first. */
  down: v.array(depth),
  up: v.array(depth),
})
export type SmallUnetConfig = v.InferOutput<typeof SmallUnetConfig>

/** What a LoRA is for; the modes look for theirs by this. */
export const LoraRole = v.picklist(LORA_ROLES)
export type LoraRole = v.InferOutput<typeof LoraRole>

/** An adapter; its tensors are kept as the author named them. */
export const LoraConfig = v.object({
  role: LoraRole,
  /** The model that it adapts. */
  base: v.optional(v.picklist(FAMILY_IDS), 'flux'),
  /** alpha where it travels outside the tensors (adapter_config.json, metadata); null: alpha = rank. */
  alpha: v.nullable(v.number()),
  rank: count,
})
export type LoraConfig = v.InferOutput<typeof LoraConfig>

/** A tokenizer.json as published by the authors; kept whole, as the pack's only file. */
export const TokenizerConfig = v.object({ of: v.picklist(TOKENIZER_KINDS) })
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

/** The vocabulary by id: `<pad>`, `<unk>`, words, `<bos>`, `<eos>`. */
const words = v.pipe(v.array(v.string()), v.maxLength(100_000))

export const PainterManifest = v.object({
  ...pack,
  family: v.literal('painter'),
  config: PainterConfig,
  words,
})
export type PainterManifest = v.InferOutput<typeof PainterManifest>
export const Painter2Manifest = v.object({
  ...pack,
  family: v.literal('painter2'),
  config: Painter2Config,
  words,
})
export type Painter2Manifest = v.InferOutput<typeof Painter2Manifest>

export const SceneManifest = v.object({ ...pack, family: v.literal('scene'), config: SceneConfig })
export type SceneManifest = v.InferOutput<typeof SceneManifest>
export const GeometryManifest = v.object({ ...pack, family: v.literal('geometry'), config: SmallUnetConfig })
export type GeometryManifest = v.InferOutput<typeof GeometryManifest>
export const CutoutManifest = v.object({ ...pack, family: v.literal('cutout'), config: SmallUnetConfig })
export type CutoutManifest = v.InferOutput<typeof CutoutManifest>

type PackBase = v.InferOutput<v.ObjectSchema<typeof pack, undefined>>

/** A pack that holds a network, of whichever family. */
type NetworkManifest = {
  [F in NetworkFamily]: PackBase & { family: F; config: ConfigOf<F> }
}[NetworkFamily]

const LoraManifest = v.object({ ...pack, family: v.literal('lora'), config: LoraConfig })
const TokenizerManifest = v.object({ ...pack, family: v.literal('tokenizer'), config: TokenizerConfig })
/** A network of others that cuts out; kept as published, as the pack's only file. */
const MattingManifest = v.object({ ...pack, family: v.literal('matting'), config: MattingConfig })

/** `manifest.json` of a weight pack (DESIGN contracts, docs/formats.md): what ships and what the importer writes. */
export type PackManifest =
  | PainterManifest
  | Painter2Manifest
  | SceneManifest
  | GeometryManifest
  | CutoutManifest
  | NetworkManifest
  | v.InferOutput<typeof LoraManifest>
  | v.InferOutput<typeof TokenizerManifest>
  | v.InferOutput<typeof MattingManifest>
export const PackManifest = v.variant('family', [
  PainterManifest,
  Painter2Manifest,
  SceneManifest,
  GeometryManifest,
  CutoutManifest,
  LoraManifest,
  TokenizerManifest,
  MattingManifest,
  ...NETWORK_FAMILIES.map((family) =>
    v.object({ ...pack, family: v.literal(family), config: NETWORKS[family].config }),
  ),
]) as v.GenericSchema<unknown, PackManifest>

/** Reads a manifest of any version; there has been one so far. */
export const readPackManifest = versioned(PackManifest, [])

export type PackFamily = PackManifest['family']
/** What is built in; all else is imported. */
export const BUILT_IN = ['painter', 'painter2', 'scene', 'geometry', 'cutout'] as const
export type BuiltInFamily = (typeof BUILT_IN)[number]
/** Those whose weights ship, in `public/models/FAMILY`. The others are offered where the page's address names a folder. */
const SHIPPED: ReadonlySet<BuiltInFamily> = new Set(['painter', 'scene', 'geometry', 'cutout'])
/** What the built-in models are called, for where they are not there to say it. */
export const BUILT_IN_NAMES: Readonly<Record<BuiltInFamily, string>> = {
  painter: 'Inlay Painter',
  painter2: 'Inlay Painter 2',
  scene: 'Inlay Scene',
  geometry: 'Inlay Geometry',
  cutout: 'Inlay Cut-out',
}
/** Pixels per side of what Painter 2 makes. */
export const PAINTER_SIDE = 128
/** Whether a family's weights ship. */
export const ships = (family: BuiltInFamily): boolean => SHIPPED.has(family)
/** Something for each of the built-in families. */
export const perBuiltIn = <T>(make: (family: BuiltInFamily) => T): Record<BuiltInFamily, T> =>
  Object.fromEntries(BUILT_IN.map((family) => [family, make(family)])) as Record<BuiltInFamily, T>
/** The manifest of one family. */
export type ManifestOf<F extends PackFamily> = Extract<PackManifest, { family: F }>
export const isBuiltIn = (manifest: PackManifest): manifest is ManifestOf<BuiltInFamily> =>
  BUILT_IN.some((family) => family === manifest.family)
/** What can be imported. */
export type ImportedFamily = Exclude<PackFamily, BuiltInFamily>
export const IMPORTED_FAMILIES: readonly ImportedFamily[] = [
  ...NETWORK_FAMILIES,
  'lora',
  'tokenizer',
  'matting',
]

// Whoever reads a manifest finds its config's type here; what it says is the family's.
export type { FluxConfig, T5Config } from '@/families/flux/config'
export type { UnetConfig } from '@/families/sd2/config'
export type { ClipConfig, ClipTextConfig, ClipVisionConfig } from '@/families/shared/config'
export { VaeConfig } from '@/families/shared/config'
