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

/**
 * Everything that determines a result (DESIGN decision 6): what the worker receives, what the
 * PNG carries, what history stores.
 */
export const Recipe = v.object({
  schema: v.literal(1),
  mode: v.literal('place'),
  model: v.object({ name: v.string(), hash: v.string() }),
  background: AssetRef,
  foregrounds: v.pipe(v.array(PlacedForeground), v.minLength(1), v.maxLength(16)),
  prompt: Prompt,
  seed: Seed,
  steps: Steps,
  strength: Strength,
})
export type Recipe = v.InferOutput<typeof Recipe>
