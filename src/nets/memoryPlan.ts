/**
 * Says before anything is loaded how a FLUX network would run on a device: all weights resident, block by block from
 * disk, or not at all; with bytes, arithmetic and seconds (specs: FLUX §10).
 */
import {
  blockParameters,
  conditioningLinears,
  modulationLinears,
  outerParameters,
  type FluxDitConfig,
  type LinearShape,
} from '@/nets/fluxParameters'
import { plan, type Phase, type Plan, type TokenSegment } from '@/nets/tokens'
import { QUANT_BLOCK } from '@/onnx/layers'
import type { PackManifest } from '@/schema/pack'

/** A token segment as far as memory and arithmetic go. */
export type SegmentShape = Pick<TokenSegment, 'name' | 'weights' | 'tokens' | 'modulation' | 'sees'>

export interface FluxPlanRequest {
  config: FluxDitConfig
  /** The pack's table; a linear that it lacks counts as f32. */
  tensors: PackManifest['tensors']
  segments: readonly SegmentShape[]
  /** Modulations kept at once: one per step, and one for segments with a fixed time. */
  conditionings: number
  batch?: number
  /** Concatenated rank of the active adapters on a linear; 0 where there is none. */
  loraRank?: (linear: string) => number
  /** The adapter's; null where a tensor may have any size. */
  limits: { maxBufferSize: number; maxStorageBufferBindingSize: number } | null
  budgetBytes: number
  /** Measured speeds, for the estimate of time. */
  speed: { linearTflops: number; attentionTflops: number; diskGBps: number | null } | null
}

export interface FluxPlan {
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
  /** Arithmetic of one step, two per multiply-add. */
  linearTflop: number
  attentionTflop: number
  /** null where no speeds are known. */
  secondsPerStep: number | null
}

const F32 = 4
/**
 * Streamed blocks that may exist together: one runs, one is read ahead, and the device may still hold two that were
 * given back while work on them is queued.
 */
const STREAMED_AT_ONCE = 4
/** Buffers of activations come in size classes, up to an eighth too large. */
const POOLING = 9 / 8

export function planFlux(request: FluxPlanRequest): FluxPlan {
  const { config, limits, budgetBytes, speed } = request
  const layout = plan(request.segments.map((shape) => ({ ...shape, ids: new Float32Array(0), affine: null })))
  const blocks = Array.from({ length: config.doubleBlocks + config.singleBlocks }, (_, index) => {
    const { linears, tensors } = blockParameters(config, index)
    return sum(linears, (linear) => linearBytes(request, linear)) + tensors.length * headDim(config) * F32
  })
  const outer = sum(outerParameters(config).linears, (linear) => linearBytes(request, linear))
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
  const computing = speed
    ? work.linearTflop / speed.linearTflops + work.attentionTflop / speed.attentionTflops
    : null
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
      secondsPerStep: null,
      reason: `This needs one piece of ${size(largest.bytes)} for ${largest.what}, and this GPU takes at most ${size(bound)}: ${largest.remedy}.`,
    }
  if (whole <= budgetBytes)
    return {
      ...common,
      verdict: 'resident',
      residentBytes: outer + allBlocks,
      streamedBytes: 0,
      secondsPerStep: computing,
      reason: `It fits: ${size(outer + allBlocks)} of weights and up to ${size(activationBytes)} for the picture, within ${size(budgetBytes)}.`,
    }
  if (passing <= budgetBytes) {
    const reading = speed?.diskGBps ? allBlocks / 1e9 / speed.diskGBps : null
    const cost = reading === null ? '' : `, about ${seconds(reading)} more each`
    return {
      ...common,
      verdict: 'stream',
      residentBytes: outer,
      streamedBytes: allBlocks,
      secondsPerStep: computing === null || reading === null ? null : computing + reading,
      reason: `It needs ${size(whole)} where ${size(budgetBytes)} may be used, so ${size(allBlocks)} of weights are read from disk in every step${cost}: allow more memory or choose a smaller picture to avoid it.`,
    }
  }
  return {
    ...common,
    verdict: 'too-large',
    residentBytes: outer,
    streamedBytes: allBlocks,
    secondsPerStep: null,
    reason: `Even block by block it needs ${size(passing)} where ${size(budgetBytes)} may be used: choose a smaller picture or fewer references, or allow more memory.`,
  }
}

