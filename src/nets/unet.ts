/**
 * The U-Net of Stable Diffusion 2.x and its relatives (SD-Turbo, our own small one), after specs: D-Fusion §2, §3,
 * §9, under diffusers' names. The net is cut at attention: ORT runs what lies between, our kernels run self- and
 * cross-attention, and hooks may look at or change what attention works on. Guidance branches are batch items.
 */
import type { Backend, Tensor } from '@/backend/types'
import { ParameterSet } from '@/nets/parameterSet'
import { sinusoid } from '@/nets/timeEmbedding'
import { unetParameters } from '@/nets/unetParameters'
import {
  attentionInGraph,
  attentionOutGraph,
  contextGraph,
  convGraph,
  crossInGraph,
  outGraph,
  resnetGraph,
  timeGraph,
  type Grid,
} from '@/nets/unetGraphs'
import type { UnetConfig } from '@/schema/pack'
import type { WeightSource } from '@/weights/source'

/** Where an attention stands. */
export interface AttentionSite {
  /** Name of the transformer, e.g. `up_blocks.1.attentions.0`. */
  name: string
  /** D-Fusion's number of the block: levels with attention on the way down, the middle, the way up. */
  layer: number
  rows: number
  columns: number
  heads: number
  headDim: number
}

/** A cross-attention as a hook sees it. Tensors belong to the net. */
export interface CrossAttention {
  q: Tensor // [batch, rows*columns, heads, headDim]
  k: Tensor // [batch, contextTokens, heads, headDim]
  /** [batch, heads, rows*columns] */
  lse: Tensor
}

export interface UnetHooks {
  /** Sees a self-attention's keys and values, [batch, rows*columns, heads, headDim] each, and may overwrite them. */
  self?(site: AttentionSite, k: Tensor, v: Tensor): Promise<void>
  /**
   * Sees what a self-attention gives, [batch, rows*columns, channels], and may overwrite it; `spare` has the same size
   * and is not needed any more.
   */
  attended?(site: AttentionSite, out: Tensor, spare: Tensor): Promise<void>
  /** Sees a cross-attention where `wantsCross` says so. */
  cross?(site: AttentionSite, attention: CrossAttention): Promise<void>
  wantsCross?(site: AttentionSite): boolean
  /** Sees intermediate tensors, named as in the golden cases. */
  tap?(point: string, tensor: Tensor): Promise<void>
}

/** A prompt's keys and values for every cross-attention; the owner disposes of it. */
export class UnetContext {
  readonly tokens: number
  private readonly backend: Backend
  private readonly layers: ReadonlyMap<string, { k: Tensor; v: Tensor }>

  constructor(backend: Backend, tokens: number, layers: ReadonlyMap<string, { k: Tensor; v: Tensor }>) {
    this.backend = backend
    this.tokens = tokens
    this.layers = layers
  }

  layer(name: string): { k: Tensor; v: Tensor } {
    const layer = this.layers.get(name)
    if (!layer) throw new Error(`no context for ${name}`)
    return layer
  }

  dispose(): void {
    for (const { k, v } of this.layers.values()) this.backend.free(k, v)
  }
}

/** A picture on its way through the net. */
interface Picture extends Grid {
  tensor: Tensor
  channels: number
}

export class Unet {
  readonly backend: Backend
  readonly config: UnetConfig
  private readonly parameters: ParameterSet

  private constructor(backend: Backend, config: UnetConfig, parameters: ParameterSet) {
    this.backend = backend
    this.config = config
    this.parameters = parameters
  }

  /** Puts all parameters on the device. @throws bad-weights naming the first tensor that does not fit. */
  static async load(
    backend: Backend,
    config: UnetConfig,
    source: WeightSource,
    onProgress: (done: number, total: number) => void = () => undefined,
  ): Promise<Unet> {
    const parameters = new ParameterSet(backend)
    const names = unetParameters(config)
    const total = names.linears.length
    let done = 0
    try {
      await parameters.load(source, names, () => onProgress(++done, total))
    } catch (error) {
      parameters.dispose()
      throw error
    }
    return new Unet(backend, config, parameters)
  }

