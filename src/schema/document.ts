import * as v from 'valibot'

import { AssetRef, BackendChoice, Prompt, Seed, Steps, Strength } from '@/schema/common'
import { placement, Recipe } from '@/schema/recipe'

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

/** The fusion document. Layers are listed bottom to top. Coordinates are background pixels. */
export const FusionDocument = v.object({
  schema: v.literal(1),
  id: v.string(),
  background: v.nullable(AssetRef),
  layers: v.pipe(v.array(Layer), v.maxLength(200)),
  prompt: Prompt,
  settings: v.object({
    seed: Seed,
    randomSeed: v.boolean(),
    steps: Steps,
    strength: Strength,
    backend: BackendChoice,
  }),
})
export type FusionDocument = v.InferOutput<typeof FusionDocument>

export function emptyDocument(id: string): FusionDocument {
  return {
    schema: 1,
    id,
    background: null,
    layers: [],
    prompt: '',
    settings: { seed: 1, randomSeed: false, steps: 4, strength: 1, backend: 'auto' },
  }
}
