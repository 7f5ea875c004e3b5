/** One evaluation of a U-Net: its steps in order, skips, and what they own on the device. */
import type { SharedAttentionArgs } from '@/backend/kernels/sharedAttention/types'
import type { Backend, Tensor } from '@/backend/types'
import type { ParameterSet } from '@/nets/parameterSet'
import { sinusoid } from '@/nets/timeEmbedding'
import {
  attentionInGraph,
  attentionOutGraph,
  convGraph,
  crossInGraph,
  outGraph,
  resnetGraph,
  tapName,
  timeGraph,
  transformerLinears,
  type ConvStep,
  type ResnetStep,
  type Step,
  type TransformerStep,
} from '@/nets/unet/unet'
import type { Graph } from '@/onnx/graph'
import type { Grid } from '@/onnx/pictures'
import type { UnetConfig } from '@/schema/pack'

import { siteOf, type AttentionSite, type UnetContext, type UnetHooks } from '@/nets/unet/unetHooks'

/** A picture on its way through the net. */
interface Picture extends Grid {
  tensor: Tensor
  channels: number
}

/** A run whose pictures do not know of each other. */
interface CutRun {
  size: Grid
  graph: (size: Grid) => Graph
  linears: Record<string, string>
  /** What belongs to pictures, [batch, …] each, and what serves all. */
  items: Record<string, Tensor>
  fixed: Record<string, Tensor>
  outputs: Record<string, readonly number[]>
}

export interface PassParts {
  backend: Backend
  config: UnetConfig
  steps: readonly Step[]
  parameters: ParameterSet
}

export class UnetPass {
  private readonly backend: Backend
  private readonly config: UnetConfig
  private readonly steps: readonly Step[]
  private readonly parameters: ParameterSet
  private readonly context: UnetContext
  private readonly hooks: UnetHooks
  private readonly signal: AbortSignal | undefined
  private readonly skips: Picture[] = []
  private readonly owned = new Set<Tensor>()

  constructor(parts: PassParts, context: UnetContext, hooks: UnetHooks, signal?: AbortSignal) {
    this.backend = parts.backend
    this.config = parts.config
    this.steps = parts.steps
    this.parameters = parts.parameters
    this.context = context
    this.hooks = hooks
    this.signal = signal
  }

  async run(sample: Tensor, times: readonly number[]): Promise<Tensor> {
    const [batch, channels, rows, columns] = sample.dims
    try {
      const temb = await this.time(times)
      const input: Picture = { batch, rows, columns, channels, tensor: sample }
      let x = input
      for (const step of this.steps) {
        this.signal?.throwIfAborted()
        const skip = step.kind === 'resnet' && step.skip > 0 ? this.skips.pop() : undefined
        const y = await this.apply(step, x, temb, skip)
        // What waits for the way up stays; the rest is freed as soon as it has been used. The sample is the caller's.
        if (x !== input && !this.skips.includes(x)) this.release(x.tensor)
        if (skip) this.release(skip.tensor)
        x = y
        if (step.skips) this.skips.push(x)
        for (const point of step.taps) await this.tap(point, x.tensor)
      }
      const y = await this.out(x)
      this.release(temb)
      return y
    } finally {
      // Nothing is left after a full pass; after an abort or an error, whatever it was working on.
      this.backend.free(...this.owned)
    }
  }

  /** Keeps its inputs. */
  private async apply(step: Step, x: Picture, temb: Tensor, skip: Picture | undefined): Promise<Picture> {
    switch (step.kind) {
      case 'conv':
        return this.conv(step, x)
      case 'resnet':
        return this.resnet(step, x, temb, skip)
      case 'transformer':
        return this.transformer(step, x)
    }
  }

  private async time(times: readonly number[]): Promise<Tensor> {
    const { backend, config, parameters } = this
    const channels = config.channels[0]
    const time = backend.upload(sinusoid(times, channels), [times.length, 1, channels], 'time')
    const names = { linear_1: 'time_embedding.linear_1', linear_2: 'time_embedding.linear_2' }
    const specs = parameters.specs(names)
    await this.tap('time_proj', time)
    const outputs = { temb: [times.length, 1, specs.linear_2.rows] }
    const { temb } = await parameters.run(timeGraph(times.length, specs), names, { time }, outputs)
    backend.free(time)
    await this.tap('time_embedding', temb)
    return this.own(temb)
  }

