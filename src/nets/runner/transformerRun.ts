/** One picture's denoising with a transformer that is cut at attention. */
import type { ResponseQueries } from '@/backend/kernels/responseMap/types'
import type { Backend, Tensor } from '@/backend/types'
import type { ParameterSet } from '@/nets/parameterSet'
import type { BlockWeights } from '@/nets/runner/blockWeights'
import { FirstBlockCache } from '@/nets/runner/firstBlock'
import { copyTokens, KeptKeys, type BlockKeys, type Layout } from '@/nets/runner/keptKeys'
import type { Modulation } from '@/nets/runner/modulation'
import { isJoined, runPart, type Block, type Network } from '@/nets/runner/network'
import { ResponseWatch, type WatchOptions } from '@/nets/runner/responseWatch'
import type { DType } from '@/onnx/graph'
import { keyRanges, type Phase, type Plan, type Stream, type Tap } from '@/nets/runner/tokens'

/** What a run needs of its network. */
export interface RunParts {
  backend: Backend
  network: Network
  /** What stands outside the blocks. */
  outer: ParameterSet
  blocks: BlockWeights
}

interface Arena extends BlockKeys {
  q: Tensor // [batch, tokens, heads, headDim]
}

/** A block at work: which it is, its weights, the tokens that run through it. */
interface BlockPass {
  index: number
  block: Block
  weights: ParameterSet
  layout: Layout
  phase: Phase
  streams: readonly Stream[]
  arena: Arena
  signal: AbortSignal | undefined
}

/** Caches the segments that are the same in all steps once, then runs the others in every step. */
export class TransformerRun {
  private readonly parts: RunParts
  private readonly batch: number
  /** All segments: the cacheable ones, and those of a step. */
  private readonly layout: Layout
  private readonly cache: BlockKeys[] = []
  private readonly ids = new Map<Stream, Tensor>()
  private fixed: Modulation | null = null
  private watcher: ResponseWatch | null = null
  private firstBlock: FirstBlockCache | null = null
  private kept: KeptKeys | null = null

  constructor(parts: RunParts, tokenPlan: Plan, batch: number) {
    this.parts = parts
    this.layout = { plan: tokenPlan, cache: this.cache }
    this.batch = batch
  }

  /** From now on steps average what `target` attends to, see `maps`. Ends an earlier watch. */
  watch(options: WatchOptions): ResponseWatch {
    this.watcher?.dispose()
    this.watcher = null
    this.watcher = new ResponseWatch(this.parts.backend, this.layout.plan, this.batch, options)
    return this.watcher
  }

  /** The watch's maps so far, [batch, groups, tokens]; null without a watch. */
  maps(): Promise<Float32Array> | null {
    return this.watcher?.maps() ?? null
  }

  /** From now on steps that change little are guessed from earlier ones, see `FirstBlockCache`. */
  guessUnder(threshold: number): void {
    this.firstBlock = threshold > 0 ? new FirstBlockCache(threshold) : null
  }

  /** From now on the tokens of some segments are run in every `every`-th step, see `KeptKeys`; 1: in all. */
  refreshEvery(every: number, names: readonly string[]): void {
    this.kept?.dispose()
    this.kept = null
    if (every <= 1 || names.length === 0) return
    const { plan } = this.layout
    if (plan.cached.tokens > 0) throw new Error('segments that are cached already cannot be kept')
    const { backend, network } = this.parts
    const { heads, headDim, blocks } = network
    const shape = { blocks: blocks.length, batch: this.batch, heads, headDim, dtype: this.keptAs }
    this.kept = new KeptKeys(backend, plan.stepped.segments, names, every, shape)
  }

  /** Steps that were guessed so far. */
  get guessed(): number {
    return this.firstBlock?.skipped ?? 0
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
    const { backend, network } = this.parts
    this.fixed = fixed
    const { cached } = this.layout.plan
    if (cached.tokens === 0) return
    const shape = this.arenaShape(cached)
    for (let block = 0; block < network.blocks.length; block++)
      this.cache.push({
        k: backend.allocate(this.keptAs, shape, 'cached k'),
        v: backend.allocate(this.keptAs, shape, 'cached v'),
      })
    const { x } = await this.blocks(this.layout, cached, embedded, null, signal, tap)
    backend.free(...x)
  }

