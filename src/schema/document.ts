import * as v from 'valibot'

import { AssetRef, BackendChoice, LayerMask, look, Prompt, Seed, Steps, Strength } from '@/schema/common'
import { document1to2, document2to3 } from '@/schema/migrations'
import { Mode, modeParts } from '@/schema/modes'
import { placement } from '@/schema/modes/place'
import { Recipe } from '@/schema/recipe'
import { versioned } from '@/schema/versioned'

const layerBase = {
  id: v.string(),
  name: v.pipe(v.string(), v.maxLength(300)),
  visible: v.boolean(),
  ...look,
  /** Absent: all of it shows. */
  mask: v.optional(LayerMask),
  /** It stays as and where it is. Absent: false. */
  locked: v.optional(v.boolean()),
  /** Put away while another layer is shown alone, and shown again after. Absent: false. */
  aside: v.optional(v.boolean()),
}

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

/** Characters of a document's name. */
export const MAX_NAME = 120

/** The mode of new documents, and of those from before there were others. */
const FIRST: Mode = 'place'

/**
 * The fusion document. Layers are listed bottom to top. Coordinates are background pixels. What came with
 * later modes has defaults, so that documents from before open.
 */
export const FusionDocument = v.object({
  schema: v.literal(3),
  id: v.string(),
  /** What the user calls it; empty until they do. */
  name: v.pipe(v.string(), v.maxLength(MAX_NAME)),
  mode: v.optional(Mode, FIRST),
  background: v.nullable(AssetRef),
  layers: v.pipe(v.array(Layer), v.maxLength(200)),
  /** What Place says; the others have their own words. */
  prompt: Prompt,
  settings: v.object({
    seed: Seed,
    randomSeed: v.boolean(),
    steps: Steps,
    strength: Strength,
    backend: BackendChoice,
  }),
  loras: v.optional(v.pipe(v.array(ExtraLora), v.maxLength(MAX_LORAS)), () => []),
  /** Hash of the FLUX transformer to use where several are installed; null: the newest. */
  transformer: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(64))), null),
  ...modeParts,
})
export type FusionDocument = v.InferOutput<typeof FusionDocument>

/** Reads a document of any version. */
export const readDocument = versioned(FusionDocument, [document1to2, document2to3])

export function emptyDocument(id: string): FusionDocument {
  return {
    schema: 3,
    id,
    name: '',
    mode: FIRST,
    background: null,
    layers: [],
    prompt: '',
    settings: { seed: '1', randomSeed: false, steps: 4, strength: 1, backend: 'auto' },
    loras: [],
    transformer: null,
    ...v.getDefaults(v.object(modeParts)),
  }
}
