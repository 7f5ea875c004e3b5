/** Test support: what a case should leave in the arena, and how far off an arena is. */
import { buildRope, type RopeCase, type RopeData } from '@/backend/kernels/ropeAffine/cases'
import { anglesReference, mapIdReference, ropeAffineReference } from '@/backend/kernels/ropeAffine/reference'
import { ropeAffineWebgpu } from '@/backend/kernels/ropeAffine/webgpu'
import type { TestDevice } from '@/backend/kernels/testDevice'
import type { Tensor } from '@/backend/tensor'
import { f16ToF32, f32ToF16 } from '@/base/half'

/** What the arena holds before; tokens of no segment must keep it. */
export const UNTOUCHED = 77

export type Arena = Record<'q' | 'k' | 'v', ArrayLike<number>>

/** [batch, arenaTokens, heads, headDim] each, by the definition. */
export function expectedArena(test: RopeCase, data: RopeData): Record<'q' | 'k' | 'v', Float64Array> {
  const { batch, tokens, heads, axesDim, arenaTokens } = test
  const width = heads * data.headDim
  const blank = (): Float64Array => new Float64Array(batch * arenaTokens * width).fill(UNTOUCHED)
  const arena = { q: blank(), k: blank(), v: blank() }
  for (const segment of test.segments) {
    const rows = ropeAffineReference({ batch, tokens, heads, axesDim, ...data }, segment)
    const size = segment.length * width
    for (const part of ['q', 'k', 'v'] as const)
      for (let item = 0; item < batch; item++)
        arena[part].set(
          rows[part].subarray(item * size, (item + 1) * size),
          (item * arenaTokens + segment.arenaStart) * width,
        )
  }
  return arena
}

/** Largest error of a head's vector relative to that vector's magnitude, over q, k and v. */
export function arenaError(actual: Arena, expected: Arena, headDim: number): number {
  let worst = 0
  for (const part of ['q', 'k', 'v'] as const)
    for (let at = 0; at < expected[part].length; at += headDim) {
      let magnitude = 0
      let error = 0
      for (let c = at; c < at + headDim; c++) {
        magnitude += expected[part][c] ** 2
        error = Math.max(error, Math.abs(actual[part][c] - expected[part][c]))
        if (Number.isNaN(actual[part][c])) return NaN
      }
      if (magnitude > 0) worst = Math.max(worst, error / Math.sqrt(magnitude))
    }
  return worst
}

/** f32 tables [tokens, headDim/2] that equal the case's ids and affines. */
export function tablesOf(test: RopeCase, data: RopeData): { cos: Float32Array; sin: Float32Array } {
  const axes = test.axesDim.length
  const pairs = data.headDim / 2
  const cos = new Float32Array(test.tokens * pairs)
  const sin = new Float32Array(test.tokens * pairs)
  for (const { start, length, affine } of test.segments)
    for (let token = start; token < start + length; token++) {
      const id = Array.from(data.ids.subarray(token * axes, (token + 1) * axes))
      anglesReference(mapIdReference(id, affine), test.axesDim, data.theta).forEach((angle, pair) => {
        cos[token * pairs + pair] = Math.cos(angle)
        sin[token * pairs + pair] = Math.sin(angle)
      })
    }
  return { cos, sin }
}

interface RopeRun {
  /** Cosines and sines are given. */
  table?: boolean
  /** Keys and values leave as halves: the nearest are off by up to 2^-11. */
  half?: boolean
  seed?: number
}

/** Largest relative error of the WebGPU kernel on a device. */
export async function ropeError(
  target: TestDevice,
  item: RopeCase,
  { table = false, half = false, seed = 1 }: RopeRun = {},
): Promise<number> {
  const { batch, tokens, heads, axesDim, arenaTokens, segments } = item
  const data = buildRope(item, seed)
  const { headDim, theta } = data
  const blank = () => target.filled(UNTOUCHED, [batch, arenaTokens, heads, headDim], 'arena')
  const halves = (): Tensor => {
    const values = f32ToF16(new Float32Array(batch * arenaTokens * heads * headDim).fill(UNTOUCHED))
    return target.tensor(values, [batch, arenaTokens, heads, headDim], 'arena')
  }
  const arena = { q: blank(), k: half ? halves() : blank(), v: half ? halves() : blank() }
  const tables = tablesOf(item, data)
  const dims = [tokens, headDim / 2]
  ropeAffineWebgpu(target.gpu, {
    heads,
    headDim,
    axesDim,
    theta,
    qkv: target.tensor(data.qkv, [batch, tokens, 3 * heads * headDim], 'qkv'),
    queryScale: target.tensor(data.queryScale, [headDim], 'query scale'),
    keyScale: target.tensor(data.keyScale, [headDim], 'key scale'),
    ids: target.tensor(data.ids, [tokens, axesDim.length], 'ids'),
    ...(table
      ? { table: { cos: target.tensor(tables.cos, dims), sin: target.tensor(tables.sin, dims) } }
      : {}),
    segments,
    arena,
  })
  const read = async (tensor: Tensor): Promise<Float32Array> => {
    if (!half || tensor === arena.q) return target.read(tensor)
    const words = await target.read({ ...tensor, dims: [tensor.dims.reduce((all, dim) => all * dim, 0.5)] })
    return f16ToF32(new Uint16Array(words.buffer))
  }
  const actual = { q: await read(arena.q), k: await read(arena.k), v: await read(arena.v) }
  return arenaError(actual, expectedArena(item, data), headDim)
}
