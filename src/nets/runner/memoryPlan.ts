/**
 * Says before anything is loaded how a transformer would run on a device: all weights resident, block by block from
 * disk, or not at all; with bytes, arithmetic and seconds (specs: FLUX §10).
 */
import type { DeviceSpeed } from '@/backend/probe'
import type { Arithmetic } from '@/backend/types'
import type { LinearShape } from '@/nets/parameterSet'
import {
  blockParameters,
  conditioningLinears,
  isJoined,
  modulationLinears,
  outerLinears,
  sidesOf,
  type Block,
  type Network,
  type Part,
} from '@/nets/runner/network'
import { partPlan, plan, type Phase, type Plan, type TokenSegment } from '@/nets/runner/tokens'
import { QUANT_BLOCK } from '@/onnx/layers'
import type { PackManifest } from '@/schema/pack'

/** A token segment as far as memory and arithmetic go. */
export type SegmentShape = Pick<TokenSegment, 'name' | 'weights' | 'tokens' | 'modulation' | 'sees'>

/** What the arithmetic of a forward depends on. */
export interface WorkRequest {
  network: Network
  segments: readonly SegmentShape[]
  batch?: number
  /** Segments that are run in every so many of a picture's `steps` alone, see `KeptKeys`. */
  kept?: { every: number; steps: number; names: readonly string[] }
  /** Concatenated rank of the active adapters on a linear; 0 where there is none. */
  loraRank?: (linear: string) => number
}

export interface RunPlanRequest extends WorkRequest {
  /** The pack's table; a linear that it lacks counts as f32. */
  tensors: PackManifest['tensors']
  /** Modulations kept at once: one per step, and one for segments with a fixed time. */
  conditionings: number
  /** The adapter's; null where a tensor may have any size. */
  limits: { maxBufferSize: number; maxStorageBufferBindingSize: number } | null
  budgetBytes: number
  /** The backend's: fast keeps keys and values as halves. */
  arithmetic: Arithmetic
  /** For the estimate of time; null where nothing was measured. */
  speed: Speed | null
}

/** What was measured of a device and its disk. */
export interface Speed extends DeviceSpeed {
  /** null where nothing could be written. */
  diskGBps: number | null
}

/** Arithmetic of one forward, two per multiply-add. */
export interface Work {
  linearTflop: number
  attentionTflop: number
}

/** Seconds of one forward; reading and computing overlap. null where streaming meets a disk that was not measured. */
export function secondsOf(work: Work, speed: Speed, streamedBytes: number): number | null {
  const computing = work.linearTflop / speed.linearTflops + work.attentionTflop / speed.attentionTflops
  if (streamedBytes === 0) return computing
  return speed.diskGBps === null ? null : Math.max(computing, streamedBytes / 1e9 / speed.diskGBps)
}

export interface RunPlan extends Work {
  verdict: 'resident' | 'stream' | 'too-large'
  /** Weights that stay on the device. */
  residentBytes: number
  /** Weights that are read from disk in every step. */
  streamedBytes: number
  /** Beside them at the peak: residuals, keys, values, MLP, modulations, the runtime's own; an estimate from above. */
  activationBytes: number
  budgetBytes: number
  /** One sentence for the user: what will happen and why, and what would change it. */
  reason: string
  /** Of the activations: shifts, scales and gates of all steps. */
  modulationBytes: number
  /** The largest block's weights. */
  blockBytes: number
}

const F32 = 4
const F16 = 2
/**
 * Streamed blocks that may exist together: one runs, one is read ahead, and the device may still hold two that were
 * given back while work on them is queued.
 */
const STREAMED_AT_ONCE = 4
/** Buffers of activations come in size classes, up to an eighth too large. */
const POOLING = 9 / 8