  private async resnet(
    step: ResnetStep,
    x: Picture,
    temb: Tensor,
    skip: Picture | undefined,
  ): Promise<Picture> {
    const { config, parameters } = this
    const { batch, rows, columns } = x
    const { name, cout } = step
    const linears = { time_emb_proj: `${name}.time_emb_proj` }
    const time = parameters.spec(linears.time_emb_proj)
    const fixed: Record<string, Tensor> = {}
    for (const part of ['norm1', 'conv1', 'norm2', 'conv2'])
      Object.assign(fixed, this.bound(part, `${name}.${part}`))
    if (step.cin + step.skip !== cout)
      Object.assign(fixed, this.bound('conv_shortcut', `${name}.conv_shortcut`))
    const { y } = await this.runCut({
      size: x,
      graph: (grid) => resnetGraph(grid, step, config.groups, time),
      linears,
      items: { x: x.tensor, temb, ...(skip && { skip: skip.tensor }) },
      fixed,
      outputs: { y: [batch, cout, rows, columns] },
    })
    return { batch, rows, columns, channels: cout, tensor: this.own(y) }
  }

  private async transformer(step: TransformerStep, x: Picture): Promise<Picture> {
    const { backend, config, parameters, hooks } = this
    const { batch, rows, columns, channels } = x
    const { name, heads } = step
    const block = `${name}.transformer_blocks.0`
    const site = siteOf(step, x)
    const shape = [batch, rows * columns, channels]
    const { enter, cross, leave } = transformerLinears(name)

    const { tokens, q, k, v } = await this.runCut({
      size: x,
      graph: (grid) => attentionInGraph(grid, config.groups, parameters.specs(enter)),
      linears: enter,
      items: { x: x.tensor },
      fixed: { ...this.bound('norm', `${name}.norm`), ...this.bound('norm1', `${block}.norm1`) },
      outputs: { tokens: shape, q: shape, k: shape, v: shape },
    })
    this.own(tokens, q, k, v)
    await hooks.self?.(site, split(k, heads), split(v, heads))
    const self = await this.attend(site, batch, q, { k, v }, rows * columns, null)
    await hooks.attended?.(site, self, v)
    this.release(q, k, v)
    await this.tap(`${tapName(name)}.self_before_proj`, self)

    const crossed = await this.runCut({
      size: x,
      graph: (grid) => crossInGraph(grid, parameters.specs(cross)),
      linears: cross,
      items: { tokens, attention: self },
      fixed: this.bound('norm2', `${block}.norm2`),
      outputs: { sum: shape, q: shape },
    })
    this.own(crossed.sum, crossed.q)
    this.release(tokens, self)
    const keys = this.context.layer(name)
    const watched = hooks.cross && (hooks.wantsCross?.(site) ?? true)
    const lse = watched ? this.own(backend.allocate('float32', [batch, heads, rows * columns], 'lse')) : null
    const attended = await this.attend(site, batch, crossed.q, keys, this.context.tokens, lse)
    if (lse) await hooks.cross?.(site, { q: split(crossed.q, heads), k: split(keys.k, heads), lse })
    this.release(crossed.q, lse)
    await this.tap(`${tapName(name)}.cross_before_proj`, attended)

    const outputs: Record<string, readonly number[]> = { y: [batch, channels, rows, columns] }
    if (hooks.tap) outputs.block = shape
    const done = await this.runCut({
      size: x,
      graph: (grid) => attentionOutGraph(grid, parameters.specs(leave)),
      linears: leave,
      items: { x: x.tensor, tokens: crossed.sum, attention: attended },
      fixed: this.bound('norm3', `${block}.norm3`),
      outputs,
    })
    this.own(done.y)
    this.release(crossed.sum, attended)
    if (hooks.tap) await this.tap(`${tapName(name)}.block`, done.block)
    this.release(done.block)
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
    const args: SharedAttentionArgs = {
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
    }
    await this.backend.sharedAttention(args, this.signal)
    return out
  }

