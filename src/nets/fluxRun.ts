/** One picture's denoising with a network of the FLUX family, cut at attention (DESIGN decision 2). */
import type { ResponseQueries } from '@/backend/kernels/responseMap/types'
import type { Backend, Tensor } from '@/backend/types'
import type { BlockWeights } from '@/nets/blockWeights'
import { doublePostGraph, finalGraph, preGraph, singlePostGraph } from '@/nets/fluxGraphs'
import { blockNames, FINAL_MODULATION, type FluxDitConfig } from '@/nets/fluxParameters'
import type { Modulation } from '@/nets/modulation'
import type { ParameterSet } from '@/nets/parameterSet'
import { ResponseWatch, type WatchOptions } from '@/nets/responseWatch'
import { keyRanges, type Phase, type Plan, type Stream, type TokenSegment } from '@/nets/tokens'

/** Sees intermediate tensors: the point (e.g. `double0.out`), the stream's segments, its [batch, tokens, width]. */
export type Tap = (point: string, segments: readonly TokenSegment[], tensor: Tensor) => Promise<void>

/** What a run needs of its network. */
export interface FluxParts {
  backend: Backend
  config: FluxDitConfig
  /** What stands outside the blocks. */
  outer: ParameterSet
  blocks: BlockWeights
}

/** Keys and values of the cacheable segments in one block. */
interface BlockCache {
  k: Tensor // [batch, cachedTokens, heads, headDim]
  v: Tensor
}

interface Arena {
  q: Tensor // [batch, tokens, heads, headDim]
  k: Tensor
  v: Tensor
}

/** A block at work: its index over double and single blocks, its weights, the tokens that run through it. */
interface BlockPass {
  index: number
  weights: ParameterSet
  phase: Phase
  streams: readonly Stream[]
  arena: Arena
}

/** Caches the segments that are the same in all steps once, then runs the others in every step. */
export class FluxRun {
  private readonly parts: FluxParts
  private readonly plan: Plan
  private readonly batch: number
  private readonly cache: BlockCache[] = []
  private readonly ids = new Map<Stream, Tensor>()
  private fixed: Modulation | null = null
  private watcher: ResponseWatch | null = null

  constructor(parts: FluxParts, tokenPlan: Plan, batch: number) {
    this.parts = parts
    this.plan = tokenPlan
    this.batch = batch
  }

  /** Names of the segments that every step needs. */
  get stepSegments(): string[] {
    return this.plan.stepped.segments.map((segment) => segment.name)
  }

  /** From now on steps average what `target` attends to, see `maps`. Ends an earlier watch. */
  watch(options: WatchOptions): ResponseWatch {
    this.watcher?.dispose()
    this.watcher = null
    this.watcher = new ResponseWatch(this.parts.backend, this.plan, this.batch, options)
    return this.watcher
  }

  /** The watch's maps so far, [batch, groups, tokens]; null without a watch. */
  maps(): Promise<Float32Array> | null {
    return this.watcher?.maps() ?? null
  }

  /**
   * Runs the cacheable segments through all blocks and keeps their keys and values. `fixed` modulates all segments
   * with fixed modulation, in the steps too; it and `embedded` remain the caller's.
   */
  async begin(
    embedded: Record<string, Tensor>,
    fixed: Modulation | null,
    signal?: AbortSignal,
    tap?: Tap,
  ): Promise<void> {
    const { backend, config } = this.parts
    this.fixed = fixed
    const { cached } = this.plan
    if (cached.tokens === 0) return
    const shape = [this.batch, cached.tokens, config.heads, config.hidden / config.heads]
    for (let block = 0; block < config.doubleBlocks + config.singleBlocks; block++)
      this.cache.push({
        k: backend.allocate('float32', shape, 'cached k'),
        v: backend.allocate('float32', shape, 'cached v'),
      })
    const { x } = await this.blocks(cached, embedded, null, true, signal, tap)
    backend.free(...x)
  }