export function planRun(request: RunPlanRequest): RunPlan {
  const { network, limits, budgetBytes, speed } = request
  const layout = layoutOf(request.segments)
  const blocks = network.blocks.map((block) => {
    const { linears, tensors } = blockParameters(block, network.headDim)
    return sum(linears, (linear) => linearBytes(request, linear)) + tensors.length * network.headDim * F32
  })
  const outer = sum(outerLinears(network), (linear) => linearBytes(request, linear))
  const allBlocks = sum(blocks, (bytes) => bytes)
  const blockBytes = Math.max(0, ...blocks)
  const modulationBytes = modulationSize(request)
  const activationBytes =
    modulationBytes +
    Math.max(
      conditioningBytes(request),
      Math.ceil((activations(request, layout) + wideningBytes(request)) * POOLING),
    )
  const work = arithmetic(request, layout.stepped)
  const common = { activationBytes, budgetBytes, modulationBytes, blockBytes, ...work }

  const largest = largestTensor(request, layout)
  const bound = limits ? Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize) : Infinity
  const whole = outer + allBlocks + activationBytes
  const passing = outer + STREAMED_AT_ONCE * blockBytes + activationBytes
  if (largest.bytes > bound)
    return {
      ...common,
      verdict: 'too-large',
      residentBytes: outer + allBlocks,
      streamedBytes: 0,
      reason: largest.isWeight
        ? `This needs one piece of ${size(largest.bytes)} for a weight, and this GPU takes at most ${size(bound)}: import the model at 4 or 8 bits.`
        : `This needs one piece of ${size(largest.bytes)} for the picture, and this GPU takes at most ${size(bound)}: choose a smaller picture or fewer references.`,
    }
  if (whole <= budgetBytes)
    return {
      ...common,
      verdict: 'resident',
      residentBytes: outer + allBlocks,
      streamedBytes: 0,
      reason: `It fits: ${size(outer + allBlocks)} of weights and up to ${size(activationBytes)} for the picture, within ${size(budgetBytes)}.`,
    }
  if (passing <= budgetBytes) {
    const step = speed && secondsOf(work, speed, allBlocks)
    const longer = speed && step !== null ? step - (secondsOf(work, speed, 0) ?? 0) : 0
    const cost = longer > 0 ? `, about ${seconds(longer)} more each` : ''
    return {
      ...common,
      verdict: 'stream',
      residentBytes: outer,
      streamedBytes: allBlocks,
      reason: `It needs ${size(whole)} where ${size(budgetBytes)} may be used, so ${size(allBlocks)} of weights are read from disk in every step${cost}: allow more memory or choose a smaller picture to avoid it.`,
    }
  }
  return {
    ...common,
    verdict: 'too-large',
    residentBytes: outer,
    streamedBytes: allBlocks,
    reason: `Even block by block it needs ${size(passing)} where ${size(budgetBytes)} may be used: choose a smaller picture or fewer references, or allow more memory.`,
  }
}

const sizedOnly = (segments: readonly SegmentShape[]): TokenSegment[] =>
  segments.map((shape) => ({ ...shape, ids: new Float32Array(0), affine: null }))

const layoutOf = (segments: readonly SegmentShape[]): Plan => plan(sizedOnly(segments))

/** Steps without the kept segments; null where they are run in all. */
const lightOf = ({ segments, kept }: WorkRequest): Plan | null =>
  kept && kept.every > 1 ? partPlan(sizedOnly(segments), new Set(kept.names)) : null

/** Concatenated rank per linear of some adapters, for `loraRank`. */
export function adapterRanks(
  adapters: readonly { pieces: ReadonlyMap<string, readonly { rank: number }[]> }[],
): (linear: string) => number {
  return (linear) => sum(adapters, ({ pieces }) => sum(pieces.get(linear) ?? [], ({ rank }) => rank))
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0)

/** Bytes on the device of a linear's weights, scales, bias and adapters. */
function linearBytes(request: RunPlanRequest, [name, rows, cols]: LinearShape): number {
  const rank = request.loraRank?.(name) ?? 0
  const lora = rank * (rows + cols) * F32
  return weightBytes(request, name, rows, cols) + rows * F32 + lora
}

function weightBytes(request: RunPlanRequest, name: string, rows: number, cols: number): number {
  const format = request.tensors[`${name}.weight`]?.format ?? 'f32'
  const blocks = Math.ceil(cols / QUANT_BLOCK)
  switch (format) {
    case 'q4':
      return rows * blocks * (QUANT_BLOCK / 2 + F32)
    case 'q8':
      return rows * blocks * (QUANT_BLOCK + F32)
    case 'f16':
      return rows * cols * F16
    case 'bf16':
    case 'f32':
      return rows * cols * F32
  }
}

/** Shifts, scales and gates of all conditionings. */
function modulationSize({ network, conditionings, batch = 1 }: RunPlanRequest): number {
  return sum(modulationLinears(network), ([, rows]) => rows) * conditionings * batch * F32
}

/** Weights on the device while modulations are computed, which is before any step. */
function conditioningBytes(request: RunPlanRequest): number {
  const linears = modulationLinears(request.network).map((linear) => linearBytes(request, linear))
  return Math.max(
    sum(conditioningLinears(request.network), (linear) => linearBytes(request, linear)),
    ...linears,
  )
}

/** A block's graphs on either side of attention. */
const partsOf = (block: Block): Part[] => sidesOf(block).flatMap(({ before, after }) => [before, after])

/** f16 linears are widened while they are used, those of one graph together. */
function wideningBytes({ network, tensors }: RunPlanRequest): number {
  const wide = ([name, rows, cols]: LinearShape): number =>
    tensors[`${name}.weight`]?.format === 'f16' ? rows * cols * F32 : 0
  const graphs = network.blocks.flatMap(partsOf)
  return Math.max(0, ...graphs.map(({ linears }) => sum(Object.values(linears), wide)))
}

/** Tokens of the longest stream that runs through a block as one. */
const widest = (block: Block, phase: Phase): number =>
  Math.max(0, ...(isJoined(block) ? phase.joined : phase.apart).map(({ tokens }) => tokens))