/** Concatenated rank per linear of some adapters, for `loraRank`. */
export function adapterRanks(
  adapters: readonly { pieces: ReadonlyMap<string, readonly { rank: number }[]> }[],
): (linear: string) => number {
  return (linear) => sum(adapters, ({ pieces }) => sum(pieces.get(linear) ?? [], ({ rank }) => rank))
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((total, item) => total + value(item), 0)

const headDim = ({ hidden, heads }: FluxDitConfig): number => hidden / heads

/** Bytes on the device of a linear's weights, scales, bias and adapters. */
function linearBytes(request: FluxPlanRequest, [name, rows, cols]: LinearShape): number {
  const rank = request.loraRank?.(name) ?? 0
  const lora = rank * (rows + cols) * F32
  return weightBytes(request, name, rows, cols) + rows * F32 + lora
}

function weightBytes(request: FluxPlanRequest, name: string, rows: number, cols: number): number {
  const format = request.tensors[`${name}.weight`]?.format ?? 'f32'
  const blocks = Math.ceil(cols / QUANT_BLOCK)
  switch (format) {
    case 'q4':
      return rows * blocks * (QUANT_BLOCK / 2 + F32)
    case 'q8':
      return rows * blocks * (QUANT_BLOCK + F32)
    case 'f16':
      return rows * cols * 2
    case 'bf16':
    case 'f32':
      return rows * cols * F32
  }
}

/** Shifts, scales and gates of all conditionings. */
function modulationSize({ config, conditionings, batch = 1 }: FluxPlanRequest): number {
  return sum(modulationLinears(config), ([, rows]) => rows) * conditionings * batch * F32
}

/** Weights on the device while modulations are computed, which is before any step. */
function conditioningBytes(request: FluxPlanRequest): number {
  const mlps = conditioningLinears(request.config).flatMap(({ first, second }) => [first, second])
  const linears = modulationLinears(request.config).map((linear) => linearBytes(request, linear))
  return Math.max(
    sum(mlps, (linear) => linearBytes(request, linear)),
    ...linears,
  )
}

/** f16 linears are widened while they are used, those of one graph together. */
function wideningBytes({ config, tensors }: FluxPlanRequest): number {
  const wide = ([name, rows, cols]: LinearShape): number =>
    tensors[`${name}.weight`]?.format === 'f16' ? rows * cols * F32 : 0
  const depth = config.doubleBlocks + config.singleBlocks
  const blocks = Array.from({ length: depth }, (_, index) => blockParameters(config, index).linears)
  const graphs = blocks.flatMap((linears, index) =>
    // Of a double block, qkv of one stream or all that follows attention in it; of a single block either linear.
    index < config.doubleBlocks ? [linears.slice(1, 4), linears.slice(5, 8)] : linears.map((one) => [one]),
  )
  return Math.max(0, ...graphs.map((linears) => sum(linears, wide)))
}

/** Peak bytes beside weights and modulations; the larger of the caching pass and a step. */
function activations({ config, batch = 1 }: FluxPlanRequest, { cached, stepped }: Plan): number {
  const { hidden, mlpRatio, doubleBlocks, singleBlocks } = config
  const cache = 2 * cached.tokens * (doubleBlocks + singleBlocks)
  const embedded = cached.tokens + stepped.tokens
  const pass = (phase: Phase): number => {
    const streams = singleBlocks > 0 ? phase.single : phase.double
    const widest = Math.max(0, ...streams.map(({ tokens }) => tokens))
    const mlp = singleBlocks > 0 ? mlpRatio * phase.tokens : 0
    // Residual, arena (q, k, v); then the qkv of a stream, or attention and the next residual.
    const held = 4 * phase.tokens + mlp + Math.max(3 * widest, 2 * phase.tokens)
    // Inside the runtime: a linear's sum, its bias added, its parts; or joined keys and values.
    const inside = Math.max(3 * (3 + mlpRatio) * widest, 3 * (phase.tokens + cached.tokens))
    return held + inside
  }
  return (cache + embedded + Math.max(pass(cached), pass(stepped))) * hidden * F32 * batch
}

/** TFLOP of one forward over a phase; modulation is not counted, it is done once (specs: FLUX §10). */
function arithmetic(
  { config, segments, batch = 1, loraRank }: FluxPlanRequest,
  phase: Phase,
): { linearTflop: number; attentionTflop: number } {
  const { hidden, doubleBlocks, singleBlocks } = config
  const tokensOf = (weights: 'text' | 'image'): number =>
    sum(phase.segments, (segment) => (segment.weights === weights ? segment.tokens : 0))
  let linear = 0
  for (let index = 0; index < doubleBlocks + singleBlocks; index++)
    for (const [name, rows, cols] of blockParameters(config, index).linears) {
      const tokens = index >= doubleBlocks ? phase.tokens : tokensOf(/\.txt_/.test(name) ? 'text' : 'image')
      linear += 2 * tokens * (rows * cols + (loraRank?.(name) ?? 0) * (rows + cols))
    }
  const pairs = sum(phase.segments, ({ tokens, sees }) =>
    sum(segments, (other) => (sees.includes(other.name) ? tokens * other.tokens : 0)),
  )
  const attention = 4 * pairs * hidden * (doubleBlocks + singleBlocks)
  return { linearTflop: (linear * batch) / 1e12, attentionTflop: (attention * batch) / 1e12 }
}

/** The largest single tensor that a kernel must bind. */
function largestTensor(
  request: FluxPlanRequest,
  { cached, stepped }: Plan,
): { bytes: number; what: string; remedy: string } {
  const { config, batch = 1 } = request
  const widest = Math.max(
    0,
    ...[cached, stepped].flatMap(({ double, single }) => [...double, ...single]).map(({ tokens }) => tokens),
  )
  const activation = widest * config.hidden * (3 + config.mlpRatio) * F32 * batch
  let weight = 0
  const depth = config.doubleBlocks + config.singleBlocks
  const blocks = Array.from({ length: depth }, (_, index) => blockParameters(config, index).linears)
  for (const [name, rows, cols] of [...outerParameters(config).linears, ...blocks.flat()]) {
    const chunks = request.tensors[`${name}.weight`]?.chunks ?? [rows]
    const format = request.tensors[`${name}.weight`]?.format
    const largest = Math.max(...chunks)
    const widened = format === 'f16' ? largest * cols * F32 : weightBytes(request, name, largest, cols)
    weight = Math.max(weight, widened)
  }
  return activation > weight
    ? { bytes: activation, what: 'the picture', remedy: 'choose a smaller picture or fewer references' }
    : { bytes: weight, what: 'a weight', remedy: 'import the model at 4 or 8 bits' }
}

const size = (bytes: number): string =>
  bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`

const seconds = (value: number): string => (value < 10 ? `${value.toFixed(1)} s` : `${Math.round(value)} s`)
