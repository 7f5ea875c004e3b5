/** Mode Mix: several objects become one (specs: vmdiff). */
import * as v from 'valibot'

import { MAX_LABEL } from '@/base/mixWords'
import { AssetRef, NoiseSource, Prompt, Seed, Steps } from '@/schema/common'
import { ModelRef } from '@/schema/modelRef'
import { ships } from '@/schema/pack'

export const MAX_OBJECTS = 4

/** A picture of an object, and what it is called. */
const MixObject = v.object({ asset: AssetRef, label: v.pipe(v.string(), v.maxLength(MAX_LABEL)) })

const perObject = (most: number) =>
  v.pipe(
    v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(most))),
    v.minLength(2),
    v.maxLength(MAX_OBJECTS),
  )

/** Strength in the noise at most (specs: vmdiff §7). */
export const MOST_STRENGTH = 3.5

/** One mixture among all that the objects can make. */
export const MixPoint = v.object({
  /** How much of each object; together 1. Of two, the second's is the paper's alpha. */
  shares: perObject(1),
  /** How strongly each shapes the noise; the paper's betas. */
  strengths: perObject(MOST_STRENGTH),
  /** How often the noise was drawn again. */
  round: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(9)),
})
export type MixPoint = v.InferOutput<typeof MixPoint>

// 128 is the built-in model's.
const side = v.pipe(v.number(), v.integer(), v.minValue(128), v.maxValue(1024), v.multipleOf(16))

const shareOfSide = v.pipe(v.number(), v.minValue(0), v.maxValue(1))

/** A place of the picture that one object has alone. */
export const MixPlace = v.object({
  /** Which of the objects. */
  object: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_OBJECTS - 1)),
  /** Shares of the picture's sides. */
  box: v.object({ x: shareOfSide, y: shareOfSide, width: shareOfSide, height: shareOfSide }),
})
export type MixPlace = v.InferOutput<typeof MixPlace>

export const MAX_PLACES = 12
const places = v.optional(v.pipe(v.array(MixPlace), v.maxLength(MAX_PLACES)), () => [])

export const MixSettings = v.object({
  /** Pixels per side. */
  size: side,
  steps: Steps,
  /** How tokens are mixed: as the authors' code, by true angles, or by one angle for all. */
  slerp: v.picklist(['released', 'true', 'whole']),
  noise: NoiseSource,
  /** Places that one object has alone. */
  places,
})
export type MixSettings = v.InferOutput<typeof MixSettings>

/** How the balance is searched for: drafts that are smaller and have fewer steps. */
export const MixSearch = v.object({
  size: side,
  steps: Steps,
  /** Draws of the noise at most. */
  rounds: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5)),
})
export type MixSearch = v.InferOutput<typeof MixSearch>

/** Drafts of one round at most: of the balance, then of the weaker object's strength. */
export const DRAFTS = { balance: 8, strength: 6 } as const

export const MixRecipe = v.object({
  schema: v.literal(2),
  mode: v.literal('mix'),
  model: ModelRef,
  objects: v.pipe(v.array(MixObject), v.minLength(2), v.maxLength(MAX_OBJECTS)),
  prompt: Prompt,
  seed: Seed,
  point: MixPoint,
  mix: MixSettings,
  /** How the point was found, or is to be; null: it was chosen by hand. */
  search: v.nullable(MixSearch),
})
export type MixRecipe = v.InferOutput<typeof MixRecipe>

export const ListedObject = v.object({ id: v.string(), ...MixObject.entries })
export type ListedObject = v.InferOutput<typeof ListedObject>

const finite = v.pipe(v.number(), v.finite())

/** What a mixture has of one object. */
export const Likeness = v.object({
  /** Cosine of DINO's features of the mixture and of the object's picture. */
  seen: finite,
  /** Cosine of CLIP's features of the mixture and of the object's name. */
  named: finite,
})
export type Likeness = v.InferOutput<typeof Likeness>

/** Where the scored part of a picture comes from: its own outline, the cut-out network, or nobody: all of it. */
const Crop = v.picklist(['outline', 'found', 'whole'])
export type Crop = v.InferOutput<typeof Crop>

/** How a mixture was judged. */
export const Judgement = v.object({
  /** As released; at most 4. */
  score: finite,
  likeness: v.array(Likeness),
  /** How far the objects lie apart in the picture, ours: 0 where they are one. */
  apart: finite,
  /** CLIP's cosines count from here, so much further is 1. */
  range: v.object({ from: finite, width: finite, measured: v.boolean() }),
  crops: v.object({ objects: v.array(Crop), picture: Crop }),
})
export type Judgement = v.InferOutput<typeof Judgement>

/** What a judged mixture counts in the search: what it has of all objects, less how far they lie apart. */
export const worthOf = ({ score, apart }: Judgement): number => score - 2 * apart

/** A draft that was made, with its picture. */
export const MixTrial = v.object({
  point: MixPoint,
  asset: AssetRef,
  judgement: v.nullable(Judgement),
})
export type MixTrial = v.InferOutput<typeof MixTrial>

export const MAX_TRIALS = 80

/** What Mix runs on: FLUX with Redux, or the model that is built in. */
export const MixModelName = v.picklist(['flux', 'painter'])
export type MixModelName = v.InferOutput<typeof MixModelName>

export const MixPart = v.object({
  model: v.optional(MixModelName, 'flux'),
  objects: v.pipe(v.array(ListedObject), v.maxLength(MAX_OBJECTS)),
  /** Empty: made of the objects' names. */
  prompt: Prompt,
  settings: MixSettings,
  search: MixSearch,
  /** Whether the balance is searched for before a picture is made. */
  automatic: v.boolean(),
  point: MixPoint,
  trials: v.object({
    /** Of what they are drafts: whatever else than their point determines them. */
    of: v.pipe(v.string(), v.maxLength(10_000)),
    /** Whether a search has ended; one that was cut off goes on. */
    done: v.boolean(),
    list: v.pipe(v.array(MixTrial), v.maxLength(MAX_TRIALS)),
  }),
})
export type MixPart = v.InferOutput<typeof MixPart>

/** All objects alike. */
export const evenPoint = (objects: number): MixPoint => ({
  shares: new Array<number>(Math.max(2, objects)).fill(1 / Math.max(2, objects)),
  strengths: new Array<number>(Math.max(2, objects)).fill(1),
  round: 0,
})

export const defaultMixSettings = (): MixSettings => ({
  size: 512,
  steps: 20,
  slerp: 'released',
  noise: 'philox',
  places: [],
})

export const defaultMixSearch = (): MixSearch => ({ size: 256, steps: 8, rounds: 1 })

/** Its part of the document. */
export const mixPart = {
  mix: v.optional(MixPart, (): MixPart => ({
    model: ships('painter2') ? 'painter' : 'flux',
    objects: [],
    prompt: '',
    settings: defaultMixSettings(),
    search: defaultMixSearch(),
    automatic: true,
    point: evenPoint(2),
    trials: { of: '', done: false, list: [] },
  })),
}