  /**
   * One evaluation: the head's output for `target`, [batch, targetTokens, outChannels]. `embedded` holds the
   * tokens of all segments that `begin` has not cached; the caller keeps ownership of what it passes.
   */
  async step(
    embedded: Record<string, Tensor>,
    step: Modulation,
    target: string,
    signal?: AbortSignal,
    tap?: Tap,
  ): Promise<Tensor> {
    const { backend, network, outer } = this.parts
    const { firstBlock, kept } = this
    const layout = kept && !kept.isDue ? kept.layout : this.layout
    let guess: Float32Array | null = null
    const stop = async (streams: readonly Stream[], x: readonly Tensor[]): Promise<boolean> => {
      if (!firstBlock) return false
      const { rows } = this.rowsIn(streams, x, target)
      const after = await backend.read(rows)
      backend.free(rows)
      guess = firstBlock.guess(await backend.read(embedded[target]), after)
      return guess !== null
    }
    const { stepped } = layout.plan
    const { x, streams } = await this.blocks(layout, stepped, embedded, step, signal, tap, stop)
    kept?.passed(guess === null)
    const { rows, stream } = this.rowsIn(streams, x, target)
    backend.free(...x)
    if (guess) backend.write(rows, guess)
    else firstBlock?.note(await backend.read(rows))
    const modulation = this.modulation(stream, step, network.head.modulation)
    const { y } = await runPart(outer, network.head.part, rows.dims, { x: rows, modulation })
    backend.free(rows)
    return y
  }

  /** Frees the cache, the ids and the watch. */
  dispose(): void {
    const { backend, blocks } = this.parts
    for (const { k, v } of this.cache.splice(0)) backend.free(k, v)
    this.kept?.dispose()
    this.kept = null
    backend.free(...this.ids.values())
    this.ids.clear()
    this.watcher?.dispose()
    this.watcher = null
    blocks.rest()
  }

  /** What keys and values are. */
  private get keptAs(): DType {
    return this.parts.backend.arithmetic === 'fast' ? 'float16' : 'float32'
  }

  private arenaShape({ tokens }: Phase): number[] {
    const { heads, headDim } = this.parts.network
    return [this.batch, tokens, heads, headDim]
  }

  /**
   * All blocks over one phase of a layout, of which the cached one fills the cache; gives the residual stream of each of
   * the last block's streams.
   * @param stop asked after the first block whether the others are not wanted
   */
  private async blocks(
    layout: Layout,
    phase: Phase,
    embedded: Record<string, Tensor>,
    step: Modulation | null,
    signal?: AbortSignal,
    tap?: Tap,
    stop?: (streams: readonly Stream[], x: readonly Tensor[]) => Promise<boolean>,
  ): Promise<{ x: Tensor[]; streams: readonly Stream[] }> {
    const { backend, network, blocks } = this.parts
    const filling = phase === layout.plan.cached
    const scratch = (dtype: DType, label: string) => backend.allocate(dtype, this.arenaShape(phase), label)
    const q = scratch('float32', 'q')
    const own = filling ? null : { k: scratch(this.keptAs, 'k'), v: scratch(this.keptAs, 'v') }
    let streams = phase.apart
    let x = streams.map((stream) => this.join(stream, (name) => embedded[name]))
    try {
      for (const [index, block] of network.blocks.entries()) {
        signal?.throwIfAborted()
        if (isJoined(block) && streams === phase.apart) {
          x = this.joinStreams(phase, x)
          streams = phase.joined
        }
        const weights = await blocks.acquire(index)
        const arena = { q, ...(own ?? layout.cache[index]) }
        // The last block of the caching pass only has to leave its keys and values.
        const last = filling && index === network.blocks.length - 1
        x = await this.block(
          { index, block, weights, layout, phase, streams, arena, signal },
          x,
          step,
          last,
          tap,
        )
        blocks.release(index)
        await backend.breathe()
        if (index === 0 && (await stop?.(streams, x))) break
      }
      return { x, streams }
    } catch (error) {
      backend.free(...x)
      throw error
    } finally {
      backend.free(q, own?.k, own?.v)
    }
  }

  /** One block. Takes ownership of `x` unless it throws, and gives the new residual streams. */
  private async block(
    pass: BlockPass,
    x: Tensor[],
    step: Modulation | null,
    keysOnly: boolean,
    tap?: Tap,
  ): Promise<Tensor[]> {
    const { backend } = this.parts
    const { block, streams, signal } = pass
    /** What the first half of the block leaves for the second, beside attention. */
    const left: Record<string, Tensor>[] = []
    let attention: Tensor[] = []
    const next: Tensor[] = []
    try {
      for (const [s, stream] of streams.entries())
        left[s] = await this.beforeAttention(pass, stream, x[s], step)
      if (keysOnly) return x
      if (pass.layout === this.layout) this.kept?.note(pass.index, pass.arena, pass.phase.arenaStart)
      attention = await this.attend(pass)
      for (const [s, stream] of streams.entries()) {
        await tap?.(`${block.label}.attn`, stream.segments, attention[s])
        const modulation = this.modulation(stream, step, block[stream.weights].modulation)
        const inputs = { ...left[s], x: x[s], attention: attention[s], modulation }
        const { y } = await runPart(pass.weights, block[stream.weights].after, x[s].dims, inputs, signal)
        next[s] = y
        await tap?.(`${block.label}.out`, stream.segments, y)
      }
      backend.free(...x)
      return next
    } catch (error) {
      backend.free(...next)
      throw error
    } finally {
      backend.free(...attention, ...left.flatMap((tensors) => Object.values(tensors)))
    }
  }

