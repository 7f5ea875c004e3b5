/**
 * Conditions that are looked at now and then, an approximation: their keys and values change with the step and the picture, but slowly. In most
 * steps those of an earlier one stand for them, and their tokens are not run.
 */
import type { Backend, Tensor } from '@/backend/types'
import type { DType } from '@/onnx/graph'
import { partPlan, type Plan, type TokenSegment } from '@/nets/runner/tokens'

/** Keys and values of some segments in one block. */
export interface BlockKeys {
  k: Tensor // [batch, tokens, heads, headDim]
  v: Tensor
}

/** Which segments run in a step, and what is known of the others. */
export interface Layout {
  plan: Plan
  /** By block, of the segments in `plan.cached`. */
  cache: readonly BlockKeys[]
}

export class KeptKeys {
  /** A step without the kept segments. */
  readonly layout: Layout
  private readonly backend: Backend
  private readonly every: number
  /** Steps since they were run; null: they never were. */
  private age: number | null = null

  /** @param names of segments that are run in every `every`-th step alone */
  constructor(
    backend: Backend,
    segments: readonly TokenSegment[],
    names: readonly string[],
    every: number,
    shape: { blocks: number; batch: number; heads: number; headDim: number; dtype: DType },
  ) {
    const plan = partPlan(segments, new Set(names))
    const { blocks, batch, heads, headDim, dtype } = shape
    const allocate = (label: string) =>
      backend.allocate(dtype, [batch, plan.cached.tokens, heads, headDim], label)
    const cache = Array.from({ length: blocks }, () => ({ k: allocate('kept k'), v: allocate('kept v') }))
    this.backend = backend
    this.every = every
    this.layout = { plan, cache }
  }

  /** Whether the coming step runs them, too. */
  get isDue(): boolean {
    return this.age === null || this.age >= this.every
  }

  /** After a step. @param whole whether all blocks were run */
  passed(whole: boolean): void {
    if (this.isDue && whole) this.age = 1
    else if (this.age !== null) this.age++
  }

  /** Of a step that runs them: keeps what a block has made. @param from token of each segment in `arena` */
  note(block: number, arena: BlockKeys, from: ReadonlyMap<string, number>): void {
    const { cached } = this.layout.plan
    for (const { name, tokens } of cached.segments)
      for (const part of ['k', 'v'] as const)
        copyTokens(
          this.backend,
          arena[part],
          from.get(name) ?? 0,
          this.layout.cache[block][part],
          cached.arenaStart.get(name) ?? 0,
          tokens,
        )
  }

  dispose(): void {
    for (const { k, v } of this.layout.cache) this.backend.free(k, v)
  }
}

/** Copies tokens of every batch item, [batch, tokens, …] both. */
export function copyTokens(
  backend: Backend,
  source: Tensor,
  from: number,
  target: Tensor,
  to: number,
  tokens: number,
): void {
  // A token's rows, as `copyRows` sees them.
  const each = source.dims.slice(2, -1).reduce((product, size) => product * size, 1)
  for (let item = 0; item < source.dims[0]; item++)
    backend.copyRows(
      source,
      (item * source.dims[1] + from) * each,
      target,
      (item * target.dims[1] + to) * each,
      tokens * each,
    )
}
