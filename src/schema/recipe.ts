import * as v from 'valibot'

import { AssetRef, Prompt, RectSchema, Seed, Steps, Strength } from '@/schema/common'

/** A cut-out and where it stands: what a layer and a recipe both know of a foreground. */
export const placement = {
  asset: AssetRef,
  /** Where the foreground's alpha bounding box goes, background pixels, before rotation. */
  box: RectSchema,
  /** Fill the box instead of fitting inside it, bottom-centred. */
  stretch: v.boolean(),
  /** Clockwise, about the centre of the placed rectangle. */
  rotationDegrees: v.pipe(v.number(), v.finite()),
  flipX: v.boolean(),
}

/** One foreground of a Place recipe, bottom to top in the recipe's list. */
export const PlacedForeground = v.object(placement)
export type PlacedForeground = v.InferOutput<typeof PlacedForeground>

const Hash = v.pipe(v.string(), v.maxLength(64))

/** One installed pack that takes part in a result. */
export const ModelPart = v.object({
  family: v.picklist(['fluxDit', 'clipText', 't5', 'vae', 'lora', 'tokenizer']),
  name: v.string(),
  /** sha256 of the pack's manifest. */
  hash: Hash,
  /** Strength of a LoRA, negative too; 1 for everything else. */
  weight: v.optional(v.pipe(v.number(), v.minValue(-4), v.maxValue(4)), 1),
})
export type ModelPart = v.InferOutput<typeof ModelPart>

/** The weights that made a result. `parts` is empty for the built-in model, whose `hash` is its manifest's. */
export const ModelRef = v.object({
  name: v.string(),
  hash: Hash,
  parts: v.optional(v.pipe(v.array(ModelPart), v.maxLength(32)), () => []),
})
export type ModelRef = v.InferOutput<typeof ModelRef>

const Guidance = v.pipe(v.number(), v.minValue(0), v.maxValue(30))
/** Where the starting noise comes from: our Philox stream, or the numbers that torch draws on a CPU. */
export const NoiseSource = v.picklist(['philox', 'torch'])
export type NoiseSource = v.InferOutput<typeof NoiseSource>

/** Settings of Place on FLUX with DreamFuse (specs: DreamFuse §2, §5, §6). */
export const FluxPlaceSettings = v.object({
  /** Bucket list: the picture's area is about the square of this. */
  size: v.picklist([512, 768, 1024]),
  guidance: Guidance,
  /** How often the text tokens are repeated. */
  textStrength: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10)),
  noise: NoiseSource,
})
export type FluxPlaceSettings = v.InferOutput<typeof FluxPlaceSettings>

/** What a Compose reference shows; decides its pre-processing (specs: DreamO §2). */
export const ReferenceRole = v.picklist(['subject', 'identity', 'style', 'tryOn'])
export type ReferenceRole = v.InferOutput<typeof ReferenceRole>

export const ComposeReference = v.object({
  asset: AssetRef,
  role: ReferenceRole,
  /** The face that the identity role crops, asset pixels; null: the whole picture. */
  face: v.nullable(RectSchema),
})
export type ComposeReference = v.InferOutput<typeof ComposeReference>

const side = v.pipe(v.number(), v.integer(), v.minValue(256), v.maxValue(2048), v.multipleOf(16))

/** Settings of Compose on FLUX with DreamO (specs: DreamO §7). */
export const ComposeSettings = v.object({
  width: side,
  height: side,
  steps: Steps,
  guidance: Guidance,
  /** Guidance of step 0 alone; 0: the same as the others. */
  firstStepGuidance: Guidance,
  /** Scale of the true classifier-free guidance; 1 is off. */
  trueCfg: v.pipe(v.number(), v.minValue(1), v.maxValue(10)),
  /** Steps start <= i < end run with true guidance. */
  cfgStart: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100)),
  cfgEnd: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100)),
  negativePrompt: Prompt,
  negativeGuidance: Guidance,
  /** References are brought to this squared, in area. */
  referenceSize: v.pipe(v.number(), v.integer(), v.minValue(256), v.maxValue(1024), v.multipleOf(16)),
  noise: NoiseSource,
})
export type ComposeSettings = v.InferOutput<typeof ComposeSettings>

export const PlaceRecipe = v.object({
  schema: v.literal(1),
  mode: v.literal('place'),
  model: ModelRef,
  background: AssetRef,
  foregrounds: v.pipe(v.array(PlacedForeground), v.minLength(1), v.maxLength(16)),
  prompt: Prompt,
  seed: Seed,
  steps: Steps,
  strength: Strength,
  /** Set when the model is FLUX with DreamFuse, absent for the built-in model. */
  flux: v.optional(FluxPlaceSettings),
})
export type PlaceRecipe = v.InferOutput<typeof PlaceRecipe>

export const ComposeRecipe = v.object({
  schema: v.literal(1),
  mode: v.literal('compose'),
  model: ModelRef,
  references: v.pipe(v.array(ComposeReference), v.maxLength(9)),
  prompt: Prompt,
  seed: Seed,
  compose: ComposeSettings,
})
export type ComposeRecipe = v.InferOutput<typeof ComposeRecipe>

/**
 * Everything that determines a result (DESIGN decision 6): what the worker receives, what the
 * PNG carries, what history stores.
 */
export const Recipe = v.variant('mode', [PlaceRecipe, ComposeRecipe])
export type Recipe = v.InferOutput<typeof Recipe>