  /** An upsampler's result has the size of the skip that it will meet. */
  private async conv({ name, cout, resample }: ConvStep, x: Picture): Promise<Picture> {
    const { batch, channels } = x
    const { rows, columns } = this.resampled(resample, x)
    const { y } = await this.runCut({
      size: x,
      graph: (grid) => convGraph(grid, channels, cout, resample, { rows, columns }),
      linears: {},
      items: { x: x.tensor },
      fixed: this.bound('conv', name),
      outputs: { y: [batch, cout, rows, columns] },
    })
    return { batch, rows, columns, channels: cout, tensor: this.own(y) }
  }

  private resampled(
    resample: ConvStep['resample'],
    { rows, columns }: Grid,
  ): { rows: number; columns: number } {
    switch (resample) {
      case 'none':
        return { rows, columns }
      case 'down':
        return { rows: Math.ceil(rows / 2), columns: Math.ceil(columns / 2) }
      case 'up':
        return this.skips.at(-1) ?? { rows: 2 * rows, columns: 2 * columns }
    }
  }

  private async out(x: Picture): Promise<Tensor> {
    const { config, parameters, hooks } = this
    const { batch, rows, columns, channels } = x
    const graph = outGraph(x, channels, config.outChannels, config.groups)
    const outputs: Record<string, readonly number[]> = { y: [batch, config.outChannels, rows, columns] }
    if (hooks.tap) outputs.norm = [batch, channels, rows, columns]
    const inputs = {
      x: x.tensor,
      ...this.bound('conv_norm_out', 'conv_norm_out'),
      ...this.bound('conv_out', 'conv_out'),
    }
    const { y, norm } = await parameters.run(graph, {}, inputs, outputs)
    if (hooks.tap) await this.tap('conv_norm_out', norm)
    this.backend.free(norm)
    this.release(x.tensor)
    return y
  }

  /** Runs a graph whole, or picture by picture where it is more than a run may hold. */
  private async runCut(run: CutRun): Promise<Record<string, Tensor>> {
    const { backend, parameters, signal } = this
    const { size, graph, linears, items, fixed, outputs } = run
    const { batch } = size
    const whole = graph(size)
    if (batch === 1 || whole.flops <= backend.runFlops)
      return parameters.run(whole, linears, { ...items, ...fixed }, outputs, signal)

    const one = graph({ ...size, batch: 1 })
    const single = (dims: readonly number[]): number[] => [1, ...dims.slice(1)]
    const results: Record<string, Tensor> = {}
    for (const [name, dims] of Object.entries(outputs))
      results[name] = this.own(backend.allocate('float32', dims, name))
    for (let item = 0; item < batch; item++) {
      const parts: Record<string, Tensor> = {}
      for (const [name, tensor] of Object.entries(items)) {
        parts[name] = this.own(backend.allocate('float32', single(tensor.dims), name))
        backend.copyRows(flat(tensor), item, flat(parts[name]), 0, 1)
      }
      const wanted = Object.fromEntries(Object.entries(outputs).map(([name, dims]) => [name, single(dims)]))
      const made = await parameters.run(one, linears, { ...parts, ...fixed }, wanted, signal)
      this.own(...(Object.values(made) as [Tensor, ...Tensor[]]))
      for (const [name, tensor] of Object.entries(made))
        backend.copyRows(flat(tensor), 0, flat(results[name]), item, 1)
      this.release(...Object.values(parts), ...Object.values(made))
    }
    return results
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

/** The same memory with an item of the batch as a row; never to be freed. */
function flat(tensor: Tensor): Tensor {
  const [batch, ...sizes] = tensor.dims
  return { ...tensor, dims: [batch, sizes.reduce((product, size) => product * size, 1)] }
}

/** The same memory with its channels as heads; never to be freed. */
function split(tensor: Tensor, heads: number): Tensor {
  const [batch, tokens, channels] = tensor.dims
  return { ...tensor, dims: [batch, tokens, heads, channels / heads] }
}