  /**
   * One evaluation: the head's output for `target`, [batch, targetTokens, outChannels]. `embedded` holds the
   * tokens of all `stepSegments`; the caller keeps ownership of what it passes.
   */
  async step(
    embedded: Record<string, Tensor>,
    step: Modulation,
    target: string,
    signal?: AbortSignal,
    tap?: Tap,
  ): Promise<Tensor> {
    const { backend, config, outer } = this.parts
    const { x, streams } = await this.blocks(this.plan.stepped, embedded, step, false, signal, tap)
    const index = streams.findIndex((stream) => stream.segments.some((segment) => segment.name === target))
    const rows = this.rowsOf(streams[index], x[index], target)
    const modulation = this.modulation(streams[index], step, FINAL_MODULATION)
    const graph = finalGraph(config, outer.spec('final_layer.linear'), this.batch)
    const { y } = await outer.run(
      graph,
      { proj: 'final_layer.linear' },
      { x: rows, modulation },
      { y: [this.batch, rows.dims[1], config.outChannels] },
    )
    backend.free(rows, ...x)
    return y
  }

  /** Frees the cache, the ids and the watch. */
  dispose(): void {
    const { backend, blocks } = this.parts
    for (const { k, v } of this.cache.splice(0)) backend.free(k, v)
    backend.free(...this.ids.values())
    this.ids.clear()
    this.watcher?.dispose()
    this.watcher = null
    blocks.rest()
  }

  /** All blocks over one phase; gives the residual stream of each single-block stream. */
  private async blocks(
    phase: Phase,
    embedded: Record<string, Tensor>,
    step: Modulation | null,
    filling: boolean,
    signal?: AbortSignal,
    tap?: Tap,
  ): Promise<{ x: Tensor[]; streams: readonly Stream[] }> {
    const { backend, config, blocks } = this.parts
    const shape = [this.batch, phase.tokens, config.heads, config.hidden / config.heads]
    const scratch = (label: string) => backend.allocate('float32', shape, label)
    const q = scratch('q')
    const own = filling ? null : { k: scratch('k'), v: scratch('v') }
    const depth = config.doubleBlocks + config.singleBlocks
    let streams = phase.double
    let x = streams.map((stream) => this.join(stream, (name) => embedded[name]))
    try {
      for (let block = 0; block < depth; block++) {
        signal?.throwIfAborted()
        if (block === config.doubleBlocks) ({ streams, x } = this.regroup(phase, streams, x))
        const weights = await blocks.acquire(block)
        const arena = { q, ...(own ?? this.cache[block]) }
        // The last block of the caching pass only has to leave its keys and values.
        const last = filling && block === depth - 1
        x = await this.block({ index: block, weights, phase, streams, arena }, x, step, last, tap)
        blocks.release(block)
        await backend.breathe()
      }
      if (depth === config.doubleBlocks) ({ streams, x } = this.regroup(phase, streams, x))
      return { x, streams }
    } catch (error) {
      backend.free(...x)
      throw error
    } finally {
      backend.free(q, own?.k, own?.v)
    }
  }

  /** One block. Takes ownership of `x` and gives the new residual streams. */
  private async block(
    pass: BlockPass,
    x: Tensor[],
    step: Modulation | null,
    keysOnly: boolean,
    tap?: Tap,
  ): Promise<Tensor[]> {
    const { backend } = this.parts
    const { index, streams } = pass
    /** The MLP's hidden layer, in single blocks: [batch, tokens, mlpRatio*hidden]. */
    const mlps: (Tensor | null)[] = []
    for (const [s, stream] of streams.entries())
      mlps[s] = await this.beforeAttention(pass, stream, x[s], step)
    if (keysOnly) {
      backend.free(...mlps)
      return x
    }
    const attention = await this.attend(pass)
    const next: Tensor[] = []
    for (const [s, stream] of streams.entries()) {
      await tap?.(`${this.blockLabel(index)}.attn`, stream.segments, attention[s])
      next[s] = await this.afterAttention(pass, stream, x[s], attention[s], mlps[s], step)
      await tap?.(`${this.blockLabel(index)}.out`, stream.segments, next[s])
    }
    backend.free(...x, ...attention, ...mlps)
    return next
  }

