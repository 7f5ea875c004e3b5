/**
 * Who listens to what: while a run denoises, the attention that one segment's tokens pay to groups of keys
 * is averaged over heads, over chosen blocks and over steps (specs: DreamO §8, the probability form).
 */
import type { ResponseMapArgs, ResponseQueries } from '@/backend/kernels/responseMap/types'
import type { KeyRange } from '@/backend/kernels/sharedAttention/types'
import type { Backend, Tensor } from '@/backend/types'
import { fail } from '@/base/errors'
import type { Phase, Plan, TokenSegment } from '@/nets/runner/tokens'

/** A whole segment by its name, or a run of its tokens. */
export type WatchedKeys = string | { segment: string; start: number; length: number }

export interface WatchOptions {
  /** Blocks by index. */
  blocks: ReadonlySet<number>
  /** The segment whose tokens ask; it must run in every step. */
  target: string
  /** What they may attend to, of the segments that the target sees; a group without keys gives 0. */
  groups: readonly (readonly WatchedKeys[])[]
}

export class ResponseWatch {
  /** Set to false in steps that should not count. */
  active = true
  readonly target: string
  private readonly backend: Backend
  private readonly blocks: ReadonlySet<number>
  private readonly groups: WatchOptions['groups']
  private readonly segment: TokenSegment
  /** Sum over what was noted: [batch, groups, tokens]. */
  private readonly sum: Tensor
  private noted = 0

  /** @throws internal when the target or a group names what the target does not see. */
  constructor(backend: Backend, plan: Plan, batch: number, { blocks, target, groups }: WatchOptions) {
    const segment = plan.stepped.segments.find(({ name }) => name === target) ?? unknown(target)
    this.backend = backend
    this.blocks = blocks
    this.target = target
    this.groups = groups
    this.segment = segment
    this.rangesIn(plan)
    this.sum = backend.allocate('float32', [batch, groups.length, segment.tokens], 'response map')
  }

  /** Number of groups. */
  get size(): number {
    return this.groups.length
  }

  /** Whether attention has to leave its log-sum-exp for the target in this block. */
  wants(block: number): boolean {
    return this.active && this.blocks.has(block)
  }

  /** Adds one block's map. `operands` and `queries` are those of the attention that was just run, by `plan`. */
  async note(
    operands: Pick<ResponseMapArgs, 'batch' | 'heads' | 'headDim' | 'scale' | 'q' | 'sources'>,
    queries: ResponseQueries,
    plan: Plan,
  ): Promise<void> {
    const { sum } = this
    await this.backend.responseMap({
      ...operands,
      queries: [queries],
      groups: this.rangesIn(plan),
      out: sum,
      accumulate: this.noted > 0,
    })
    this.noted++
  }

  /** The mean so far, [batch, groups, tokens]; for each token the share of its attention that a group gets. */
  async maps(): Promise<Float32Array> {
    const { noted } = this
    if (noted === 0)
      fail('internal', 'No step has been watched yet.', 'This is a mistake in Inlay; please report it.')
    const sum = await this.backend.read(this.sum)
    return sum.map((value) => value / noted)
  }

  private rangesIn(plan: Plan): KeyRange[][] {
    return this.groups.map((keys) => keys.map((part) => rangeOf(part, this.segment, plan)))
  }

  dispose(): void {
    this.backend.free(this.sum)
  }
}

/** Source 0 is the arena of the running phase, source 1 the cache, as for attention. */
function rangeOf(part: WatchedKeys, target: TokenSegment, { stepped, cached }: Plan): KeyRange {
  const name = typeof part === 'string' ? part : part.segment
  if (!target.sees.includes(name)) return unknown(name)
  const source = [stepped, cached].findIndex((phase: Phase) => phase.arenaStart.has(name))
  const phase = [stepped, cached][source]
  const tokens = phase.segments.find((segment) => segment.name === name)?.tokens ?? 0
  const { start, length } = typeof part === 'string' ? { start: 0, length: tokens } : part
  if (start < 0 || length < 0 || start + length > tokens) return unknown(`${name} ${start}+${length}`)
  return { source, start: (phase.arenaStart.get(name) ?? 0) + start, length }
}

function unknown(what: string): never {
  return fail(
    'internal',
    `Attention to "${what}" cannot be watched.`,
    'This is a mistake in Inlay; please report it.',
  )
}
