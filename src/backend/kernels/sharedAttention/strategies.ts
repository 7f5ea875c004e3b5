/** The strategies of shared attention on WebGPU: which shader, cut how, on which devices. All of it is data. */
import attentionIo from '@shaders/attention_io.wgsl?raw'
import attentionLoad from '@shaders/attention_load.wgsl?raw'
import attentionLocate from '@shaders/attention_locate.wgsl?raw'
import attentionParams from '@shaders/attention_params.wgsl?raw'
import matrixSource from '@shaders/flash_subgroup_matrix.wgsl?raw'
import rowsSource from '@shaders/flash_rows.wgsl?raw'
import tileSource from '@shaders/flash_tile.wgsl?raw'
import tileScores from '@shaders/flash_tile_scores.wgsl?raw'
import tileStage from '@shaders/flash_tile_stage.wgsl?raw'
import tileStore from '@shaders/flash_tile_store.wgsl?raw'
import tileSubgroupSource from '@shaders/flash_tile_subgroup.wgsl?raw'
import subgroupMatrix from '@shaders/subgroup_matrix.wgsl?raw'
import type { Capabilities, SubgroupMatrix } from '@/backend/webgpu/capabilities'
import type { KernelSource } from '@/backend/webgpu/gpu'
import type { Defines } from '@/backend/webgpu/preprocess'

export type AttentionStrategy = 'rows' | 'tile' | 'tile-subgroup' | 'subgroup-matrix'

/** Strategy `rows`: queries per invocation, invocations per workgroup, keys per tile. */
interface RowsPlan {
  strategy: 'rows'
  rows: number
  workgroup: number
  tile: number
}

/** The tiled strategies. */
interface TilePlan {
  strategy: 'tile' | 'tile-subgroup'
  /** Invocations that share their queries; a power of two. A tile has four keys for each. */
  lanes: number
  /** Queries per invocation. */
  rows: number
  /** Invocations per workgroup; workgroup / lanes * rows queries are a tile. */
  workgroup: number
  /** vec4s of channels in workgroup memory at a time, at most. */
  chunk: number
  /** Whether all channels of the queries stay in workgroup memory. */
  resident: boolean
}

/** Strategy `subgroup-matrix`: products of the hardware's size, so many subgroups and keys at a time. */
interface MatrixPlan {
  strategy: 'subgroup-matrix'
  matrix: SubgroupMatrix
  subgroups: number
  keys: number
}

/** How the work of one dispatch is cut. */
export type AttentionPlan = RowsPlan | TilePlan | MatrixPlan

/** What a kernel is compiled for, beside its plan. */
export interface AttentionShape {
  headDim: number
  /** All keys and values are packed f16. */
  half: boolean
}

const INCLUDES = {
  'attention_io.wgsl': attentionIo,
  'attention_load.wgsl': attentionLoad,
  'attention_locate.wgsl': attentionLocate,
  'attention_params.wgsl': attentionParams,
  'flash_tile_scores.wgsl': tileScores,
  'flash_tile_stage.wgsl': tileStage,
  'flash_tile_store.wgsl': tileStore,
  'subgroup_matrix.wgsl': subgroupMatrix,
}

export const ATTENTION_KERNELS: Readonly<Record<AttentionStrategy, KernelSource>> = {
  rows: { name: 'flash_rows', wgsl: rowsSource, includes: INCLUDES },
  tile: { name: 'flash_tile', wgsl: tileSource, includes: INCLUDES },
  'tile-subgroup': { name: 'flash_tile_subgroup', wgsl: tileSubgroupSource, includes: INCLUDES },
  'subgroup-matrix': { name: 'flash_subgroup_matrix', wgsl: matrixSource, includes: INCLUDES },
}

export const ATTENTION_STRATEGIES = Object.keys(ATTENTION_KERNELS) as readonly AttentionStrategy[]

/** Cuts of the tiled strategies, the one that suits most GPUs first. */
const TILE_CUTS: readonly Omit<TilePlan, 'strategy'>[] = [
  { lanes: 8, rows: 4, workgroup: 128, chunk: 8, resident: false },
  { lanes: 16, rows: 4, workgroup: 256, chunk: 8, resident: false },
  { lanes: 8, rows: 2, workgroup: 128, chunk: 8, resident: true },
  { lanes: 8, rows: 2, workgroup: 128, chunk: 8, resident: false },
  { lanes: 4, rows: 4, workgroup: 64, chunk: 8, resident: false },
]

/** The same of `subgroup-matrix`. */
const MATRIX_CUTS: readonly Pick<MatrixPlan, 'subgroups' | 'keys'>[] = [
  { subgroups: 4, keys: 32 },
  { subgroups: 2, keys: 32 },
  { subgroups: 1, keys: 16 },
]

