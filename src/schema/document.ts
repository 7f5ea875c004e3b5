import * as v from 'valibot'

import { AssetRef, BackendChoice, Prompt, Seed, Steps, Strength } from '@/schema/common'
import {
  AlignSettings,
  AlignStart,
  AlignWord,
  ComposeReference,
  ComposeSettings,
  FluxPlaceSettings,
  placement,
  Recipe,
} from '@/schema/recipe'

const layerBase = { id: v.string(), name: v.pipe(v.string(), v.maxLength(300)), visible: v.boolean() }

/** A cut-out that can be moved, scaled, turned and fused. */
export const ForegroundLayer = v.object({
  kind: v.literal('foreground'),
  ...layerBase,
  ...placement,
})
export type ForegroundLayer = v.InferOutput<typeof ForegroundLayer>

/** An accepted result: a full-size picture that covers the background and all below it. */
export const ResultLayer = v.object({
  kind: v.literal('result'),
  ...layerBase,
  asset: AssetRef,
  recipe: Recipe,
})
export type ResultLayer = v.InferOutput<typeof ResultLayer>

export const Layer = v.variant('kind', [ForegroundLayer, ResultLayer])
export type Layer = v.InferOutput<typeof Layer>

export const Mode = v.picklist(['place', 'compose', 'align'])
export type Mode = v.InferOutput<typeof Mode>

/** Which model Place runs on: the built-in one, or FLUX.1-dev with the DreamFuse LoRA. */
export const PlaceModel = v.picklist(['mini', 'dreamfuse'])
export type PlaceModel = v.InferOutput<typeof PlaceModel>

/** A reference of Compose as the document lists it; `[ref#n]` in the prompt is its place in the list. */
export const ListedReference = v.object({ id: v.string(), ...ComposeReference.entries })
export type ListedReference = v.InferOutput<typeof ListedReference>

/** Place's settings on FLUX; `turbo` adds an installed few-step LoRA. */
export const FluxPlace = v.object({ ...FluxPlaceSettings.entries, steps: Steps, turbo: v.boolean() })
export type FluxPlace = v.InferOutput<typeof FluxPlace>

/** Which of DreamO's LoRA sets Compose uses (specs: DreamO §6, §10). */
export const ComposePreset = v.object({ version: v.picklist(['v1', 'v1.1']), turbo: v.boolean() })
export type ComposePreset = v.InferOutput<typeof ComposePreset>

/** A LoRA that the user adds to the FLUX modes. */
export const ExtraLora = v.object({
  /** sha256 of the pack's manifest. */
  hash: v.pipe(v.string(), v.maxLength(64)),
  name: v.pipe(v.string(), v.maxLength(200)),
  weight: v.pipe(v.number(), v.minValue(-4), v.maxValue(4)),
})
export type ExtraLora = v.InferOutput<typeof ExtraLora>

/** More than this many extra LoRAs would not fit beside a preset's own in a recipe. */
export const MAX_LORAS = 12
export const MAX_REFERENCES = 9

/** Steps of both FLUX modes with and without a few-step LoRA. */
export const FLUX_PLACE_STEPS = { turbo: 8, full: 28 } as const
export const COMPOSE_STEPS = { turbo: 12, full: 25 } as const
export const COMPOSE_GUIDANCE = { v1: 3.5, 'v1.1': 4.5 } as const

/** specs: DreamFuse §5, §6. */
export const defaultFluxPlace = (): FluxPlace => ({
  size: 512,
  guidance: 3.5,
  textStrength: 1,
  noise: 'philox',
  steps: FLUX_PLACE_STEPS.full,
  turbo: false,
})

export const defaultPreset = (): ComposePreset => ({ version: 'v1.1', turbo: false })

/** specs: DreamO §7. */
export const defaultCompose = (): ComposeSettings => ({
  width: 1024,
  height: 1024,
  steps: COMPOSE_STEPS.full,
  guidance: COMPOSE_GUIDANCE['v1.1'],
  firstStepGuidance: 0,
  trueCfg: 1,
  cfgStart: 0,
  cfgEnd: 0,
  negativePrompt: '',
  negativeGuidance: 3.5,
  referenceSize: 512,
  noise: 'philox',
})

/** Which model Align runs on: the built-in one, or Stable Diffusion 2.x from imported packs. */
export const AlignModel = v.picklist(['painter', 'sd'])
export type AlignModel = v.InferOutput<typeof AlignModel>

/** What decides a candidate beside its start: with another prompt or setting the same seed gives another picture. */
export const SampleConditions = v.object({
  prompt: Prompt,
  /** sha256 of the model's manifest. */
  model: v.pipe(v.string(), v.maxLength(64)),
  ...v.pick(AlignSettings, ['width', 'height', 'steps', 'guidance', 'eta', 'noise']).entries,
})
export type SampleConditions = v.InferOutput<typeof SampleConditions>

