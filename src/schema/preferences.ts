import * as v from 'valibot'

import { Uuid } from '@/schema/common'
import { pair1to2, preferences1to2 } from '@/schema/migrations'
import { AlignRecipe } from '@/schema/modes/align'
import { versioned } from '@/schema/versioned'

/** Pictures that a pair keeps beside its trajectories, small. */
export const PAIR_PICTURES = ['winner', 'loser', 'reference'] as const
export type PairPicture = (typeof PAIR_PICTURES)[number]

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096))
const score = v.pipe(v.number(), v.finite())

/** What is known of a preference pair beside its tensors (specs: D-Fusion §7). */
export const PreferencePair = v.object({
  /** Names the pair's files. */
  id: Uuid,
  /** Milliseconds since 1970. */
  time: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Prompt, words with thresholds, starts, settings and the hashes of the models. */
  recipe: AlignRecipe,
  /** Cosines of picture and prompt; null where nothing scored them. */
  scores: v.nullable(v.object({ reference: score, base: score, target: score })),
  /** Eq. 7; null without scores. */
  adopted: v.nullable(v.boolean()),
  /** The run that is preferred to the base's. */
  winner: v.picklist(['target', 'reference']),
  latent: v.object({ channels: count, rows: count, columns: count }),
  /** From noisy to clean. */
  timesteps: v.pipe(
    v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(999))),
    v.minLength(1),
    v.maxLength(100),
  ),
  prompt: v.object({ tokens: count, width: count }),
  /** The grid of the masks, and of the word maps where these are kept. */
  grid: v.object({ rows: count, columns: count }),
  /** Words per cell of the word maps; null where the pair has none. */
  mapWords: v.nullable(count),
})
export type PreferencePair = v.InferOutput<typeof PreferencePair>

/** A pair as the browser's storage describes it. */
export const StoredPair = v.object({
  schema: v.literal(2),
  pair: PreferencePair,
  /** Of tensors and pictures together. */
  bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
})
export type StoredPair = v.InferOutput<typeof StoredPair>

/** Reads a stored pair of any version. */
export const readStoredPair = versioned(StoredPair, [pair1to2])

/** More pairs than this would not fit into one archive: it holds 65,535 files, four a pair. */
export const MAX_PAIRS = 16_000

/** `preferences.json` of an archive; docs/formats.md says what lies beside it. */
export const PreferenceIndex = v.object({
  schema: v.literal(2),
  kind: v.literal('inlay-preferences'),
  pairs: v.pipe(v.array(PreferencePair), v.maxLength(MAX_PAIRS)),
})
export type PreferenceIndex = v.InferOutput<typeof PreferenceIndex>

/** Reads an archive's index of any version. */
export const readPreferenceIndex = versioned(PreferenceIndex, [preferences1to2])
