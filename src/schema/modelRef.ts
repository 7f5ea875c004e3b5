import * as v from 'valibot'

import { IMPORTED_FAMILIES } from '@/schema/pack'

const Hash = v.pipe(v.string(), v.maxLength(64))

/** One installed pack that takes part in a result. */
export const ModelPart = v.object({
  family: v.picklist(IMPORTED_FAMILIES),
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

/** Whether it is the built-in one, not one of packs, nor none. */
export const isBuiltInModel = ({ hash, parts }: ModelRef): boolean => parts.length === 0 && hash !== ''

/** Where no model is needed, or none is chosen yet. */
export const NO_MODEL: ModelRef = { name: '', hash: '', parts: [] }