  dispose(): void {
    this.parameters.dispose()
  }

  /** Every attention of a picture of `rows` x `columns` latent cells, in the order in which they run. */
  sites(rows: number, columns: number): AttentionSite[] {
    const { config } = this
    const levels = config.channels.length
    const sites: AttentionSite[] = []
    let layer = 0
    const add = (block: string, level: number, count: number) => {
      const shrink = 2 ** level
      const heads = config.heads[level]
      for (let i = 0; i < count; i++)
        sites.push({
          name: `${block}.attentions.${i}`,
          layer,
          rows: Math.ceil(rows / shrink),
          columns: Math.ceil(columns / shrink),
          heads,
          headDim: config.channels[level] / heads,
        })
      layer++
    }
    for (let i = 0; i < levels; i++) if (config.attention[i]) add(`down_blocks.${i}`, i, config.resnets)
    add('mid_block', levels - 1, 1)
    for (let i = 0; i < levels; i++) {
      const level = levels - 1 - i
      if (config.attention[level]) add(`up_blocks.${i}`, level, config.resnets + 1)
    }
    return sites
  }

  /** @param values [batch, tokens, contextDim] */
  async context(values: Float32Array, batch: number): Promise<UnetContext> {
    const { backend, config, parameters } = this
    const tokens = values.length / batch / config.contextDim
    const context = backend.upload(values, [batch, tokens, config.contextDim], 'context')
    const layers = new Map<string, { k: Tensor; v: Tensor }>()
    for (const { name } of this.sites(1, 1)) {
      const block = `${name}.transformer_blocks.0.attn2`
      const names = { to_k: `${block}.to_k`, to_v: `${block}.to_v` }
      const width = parameters.spec(names.to_k).rows
      const graph = contextGraph(batch, tokens, parameters.spec(names.to_k), parameters.spec(names.to_v))
      const shape = [batch, tokens, width]
      const { k, v } = await parameters.run(graph, names, { context }, { k: shape, v: shape })
      layers.set(name, { k, v })
    }
    backend.free(context)
    return new UnetContext(backend, tokens, layers)
  }

  /**
   * One evaluation. Takes `sample` [batch, inChannels, rows, columns] (the caller keeps it), a time in [0, 1000) per
   * item, and gives [batch, outChannels, rows, columns]; any size, odd sizes too, as the peers round them.
   */
  async forward(
    sample: Tensor,
    times: readonly number[],
    context: UnetContext,
    hooks: UnetHooks = {},
    signal?: AbortSignal,
  ): Promise<Tensor> {
    return new UnetPass(this.backend, this.config, this.parameters, context, hooks, signal).run(sample, times)
  }
}

/** One evaluation's moving parts. */
class UnetPass {
  private readonly backend: Backend
  private readonly config: UnetConfig
  private readonly parameters: ParameterSet
  private readonly context: UnetContext
  private readonly hooks: UnetHooks
  private readonly signal: AbortSignal | undefined
  private readonly skips: Picture[] = []
  private readonly owned = new Set<Tensor>()
  private temb: Tensor | null = null
  private layer = 0

  constructor(
    backend: Backend,
    config: UnetConfig,
    parameters: ParameterSet,
    context: UnetContext,
    hooks: UnetHooks,
    signal?: AbortSignal,
  ) {
    this.backend = backend
    this.config = config
    this.parameters = parameters
    this.context = context
    this.hooks = hooks
    this.signal = signal
  }

  async run(sample: Tensor, times: readonly number[]): Promise<Tensor> {
    const { config } = this
    const [batch, channels, rows, columns] = sample.dims
    try {
      this.temb = await this.time(times)
      const input = { batch, rows, columns, channels, tensor: sample }
      let h = await this.conv('conv_in', input, config.channels[0], 'none')
      await this.tap('conv_in', h.tensor)
      this.skips.push(h)
      h = await this.down(h)
      h = await this.middle(h)
      h = await this.up(h)
      const y = await this.out(h)
      this.release(this.temb)
      return y
    } finally {
      // Nothing is left after a full pass; after an abort or an error, whatever it was working on.
      this.backend.free(...this.owned)
    }
  }