/** Rows of a block's widest linear. */
const widestRows = (block: Block): number =>
  Math.max(0, ...partsOf(block).flatMap(({ linears }) => Object.values(linears).map(([, rows]) => rows)))

/** Peak bytes beside weights and modulations; the larger of the caching pass and a step. */
function activations(request: RunPlanRequest, { cached, stepped }: Plan): number {
  const { network, batch = 1 } = request
  const { hidden, heads, headDim, blocks } = network
  const width = heads * headDim
  const keyBytes = request.arithmetic === 'fast' ? F16 : F32
  const kept = lightOf(request)?.cached.tokens ?? 0
  const cache = 2 * (cached.tokens + kept) * blocks.length * width * keyBytes
  const embedded = (cached.tokens + stepped.tokens) * hidden * F32
  const pass = (block: Block, phase: Phase): number => {
    const longest = widest(block, phase)
    const { qkv, ...left } = block.image.before.outputs
    const kept = sum(Object.values(left), (one) => one) * phase.tokens
    const keys = 2 * width * phase.tokens * keyBytes
    // Residual and queries, beside keys and values; then the qkv of a stream, or attention and the next residual.
    const held = (hidden + width) * phase.tokens + kept
    const working = Math.max(qkv * longest, (width + hidden) * phase.tokens)
    // Inside the runtime: a linear's sum, its bias added, its parts; or joined keys and values.
    const inside = Math.max(3 * widestRows(block) * longest, 3 * width * (phase.tokens + cached.tokens))
    return keys + (held + working + inside) * F32
  }
  const passes = blocks.flatMap((block) => [pass(block, cached), pass(block, stepped)])
  return (cache + embedded + Math.max(0, ...passes)) * batch
}

/** Arithmetic of one forward of a sequence in which nothing is cached; the mean where some segments are not run in all. */
export function forwardWork(request: WorkRequest): Work {
  const whole = arithmetic(request, layoutOf(request.segments).stepped)
  const light = lightOf(request)
  if (!light) return whole
  const between = arithmetic(request, light.stepped)
  const { every, steps } = request.kept!
  const share = Math.ceil(steps / every) / steps
  const mean = (part: keyof Work): number => share * whole[part] + (1 - share) * between[part]
  return { linearTflop: mean('linearTflop'), attentionTflop: mean('attentionTflop') }
}

/** Modulation is not counted, it is done once (specs: FLUX §10). */
function arithmetic({ network, segments, batch = 1, loraRank }: WorkRequest, phase: Phase): Work {
  const tokensOf = (weights: TokenSegment['weights']): number =>
    sum(phase.segments, (segment) => (segment.weights === weights ? segment.tokens : 0))
  const perToken = ({ linears }: Part): number =>
    sum(
      Object.values(linears),
      ([name, rows, cols]) => 2 * (rows * cols + (loraRank?.(name) ?? 0) * (rows + cols)),
    )
  const linear = sum(network.blocks, (block) =>
    sum(
      isJoined(block)
        ? [{ side: block.image, tokens: phase.tokens }]
        : [
            { side: block.image, tokens: tokensOf('image') },
            { side: block.text, tokens: tokensOf('text') },
          ],
      ({ side, tokens }) => tokens * (perToken(side.before) + perToken(side.after)),
    ),
  )
  const pairs = sum(phase.segments, ({ tokens, sees }) =>
    sum(segments, (other) => (sees.includes(other.name) ? tokens * other.tokens : 0)),
  )
  const attention = 4 * pairs * network.heads * network.headDim * network.blocks.length
  return { linearTflop: (linear * batch) / 1e12, attentionTflop: (attention * batch) / 1e12 }
}

/** The largest single tensor that a kernel must bind. */
function largestTensor(
  request: RunPlanRequest,
  { cached, stepped }: Plan,
): { bytes: number; isWeight: boolean } {
  const { network, batch = 1 } = request
  const { blocks } = network
  const sizes = blocks.flatMap((block) =>
    [cached, stepped].map((phase) => widest(block, phase) * widestRows(block)),
  )
  const activation = Math.max(0, ...sizes) * F32 * batch
  let weight = 0
  const linears = blocks.flatMap((block) => blockParameters(block, network.headDim).linears)
  for (const [name, rows, cols] of [...outerLinears(network), ...linears]) {
    const chunks = request.tensors[`${name}.weight`]?.chunks ?? [rows]
    const format = request.tensors[`${name}.weight`]?.format
    const largest = Math.max(...chunks)
    const widened = format === 'f16' ? largest * cols * F32 : weightBytes(request, name, largest, cols)
    weight = Math.max(weight, widened)
  }
  return { bytes: Math.max(activation, weight), isWeight: activation <= weight }
}

const size = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`

const seconds = (value: number): string => (value < 10 ? `${value.toFixed(1)} s` : `${Math.round(value)} s`)
