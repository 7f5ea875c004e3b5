/**
 * RoPE with affine ids on WebGPU: one dispatch per segment. Contract and shapes: `types.ts`;
 * definition: `reference.ts`; arithmetic: `fixed_trig.wgsl`.
 */
import fixedTrig from '@shaders/fixed_trig.wgsl?raw'
import halfBits from '@shaders/half_bits.wgsl?raw'
import source from '@shaders/rope_affine.wgsl?raw'
import { packFields, type Field } from '@/backend/kernels/params'
import { checkRope, effectiveAffine, pairsOf } from '@/backend/kernels/ropeAffine/affine'
import type { RopeAffineArgs, RopeSegment } from '@/backend/kernels/ropeAffine/types'
import { bufferOf, type Gpu, type KernelSource } from '@/backend/webgpu/gpu'
import type { Defines } from '@/backend/webgpu/preprocess'
import { fail } from '@/base/errors'

/** Size of the `pairs` array in rope_affine.wgsl. */
const MAX_PAIRS = 64
const WORD = 2 ** 32

const KERNEL: KernelSource = {
  name: 'rope_affine',
  wgsl: source,
  includes: { 'fixed_trig.wgsl': fixedTrig, 'half_bits.wgsl': halfBits },
}

/** Issues the dispatches; returns before the device is done. */
export function ropeAffineWebgpu(gpu: Gpu, args: RopeAffineArgs): void {
  checkRope(args)
  const { heads, headDim, axesDim, table, qkv, arena } = args
  for (const segment of args.segments) {
    if (segment.length === 0) continue
    const affine = segment.affine && !table ? effectiveAffine(segment.affine) : null
    const defines: Defines = {
      WORKGROUP: heads * headDim <= 512 ? 64 : 128,
      HEADS: heads,
      HEAD_DIM: headDim,
      PAIRS: headDim / 2,
      AXES: axesDim.length,
      LANES: headDim >= 64 ? 16 : 4,
      HALF: arena.k.dtype === 'float16',
      TABLE: table !== undefined,
      AFFINE: affine !== null,
      FADING: affine?.fading ?? false,
      ...(affine ? { ROW_AXIS: affine.rowAxis, COLUMN_AXIS: affine.columnAxis } : {}),
    }
    const positions = table ? [table.cos, table.sin] : [args.ids, undefined]
    const tensors = [qkv, args.queryScale, args.keyScale, ...positions, arena.q, arena.k, arena.v]
    const uniform = gpu.uniform(packFields(ropeFields(args, segment)))
    gpu.dispatch(
      gpu.pipeline(KERNEL, defines),
      [uniform, ...tensors.map((tensor) => tensor && bufferOf(tensor))],
      [segment.length, qkv.dims[0], 1],
    )
  }
}

/** The `Params` struct of rope_affine.wgsl. */
export function ropeFields(args: RopeAffineArgs, segment: RopeSegment): Field[] {
  const identity = { a: 1, b: 0, c: 0, d: 1, tx: 0, ty: 0, rows: 0, columns: 0 }
  const affine = segment.affine ? effectiveAffine(segment.affine) : identity
  const words = new Array<number>(MAX_PAIRS * 4).fill(0)
  pairsOf(args.axesDim, args.theta).forEach(({ axis, frequency }, pair) => {
    const turns = (frequency / (2 * Math.PI)) * WORD
    const upper = Math.floor(turns)
    words.splice(pair * 4, 3, upper, Math.floor((turns - upper) * WORD), axis)
  })
  const fixed = (name: 'a' | 'b' | 'c' | 'd' | 'tx' | 'ty'): Field => ({
    name,
    type: 'u32',
    values: fixedWords(affine[name]),
  })
  return [
    { name: 'tokens', type: 'u32', values: [args.qkv.dims[1]] },
    { name: 'arena_tokens', type: 'u32', values: [args.arena.q.dims[1]] },
    { name: 'start', type: 'u32', values: [segment.start] },
    { name: 'arena_start', type: 'u32', values: [segment.arenaStart] },
    { name: 'rows', type: 'u32', values: [affine.rows] },
    { name: 'columns', type: 'u32', values: [affine.columns] },
    { name: 'padding', type: 'u32', values: [0, 0] },
    ...(['a', 'b', 'c', 'd', 'tx', 'ty'] as const).map(fixed),
    { name: 'pairs', type: 'u32', values: words },
  ]
}

/** A number as signed 32.32 fixed point: integer word (two's complement), fraction. */
export function fixedWords(value: number): [number, number] {
  if (!(Math.abs(value) < WORD / 2))
    fail(
      'unsupported',
      `A position map with a coefficient of ${value} is out of range.`,
      'Place the object nearer to the picture.',
    )
  let whole = Math.floor(value)
  let fraction = Math.round((value - whole) * WORD)
  if (fraction === WORD) {
    whole += 1
    fraction = 0
  }
  return [whole >>> 0, fraction]
}
