/**
 * FLUX's diffusion transformer and its relatives: FLUX.1, pruned models, DreamFuse's segments, Inlay
 * Mini. Depths, sizes, conditioning and layout come from the config (specs: FLUX §3–§5, DreamFuse §3).
 *
 * The net is cut at attention (DESIGN decision 2): each block is an ORT segment, our RoPE kernel, our
 * attention kernel, and a second ORT segment. One graph serves all blocks of a kind.
 */
import type { Backend, Tensor } from '@/backend/types'
import {
  conditioningGraph,
  doublePostGraph,
  embedGraph,
  finalGraph,
  modulationGraph,
  preGraph,
  singlePostGraph,
} from '@/nets/fluxGraphs'
import { blockNames, FluxParameters, type FluxDitConfig } from '@/nets/fluxParameters'
import { TIME_CHANNELS, timeEmbedding } from '@/nets/timeEmbedding'
import { keyRanges, plan, type Phase, type Plan, type Stream, type TokenSegment } from '@/nets/tokens'
import type { WeightSource } from '@/weights/source'

/** What a conditioning vector is made of; one entry per batch item. */
export interface Conditioning {
  /** Flow time in [0,1]; 1 is noise. */
  sigma: readonly number[]
  guidance?: readonly number[]
  /** [batch, vectorDim] */
  pooled?: Float32Array
}

/** Sees intermediate tensors: the point (e.g. `double0.out`), the stream's segments, its [batch, tokens, width]. */
export type Tap = (point: string, segments: readonly TokenSegment[], tensor: Tensor) => Promise<void>

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

/** What a block keeps of a stream while attention runs. */
interface Before {
  modulation: Tensor
  /** The MLP's hidden layer, in single blocks: [batch, tokens, mlpRatio*hidden]. */
  mlp: Tensor | null
}

export class FluxDit {
  readonly config: FluxDitConfig
  readonly backend: Backend
  readonly parameters: FluxParameters

  private constructor(backend: Backend, config: FluxDitConfig, parameters: FluxParameters) {
    this.backend = backend
    this.config = config
    this.parameters = parameters
  }

  /** Puts all parameters on the device. @throws bad-weights naming the first tensor that does not fit. */
  static async load(
    backend: Backend,
    config: FluxDitConfig,
    source: WeightSource,
    onProgress: (done: number, total: number) => void = () => undefined,
  ): Promise<FluxDit> {
    return new FluxDit(backend, config, await FluxParameters.load(backend, config, source, onProgress))
  }

  dispose(): void {
    this.parameters.dispose()
  }

  /** Patches or packed latents [batch, tokens, inChannels] -> [batch, tokens, hidden], plus a tag row [hidden]. */
  embedImage(x: Tensor, tag: Tensor | null): Promise<Tensor> {
    return this.embed('img_in', x, tag)
  }

  /** Text features [batch, tokens, contextDim] -> [batch, tokens, hidden]. */
  embedText(x: Tensor): Promise<Tensor> {
    return this.embed('txt_in', x, null)
  }

  private async embed(name: string, x: Tensor, tag: Tensor | null): Promise<Tensor> {
    const [batch, tokens] = x.dims
    const graph = embedGraph(this.parameters.spec(name), batch, tag !== null)
    const segment = await this.backend.compile(graph)
    const inputs = { x, ...this.parameters.bind('proj', name), ...(tag ? { tag } : {}) }
    const { y } = await this.backend.run(segment, inputs, { y: [batch, tokens, this.config.hidden] })
    return y
  }

  /** vec = MLP_time(E(1000 sigma)) + MLP_guidance(E(1000 g)) + MLP_vector(pooled): [batch, 1, hidden]. */
  async conditioning({ sigma, guidance, pooled }: Conditioning): Promise<Tensor> {
    const { backend, config, parameters } = this
    const batch = sigma.length
    const feeds: Record<string, Tensor> = {
      time: backend.upload(timeEmbedding(sigma), [batch, 1, TIME_CHANNELS], 'time'),
    }
    if (config.guidance)
      feeds.guidance = backend.upload(
        timeEmbedding(guidance ?? sigma.map(() => 1)),
        [batch, 1, TIME_CHANNELS],
        'guidance',
      )
    if (config.vectorDim !== null) {
      const values = pooled ?? new Float32Array(batch * config.vectorDim)
      feeds.vector = backend.upload(values, [batch, 1, config.vectorDim], 'pooled')
    }
    const inputs = { ...feeds }
    const layers = Object.keys(feeds).map((part) => {
      const [first, second] = ['in_layer', 'out_layer'].map((layer) => {
        Object.assign(inputs, parameters.bind(`${part}.${layer}`, `${part}_in.${layer}`))
        return parameters.spec(`${part}_in.${layer}`)
      })
      return { part, first, second }
    })
    const segment = await backend.compile(conditioningGraph(layers, batch))
    const { vec } = await backend.run(segment, inputs, { vec: [batch, 1, config.hidden] })
    backend.free(...Object.values(feeds))
    return vec
  }

