/** Mode Align: D-Fusion over a gallery of sampled pictures. */
import * as v from 'valibot'

import { AssetRef, Guidance, NoiseSource, Prompt, Seed, Steps } from '@/schema/common'
import { ModelRef } from '@/schema/modelRef'

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
  schema: v.literal(2),
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

/** The family of the built-in one: `painter2` once its Painter-U is trained. */
export const ALIGN_PAINTER = 'painter' as 'painter' | 'painter2'

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

/** Its part of the document. */
export const alignPart = { align: v.optional(AlignPart, defaultAlign) }
