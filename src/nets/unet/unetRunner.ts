/**
 * Runs a U-Net (`unet.ts`) on a backend: ORT runs what lies between attentions, our kernels run self- and
 * cross-attention, hooks may look at or change what attention works on. Guidance branches are batch items.
 */
import type { Backend, Tensor } from '@/backend/types'
import { ParameterSet } from '@/nets/parameterSet'
import { contextGraph, transformerLinears, unetParameters, unetSteps, type Step } from '@/nets/unet/unet'
import type { UnetConfig } from '@/schema/pack'
import type { WeightSource } from '@/weights/formats/source'

import { siteOf, UnetContext, type AttentionSite, type UnetHooks } from '@/nets/unet/unetHooks'
import { UnetPass } from '@/nets/unet/unetPass'

export class Unet {
  readonly backend: Backend
  readonly config: UnetConfig
  private readonly steps: readonly Step[]
  private readonly parameters: ParameterSet

  private constructor(backend: Backend, config: UnetConfig, parameters: ParameterSet) {
    this.steps = unetSteps(config)
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
    return this.steps.flatMap((step) => {
      if (step.kind !== 'transformer') return []
      const shrink = 2 ** step.level
      return siteOf(step, { rows: Math.ceil(rows / shrink), columns: Math.ceil(columns / shrink) })
    })
  }

  /** @param values [batch, tokens, contextDim] */
  async context(values: Float32Array, batch: number): Promise<UnetContext> {
    const { backend, config, parameters } = this
    const tokens = values.length / batch / config.contextDim
    const context = backend.upload(values, [batch, tokens, config.contextDim], 'context')
    const layers = new Map<string, { k: Tensor; v: Tensor }>()
    for (const { name } of this.sites(1, 1)) {
      const names = transformerLinears(name).context
      const specs = parameters.specs(names)
      const graph = contextGraph(batch, tokens, specs)
      const shape = [batch, tokens, specs.to_k.rows]
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
    const parts = {
      backend: this.backend,
      config: this.config,
      steps: this.steps,
      parameters: this.parameters,
    }
    return new UnetPass(parts, context, hooks, signal).run(sample, times)
  }
}