  /** Prepares a token layout; `useCache` false recomputes cacheable segments in every step. */
  layout(segments: readonly TokenSegment[], batch = 1, useCache = true): FluxRun {
    return new FluxRun(this, plan(segments, useCache), batch)
  }
}

/** One picture's denoising: caches the fixed segments once, then runs the others in every step. */
export class FluxRun {
  private readonly dit: FluxDit
  private readonly plan: Plan
  private readonly batch: number
  private readonly cache: BlockCache[] = []
  private readonly ids = new Map<Stream, Tensor>()
  private fixedVec: Tensor | null = null

  constructor(dit: FluxDit, tokenPlan: Plan, batch: number) {
    this.dit = dit
    this.plan = tokenPlan
    this.batch = batch
  }

  /** Names of the segments that every step needs. */
  get stepSegments(): string[] {
    return this.plan.stepped.segments.map((segment) => segment.name)
  }

  /**
   * Runs the cacheable segments through all blocks and keeps their keys and values. Takes ownership of
   * `fixedVec`, the conditioning of all segments with fixed modulation; not of `embedded`.
   */
  async begin(
    embedded: Record<string, Tensor>,
    fixedVec: Tensor | null,
    signal?: AbortSignal,
    tap?: Tap,
  ): Promise<void> {
    const { backend, config } = this.dit
    this.fixedVec = fixedVec
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
    stepVec: Tensor,
    target: string,
    signal?: AbortSignal,
    tap?: Tap,
  ): Promise<Tensor> {
    const { backend, config, parameters } = this.dit
    const { x, streams } = await this.blocks(this.plan.stepped, embedded, stepVec, false, signal, tap)
    const index = streams.findIndex((stream) => stream.segments.some((segment) => segment.name === target))
    const rows = this.rowsOf(streams[index], x[index], target)
    const vec = this.vec(streams[index], stepVec)
    const modulation = await this.modulation('final_layer.adaLN_modulation.1', 2, vec)
    const graph = finalGraph(config, parameters.spec('final_layer.linear'), this.batch)
    const segment = await backend.compile(graph)
    const inputs = { x: rows, modulation, ...parameters.bind('proj', 'final_layer.linear') }
    const { y } = await backend.run(segment, inputs, { y: [this.batch, rows.dims[1], config.outChannels] })
    backend.free(modulation, rows, ...x)
    return y
  }

  /** Frees the cache and the ids. */
  dispose(): void {
    const { backend } = this.dit
    for (const { k, v } of this.cache.splice(0)) backend.free(k, v)
    backend.free(...this.ids.values(), this.fixedVec)
    this.ids.clear()
    this.fixedVec = null
  }

  /** All blocks over one phase; returns the residual stream of each single-block stream. */
  private async blocks(
    phase: Phase,
    embedded: Record<string, Tensor>,
    stepVec: Tensor | null,
    filling: boolean,
    signal?: AbortSignal,
    tap?: Tap,
  ): Promise<{ x: Tensor[]; streams: readonly Stream[] }> {
    const { backend, config } = this.dit
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
        const arena = { q, ...(own ?? this.cache[block]) }
        // The last block of the caching pass only has to leave its keys and values.
        const last = filling && block === depth - 1
        x = await this.block(block, phase, streams, x, arena, stepVec, last, tap)
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
    index: number,
    phase: Phase,
    streams: readonly Stream[],
    x: Tensor[],
    arena: Arena,
    stepVec: Tensor | null,
    keysOnly: boolean,
    tap?: Tap,
  ): Promise<Tensor[]> {
    const { backend } = this.dit
    const before: Before[] = []
    for (const [s, stream] of streams.entries())
      before[s] = await this.beforeAttention(index, phase, stream, x[s], arena, this.vec(stream, stepVec))
    const leftovers = before.flatMap(({ modulation, mlp }) => [modulation, mlp])
    if (keysOnly) {
      backend.free(...leftovers)
      return x
    }
    const attention = await this.attend(index, phase, streams, arena)
    const next: Tensor[] = []
    for (const [s, stream] of streams.entries()) {
      await tap?.(`${this.blockLabel(index)}.attn`, stream.segments, attention[s])
      next[s] = await this.afterAttention(index, stream, x[s], attention[s], before[s])
      await tap?.(`${this.blockLabel(index)}.out`, stream.segments, next[s])
    }
    backend.free(...x, ...attention, ...leftovers)
    return next
  }