  private async down(first: Picture): Promise<Picture> {
    const { config } = this
    let h = first
    for (const [i, channels] of config.channels.entries()) {
      for (let r = 0; r < config.resnets; r++) {
        // What is in the list of skips stays; the rest is freed as soon as it has been used.
        h = await this.resnet(`down_blocks.${i}.resnets.${r}`, h, null, channels)
        await this.tap(`down${i}.resnet${r}`, h.tensor)
        if (config.attention[i]) h = await this.attention(`down_blocks.${i}.attentions.${r}`, h, i)
        this.skips.push(h)
      }
      if (config.attention[i]) this.layer++
      if (i < config.channels.length - 1) {
        h = await this.conv(`down_blocks.${i}.downsamplers.0.conv`, h, channels, 'down')
        this.skips.push(h)
      }
      await this.tap(`down${i}.out`, h.tensor)
    }
    return h
  }

  private async middle(first: Picture): Promise<Picture> {
    const { config } = this
    const level = config.channels.length - 1
    const channels = config.channels[level]
    let h = await this.resnet('mid_block.resnets.0', first, null, channels)
    h = await this.attention('mid_block.attentions.0', h, level)
    this.layer++
    const y = await this.resnet('mid_block.resnets.1', h, null, channels)
    this.release(h.tensor)
    await this.tap('mid', y.tensor)
    return y
  }

  private async up(first: Picture): Promise<Picture> {
    const { config } = this
    const levels = config.channels.length
    let h = first
    for (let i = 0; i < levels; i++) {
      const level = levels - 1 - i
      for (let r = 0; r <= config.resnets; r++) {
        const skip = this.skips.pop()
        if (!skip) throw new Error('the U-Net ran out of skips')
        const y = await this.resnet(`up_blocks.${i}.resnets.${r}`, h, skip, config.channels[level])
        this.release(h.tensor, skip.tensor)
        h = y
        if (config.attention[level]) h = await this.attention(`up_blocks.${i}.attentions.${r}`, h, level)
      }
      if (config.attention[level]) this.layer++
      const next = this.skips.at(-1)
      if (next) {
        const y = await this.conv(`up_blocks.${i}.upsamplers.0.conv`, h, h.channels, 'up', next)
        this.release(h.tensor)
        h = y
      }
      await this.tap(`up${i}`, h.tensor)
    }
    return h
  }

  private async out(h: Picture): Promise<Tensor> {
    const { config, parameters, hooks } = this
    const { batch, rows, columns, channels } = h
    const graph = outGraph(h, channels, config.outChannels, config.groups)
    const outputs: Record<string, readonly number[]> = { y: [batch, config.outChannels, rows, columns] }
    if (hooks.tap) outputs.norm = [batch, channels, rows, columns]
    const inputs = {
      x: h.tensor,
      ...this.bound('conv_norm_out', 'conv_norm_out'),
      ...this.bound('conv_out', 'conv_out'),
    }
    const { y, norm } = await parameters.run(graph, {}, inputs, outputs)
    if (hooks.tap) await this.tap('conv_norm_out', norm)
    this.backend.free(norm)
    this.release(h.tensor)
    return y
  }

  private async time(times: readonly number[]): Promise<Tensor> {
    const { backend, config, parameters } = this
    const channels = config.channels[0]
    const time = backend.upload(sinusoid(times, channels), [times.length, 1, channels], 'time')
    const names = { linear_1: 'time_embedding.linear_1', linear_2: 'time_embedding.linear_2' }
    const [first, second] = [parameters.spec(names.linear_1), parameters.spec(names.linear_2)]
    const shape = [times.length, 1, second.rows]
    await this.tap('time_proj', time)
    const { temb } = await parameters.run(
      timeGraph(times.length, first, second),
      names,
      { time },
      { temb: shape },
    )
    backend.free(time)
    await this.tap('time_embedding', temb)
    return this.own(temb)
  }

