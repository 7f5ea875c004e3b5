import * as v from 'valibot'

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e6))
const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'expected a sha256 in hex'))

/** Sizes of Inlay Mini; see docs/mini.md. */
export const MiniConfig = v.object({
  size: count,
  patch: count,
  mapReduction: count,
  hidden: count,
  heads: count,
  axesDim: v.pipe(v.array(count), v.length(3)),
  theta: v.pipe(v.number(), v.minValue(1)),
  doubleBlocks: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(200)),
  singleBlocks: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(200)),
  mlpRatio: count,
  contextDim: count,
  textTokens: count,
  inChannels: count,
  outChannels: count,
  steps: v.pipe(count, v.maxValue(100)),
  strength: v.pipe(v.number(), v.minValue(0.05), v.maxValue(1)),
})
export type MiniConfig = v.InferOutput<typeof MiniConfig>

/** `manifest.json` of a weight pack (DESIGN contracts, docs/mini.md). */
export const PackManifest = v.object({
  schema: v.literal(1),
  name: v.pipe(v.string(), v.maxLength(200)),
  family: v.literal('fluxDit'),
  config: MiniConfig,
  licence: v.string(),
  provenance: v.optional(v.record(v.string(), v.unknown())),
  words: v.pipe(v.array(v.string()), v.maxLength(100_000)),
  tensors: v.record(
    v.string(),
    v.object({
      format: v.picklist(['f32', 'f16', 'q8']),
      shape: v.array(count),
      block: v.optional(v.literal(32)),
    }),
  ),
  shards: v.pipe(
    v.array(
      v.object({
        file: v.pipe(v.string(), v.regex(/^[\w.-]+$/, 'expected a plain file name')),
        bytes: v.pipe(v.number(), v.integer(), v.minValue(8)),
        sha256: Sha256,
      }),
    ),
    v.minLength(1),
    v.maxLength(1000),
  ),
})
export type PackManifest = v.InferOutput<typeof PackManifest>
