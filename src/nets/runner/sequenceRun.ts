/** A text and pictures of which one changes from step to step: what stays is embedded once. */
import type { Tensor } from '@/backend/types'
import type { Modulation } from '@/nets/runner/modulation'
import type { TokenSegment } from '@/nets/runner/tokens'
import type { Transformer } from '@/nets/runner/transformer'
import type { TransformerRun } from '@/nets/runner/transformerRun'

export class SequenceRun {
  private readonly dit: Transformer
  private readonly run: TransformerRun
  private readonly kept: Record<string, Tensor> = {}

  private constructor(dit: Transformer, segments: readonly TokenSegment[]) {
    this.dit = dit
    this.run = dit.layout(segments)
  }

  /**
   * Takes device memory until `dispose`.
   * @param kept tokens of all segments but the one that changes, by name: [tokens, contextDim] of texts, [tokens, inChannels] of pictures
   * @throws out-of-memory; AbortError
   */
  static async begin(
    dit: Transformer,
    segments: readonly TokenSegment[],
    kept: Readonly<Record<string, Float32Array>>,
    signal?: AbortSignal,
  ): Promise<SequenceRun> {
    const sequence = new SequenceRun(dit, segments)
    try {
      for (const segment of segments)
        if (segment.name in kept)
          sequence.kept[segment.name] = await sequence.embedded(segment, kept[segment.name])
      // Nothing is cacheable: all is modulated by the step.
      await sequence.run.begin(sequence.kept, null, signal)
      return sequence
    } catch (error) {
      sequence.dispose()
      throw error
    }
  }

  /** What the head says of the tokens x of the segment that changes, [tokens, outChannels]. @throws AbortError */
  async predict(
    segment: TokenSegment,
    x: Float32Array,
    modulation: Modulation,
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    const { backend } = this.dit
    const changing = await this.embedded(segment, x)
    try {
      const inputs = { ...this.kept, [segment.name]: changing }
      const y = await this.run.step(inputs, modulation, segment.name, signal)
      const values = await backend.read(y)
      backend.free(y)
      return values
    } finally {
      backend.free(changing)
    }
  }

  dispose(): void {
    this.run.dispose()
    this.dit.backend.free(...Object.values(this.kept))
  }

  private async embedded({ name, weights, tokens }: TokenSegment, values: Float32Array): Promise<Tensor> {
    const { dit } = this
    const { contextDim, inChannels } = dit.network
    const given = dit.backend.upload(values, [1, tokens, weights === 'text' ? contextDim : inChannels], name)
    try {
      return weights === 'text' ? await dit.embedText(given) : await dit.embedImage(given, null)
    } finally {
      dit.backend.free(given)
    }
  }
}