  /** Keeps its inputs. */
  private async resnet(name: string, x: Picture, skip: Picture | null, cout: number): Promise<Picture> {
    this.signal?.throwIfAborted()
    const { config, parameters } = this
    const { batch, rows, columns } = x
    const time = parameters.spec(`${name}.time_emb_proj`)
    const graph = resnetGraph(x, {
      cin: x.channels,
      skip: skip?.channels ?? 0,
      cout,
      groups: config.groups,
      time,
    })
    const inputs: Record<string, Tensor> = { x: x.tensor }
    if (this.temb) inputs.temb = this.temb
    if (skip) inputs.skip = skip.tensor
    for (const part of ['norm1', 'conv1', 'norm2', 'conv2'])
      Object.assign(inputs, this.bound(part, `${name}.${part}`))
    if (x.channels + (skip?.channels ?? 0) !== cout)
      Object.assign(inputs, this.bound('conv_shortcut', `${name}.conv_shortcut`))
    const linears = { time_emb_proj: `${name}.time_emb_proj` }
    const { y } = await parameters.run(graph, linears, inputs, { y: [batch, cout, rows, columns] })
    return { batch, rows, columns, channels: cout, tensor: this.own(y) }
  }

  /** Takes ownership of its input. */
  private async attention(name: string, x: Picture, level: number): Promise<Picture> {
    const { backend, config, parameters, hooks } = this
    const { batch, rows, columns, channels } = x
    const block = `${name}.transformer_blocks.0`
    const heads = config.heads[level]
    const site: AttentionSite = { name, layer: this.layer, rows, columns, heads, headDim: channels / heads }
    const shape = [batch, rows * columns, channels]
    const spec = (part: string) => parameters.spec(part)

    const inNames = {
      proj_in: `${name}.proj_in`,
      to_q: `${block}.attn1.to_q`,
      to_k: `${block}.attn1.to_k`,
      to_v: `${block}.attn1.to_v`,
    }
    const specs = {
      projIn: spec(inNames.proj_in),
      q: spec(inNames.to_q),
      k: spec(inNames.to_k),
      v: spec(inNames.to_v),
    }
    const { tokens, q, k, v } = await parameters.run(
      attentionInGraph(x, config.groups, specs),
      inNames,
      { x: x.tensor, ...this.bound('norm', `${name}.norm`), ...this.bound('norm1', `${block}.norm1`) },
      { tokens: shape, q: shape, k: shape, v: shape },
    )
    this.own(tokens, q, k, v)
    await hooks.self?.(site, split(k, heads), split(v, heads))
    const self = await this.attend(site, batch, q, { k, v }, rows * columns, null)
    await hooks.attended?.(site, self, v)
    this.release(q, k, v)
    await this.tap(`${tapName(name)}.self_before_proj`, self)

    const crossNames = { to_out: `${block}.attn1.to_out.0`, to_q: `${block}.attn2.to_q` }
    const crossed = await parameters.run(
      crossInGraph(x, spec(crossNames.to_out), spec(crossNames.to_q)),
      crossNames,
      { tokens, attention: self, ...this.bound('norm2', `${block}.norm2`) },
      { sum: shape, q: shape },
    )
    this.own(crossed.sum, crossed.q)
    this.release(tokens, self)
    const keys = this.context.layer(name)
    const watched = hooks.cross && (hooks.wantsCross?.(site) ?? true)
    const lse = watched ? this.own(backend.allocate('float32', [batch, heads, rows * columns], 'lse')) : null
    const cross = await this.attend(site, batch, crossed.q, keys, this.context.tokens, lse)
    if (lse) await hooks.cross?.(site, { q: split(crossed.q, heads), k: split(keys.k, heads), lse })
    this.release(crossed.q, lse)
    await this.tap(`${tapName(name)}.cross_before_proj`, cross)

    const outNames = {
      to_out: `${block}.attn2.to_out.0`,
      up: `${block}.ff.net.0.proj`,
      down: `${block}.ff.net.2`,
      proj_out: `${name}.proj_out`,
    }
    const outSpecs = {
      out: spec(outNames.to_out),
      up: spec(outNames.up),
      down: spec(outNames.down),
      projOut: spec(outNames.proj_out),
    }
    const outputs: Record<string, readonly number[]> = { y: [batch, channels, rows, columns] }
    if (hooks.tap) outputs.block = shape
    const done = await parameters.run(
      attentionOutGraph(x, outSpecs),
      outNames,
      {
        x: x.tensor,
        tokens: crossed.sum,
        attention: cross,
        ...this.bound('norm3', `${block}.norm3`),
      },
      outputs,
    )
    this.own(done.y)
    this.release(x.tensor, crossed.sum, cross)
    if (hooks.tap) await this.tap(`${tapName(name)}.block`, done.block)
    backend.free(done.block)
    await this.tap(tapName(name), done.y)
    await backend.breathe()
    return { batch, rows, columns, channels, tensor: done.y }
  }

