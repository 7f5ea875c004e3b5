/**
 * FLUX's diffusion transformer and its relatives: FLUX.1, pruned models, DreamFuse's segments, Inlay
 * Mini. Depths, sizes, conditioning and layout come from the config (specs: FLUX §3–§5, DreamFuse §3).
 *
 * The net is cut at attention (DESIGN decision 2): each block is an ORT segment, our RoPE kernel, our
 * attention kernel, and a second ORT segment. One graph serves all blocks of a kind.
 */
import type { Backend, Tensor } from '@/backend/types'
import { ResidentBlocks, StreamedBlocks, type BlockWeights, type Residency } from '@/nets/blockWeights'
import { embedGraph } from '@/nets/fluxGraphs'
import { blockParameters, outerParameters, type FluxDitConfig } from '@/nets/fluxParameters'
import { FluxRun } from '@/nets/fluxRun'
import {
  computeModulations,
  type Conditioning,
  type Modulation,
  type ModulationOptions,
} from '@/nets/modulation'
import { ParameterSet } from '@/nets/parameterSet'
import { plan, type TokenSegment } from '@/nets/tokens'
import type { WeightSource } from '@/weights/source'

export type { Residency } from '@/nets/blockWeights'
export type { FluxRun, Tap } from '@/nets/fluxRun'
export type { Conditioning, Modulation } from '@/nets/modulation'

export interface FluxLoadOptions {
  /** Default `resident`. The result is the same to the bit. */
  residency?: Residency
  signal?: AbortSignal
  /** In numbers of parameters; their bytes are in proportion. */
  onProgress?: (done: number, total: number) => void
}

export class FluxDit {
  readonly config: FluxDitConfig
  readonly backend: Backend
  readonly residency: Residency
  private readonly source: WeightSource
  private readonly outer: ParameterSet
  private readonly blocks: BlockWeights

  private constructor(
    backend: Backend,
    config: FluxDitConfig,
    residency: Residency,
    source: WeightSource,
    outer: ParameterSet,
    blocks: BlockWeights,
  ) {
    this.backend = backend
    this.config = config
    this.residency = residency
    this.source = source
    this.outer = outer
    this.blocks = blocks
  }

  /**
   * Puts the parameters on the device that have to be there before a run: all blocks, or none when they are streamed.
   * The source stays in use: modulations and streamed blocks are read from it when they are needed.
   * @throws bad-weights naming the first tensor that does not fit; out-of-memory; AbortError when `signal` fires.
   * Nothing stays behind then.
   */
  static async load(
    backend: Backend,
    config: FluxDitConfig,
    source: WeightSource,
    { residency = 'resident', signal, onProgress }: FluxLoadOptions = {},
  ): Promise<FluxDit> {
    const outer = new ParameterSet(backend)
    const outerNames = outerParameters(config)
    let total = countNumbers(outerNames.linears)
    if (residency === 'resident')
      for (let index = 0; index < config.doubleBlocks + config.singleBlocks; index++)
        total += countNumbers(blockParameters(config, index).linears)
    let done = 0
    const onLinear = (numbers: number): void => onProgress?.((done += numbers), total)
    let blocks: BlockWeights | null = null
    try {
      signal?.throwIfAborted()
      await outer.load(source, outerNames, onLinear)
      if (residency === 'stream') blocks = new StreamedBlocks(backend, config, source)
      else {
        const resident = new ResidentBlocks()
        blocks = resident
        await resident.load(backend, config, source, signal, onLinear)
      }
      // A failed allocation is reported late: it must not surface in the middle of somebody's run.
      await backend.settle()
    } catch (error) {
      blocks?.dispose()
      outer.dispose()
      throw error
    }
    return new FluxDit(backend, config, residency, source, outer, blocks)
  }

  dispose(): void {
    this.blocks.dispose()
    this.outer.dispose()
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
    const graph = embedGraph(this.outer.spec(name), batch, tag !== null)
    const inputs: Record<string, Tensor> = tag ? { x, tag } : { x }
    const outputs = { y: [batch, tokens, this.config.hidden] }
    const { y } = await this.outer.run(graph, { proj: name }, inputs, outputs)
    return y
  }

  /**
   * What the blocks need to know of each conditioning, for all steps of a run at once: the linears behind it are read,
   * used for all, and freed. The caller disposes of the result.
   * @throws bad-weights, out-of-memory; AbortError when the signal fires.
   */
  modulations(
    conditionings: readonly Conditioning[],
    options: ModulationOptions = {},
  ): Promise<Modulation[]> {
    return computeModulations(this.backend, this.config, this.source, conditionings, options)
  }

  /** Prepares a token layout; `useCache` false recomputes cacheable segments in every step. */
  layout(segments: readonly TokenSegment[], batch = 1, useCache = true): FluxRun {
    const { backend, config, outer, blocks } = this
    return new FluxRun({ backend, config, outer, blocks }, plan(segments, useCache), batch)
  }
}

const countNumbers = (linears: readonly (readonly [string, number, number])[]): number =>
  linears.reduce((sum, [, rows, cols]) => sum + rows * cols, 0)
