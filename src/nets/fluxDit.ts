/**
 * FLUX's diffusion transformer and its relatives: FLUX.1, pruned models, DreamFuse's segments, Inlay
 * Mini. Depths, sizes, conditioning and layout come from the config (specs: FLUX §3–§5, DreamFuse §3).
 *
 * The net is cut at attention (DESIGN decision 2): each block is an ORT segment, our RoPE kernel, our
 * attention kernel, and a second ORT segment. One graph serves all blocks of a kind.
 */
import type { Backend, Tensor } from '@/backend/types'
import { GraphBuilder, TOKENS, type Graph } from '@/onnx/graph'
import { geluTanh, linear, modulatedNorm, silu } from '@/onnx/layers'
import { keyRanges, plan, type Phase, type Plan, type Stream, type TokenSegment } from '@/nets/tokens'
import { linearKey, specOf, type LinearWeights, type WeightSource } from '@/weights/source'

export interface FluxDitConfig {
  hidden: number
  heads: number
  /** Channels per id axis, summing to hidden/heads. */
  axesDim: readonly number[]
  theta: number
  doubleBlocks: number
  singleBlocks: number
  /** MLP width over hidden. */
  mlpRatio: number
  /** Channels of an image token. */
  inChannels: number
  /** Channels that the head gives per token. */
  outChannels: number
  /** Width of a text token. */
  contextDim: number
  /** Width of the pooled text, or null where the model has none. */
  vectorDim: number | null
  /** Whether the guidance scale is embedded. */
  guidance: boolean
}

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

/** A linear on the device, with the graph's view of it. */
interface Loaded {
  weights: LinearWeights
  inputs: Record<string, Tensor>
}

/** Keys and values of the cacheable segments in one block. */
interface BlockCache {
  k: Tensor // [batch, cachedTokens, heads, headDim]
  v: Tensor
}

const TIME_CHANNELS = 256

/**
 * Sinusoidal embedding of 1000*value, cosines first (specs: FLUX §4): [batch, 1, 256]. Rounded to f32 where
 * the peers' f32 rounds: an angle of 700 is only known to 3e-5 there, and the checkpoints were made with it.
 */
export function timeEmbedding(values: readonly number[]): Float32Array {
  const half = TIME_CHANNELS / 2
  const out = new Float32Array(values.length * TIME_CHANNELS)
  values.forEach((value, item) => {
    for (let k = 0; k < half; k++) {
      const exponent = Math.fround(Math.fround(Math.fround(-Math.log(10000)) * k) / half)
      const frequency = Math.fround(Math.exp(exponent))
      const angle = Math.fround(Math.fround(1000 * Math.fround(value)) * frequency)
      out[item * TIME_CHANNELS + k] = Math.cos(angle)
      out[item * TIME_CHANNELS + half + k] = Math.sin(angle)
    }
  })
  return out
}

export class FluxDit {
  readonly config: FluxDitConfig
  readonly backend: Backend
  private readonly linears = new Map<string, Loaded>()
  private readonly tensors = new Map<string, Tensor>()

  private constructor(backend: Backend, config: FluxDitConfig) {
    this.backend = backend
    this.config = config
  }

  /** Puts all parameters on the device. @throws bad-weights naming the first tensor that does not fit. */
  static async load(
    backend: Backend,
    config: FluxDitConfig,
    source: WeightSource,
    onProgress: (done: number, total: number) => void = () => undefined,
  ): Promise<FluxDit> {
    const dit = new FluxDit(backend, config)
    const shapes = linearShapes(config)
    try {
      for (const [index, [name, rows, cols]] of shapes.entries()) {
        dit.linears.set(name, upload(backend, name, source.linear(name, rows, cols)))
        onProgress(index + 1, shapes.length)
        if (index % 8 === 0) await backend.breathe()
      }
      for (const name of normNames(config)) {
        const headDim = config.hidden / config.heads
        dit.tensors.set(name, backend.upload(source.tensor(name, [headDim]), [headDim], name))
      }
    } catch (error) {
      dit.dispose()
      throw error
    }
    return dit
  }

  dispose(): void {
    for (const { inputs } of this.linears.values()) this.backend.free(...Object.values(inputs))
    this.backend.free(...this.tensors.values())
    this.linears.clear()
    this.tensors.clear()
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
    const { weights } = this.linear(name)
    const [batch, tokens] = x.dims
    const segment = await this.backend.compile(embedGraph(weights, batch, tag !== null))
    const inputs = { x, ...this.bind('proj', name), ...(tag ? { tag } : {}) }
    const { y } = await this.backend.run(segment, inputs, { y: [batch, tokens, this.config.hidden] })
    return y
  }