  /** Softmax attention of all queries over the first `count` keys: [batch, tokens, channels]. */
  private async attend(
    { heads, headDim, rows, columns }: AttentionSite,
    batch: number,
    q: Tensor,
    keys: { k: Tensor; v: Tensor },
    count: number,
    lse: Tensor | null,
  ): Promise<Tensor> {
    const tokens = rows * columns
    const out = this.own(this.backend.allocate('float32', [batch, tokens, heads * headDim], 'attention'))
    await this.backend.sharedAttention({
      batch,
      heads,
      headDim,
      scale: 1 / Math.sqrt(headDim),
      q: split(q, heads),
      sources: [{ k: split(keys.k, heads), v: split(keys.v, heads) }],
      queries: [
        {
          start: 0,
          length: tokens,
          keys: [{ source: 0, start: 0, length: count }],
          out,
          outStart: 0,
          ...(lse ? { lse } : {}),
        },
      ],
    })
    return out
  }

  /** Keeps its input; an upsampler's result has the size of the skip that it will meet. */
  private async conv(
    name: string,
    x: Picture,
    cout: number,
    resample: 'none' | 'down' | 'up',
    like?: Picture,
  ): Promise<Picture> {
    const { batch, channels } = x
    const [rows, columns] =
      resample === 'none'
        ? [x.rows, x.columns]
        : resample === 'down'
          ? [Math.ceil(x.rows / 2), Math.ceil(x.columns / 2)]
          : [like?.rows ?? 2 * x.rows, like?.columns ?? 2 * x.columns]
    const graph = convGraph(x, channels, cout, resample, { rows, columns })
    const inputs = { x: x.tensor, ...this.bound('conv', name) }
    const { y } = await this.parameters.run(graph, {}, inputs, { y: [batch, cout, rows, columns] })
    return { batch, rows, columns, channels: cout, tensor: this.own(y) }
  }

  /** The weight and bias of a norm or a convolution under the graph's own name. */
  private bound(as: string, name: string): Record<string, Tensor> {
    return {
      [`${as}.weight`]: this.parameters.tensor(`${name}.weight`),
      [`${as}.bias`]: this.parameters.tensor(`${name}.bias`),
    }
  }

  /** Notes tensors that this pass must free; gives the first. */
  private own(tensor: Tensor, ...more: Tensor[]): Tensor {
    for (const one of [tensor, ...more]) this.owned.add(one)
    return tensor
  }

  private release(...tensors: (Tensor | null)[]): void {
    for (const tensor of tensors) {
      if (!tensor) continue
      this.owned.delete(tensor)
      this.backend.free(tensor)
    }
  }

  private async tap(point: string, tensor: Tensor): Promise<void> {
    await this.hooks.tap?.(point, tensor)
  }
}

/** The same memory with its channels as heads; never to be freed. */
function split(tensor: Tensor, heads: number): Tensor {
  const [batch, tokens, channels] = tensor.dims
  return { ...tensor, dims: [batch, tokens, heads, channels / heads] }
}

/** `down_blocks.0.attentions.1` is `down0.attn1` in the golden cases. */
const tapName = (name: string): string =>
  name.replace(
    /^(\w+?)_blocks?(?:\.(\d+))?\.attentions\.(\d+)$/,
    (_, part, block, index) => `${part}${block ?? ''}.attn${index}`,
  )