  /** Up to queries, keys and values, then RoPE into the arena; gives what the second half of the block takes. */
  private async beforeAttention(
    { block, weights, phase, arena, signal }: BlockPass,
    stream: Stream,
    x: Tensor,
    step: Modulation | null,
  ): Promise<Record<string, Tensor>> {
    const { backend, network } = this.parts
    const { heads, headDim, axesDim, theta } = network
    const side = block[stream.weights]
    const modulation = this.modulation(stream, step, side.modulation)
    const { qkv, ...left } = await runPart(weights, side.before, x.dims, { x, modulation }, signal)
    let start = 0
    const segments = stream.segments.map(({ name, tokens, affine }) => {
      const part = { start, length: tokens, arenaStart: phase.arenaStart.get(name) ?? 0, affine }
      start += tokens
      return part
    })
    await backend.ropeAffine({
      heads,
      headDim,
      axesDim,
      theta,
      qkv,
      queryScale: weights.tensor(side.queryNorm),
      keyScale: weights.tensor(side.keyNorm),
      ids: this.idsOf(stream),
      segments,
      arena,
    })
    backend.free(qkv)
    return left
  }

  /** Attention of every segment over the segments that it sees: per stream [batch, tokens, heads*headDim]. */
  private async attend({ index, layout, phase, streams, arena, signal }: BlockPass): Promise<Tensor[]> {
    const { batch } = this
    const { backend, network } = this.parts
    const { heads, headDim } = network
    const cached = layout.cache.at(index)
    const filling = cached?.k === arena.k
    const sources = !cached || filling ? [arena] : [arena, cached]
    const watcher = !filling && this.watcher?.wants(index) ? this.watcher : null
    const watched: ResponseQueries[] = []
    const attention: Tensor[] = []
    const queries = streams.flatMap((stream) => {
      const out = backend.allocate('float32', [batch, stream.tokens, heads * headDim], 'attention')
      attention.push(out)
      let outStart = 0
      return stream.segments.map((part) => {
        const start = phase.arenaStart.get(part.name) ?? 0
        const keys = keyRanges(part, phase, layout.plan.cached)
        const query = { start, length: part.tokens, keys, out, outStart }
        outStart += part.tokens
        if (watcher?.target !== part.name) return query
        const lse = backend.allocate('float32', [batch, heads, stream.tokens], 'log-sum-exp')
        watched.push({ start, length: part.tokens, lse, lseStart: query.outStart, outStart: 0 })
        return { ...query, lse }
      })
    })
    const operands = { batch, heads, headDim, scale: 1 / Math.sqrt(headDim), q: arena.q, sources }
    try {
      await backend.sharedAttention({ ...operands, queries }, signal)
      for (const rows of watched) await watcher?.note(operands, rows, layout.plan)
      return attention
    } catch (error) {
      backend.free(...attention)
      throw error
    } finally {
      backend.free(...watched.map(({ lse }) => lse))
    }
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
      const axes = this.parts.network.axesDim.length
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
    const joined = this.residual(stream)
    let at = 0
    for (const { name, tokens } of stream.segments) {
      copyTokens(this.parts.backend, part(name), 0, joined, at, tokens)
      at += tokens
    }
    return joined
  }

  /** From the streams of blocks with two sides to those of joined blocks, which are unions of them. */
  private joinStreams(phase: Phase, x: Tensor[]): Tensor[] {
    return phase.joined.map((stream) => {
      const parts = phase.apart.flatMap((part, s) =>
        stream.segments.includes(part.segments[0]) ? [{ tokens: part.tokens, tensor: x[s] }] : [],
      )
      if (parts.length === 1) return parts[0].tensor
      const whole = this.residual(stream)
      let at = 0
      for (const { tokens, tensor } of parts) {
        copyTokens(this.parts.backend, tensor, 0, whole, at, tokens)
        at += tokens
        this.parts.backend.free(tensor)
      }
      return whole
    })
  }

  /** The tokens of one segment, as a copy, and the stream that they are in. */
  private rowsIn(streams: readonly Stream[], x: readonly Tensor[], name: string) {
    const index = streams.findIndex(({ segments }) => segments.some((segment) => segment.name === name))
    return { rows: this.rowsOf(streams[index], x[index], name), stream: streams[index] }
  }

  /** The tokens of one segment of a stream, as a copy [batch, tokens, hidden]. */
  private rowsOf(stream: Stream, x: Tensor, name: string): Tensor {
    let first = 0
    for (const segment of stream.segments) {
      if (segment.name === name) {
        const rows = this.residual(segment)
        copyTokens(this.parts.backend, x, first, rows, 0, segment.tokens)
        return rows
      }
      first += segment.tokens
    }
    throw new Error(`no segment ${name}`)
  }

  private residual({ tokens }: { tokens: number }): Tensor {
    const { backend, network } = this.parts
    return backend.allocate('float32', [this.batch, tokens, network.hidden], 'residual')
  }
}