/** vec4s of keys per tile of `rows`: 4 KiB, and as much for values; half of the memory that WebGPU promises. */
const ROWS_TILE_VECTORS = 256
/** Keys per step of the online softmax of `rows`: accumulators are rescaled once per step. */
const ROWS_KEYS = 8

/**
 * On a software adapter registers are plain memory and loads are dear, so four queries share every load. On a GPU
 * the queries and accumulators of an invocation (2 * rows * headDim words) should stay in registers.
 */
function rowsPlan(headDim: number, queryLength: number, software: boolean): RowsPlan {
  const vectors = Math.ceil(headDim / 4)
  const most = Math.floor(ROWS_TILE_VECTORS / vectors / ROWS_KEYS) * ROWS_KEYS
  const tile = Math.max(ROWS_KEYS, Math.min(64, most))
  if (software) return { strategy: 'rows', rows: 4, workgroup: queryLength <= 64 ? 16 : 32, tile }
  return { strategy: 'rows', rows: headDim <= 16 ? 4 : headDim <= 32 ? 2 : 1, workgroup: 64, tile }
}

/** Shapes that one plan suits best. */
export const classOf = ({ headDim, half }: AttentionShape): string =>
  `${headDim <= 64 ? 64 : 128}${half ? ' half' : ''}`

/** The same for plans that differ only in what the shape decides. */
export function planName(plan: AttentionPlan): string {
  switch (plan.strategy) {
    case 'rows':
      return 'rows'
    case 'tile':
    case 'tile-subgroup':
      return `${plan.strategy} ${plan.lanes} ${plan.rows} ${plan.workgroup}${plan.resident ? ' resident' : ''}`
    case 'subgroup-matrix':
      return `subgroup-matrix ${plan.subgroups} ${plan.keys}`
  }
}

/**
 * Every plan that the device can run for a shape, the one that is taken first. Where nobody has tried, an emulated adapter does best with
 * `rows`, a GPU with tiles that exchange through workgroup memory, which every GPU has.
 */
export function attentionPlans(
  device: Capabilities,
  shape: AttentionShape,
  queryLength: number,
): AttentionPlan[] {
  const rows = rowsPlan(shape.headDim, queryLength, device.software)
  const tiled = (['tile', 'tile-subgroup'] as const).flatMap((strategy) =>
    TILE_CUTS.map((cut) => ({ strategy, ...cut })).filter((plan) => fits(device, plan, shape)),
  )
  const matrices = matrixPlans(device, shape)
  const all = device.software ? [rows, ...tiled, ...matrices] : [...matrices, ...tiled, rows]
  const able = all.filter(
    ({ strategy }) =>
      !device.faulty.includes(strategy) && !(shape.half && device.faulty.includes(`${strategy} with halves`)),
  )
  const preferred = device.preferred[classOf(shape)]
  return able.toSorted((a, b) => Number(planName(b) === preferred) - Number(planName(a) === preferred))
}

function fits(device: Capabilities, plan: TilePlan, shape: AttentionShape): boolean {
  if (plan.strategy === 'tile-subgroup' && plan.lanes > (device.smallestSubgroup ?? 0)) return false
  return plan.workgroup <= device.invocations && workgroupBytes(plan, shape) <= device.workgroupBytes
}

/** Cuts of `subgroup-matrix`, for what is rounded to halves already. */
function matrixPlans(device: Capabilities, shape: AttentionShape): MatrixPlan[] {
  const { subgroupMatrix: matrix } = device
  if (!matrix || !shape.half || !device.shaderF16 || matrix.lanes % matrix.m !== 0) return []
  return MATRIX_CUTS.map((cut) => ({ strategy: 'subgroup-matrix' as const, matrix, ...cut })).filter(
    (plan) => {
      const { keys, span, dp, queries, workgroup, parts } = matrixLayout(plan, shape.headDim)
      const bytes = 2 * keys * dp + 2 * queries * keys + 4 * queries * span + 8 * keys + 16
      const whole = keys % matrix.n === 0 && keys % matrix.k === 0 && dp % (4 * parts) === 0
      return whole && queries <= keys && workgroup <= device.invocations && bytes <= device.workgroupBytes
    },
  )
}

/** Sizes; what they mean is said in flash_subgroup_matrix.wgsl. */
function matrixLayout({ matrix, subgroups, keys }: MatrixPlan, headDim: number) {
  const parts = matrix.lanes / matrix.m
  const step = Math.max(matrix.n, matrix.k, 4 * parts)
  const dp = Math.ceil(headDim / step) * step
  const queries = subgroups * matrix.m
  return { keys, dp, parts, queries, span: Math.max(dp, keys), workgroup: subgroups * matrix.lanes }
}