/** A picture of Align's gallery: a seed that was sampled, or a picture that was inverted. */
export const Candidate = v.object({
  id: v.string(),
  start: AlignStart,
  /** What the model made of it; null where that has yet to be made (a restored recipe knows its starts alone). */
  asset: v.nullable(AssetRef),
  made: v.nullable(SampleConditions),
  /** Cosine of picture and prompt by the scorer; null where there is none. */
  score: v.nullable(v.number()),
  /** Mean absolute error of an inverted picture, in [0,1] of the pixels' range; null for seeds. */
  reconstruction: v.nullable(v.number()),
})
export type Candidate = v.InferOutput<typeof Candidate>

export const MAX_CANDIDATES = 64

/** Mode Align's part of the document. */
export const AlignPart = v.object({
  model: AlignModel,
  prompt: Prompt,
  words: v.pipe(v.array(AlignWord), v.maxLength(16)),
  candidates: v.pipe(v.array(Candidate), v.maxLength(MAX_CANDIDATES)),
  /** Ids of candidates. */
  base: v.nullable(v.string()),
  reference: v.nullable(v.string()),
  /** How many seeds the next sampling draws. */
  count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(32)),
  settings: AlignSettings,
  /** Hash of the U-Net to use where several are installed; null: the newest. */
  unet: v.nullable(v.pipe(v.string(), v.maxLength(64))),
})
export type AlignPart = v.InferOutput<typeof AlignPart>

/** What suits a model: the built-in one, Stable Diffusion 2.1 (specs: D-Fusion §2, §5), and its few-step relative. */
export const ALIGN_PRESETS = {
  painter: {
    width: 64,
    height: 64,
    steps: 20,
    guidance: 4,
    // Its maps are clearest on the way up.
    maps: 'paper',
    layers: { first: 2, last: 4 },
    fused: { first: 2, last: 19 },
  },
  sd: {
    width: 512,
    height: 512,
    steps: 20,
    guidance: 5,
    maps: 'code',
    layers: { first: 3, last: 6 },
    fused: { first: 2, last: 19 },
  },
  turbo: {
    width: 512,
    height: 512,
    steps: 4,
    guidance: 1,
    maps: 'code',
    layers: { first: 3, last: 6 },
    fused: { first: 1, last: 3 },
  },
} as const satisfies Record<string, Partial<AlignSettings>>

export const defaultAlignSettings = (): AlignSettings => ({
  ...structuredClone(ALIGN_PRESETS.painter),
  eta: 1,
  union: 'or',
  fusion: 'keys',
  adoption: 1,
  noise: 'philox',
})

export const defaultAlign = (): AlignPart => ({
  model: 'painter',
  prompt: '',
  words: [],
  candidates: [],
  base: null,
  reference: null,
  count: 8,
  settings: defaultAlignSettings(),
  unet: null,
})

/**
 * The fusion document. Layers are listed bottom to top. Coordinates are background pixels. What came with the FLUX
 * modes has defaults, so that documents from before open.
 */
export const FusionDocument = v.object({
  schema: v.literal(1),
  id: v.string(),
  mode: v.optional(Mode, 'place'),
  background: v.nullable(AssetRef),
  layers: v.pipe(v.array(Layer), v.maxLength(200)),
  /** What Place says; Compose has its own words. */
  prompt: Prompt,
  settings: v.object({
    seed: Seed,
    randomSeed: v.boolean(),
    steps: Steps,
    strength: Strength,
    backend: BackendChoice,
  }),
  placeModel: v.optional(PlaceModel, 'mini'),
  fluxPlace: v.optional(FluxPlace, defaultFluxPlace),
  references: v.optional(v.pipe(v.array(ListedReference), v.maxLength(MAX_REFERENCES)), () => []),
  composePrompt: v.optional(Prompt, ''),
  compose: v.optional(ComposeSettings, defaultCompose),
  preset: v.optional(ComposePreset, defaultPreset),
  loras: v.optional(v.pipe(v.array(ExtraLora), v.maxLength(MAX_LORAS)), () => []),
  /** Hash of the FLUX transformer to use where several are installed; null: the newest. */
  transformer: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(64))), null),
  align: v.optional(AlignPart, defaultAlign),
})
export type FusionDocument = v.InferOutput<typeof FusionDocument>

export function emptyDocument(id: string): FusionDocument {
  return {
    schema: 1,
    id,
    mode: 'place',
    background: null,
    layers: [],
    prompt: '',
    settings: { seed: 1, randomSeed: false, steps: 4, strength: 1, backend: 'auto' },
    placeModel: 'mini',
    fluxPlace: defaultFluxPlace(),
    references: [],
    composePrompt: '',
    compose: defaultCompose(),
    preset: defaultPreset(),
    loras: [],
    transformer: null,
    align: defaultAlign(),
  }
}
