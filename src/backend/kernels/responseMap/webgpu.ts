/**
 * Response maps on WebGPU: one dispatch per run of queries, all groups at once.
 * Contract and shapes: `types.ts`; definition: `reference.ts`.
 */
import attentionIo from '@shaders/attention_io.wgsl?raw'
import attentionLoad from '@shaders/attention_load.wgsl?raw'
import source from '@shaders/response_map.wgsl?raw'
import { joinRanges, MAX_RANGES, rangeWords, usedSources } from '@/backend/kernels/keyRanges'
import { packFields, type Field } from '@/backend/kernels/params'
import { checkResponseMap } from '@/backend/kernels/responseMap/check'
import type { ResponseMapArgs, ResponseQueries } from '@/backend/kernels/responseMap/types'
import type { KeyRange } from '@/backend/kernels/sharedAttention/types'
import { bufferOf, type Gpu, type KernelSource } from '@/backend/webgpu/gpu'
import type { Defines } from '@/backend/webgpu/preprocess'
import { fail } from '@/base/errors'

/** Size of the `groups` array in response_map.wgsl. */
export const MAX_GROUPS = 16
/** vec4s of keys in workgroup memory: 8 KiB, half of what WebGPU promises. */
const TILE_VECTORS = 512
/** Keys whose scores are made side by side. */
const KEYS = 4

const KERNEL: KernelSource = {
  name: 'response_map',
  wgsl: source,
  includes: { 'attention_io.wgsl': attentionIo, 'attention_load.wgsl': attentionLoad },
}

/**
 * How the work is cut: queries per invocation, invocations per workgroup, slices of the heads (each has
 * its own invocations and its own tile), keys per tile.
 */
export interface ResponsePlan {
  rows: number
  workgroup: number
  slices: number
  tile: number
}

/**
 * A map has only as many values as queries and groups: on a GPU the heads are spread over invocations too,
 * or too few would run. On a software adapter queries share loads instead.
 */
export function planResponse(headDim: number, heads: number, software: boolean): ResponsePlan {
  const slices = software ? 1 : Math.min(4, 2 ** Math.floor(Math.log2(heads)))
  const vectors = Math.ceil(headDim / 4) * slices
  const tile = Math.max(KEYS, Math.min(64, Math.floor(TILE_VECTORS / vectors / KEYS) * KEYS))
  if (software) return { rows: 4, workgroup: 16, slices, tile }
  return { rows: headDim <= 64 ? 2 : 1, workgroup: 32 * slices, slices, tile }
}

/** A group as the kernel sees it. */
interface KernelGroup {
  index: number
  ranges: KeyRange[]
}

/**
 * Issues the dispatches; returns before the device is done.
 * @param plan for tests and benches: how to cut, instead of `planResponse`.
 */
export function responseMapWebgpu(gpu: Gpu, args: ResponseMapArgs, plan?: ResponsePlan): void {
  checkResponseMap(args)
  const used = usedSources(args.groups.flat())
  const cut = plan ?? planResponse(args.headDim, args.heads, gpu.capabilities.software)
  const batches = dispatchable(args.groups.map((keys, index) => ({ index, ranges: joinRanges(keys, used) })))
  for (const queries of args.queries)
    if (queries.length > 0) for (const groups of batches) respond(gpu, args, queries, groups, used, cut)
}

/** Groups in batches that fit the kernel's parameters; the groups of a batch are neighbours. */
function dispatchable(groups: readonly KernelGroup[]): KernelGroup[][] {
  const batches: KernelGroup[][] = []
  let ranges = 0
  for (const group of groups) {
    if (group.ranges.length > MAX_RANGES)
      fail(
        'unsupported',
        `A group has ${group.ranges.length} separate key ranges, ${MAX_RANGES} are possible.`,
        'Ask for fewer words at once.',
      )
    const last = batches.at(-1)
    ranges += group.ranges.length
    if (last && last.length < MAX_GROUPS && ranges <= MAX_RANGES) last.push(group)
    else {
      batches.push([group])
      ranges = group.ranges.length
    }
  }
  return batches
}

function respond(
  gpu: Gpu,
  args: ResponseMapArgs,
  queries: ResponseQueries,
  groups: readonly KernelGroup[],
  used: readonly number[],
  plan: ResponsePlan,
): void {
  const sources = used.map((index) => args.sources[index].k)
  const defines: Defines = {
    HEAD_DIM: args.headDim,
    D4: Math.ceil(args.headDim / 4),
    SOURCES: sources.length,
    VEC4: args.headDim % 4 === 0,
    HALF_0: sources[0].dtype === 'float16',
    HALF_1: sources[1]?.dtype === 'float16',
    MASK: args.keyMask !== undefined,
    ACCUMULATE: args.accumulate ?? false,
    WORKGROUP: plan.workgroup,
    LANES: plan.workgroup / plan.slices,
    SLICES: plan.slices,
    SLICED: plan.slices > 1,
    ROWS: plan.rows,
    TILE: plan.tile,
    KEYS,
  }
  const bindings: (GPUBuffer | undefined)[] = [
    gpu.uniform(packFields(responseFields(args, queries, groups, used))),
    bufferOf(args.q),
  ]
  used.forEach((index, at) => {
    bindings[2 + 2 * at] = bufferOf(sources[at])
    if (args.keyMask) bindings[6 + at] = bufferOf(args.keyMask[index])
  })
  bindings[8] = bufferOf(queries.lse)
  bindings[9] = bufferOf(args.out)
  const perWorkgroup = (plan.workgroup / plan.slices) * plan.rows
  const workgroups = [Math.ceil(queries.length / perWorkgroup), groups.length, args.batch] as const
  gpu.dispatch(gpu.pipeline(KERNEL, defines), bindings, workgroups)
}

/** The `Params` struct of response_map.wgsl. `used` maps the kernel's sources to those of `args`. */
export function responseFields(
  args: ResponseMapArgs,
  queries: ResponseQueries,
  groups: readonly KernelGroup[],
  used: readonly number[],
): Field[] {
  const words = new Array<number>(MAX_GROUPS * 4).fill(0)
  let first = 0
  groups.forEach(({ ranges }, at) => {
    const keys = ranges.reduce((sum, { length }) => sum + length, 0)
    words.splice(at * 4, 3, first, first + ranges.length, keys)
    first += ranges.length
  })
  const tokensOf = (at: number): number => args.sources[used[at]]?.k.dims[1] ?? 0
  const u32 = (name: string, ...values: number[]): Field => ({ name, type: 'u32', values })
  const f32 = (name: string, value: number): Field => ({ name, type: 'f32', values: [value] })
  return [
    u32('heads', args.heads),
    u32('query_tokens', args.q.dims[1]),
    u32('query_start', queries.start),
    u32('query_length', queries.length),
    u32('lse_tokens', queries.lse.dims[2]),
    u32('lse_start', queries.lseStart),
    u32('out_groups', args.groups.length),
    u32('first_group', groups[0]?.index ?? 0),
    u32('out_tokens', args.out.dims[2]),
    u32('out_start', queries.outStart),
    u32('tokens_0', tokensOf(0)),
    u32('tokens_1', tokensOf(1)),
    f32('scale_log2', args.scale * Math.LOG2E),
    f32('factor', (args.weight ?? 1) / args.heads),
    u32('padding', 0, 0),
    u32('groups', ...words),
    u32('ranges', ...rangeWords(groups.flatMap(({ ranges }) => ranges))),
  ]
}