  /** Norm, modulation, qkv (and in single blocks the MLP's first half, given back), then RoPE into the arena. */
  private async beforeAttention(
    { index, weights, phase, arena }: BlockPass,
    stream: Stream,
    x: Tensor,
    step: Modulation | null,
  ): Promise<Tensor | null> {
    const { batch } = this
    const { backend, config } = this.parts
    const { hidden, heads, axesDim, theta } = config
    const names = blockNames(index, config.doubleBlocks, stream.weights)
    const double = index < config.doubleBlocks
    const modulation = this.modulation(stream, step, names.modulation)
    const outputs: Record<string, readonly number[]> = { qkv: [batch, stream.tokens, 3 * hidden] }
    if (!double) outputs.mlp = [batch, stream.tokens, hidden * config.mlpRatio]
    const graph = preGraph(config, double, weights.spec(names.qkv), batch)
    const { qkv, mlp } = await weights.run(graph, { qkv: names.qkv }, { x, modulation }, outputs)
    let start = 0
    const segments = stream.segments.map(({ name, tokens, affine }) => {
      const part = { start, length: tokens, arenaStart: phase.arenaStart.get(name) ?? 0, affine }
      start += tokens
      return part
    })
    await backend.ropeAffine({
      heads,
      headDim: hidden / heads,
      axesDim,
      theta,
      qkv,
      queryScale: weights.tensor(names.queryNorm),
      keyScale: weights.tensor(names.keyNorm),
      ids: this.idsOf(stream),
      segments,
      arena,
    })
    backend.free(qkv)
    return mlp ?? null
  }

  /** Attention of every segment over the segments that it sees: per stream [batch, tokens, hidden]. */
  private async attend({ index, phase, streams, arena }: BlockPass): Promise<Tensor[]> {
    const { batch } = this
    const { backend, config } = this.parts
    const { hidden, heads } = config
    const headDim = hidden / heads
    const cached = this.cache[index]
    const filling = cached?.k === arena.k
    const sources = !cached || filling ? [arena] : [arena, cached]
    const watcher = !filling && this.watcher?.wants(index) ? this.watcher : null
    const watched: ResponseQueries[] = []
    const attention: Tensor[] = []
    const queries = streams.flatMap((stream) => {
      const out = backend.allocate('float32', [batch, stream.tokens, hidden], 'attention')
      attention.push(out)
      let outStart = 0
      return stream.segments.map((part) => {
        const start = phase.arenaStart.get(part.name) ?? 0
        const keys = keyRanges(part, phase, this.plan.cached)
        const query = { start, length: part.tokens, keys, out, outStart }
        outStart += part.tokens
        if (watcher?.target !== part.name) return query
        const lse = backend.allocate('float32', [batch, heads, stream.tokens], 'log-sum-exp')
        watched.push({ start, length: part.tokens, lse, lseStart: query.outStart, outStart: 0 })
        return { ...query, lse }
      })
    })
    const operands = { batch, heads, headDim, scale: 1 / Math.sqrt(headDim), q: arena.q, sources }
    await backend.sharedAttention({ ...operands, queries })
    for (const rows of watched) {
      await watcher?.note(operands, rows)
      backend.free(rows.lse)
    }
    return attention
  }

