/**
 * Runs a transformer of any description (`network.ts`) on a backend. The net is cut at attention: each block is an ORT
 * segment, our RoPE kernel, our attention kernel, and a second ORT segment. One graph serves all blocks of a kind.
 */
import type { Backend, Tensor } from '@/backend/types'
import { ParameterSet, type LinearShape } from '@/nets/parameterSet'
import { ResidentBlocks, StreamedBlocks, type BlockWeights, type Residency } from '@/nets/runner/blockWeights'
import { computeModulations, type Modulation, type ModulationOptions } from '@/nets/runner/modulation'
import {
  blockParameters,
  outerLinears,
  runPart,
  type Conditioning,
  type Network,
  type Part,
} from '@/nets/runner/network'
import { plan, type TokenSegment } from '@/nets/runner/tokens'
import { TransformerRun } from '@/nets/runner/transformerRun'
import type { WeightSource } from '@/weights/formats/source'

export interface LoadOptions {
  /** Default `resident`. The result is the same to the bit. */
  residency?: Residency
  signal?: AbortSignal
  /** In numbers of parameters; their bytes are in proportion. */
  onProgress?: (done: number, total: number) => void
}

export class Transformer {
  readonly network: Network
  readonly backend: Backend
  readonly residency: Residency
  private readonly source: WeightSource
  private readonly outer: ParameterSet
  private readonly blocks: BlockWeights

  private constructor(
    backend: Backend,
    network: Network,
    residency: Residency,
    source: WeightSource,
    outer: ParameterSet,
    blocks: BlockWeights,
  ) {
    this.backend = backend
    this.network = network
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
    network: Network,
    source: WeightSource,
    { residency = 'resident', signal, onProgress }: LoadOptions = {},
  ): Promise<Transformer> {
    const outer = new ParameterSet(backend)
    const around = outerLinears(network)
    const names = network.blocks.map((block) => blockParameters(block, network.headDim))
    const loaded = residency === 'resident' ? names.flatMap(({ linears }) => linears) : []
    const total = countNumbers([...around, ...loaded])
    let done = 0
    const onLinear = (numbers: number): void => onProgress?.((done += numbers), total)
    let blocks: BlockWeights | null = null
    try {
      signal?.throwIfAborted()
      await outer.load(source, { linears: around, tensors: [] }, onLinear)
      if (residency === 'stream') blocks = new StreamedBlocks(backend, names, source)
      else {
        const resident = new ResidentBlocks()
        blocks = resident
        await resident.load(backend, names, source, signal, onLinear)
      }
      // A failed allocation is reported late: it must not surface in the middle of somebody's run.
      await backend.settle()
    } catch (error) {
      blocks?.dispose()
      outer.dispose()
      throw error
    }
    return new Transformer(backend, network, residency, source, outer, blocks)
  }

  dispose(): void {
    this.blocks.dispose()
    this.outer.dispose()
  }

  /** Patches or packed latents [batch, tokens, inChannels] -> [batch, tokens, hidden], plus a tag row [hidden]. */
  embedImage(x: Tensor, tag: Tensor | null): Promise<Tensor> {
    const { embed } = this.network
    return tag ? this.embed(embed.tagged, x, { x, tag }) : this.embed(embed.image, x, { x })
  }

  /** Text features [batch, tokens, contextDim] -> [batch, tokens, hidden]. */
  embedText(x: Tensor): Promise<Tensor> {
    return this.embed(this.network.embed.text, x, { x })
  }

  private async embed(part: Part, { dims }: Tensor, inputs: Record<string, Tensor>): Promise<Tensor> {
    const { y } = await runPart(this.outer, part, dims, inputs)
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
    return computeModulations(this.backend, this.network, this.source, conditionings, options)
  }

  /** Prepares a token layout; `useCache` false recomputes cacheable segments in every step. */
  layout(segments: readonly TokenSegment[], batch = 1, useCache = true): TransformerRun {
    const { backend, network, outer, blocks } = this
    return new TransformerRun({ backend, network, outer, blocks }, plan(segments, useCache), batch)
  }
}

const countNumbers = (linears: readonly LinearShape[]): number =>
  linears.reduce((sum, [, rows, cols]) => sum + rows * cols, 0)