  /** vec = MLP_time(E(1000 sigma)) + MLP_guidance(E(1000 g)) + MLP_vector(pooled): [batch, 1, hidden]. */
  async conditioning({ sigma, guidance, pooled }: Conditioning): Promise<Tensor> {
    const { backend, config } = this
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
    const parts = Object.keys(feeds)
    const segment = await backend.compile(
      conditioningGraph(parts, (name) => this.linear(name).weights, batch),
    )
    const inputs = { ...feeds }
    for (const part of parts)
      for (const layer of ['in_layer', 'out_layer'])
        Object.assign(inputs, this.bind(`${part}.${layer}`, `${part}_in.${layer}`))
    const { vec } = await backend.run(segment, inputs, { vec: [batch, 1, config.hidden] })
    backend.free(...Object.values(feeds))
    return vec
  }

  /** Prepares a token layout; `useCache` false recomputes cacheable segments in every step. */
  layout(segments: readonly TokenSegment[], batch = 1, useCache = true): FluxRun {
    return new FluxRun(this, plan(segments, useCache), batch)
  }

  linear(name: string): Loaded {
    const loaded = this.linears.get(name)
    if (!loaded) throw new Error(`no linear ${name}`)
    return loaded
  }

  tensor(name: string): Tensor {
    const tensor = this.tensors.get(name)
    if (!tensor) throw new Error(`no tensor ${name}`)
    return tensor
  }