/** Queries of one workgroup. */
export function queriesOf(plan: AttentionPlan): number {
  switch (plan.strategy) {
    case 'rows':
      return plan.rows * plan.workgroup
    case 'tile':
    case 'tile-subgroup':
      return (plan.workgroup / plan.lanes) * plan.rows
    case 'subgroup-matrix':
      return plan.subgroups * plan.matrix.m
  }
}

/** What the plan makes of the shader, WORKGROUP and the like; see the shaders' heads. */
export function planDefines(plan: AttentionPlan, shape: AttentionShape, device: Capabilities): Defines {
  if (plan.strategy === 'rows')
    return { WORKGROUP: plan.workgroup, ROWS: plan.rows, TILE: plan.tile, KEYS: ROWS_KEYS }
  if (plan.strategy === 'subgroup-matrix') return matrixDefines(plan, shape)
  const layout = tileLayout(plan, shape.headDim)
  return {
    WORKGROUP: plan.workgroup,
    LANES: plan.lanes,
    BUTTERFLY: Math.log2(plan.lanes),
    ROWS: plan.rows,
    KEYS: 4 * plan.lanes,
    CHUNK: layout.chunk,
    CHUNKS: layout.chunks,
    STRIDE: layout.stride,
    VECTORS: layout.vectors,
    SLOTS: layout.slots,
    KV_VECTORS: layout.kvVectors,
    QUERY_STRIDE: layout.queryStride,
    QUERY_VECTORS: layout.queryVectors,
    WEIGHT_STRIDE: layout.weightStride,
    RESIDENT: plan.resident,
    HALF_TILE: shape.half,
    SHADER_F16: shape.half && device.shaderF16,
  }
}

function matrixDefines(plan: MatrixPlan, { headDim }: AttentionShape): Defines {
  const { m, n, k, lanes } = plan.matrix
  const { keys, dp, parts, span, workgroup } = matrixLayout(plan, headDim)
  return {
    ...{ SUBGROUP_MATRIX: true, HALF_TYPE: 'f16', MATRIX_M: m, MATRIX_N: n, MATRIX_K: k },
    ...{ WORKGROUP: workgroup, SUBGROUPS: plan.subgroups, LANES: lanes, PARTS: parts, KEYS: keys, DP: dp },
    ...{ D_BLOCKS: dp / n, D_CHUNKS: dp / k, KEY_BLOCKS: keys / n, KEY_CHUNKS: keys / k },
    ...{ SPAN: span, OWN: dp / parts / 4 },
  }
}

/** Sizes in vec4s; what they mean is said in flash_tile_stage.wgsl. */
function tileLayout(plan: TilePlan, headDim: number) {
  const d4 = Math.ceil(headDim / 4)
  const chunks = Math.ceil(d4 / plan.chunk)
  const chunk = Math.ceil(d4 / chunks)
  const stride = chunk | 1
  const vectors = Math.ceil(d4 / plan.lanes)
  const valueQuad = 4 * vectors * plan.lanes
  const keyVectors = 4 * plan.lanes * stride
  // As many values as find room where the keys were, four at least.
  const slots = Math.min(plan.lanes, 2 ** Math.max(0, Math.floor(Math.log2(keyVectors / valueQuad))))
  const queries = queriesOf(plan)
  const weightStride = plan.lanes + 1
  const queryStride = plan.resident ? (chunks * chunk) | 1 : stride
  // Weights cross through the queries' place, but in the strategy that keeps them in registers.
  const shared = !plan.resident && plan.strategy === 'tile'
  const queryVectors = queries * (shared ? Math.max(stride, weightStride) : queryStride)
  const kvVectors = Math.max(keyVectors, slots * valueQuad)
  return { chunk, chunks, stride, vectors, slots, queryStride, queryVectors, kvVectors, weightStride }
}

function workgroupBytes(plan: TilePlan, { headDim, half }: AttentionShape): number {
  const { queryVectors, kvVectors, weightStride } = tileLayout(plan, headDim)
  const queries = queriesOf(plan)
  // Beside the tiles: a source and a row per key, and how many are seen.
  const base = 16 * queryVectors + (half ? 8 : 16) * kvVectors + 8 * 4 * plan.lanes + 16
  if (plan.strategy === 'tile-subgroup') return base
  return base + 4 * queries * plan.lanes + (plan.resident ? 16 * queries * weightStride : 0)
}
