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
  family: v.picklist(['fluxDit', 'unet', 'clipText', 'clip', 't5', 'vae', 'lora', 'tokenizer']),
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

/** Where a run of Align starts: at a seed's noise, or (ours, beyond the paper) at a picture, inverted. */
export const AlignStart = v.variant('kind', [
  v.object({ kind: v.literal('seed'), seed: Seed }),
  v.object({ kind: v.literal('picture'), asset: AssetRef }),
])
export type AlignStart = v.InferOutput<typeof AlignStart>

/** A word whose region is fused. */
export const AlignWord = v.object({
  /** Place among `promptWords(prompt)`, from 0. */
  index: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(200)),
  /** A cell of the attention map belongs to the word from this share on. */
  threshold: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
})
export type AlignWord = v.InferOutput<typeof AlignWord>

const range = (highest: number) => {
  const end = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(highest))
  return v.object({ first: end, last: end })
}

/** Settings of Align (specs: D-Fusion §2, §4, §5, §7). */
export const AlignSettings = v.object({
  /** Size of the picture in pixels; the built-in model has its own. */
  width: v.pipe(v.number(), v.integer(), v.minValue(64), v.maxValue(1024), v.multipleOf(32)),
  height: v.pipe(v.number(), v.integer(), v.minValue(64), v.maxValue(1024), v.multipleOf(32)),
  steps: Steps,
  /** Scale of classifier-free guidance; 1 is off. */
  guidance: Guidance,
  /** DDIM's eta: noise that every step adds; 0 is deterministic. */
  eta: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  /** How the words' masks become one (code: or; paper: xor). */
  union: v.picklist(['or', 'xor']),
  /** Cross-attentions that make the maps: all of the grid's size, or those on the way up alone. */
  maps: v.picklist(['code', 'paper']),
  /** D-Fusion's block numbers whose self-attention is fused, both ends included. */
  layers: range(32),
  /** Steps, from 0, whose self-attention is fused, both ends included. */
  fused: range(100),
  /** What the mask is laid on: keys and values; nothing (all of them are copied); attention's outputs (Fig. 8). */
  fusion: v.picklist(['keys', 'whole', 'outputs']),
  /** Share of the reference's gain in score that a target must reach to be adopted (Eq. 7). */
  adoption: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  noise: NoiseSource,
})
export type AlignSettings = v.InferOutput<typeof AlignSettings>

/** One target of D-Fusion: the base's picture with the reference's region of the words. */
export const AlignRecipe = v.object({
  schema: v.literal(1),
  mode: v.literal('align'),
  model: ModelRef,
  prompt: Prompt,
  words: v.pipe(v.array(AlignWord), v.maxLength(16)),
  base: AlignStart,
  reference: AlignStart,
  align: AlignSettings,
})
export type AlignRecipe = v.InferOutput<typeof AlignRecipe>

/** Pictures of one prompt to choose base and reference from; gives candidates, not a result. */
export const SampleRecipe = v.object({
  model: ModelRef,
  prompt: Prompt,
  starts: v.pipe(v.array(AlignStart), v.minLength(1), v.maxLength(64)),
  align: AlignSettings,
})
export type SampleRecipe = v.InferOutput<typeof SampleRecipe>

/**
 * Everything that determines a result (DESIGN decision 6): what the worker receives, what the
 * PNG carries, what history stores.
 */
export const Recipe = v.variant('mode', [PlaceRecipe, ComposeRecipe, AlignRecipe])
export type Recipe = v.InferOutput<typeof Recipe>

/** The seed that names a result; of Align the base's, null where that is a picture. */
export function seedOf(recipe: Recipe): number | null {
  if (recipe.mode !== 'align') return recipe.seed
  return recipe.base.kind === 'seed' ? recipe.base.seed : null
}