  /** The graph inputs of linear `name` under the graph's own name for it. */
  bind(as: string, name: string): Record<string, Tensor> {
    return Object.fromEntries(
      Object.entries(this.linear(name).inputs).map(([key, tensor]) => [`${as}.${key}`, tensor]),
    )
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
    const { backend, config } = this.dit
    const { x, streams } = await this.blocks(this.plan.stepped, embedded, stepVec, false, signal, tap)
    const index = streams.findIndex((stream) => stream.segments.some((segment) => segment.name === target))
    const rows = await this.rowsOf(streams[index], x[index], target)
    const modulation = await this.modulation(
      'final_layer.adaLN_modulation.1',
      2,
      this.vec(streams[index], stepVec),
    )
    const segment = await backend.compile(finalGraph(this.dit, this.batch))
    const inputs = { x: rows, modulation, ...this.dit.bind('proj', 'final_layer.linear') }
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

  private async block(
    index: number,
    phase: Phase,
    streams: readonly Stream[],
    x: Tensor[],
    arena: { q: Tensor; k: Tensor; v: Tensor },
    stepVec: Tensor | null,
    keysOnly: boolean,
    tap?: Tap,
  ): Promise<Tensor[]> {
    const { dit, batch } = this
    const { backend, config } = dit
    const { hidden, heads } = config
    const headDim = hidden / heads
    const double = index < config.doubleBlocks
    const label = double ? `double${index}` : `single${index - config.doubleBlocks}`
    const names = (stream: Stream) => blockNames(index, config.doubleBlocks, stream.weights)

    // Before attention: norm, modulation, qkv (and in single blocks the MLP's first half).
    const modulations: Tensor[] = []
    const gates: (Tensor | null)[] = []
    for (const [s, stream] of streams.entries()) {
      const n = names(stream)
      modulations[s] = await this.modulation(n.modulation, double ? 6 : 3, this.vec(stream, stepVec))
      const segment = await backend.compile(preGraph(dit, double, n.qkv, batch))
      const outputs: Record<string, readonly number[]> = { qkv: [batch, stream.tokens, 3 * hidden] }
      if (!double) outputs.mlp = [batch, stream.tokens, hidden * config.mlpRatio]
      const inputs = { x: x[s], modulation: modulations[s], ...dit.bind('qkv', n.qkv) }
      const { qkv, mlp } = await backend.run(segment, inputs, outputs)
      gates[s] = mlp ?? null
      let start = 0
      const segments = stream.segments.map((part) => {
        const run = {
          start,
          length: part.tokens,
          arenaStart: phase.arenaStart.get(part.name) ?? 0,
          affine: part.affine,
        }
        start += part.tokens
        return run
      })
      const { axesDim, theta } = config
      const scales = { queryScale: dit.tensor(n.queryNorm), keyScale: dit.tensor(n.keyNorm) }
      await backend.ropeAffine({
        heads,
        headDim,
        axesDim,
        theta,
        qkv,
        ...scales,
        ids: this.idsOf(stream),
        segments,
        arena,
      })
      backend.free(qkv)
    }
    if (keysOnly) {
      backend.free(...modulations, ...gates)
      return x
    }

    // Attention over the segments that each segment sees.
    const attention = streams.map((stream) =>
      backend.allocate('float32', [batch, stream.tokens, hidden], 'attention'),
    )
    const cached = this.cache[index]
    const sources = !cached || cached.k === arena.k ? [arena] : [arena, cached]
    const queries = streams.flatMap((stream, s) => {
      let outStart = 0
      return stream.segments.map((part) => {
        const start = phase.arenaStart.get(part.name) ?? 0
        const query = {
          start,
          length: part.tokens,
          keys: keyRanges(part, phase, this.plan.cached),
          out: attention[s],
          outStart,
        }
        outStart += part.tokens
        return query
      })
    })
    await backend.sharedAttention({
      batch,
      heads,
      headDim,
      scale: 1 / Math.sqrt(headDim),
      q: arena.q,
      sources,
      queries,
    })

    // After attention: projection, gates, residuals, MLP.
    const next: Tensor[] = []
    for (const [s, stream] of streams.entries()) {
      await tap?.(`${label}.attn`, stream.segments, attention[s])
      const n = names(stream)
      const segment = await backend.compile(
        double ? doublePostGraph(dit, n, batch) : singlePostGraph(dit, n.proj, batch),
      )
      const inputs: Record<string, Tensor> = {
        x: x[s],
        attention: attention[s],
        modulation: modulations[s],
        ...dit.bind('proj', n.proj),
      }
      const mlp = gates[s]
      if (mlp) inputs.mlp = mlp
      else Object.assign(inputs, dit.bind('up', n.up), dit.bind('down', n.down))
      const { y } = await backend.run(segment, inputs, { y: [batch, stream.tokens, hidden] })
      next[s] = y
      await tap?.(`${label}.out`, stream.segments, y)
    }
    backend.free(...x, ...attention, ...modulations, ...gates)
    return next
  }

  private vec(stream: Stream, stepVec: Tensor | null): Tensor {
    const vec = stream.modulation === 'step' ? stepVec : this.fixedVec
    if (!vec) throw new Error(`no conditioning for ${stream.segments[0].name}`)
    return vec
  }

  /** Linear(SiLU(vec)): [batch, 1, parts*hidden]. */
  private async modulation(name: string, parts: number, vec: Tensor): Promise<Tensor> {
    const { dit, batch } = this
    const segment = await dit.backend.compile(modulationGraph(dit, name, batch))
    const outputs = { y: [batch, 1, parts * dit.config.hidden] }
    const { y } = await dit.backend.run(segment, { vec, ...dit.bind('proj', name) }, outputs)
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

// ---------------------------------------------------------------------------------------------
// Parameters

/** Every linear of the net: canonical name, rows, columns. */
export function linearShapes(config: FluxDitConfig): [string, number, number][] {
  const { hidden, mlpRatio } = config
  const mlp = hidden * mlpRatio
  const shapes: [string, number, number][] = [
    ['img_in', hidden, config.inChannels],
    ['txt_in', hidden, config.contextDim],
  ]
  const inputs: [string, number][] = [['time', TIME_CHANNELS]]
  if (config.guidance) inputs.push(['guidance', TIME_CHANNELS])
  if (config.vectorDim !== null) inputs.push(['vector', config.vectorDim])
  for (const [name, cols] of inputs)
    shapes.push([`${name}_in.in_layer`, hidden, cols], [`${name}_in.out_layer`, hidden, hidden])
  for (let i = 0; i < config.doubleBlocks; i++)
    for (const stream of ['img', 'txt'])
      shapes.push(
        [`double_blocks.${i}.${stream}_mod.lin`, 6 * hidden, hidden],
        [`double_blocks.${i}.${stream}_attn.qkv`, 3 * hidden, hidden],
        [`double_blocks.${i}.${stream}_attn.proj`, hidden, hidden],
        [`double_blocks.${i}.${stream}_mlp.0`, mlp, hidden],
        [`double_blocks.${i}.${stream}_mlp.2`, hidden, mlp],
      )
  for (let j = 0; j < config.singleBlocks; j++)
    shapes.push(
      [`single_blocks.${j}.modulation.lin`, 3 * hidden, hidden],
      [`single_blocks.${j}.linear1`, 3 * hidden + mlp, hidden],
      [`single_blocks.${j}.linear2`, hidden, hidden + mlp],
    )
  shapes.push(
    ['final_layer.adaLN_modulation.1', 2 * hidden, hidden],
    ['final_layer.linear', config.outChannels, hidden],
  )
  return shapes
}

function normNames(config: FluxDitConfig): string[] {
  const owners: string[] = []
  for (let i = 0; i < config.doubleBlocks; i++)
    owners.push(`double_blocks.${i}.img_attn`, `double_blocks.${i}.txt_attn`)
  for (let j = 0; j < config.singleBlocks; j++) owners.push(`single_blocks.${j}`)
  return owners.flatMap((owner) => [`${owner}.norm.query_norm.scale`, `${owner}.norm.key_norm.scale`])
}

interface BlockNames {
  modulation: string
  qkv: string
  proj: string
  up: string
  down: string
  queryNorm: string
  keyNorm: string
}

/** Parameter names of block `index`, counted over double and single blocks. */
function blockNames(index: number, doubleBlocks: number, weights: 'text' | 'image'): BlockNames {
  const double = index < doubleBlocks
  const stream = weights === 'text' ? 'txt' : 'img'
  const block = double ? `double_blocks.${index}.${stream}_` : `single_blocks.${index - doubleBlocks}.`
  const norm = double ? `${block}attn.norm` : `${block}norm`
  return {
    modulation: double ? `${block}mod.lin` : `${block}modulation.lin`,
    qkv: double ? `${block}attn.qkv` : `${block}linear1`,
    proj: double ? `${block}attn.proj` : `${block}linear2`,
    up: `${block}mlp.0`,
    down: `${block}mlp.2`,
    queryNorm: `${norm}.query_norm.scale`,
    keyNorm: `${norm}.key_norm.scale`,
  }
}

/** Uploads a linear's tensors under the suffixes that `onnx/layers.linear` expects. */
function upload(backend: Backend, name: string, weights: LinearWeights): Loaded {
  const inputs: Record<string, Tensor> = {}
  weights.chunks.forEach(({ rows, weight, scales }, index) => {
    const dims = scales ? [rows, scales.length / rows, weight.length / scales.length] : [rows, weights.cols]
    inputs[`w${index}`] = backend.upload(weight, dims, `${name}.weight`)
    if (scales) inputs[`s${index}`] = backend.upload(scales, [rows, scales.length / rows], `${name}.scale`)
  })
  if (weights.bias) inputs.bias = backend.upload(weights.bias, [weights.rows], `${name}.bias`)
  if (weights.lora) {
    const { rank, a, b } = weights.lora
    inputs.loraA = backend.upload(a, [rank, weights.cols], `${name}.loraA`)
    inputs.loraB = backend.upload(b, [weights.rows, rank], `${name}.loraB`)
  }
  // The numbers now live on the device; only the description is kept.
  const described = {
    ...weights,
    chunks: weights.chunks.map(({ rows }) => ({ rows, weight: new Float32Array(0), scales: null })),
  }
  return { weights: described, inputs }
}

// ---------------------------------------------------------------------------------------------
// Graphs: one per kind of segment and precision

const cachedGraphs = new Map<string, Graph>()

function graph(key: string, build: (g: GraphBuilder) => void): Graph {
  let built = cachedGraphs.get(key)
  if (!built) {
    const g = new GraphBuilder(key)
    build(g)
    built = g.build()
    cachedGraphs.set(key, built)
  }
  return built
}

function embedGraph(weights: LinearWeights, batch: number, tagged: boolean): Graph {
  return graph(`embed ${batch} ${linearKey(weights)} ${tagged}`, (g) => {
    const x = g.input('x', 'float32', [batch, TOKENS, weights.cols])
    let y = linear(g, x, 'proj', specOf(weights), batch)
    if (tagged) y = g.node('Add', [y, g.input('tag', 'float32', [weights.rows])])
    g.output(y, 'y', [batch, TOKENS, weights.rows])
  })
}

function conditioningGraph(
  parts: readonly string[],
  weightsOf: (name: string) => LinearWeights,
  batch: number,
): Graph {
  const layers = parts.map((part) => ({
    part,
    first: weightsOf(`${part}_in.in_layer`),
    second: weightsOf(`${part}_in.out_layer`),
  }))
  const key = layers
    .map(({ part, first, second }) => `${part} ${linearKey(first)} ${linearKey(second)}`)
    .join(' ')
  return graph(`conditioning ${batch} ${key}`, (g) => {
    const sums = layers.map(({ part, first, second }) => {
      const x = g.input(part, 'float32', [batch, 1, first.cols])
      const hidden = silu(g, linear(g, x, `${part}.in_layer`, specOf(first), batch))
      return linear(g, hidden, `${part}.out_layer`, specOf(second), batch)
    })
    const vec = sums.reduce((sum, part) => g.node('Add', [sum, part]))
    g.output(vec, 'vec', [batch, 1, layers[0].second.rows])
  })
}

function modulationGraph(dit: FluxDit, name: string, batch: number): Graph {
  const { weights } = dit.linear(name)
  return graph(`modulation ${batch} ${linearKey(weights)}`, (g) => {
    const vec = g.input('vec', 'float32', [batch, 1, weights.cols])
    g.output(linear(g, silu(g, vec), 'proj', specOf(weights), batch), 'y', [batch, 1, weights.rows])
  })
}

/** Norm, modulation and qkv; in single blocks linear1 also gives the MLP's hidden layer, past its GELU. */
function preGraph(dit: FluxDit, double: boolean, name: string, batch: number): Graph {
  const { hidden, mlpRatio } = dit.config
  const { weights } = dit.linear(name)
  return graph(`pre ${batch} ${double} ${hidden} ${linearKey(weights)}`, (g) => {
    const x = g.input('x', 'float32', [batch, TOKENS, hidden])
    const modulation = g.input('modulation', 'float32', [batch, 1, (double ? 6 : 3) * hidden])
    const [shift, scale] = g.split(modulation, new Array<number>(double ? 6 : 3).fill(hidden))
    const y = linear(g, modulatedNorm(g, x, hidden, shift, scale), 'qkv', specOf(weights), batch)
    if (double) {
      g.output(y, 'qkv', [batch, TOKENS, 3 * hidden])
      return
    }
    const [qkv, mlp] = g.split(y, [3 * hidden, mlpRatio * hidden])
    g.output(qkv, 'qkv', [batch, TOKENS, 3 * hidden])
    g.output(geluTanh(g, mlp), 'mlp', [batch, TOKENS, mlpRatio * hidden])
  })
}

function doublePostGraph(dit: FluxDit, names: BlockNames, batch: number): Graph {
  const { hidden } = dit.config
  const [proj, up, down] = [names.proj, names.up, names.down].map((name) => dit.linear(name).weights)
  return graph(`double post ${batch} ${hidden} ${[proj, up, down].map(linearKey).join(' ')}`, (g) => {
    const x = g.input('x', 'float32', [batch, TOKENS, hidden])
    const attention = g.input('attention', 'float32', [batch, TOKENS, hidden])
    const modulation = g.input('modulation', 'float32', [batch, 1, 6 * hidden])
    const [, , gate1, shift2, scale2, gate2] = g.split(modulation, new Array<number>(6).fill(hidden))
    const attended = g.node('Mul', [gate1, linear(g, attention, 'proj', specOf(proj), batch)])
    const middle = g.node('Add', [x, attended])
    const h = geluTanh(
      g,
      linear(g, modulatedNorm(g, middle, hidden, shift2, scale2), 'up', specOf(up), batch),
    )
    const y = g.node('Add', [middle, g.node('Mul', [gate2, linear(g, h, 'down', specOf(down), batch)])])
    g.output(y, 'y', [batch, TOKENS, hidden])
  })
}

function singlePostGraph(dit: FluxDit, name: string, batch: number): Graph {
  const { hidden, mlpRatio } = dit.config
  const { weights } = dit.linear(name)
  return graph(`single post ${batch} ${hidden} ${linearKey(weights)}`, (g) => {
    const x = g.input('x', 'float32', [batch, TOKENS, hidden])
    const attention = g.input('attention', 'float32', [batch, TOKENS, hidden])
    const mlp = g.input('mlp', 'float32', [batch, TOKENS, mlpRatio * hidden])
    const modulation = g.input('modulation', 'float32', [batch, 1, 3 * hidden])
    const [, , gate] = g.split(modulation, new Array<number>(3).fill(hidden))
    const both = g.node('Concat', [attention, mlp], { axis: -1 })
    const y = g.node('Add', [x, g.node('Mul', [gate, linear(g, both, 'proj', specOf(weights), batch)])])
    g.output(y, 'y', [batch, TOKENS, hidden])
  })
}

/** Canonical rows are BFL's: [shift; scale]. */
function finalGraph(dit: FluxDit, batch: number): Graph {
  const { hidden } = dit.config
  const { weights } = dit.linear('final_layer.linear')
  return graph(`final ${batch} ${hidden} ${linearKey(weights)}`, (g) => {
    const x = g.input('x', 'float32', [batch, TOKENS, hidden])
    const modulation = g.input('modulation', 'float32', [batch, 1, 2 * hidden])
    const [shift, scale] = g.split(modulation, [hidden, hidden])
    const y = linear(g, modulatedNorm(g, x, hidden, shift, scale), 'proj', specOf(weights), batch)
    g.output(y, 'y', [batch, TOKENS, weights.rows])
  })
}
