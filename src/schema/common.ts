import * as v from 'valibot'

import { BLEND_MODES } from '@/base/look'
import { isSeed } from '@/base/seed'

/** sha256 of an asset's pixels (see `assets/hash.ts`), lower-case hex. */
export const AssetHash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'expected a sha256 in hex'))

/** What names a file of its own must not lead anywhere else. */
export const Uuid = v.pipe(
  v.string(),
  v.regex(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/, 'expected a UUID'),
)

const finite = v.pipe(v.number(), v.finite())

export const RectSchema = v.object({
  x: finite,
  y: finite,
  width: v.pipe(finite, v.minValue(1e-3)),
  height: v.pipe(finite, v.minValue(1e-3)),
})

/** How a layer is mixed with what lies below it (base/look.ts). */
export const look = {
  opacity: v.optional(v.pipe(finite, v.minValue(0), v.maxValue(1))),
  blend: v.optional(v.picklist(BLEND_MODES)),
}

/** A picture that the document refers to; its pixels live in storage under the hash. */
export const AssetRef = v.object({
  hash: AssetHash,
  name: v.pipe(v.string(), v.maxLength(300)),
  width: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16384)),
  height: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16384)),
})
export type AssetRef = v.InferOutput<typeof AssetRef>

/** What of a layer shows: an opaque grey picture over all of the layer's own, white where it does. */
export const LayerMask = v.object({
  asset: AssetRef,
  /** It is put away for a while. Absent: it counts. */
  off: v.optional(v.boolean()),
})
export type LayerMask = v.InferOutput<typeof LayerMask>

/** The picture of a mask that counts. */
export const usedMask = ({ mask }: { mask?: LayerMask }): AssetRef | null =>
  mask && !mask.off ? mask.asset : null

export const BackendChoice = v.picklist(['auto', 'webgpu', 'cpu'])
export type BackendChoice = v.InferOutput<typeof BackendChoice>

/** Whether a GPU may round a little more for speed. */
export const Arithmetic = v.picklist(['exact', 'fast'])
export type Arithmetic = v.InferOutput<typeof Arithmetic>

/** What noise is made from: 64 bits, as decimal digits, for JSON's numbers are exact to 53 only. */
export const Seed = v.pipe(v.string(), v.check(isSeed, 'expected a whole number below 2^64'))
export type Seed = v.InferOutput<typeof Seed>
/** Characters of a prompt at most. */
export const MAX_PROMPT = 2000
export const Prompt = v.pipe(v.string(), v.maxLength(MAX_PROMPT))
export const Steps = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100))
/** Pictures that a model looks at are run in every so many steps, between which their keys and values stay; 1: in all. */
export const RefreshEvery = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4))
/** Start of sampling: 1 = from pure noise, less keeps more of the pasted picture. */
export const Strength = v.pipe(finite, v.minValue(0.05), v.maxValue(1))
export const Guidance = v.pipe(v.number(), v.minValue(0), v.maxValue(30))

/** Where the starting noise comes from: our Philox stream, or the numbers that torch draws on a CPU. */
export const NoiseSource = v.picklist(['philox', 'torch'])
export type NoiseSource = v.InferOutput<typeof NoiseSource>
