/** Place on FLUX.2 [klein]: what of it a recipe and a document say. */
import * as v from 'valibot'

import { AssetRef, Prompt, Seed, Steps } from '@/schema/common'
import { kleinInstruction } from '@/schema/modes/kleinWords'

/** Strengths that four steps can tell apart: each lower one leaves out a step more, from the pasted picture's layout. */
export const KLEIN_STRENGTHS = [1, 0.75, 0.5] as const

/** Steps of klein, and of Base, which was not distilled. */
export const KLEIN_STEPS = 4

/** How many pictures of different seeds are made at once, at most. */
export const MOST_VARIATIONS = 3

/** What only trying with real weights can decide is a choice here (specs: FLUX.2 §13). */
const choices = {
  /** The model works on at most the square of this. */
  size: v.picklist([512, 768, 1024]),
  /** The cut-out alone is a reference, too. */
  cutout: v.boolean(),
  /** So is the photo without it. */
  clean: v.boolean(),
  /** The photo is put back outside the zone after every step. */
  blend: v.boolean(),
  /** The text's padding goes along, as in the release. */
  padding: v.boolean(),
  /** What the whole picture will show, in the user's words; empty: nothing is said of it. */
  scene: Prompt,
  /** How much of the cut-out's own detail is kept. */
  detail: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
}

export const KleinPlaceSettings = v.object({
  ...choices,
  /** Seeds of the pictures that are made together with this one. */
  others: v.optional(v.pipe(v.array(Seed), v.maxLength(MOST_VARIATIONS - 1)), () => []),
  /** Where what the model changed was taken back by hand: white. Null: nowhere. */
  away: v.optional(v.nullable(AssetRef), null),
})
export type KleinPlaceSettings = v.InferOutput<typeof KleinPlaceSettings>

/** Place's settings on klein in the document. */
export const KleinPlace = v.object({
  ...choices,
  steps: Steps,
  strength: v.picklist(KLEIN_STRENGTHS),
  variations: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_VARIATIONS)),
  /** Hash of the transformer where several are installed; null: the newest. */
  transformer: v.nullable(v.pipe(v.string(), v.maxLength(64))),
})
export type KleinPlace = v.InferOutput<typeof KleinPlace>

export const defaultKleinPlace = (): KleinPlace => ({
  size: 1024,
  cutout: true,
  clean: true,
  blend: true,
  padding: true,
  scene: '',
  detail: 0.5,
  steps: KLEIN_STEPS,
  strength: 1,
  variations: MOST_VARIATIONS,
  transformer: null,
})

/** What the model is told of one foreground. @param object what it is, in the user's words; may be empty */
export const kleinText = (
  { cutout, clean, scene }: Pick<KleinPlaceSettings, 'cutout' | 'clean' | 'scene'>,
  { stands = true }: { stands?: boolean | undefined },
  object: string,
): string => kleinInstruction({ cutout, clean, stands }, { object, scene })

/** The picture of what was taken back by hand, where there is one. */
export const awayAssets = (settings: Pick<KleinPlaceSettings, 'away'> | undefined): AssetRef[] =>
  settings?.away ? [settings.away] : []
