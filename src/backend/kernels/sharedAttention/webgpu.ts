/**
 * Shared attention on WebGPU: one dispatch per query segment, invisible keys are never touched.
 * Contract and shapes: `types.ts`; definition: `reference.ts`.
 */
import { checkRanges, joinRanges, MAX_RANGES, rangeWords, usedSources } from '@/backend/kernels/keyRanges'
import { packFields, type Field } from '@/backend/kernels/params'
import {
  ATTENTION_KERNELS,
  attentionPlans,
  planDefines,
  queriesOf,
  type AttentionPlan,
} from '@/backend/kernels/sharedAttention/strategies'
import type { KeyRange, QuerySegment, SharedAttentionArgs } from '@/backend/kernels/sharedAttention/types'
import { bufferOf, type Gpu } from '@/backend/webgpu/gpu'
import type { Defines } from '@/backend/webgpu/preprocess'
import { fail } from '@/base/errors'

const MAX_HEAD_DIM = 128

/**
 * Issues the dispatches; returns before the device is done.
 * @param plan for tests and benches: how to cut, instead of the device's own choice.
 */
export function sharedAttentionWebgpu(gpu: Gpu, args: SharedAttentionArgs, plan?: AttentionPlan): void {
  check(args)
  for (const query of args.queries) if (query.length > 0) attend(gpu, args, query, plan)
}

function attend(gpu: Gpu, args: SharedAttentionArgs, query: QuerySegment, asked?: AttentionPlan): void {
  const { capabilities } = gpu
  const { used, ranges } = visibleKeys(query)
  const sources = used.map((index) => args.sources[index])
  const masks = args.keyMask ? used.map((index) => bufferOf(args.keyMask![index])) : []
  const half = sources.every(({ k }) => k.dtype === 'float16')
  const shape = { headDim: args.headDim, half }
  const plan = asked ?? attentionPlans(capabilities, shape, query.length)[0]
  const uniform = packFields(attentionFields(args, query, used, ranges))
  const workgroups = [Math.ceil(query.length / queriesOf(plan)), args.heads, args.batch] as const

  const dispatch = (writeOut: boolean, writeLse: boolean): void => {
    const defines: Defines = {
      HEAD_DIM: args.headDim,
      D4: Math.ceil(args.headDim / 4),
      SOURCES: sources.length,
      VEC4: args.headDim % 4 === 0,
      HALF_0: sources[0].k.dtype === 'float16',
      HALF_1: sources[1]?.k.dtype === 'float16',
      MASK: masks.length > 0,
      WRITE_OUT: writeOut,
      WRITE_LSE: writeLse,
      ...planDefines(plan, shape, capabilities),
    }
    const bindings: (GPUBuffer | undefined)[] = [gpu.uniform(uniform), bufferOf(args.q)]
    sources.forEach(({ k, v }, index) => {
      bindings[2 + 2 * index] = bufferOf(k)
      if (writeOut) bindings[3 + 2 * index] = bufferOf(v)
    })
    masks.forEach((mask, index) => (bindings[6 + index] = mask))
    if (writeOut) bindings[8] = bufferOf(query.out)
    if (writeLse && query.lse) bindings[9] = bufferOf(query.lse)
    gpu.dispatch(gpu.pipeline(ATTENTION_KERNELS[plan.strategy], defines), bindings, workgroups)
  }

  const wantsLse = query.lse !== undefined
  const storageBuffers = 2 + 2 * sources.length + masks.length + (wantsLse ? 1 : 0)
  // Two sources with masks and LSE are nine buffers and the guaranteed limit is eight.
  if (storageBuffers > capabilities.storageBuffers) {
    dispatch(true, false)
    dispatch(false, true)
  } else dispatch(true, wantsLse)
}

/** The sources that a segment really sees, and its ranges in terms of them. */
function visibleKeys(query: QuerySegment): { used: number[]; ranges: KeyRange[] } {
  const used = usedSources(query.keys)
  const ranges = joinRanges(query.keys, used)
  if (ranges.length > MAX_RANGES)
    fail(
      'unsupported',
      `A query segment sees ${ranges.length} separate key ranges, ${MAX_RANGES} are possible.`,
      'Use fewer references.',
    )
  return { used, ranges }
}

/** The `Params` struct of attention_params.wgsl. `used` maps the kernel's sources to those of `args`. */
export function attentionFields(
  args: SharedAttentionArgs,
  query: QuerySegment,
  used: readonly number[],
  ranges: readonly KeyRange[],
): Field[] {
  const tokensOf = (index: number): number => args.sources[used[index]]?.k.dims[1] ?? 0
  return [
    { name: 'heads', type: 'u32', values: [args.heads] },
    { name: 'query_tokens', type: 'u32', values: [args.q.dims[1]] },
    { name: 'query_start', type: 'u32', values: [query.start] },
    { name: 'query_length', type: 'u32', values: [query.length] },
    { name: 'out_tokens', type: 'u32', values: [query.out.dims[1]] },
    { name: 'out_start', type: 'u32', values: [query.outStart] },
    { name: 'key_count', type: 'u32', values: [ranges.reduce((sum, range) => sum + range.length, 0)] },
    { name: 'range_count', type: 'u32', values: [ranges.length] },
    { name: 'tokens_0', type: 'u32', values: [tokensOf(0)] },
    { name: 'tokens_1', type: 'u32', values: [tokensOf(1)] },
    { name: 'scale_log2', type: 'f32', values: [args.scale * Math.LOG2E] },
    { name: 'padding', type: 'u32', values: [0] },
    { name: 'ranges', type: 'u32', values: rangeWords(ranges) },
  ]
}

/** Refuses what the kernel would read or write wrongly. */
function check(args: SharedAttentionArgs): void {
  const { headDim, sources, batch } = args
  const bad = (what: string): never =>
    fail('internal', `shared_attention: ${what}.`, 'This is a mistake in Inlay; please report it.')
  if (headDim < 1 || headDim > MAX_HEAD_DIM || !Number.isInteger(headDim))
    fail(
      'unsupported',
      `Attention heads of ${headDim} channels are not supported, 1 to ${MAX_HEAD_DIM} are.`,
      'Use another model.',
    )
  if (sources.length < 1 || sources.length > 2) bad(`${sources.length} sources, one or two are possible`)
  if (args.keyMask && args.keyMask.length !== sources.length) bad('one mask per source is needed')
  for (const { k, v } of sources) {
    if (k.dtype !== v.dtype || (k.dtype !== 'float32' && k.dtype !== 'float16'))
      bad(`keys are ${k.dtype} and values ${v.dtype}; both must be float32 or both float16`)
    if (k.dtype === 'float16' && headDim % 2 === 1)
      fail(
        'unsupported',
        `Half-precision keys need an even head size; this model has ${headDim}.`,
        'Keep its keys and values in float32.',
      )
  }
  for (const { start, length, out, outStart, keys } of args.queries) {
    if (start < 0 || start + length > args.q.dims[1]) bad(`queries ${start}+${length} leave q`)
    if (outStart < 0 || outStart + length > out.dims[1]) bad(`rows ${outStart}+${length} leave the output`)
    checkRanges(
      'shared_attention',
      keys,
      sources.map(({ k }) => k),
    )
  }
  if (batch !== args.q.dims[0]) bad(`batch ${batch} does not fit q`)
}