  /** Projection, gates, residuals, MLP. */
  private async afterAttention(
    { index, weights }: BlockPass,
    stream: Stream,
    x: Tensor,
    attention: Tensor,
    mlp: Tensor | null,
    step: Modulation | null,
  ): Promise<Tensor> {
    const { batch } = this
    const { config } = this.parts
    const names = blockNames(index, config.doubleBlocks, stream.weights)
    const modulation = this.modulation(stream, step, names.modulation)
    const outputs = { y: [batch, stream.tokens, config.hidden] }
    const spec = (name: string) => weights.spec(name)
    if (mlp) {
      const graph = singlePostGraph(config, spec(names.proj), batch)
      const { y } = await weights.run(graph, { proj: names.proj }, { x, attention, modulation, mlp }, outputs)
      return y
    }
    const specs = { proj: spec(names.proj), up: spec(names.up), down: spec(names.down) }
    const linears = { proj: names.proj, up: names.up, down: names.down }
    const graph = doublePostGraph(config, specs, batch)
    const { y } = await weights.run(graph, linears, { x, attention, modulation }, outputs)
    return y
  }

  private blockLabel(index: number): string {
    const { doubleBlocks } = this.parts.config
    return index < doubleBlocks ? `double${index}` : `single${index - doubleBlocks}`
  }

  /** What `name` makes of the stream's conditioning: [batch, 1, parts*hidden]. */
  private modulation(stream: Stream, step: Modulation | null, name: string): Tensor {
    const modulation = stream.modulation === 'step' ? step : this.fixed
    if (!modulation) throw new Error(`no modulation for ${stream.segments[0].name}`)
    return modulation.layer(name)
  }

  private idsOf(stream: Stream): Tensor {
    let ids = this.ids.get(stream)
    if (!ids) {
      const axes = this.parts.config.axesDim.length
      const values = new Float32Array(stream.tokens * axes)
      let at = 0
      for (const segment of stream.segments) {
        values.set(segment.ids, at)
        at += segment.ids.length
      }
      ids = this.parts.backend.upload(values, [stream.tokens, axes], 'ids')
      this.ids.set(stream, ids)
    }
    return ids
  }

  /** A stream's segments in one tensor [batch, tokens, hidden], always a copy. */
  private join(stream: Stream, part: (segment: string) => Tensor): Tensor {
    const { backend, config } = this.parts
    const joined = backend.allocate('float32', [this.batch, stream.tokens, config.hidden], 'residual')
    let at = 0
    for (const { name, tokens } of stream.segments) {
      for (let item = 0; item < this.batch; item++)
        backend.copyRows(part(name), item * tokens, joined, item * stream.tokens + at, tokens)
      at += tokens
    }
    return joined
  }

  /** From the streams of double blocks to those of single blocks, which are unions of them. */
  private regroup(
    phase: Phase,
    from: readonly Stream[],
    x: Tensor[],
  ): { streams: readonly Stream[]; x: Tensor[] } {
    const { backend, config } = this.parts
    const joined = phase.single.map((stream) => {
      const parts = from.flatMap((part, s) =>
        stream.segments.includes(part.segments[0]) ? [{ part, tensor: x[s] }] : [],
      )
      if (parts.length === 1) return parts[0].tensor
      const whole = backend.allocate('float32', [this.batch, stream.tokens, config.hidden], 'residual')
      let at = 0
      for (const { part, tensor } of parts) {
        for (let item = 0; item < this.batch; item++)
          backend.copyRows(tensor, item * part.tokens, whole, item * stream.tokens + at, part.tokens)
        at += part.tokens
        backend.free(tensor)
      }
      return whole
    })
    return { streams: phase.single, x: joined }
  }

  /** The tokens of one segment of a stream, as a copy [batch, tokens, hidden]. */
  private rowsOf(stream: Stream, x: Tensor, name: string): Tensor {
    const { backend, config } = this.parts
    let first = 0
    for (const segment of stream.segments) {
      if (segment.name === name) {
        const rows = backend.allocate('float32', [this.batch, segment.tokens, config.hidden], name)
        for (let item = 0; item < this.batch; item++)
          backend.copyRows(x, item * stream.tokens + first, rows, item * segment.tokens, segment.tokens)
        return rows
      }
      first += segment.tokens
    }
    throw new Error(`no segment ${name}`)
  }
}
