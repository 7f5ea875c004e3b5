/** Mode Compose: a new picture from a prompt and references. */
import * as v from 'valibot'

import {
  AssetRef,
  Guidance,
  NoiseSource,
  Prompt,
  RectSchema,
  RefreshEvery,
  Seed,
  Steps,
} from '@/schema/common'
import { ModelRef } from '@/schema/modelRef'

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

// 128 is the built-in model's.
const side = v.pipe(v.number(), v.integer(), v.minValue(128), v.maxValue(2048), v.multipleOf(16))

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
  /** References are run in every so many steps (an approximation); 1: in all. */
  refreshEvery: v.optional(RefreshEvery, 1),
})
export type ComposeSettings = v.InferOutput<typeof ComposeSettings>

/** What Compose on FLUX.2 [klein] is told besides (specs: FLUX.2 §13). */
export const KleinComposeSettings = v.object({
  /** The text that the model reads: references are called "image n". */
  instruction: Prompt,
})
export type KleinComposeSettings = v.InferOutput<typeof KleinComposeSettings>

export const ComposeRecipe = v.object({
  schema: v.literal(2),
  mode: v.literal('compose'),
  model: ModelRef,
  references: v.pipe(v.array(ComposeReference), v.maxLength(9)),
  prompt: Prompt,
  seed: Seed,
  compose: ComposeSettings,
  /** Set when the model is FLUX.2 [klein]. */
  klein: v.optional(KleinComposeSettings),
})
export type ComposeRecipe = v.InferOutput<typeof ComposeRecipe>

/** A reference of Compose as the document lists it; `[ref#n]` in the prompt is its place in the list. */
export const ListedReference = v.object({ id: v.string(), ...ComposeReference.entries })
export type ListedReference = v.InferOutput<typeof ListedReference>

/** Which of DreamO's LoRA sets Compose uses (specs: DreamO §6, §10). */
export const ComposePreset = v.object({ version: v.picklist(['v1', 'v1.1']), turbo: v.boolean() })
export type ComposePreset = v.InferOutput<typeof ComposePreset>

export const MAX_REFERENCES = 9
/** Those that the built-in model knows to tell apart. */
export const PAINTER_REFERENCES = 3

/** What Compose runs on: FLUX.1-dev with DreamO, FLUX.2 [klein], or the model that is built in. */
export const ComposeModel = v.picklist(['dreamo', 'klein', 'painter'])
export type ComposeModel = v.InferOutput<typeof ComposeModel>

/** Compose's settings on klein. */
export const KleinCompose = v.object({
  steps: Steps,
  /** Of klein's Base alone. */
  guidance: Guidance,
  /** Null: the studio writes it of prompt and roles. */
  instruction: v.nullable(Prompt),
  /** Hash of the transformer, where several are installed; null: the newest. */
  transformer: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(64))), null),
})
export type KleinCompose = v.InferOutput<typeof KleinCompose>

/** specs: FLUX.2 §1. */
export const defaultKleinCompose = (): KleinCompose => ({
  steps: 4,
  guidance: 4,
  instruction: null,
  transformer: null,
})

/** The built-in model was taught guidance up to this. */
export const MOST_PAINTER_GUIDANCE = 6

/** Compose's settings on the built-in model. */
export const PainterCompose = v.object({
  steps: Steps,
  guidance: v.pipe(v.number(), v.minValue(0), v.maxValue(MOST_PAINTER_GUIDANCE)),
})
export type PainterCompose = v.InferOutput<typeof PainterCompose>

export const defaultPainterCompose = (): PainterCompose => ({ steps: 20, guidance: 4 })

/** Steps with and without a few-step LoRA. */
export const COMPOSE_STEPS = { turbo: 12, full: 25 } as const
export const COMPOSE_GUIDANCE = { v1: 3.5, 'v1.1': 4.5 } as const

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
  refreshEvery: 1,
})

/** Its part of the document. */
export const composePart = {
  references: v.optional(v.pipe(v.array(ListedReference), v.maxLength(MAX_REFERENCES)), () => []),
  composePrompt: v.optional(Prompt, ''),
  compose: v.optional(ComposeSettings, defaultCompose),
  preset: v.optional(ComposePreset, defaultPreset),
  composeModel: v.optional(ComposeModel, 'dreamo'),
  kleinCompose: v.optional(KleinCompose, defaultKleinCompose),
  painterCompose: v.optional(PainterCompose, defaultPainterCompose),
}