  /** Norm, modulation, qkv (and in single blocks the MLP's first half), then RoPE into the arena. */
  private async beforeAttention(
    index: number,
    phase: Phase,
    stream: Stream,
    x: Tensor,
    arena: Arena,
    vec: Tensor,
  ): Promise<Before> {
    const { dit, batch } = this
    const { backend, config, parameters } = dit
    const { hidden, heads, axesDim, theta } = config
    const names = blockNames(index, config.doubleBlocks, stream.weights)
    const double = index < config.doubleBlocks
    const modulation = await this.modulation(names.modulation, double ? 6 : 3, vec)
    const segment = await backend.compile(preGraph(config, double, parameters.spec(names.qkv), batch))
    const outputs: Record<string, readonly number[]> = { qkv: [batch, stream.tokens, 3 * hidden] }
    if (!double) outputs.mlp = [batch, stream.tokens, hidden * config.mlpRatio]
    const { qkv, mlp } = await backend.run(
      segment,
      { x, modulation, ...parameters.bind('qkv', names.qkv) },
      outputs,
    )
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
      queryScale: parameters.tensor(names.queryNorm),
      keyScale: parameters.tensor(names.keyNorm),
      ids: this.idsOf(stream),
      segments,
      arena,
    })
    backend.free(qkv)
    return { modulation, mlp: mlp ?? null }
  }

  /** Attention of every segment over the segments that it sees: per stream [batch, tokens, hidden]. */
  private async attend(
    index: number,
    phase: Phase,
    streams: readonly Stream[],
    arena: Arena,
  ): Promise<Tensor[]> {
    const { dit, batch } = this
    const { hidden, heads } = dit.config
    const headDim = hidden / heads
    const cached = this.cache[index]
    const sources = !cached || cached.k === arena.k ? [arena] : [arena, cached]
    const attention: Tensor[] = []
    const queries = streams.flatMap((stream) => {
      const out = dit.backend.allocate('float32', [batch, stream.tokens, hidden], 'attention')
      attention.push(out)
      let outStart = 0
      return stream.segments.map((part) => {
        const start = phase.arenaStart.get(part.name) ?? 0
        const keys = keyRanges(part, phase, this.plan.cached)
        const query = { start, length: part.tokens, keys, out, outStart }
        outStart += part.tokens
        return query
      })
    })
    const scale = 1 / Math.sqrt(headDim)
    await dit.backend.sharedAttention({ batch, heads, headDim, scale, q: arena.q, sources, queries })
    return attention
  }

  /** Projection, gates, residuals, MLP. */
  private async afterAttention(
    index: number,
    stream: Stream,
    x: Tensor,
    attention: Tensor,
    { modulation, mlp }: Before,
  ): Promise<Tensor> {
    const { dit, batch } = this
    const { backend, config, parameters } = dit
    const names = blockNames(index, config.doubleBlocks, stream.weights)
    const spec = (name: string) => parameters.spec(name)
    const inputs: Record<string, Tensor> = {
      x,
      attention,
      modulation,
      ...parameters.bind('proj', names.proj),
    }
    if (mlp) inputs.mlp = mlp
    else Object.assign(inputs, parameters.bind('up', names.up), parameters.bind('down', names.down))
    const graph = mlp
      ? singlePostGraph(config, spec(names.proj), batch)
      : doublePostGraph(config, { proj: spec(names.proj), up: spec(names.up), down: spec(names.down) }, batch)
    const segment = await backend.compile(graph)
    const { y } = await backend.run(segment, inputs, { y: [batch, stream.tokens, config.hidden] })
    return y
  }

  private blockLabel(index: number): string {
    const { doubleBlocks } = this.dit.config
    return index < doubleBlocks ? `double${index}` : `single${index - doubleBlocks}`
  }

  private vec(stream: Stream, stepVec: Tensor | null): Tensor {
    const vec = stream.modulation === 'step' ? stepVec : this.fixedVec
    if (!vec) throw new Error(`no conditioning for ${stream.segments[0].name}`)
    return vec
  }

  /** Linear(SiLU(vec)): [batch, 1, parts*hidden]. */
  private async modulation(name: string, parts: number, vec: Tensor): Promise<Tensor> {
    const { backend, config, parameters } = this.dit
    const segment = await backend.compile(modulationGraph(parameters.spec(name), this.batch))
    const outputs = { y: [this.batch, 1, parts * config.hidden] }
    const { y } = await backend.run(segment, { vec, ...parameters.bind('proj', name) }, outputs)
    return y
  }

  private idsOf(stream: Stream): Tensor {
    let ids = this.ids.get(stream)
    if (!ids) {
      const axes = this.dit.config.axesDim.length
      const values = new Float32Array(stream.tokens * axes)
      let at = 0
      for (const segment of stream.segments) {
        values.set(segment.ids, at)
        at += segment.ids.length
      }
      ids = this.dit.backend.upload(values, [stream.tokens, axes], 'ids')
      this.ids.set(stream, ids)
    }
    return ids
  }

  /** A stream's segments in one tensor [batch, tokens, hidden], always a copy. */
  private join(stream: Stream, part: (segment: string) => Tensor): Tensor {
    const { backend, config } = this.dit
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
    const { backend, config } = this.dit
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
    const { backend, config } = this.dit
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
