/**
 * Redux (specs: vmdiff, encoders §4): what SigLIP sees in a picture as tokens that FLUX reads like words; down(silu(up(x))).
 */
import type { Backend } from '@/backend/types'
import type { ReduxConfig } from '@/families/shared/vision'
import { ParameterSet, type ParameterNames } from '@/nets/parameterSet'
import { GraphBuilder, type Graph } from '@/onnx/graph'
import { linear, silu, specKey, type LinearSpec } from '@/onnx/layers'
import { SEQUENCE } from '@/onnx/transformer'
import type { WeightSource } from '@/weights/formats/source'

const NAMES = { up: 'redux_up', down: 'redux_down' } as const

export class Redux {
  private readonly backend: Backend
  private readonly config: ReduxConfig
  private readonly parameters: ParameterSet

  private constructor(backend: Backend, config: ReduxConfig, parameters: ParameterSet) {
    this.backend = backend
    this.config = config
    this.parameters = parameters
  }

  /** @throws bad-weights naming the first tensor that is missing or has another shape; out-of-memory */
  static async load(backend: Backend, config: ReduxConfig, source: WeightSource): Promise<Redux> {
    const parameters = new ParameterSet(backend)
    try {
      await parameters.load(source, reduxParameters(config))
      return new Redux(backend, config, parameters)
    } catch (error) {
      parameters.dispose()
      throw error
    }
  }

  /** @param seen SigLIP's tokens [batch, tokens, vision] @returns [batch, tokens, text] */
  async embed(
    seen: Float32Array,
    [batch, tokens]: readonly [batch: number, tokens: number],
  ): Promise<Float32Array> {
    const { backend, config, parameters } = this
    const x = backend.upload(seen, [batch, tokens, config.vision], 'redux tokens')
    try {
      const graph = reduxGraph(config, parameters.specs(NAMES), batch)
      const { y } = await parameters.run(graph, NAMES, { x }, { y: [batch, tokens, config.text] })
      const values = await backend.read(y)
      backend.free(y)
      return values
    } finally {
      backend.free(x)
    }
  }

  dispose(): void {
    this.parameters.dispose()
  }
}

/** Canonical names, which are the released ones. The middle is three times as wide as FLUX's text. */
export function reduxParameters({ vision, text }: ReduxConfig): ParameterNames {
  return {
    linears: [
      [NAMES.up, 3 * text, vision],
      [NAMES.down, text, 3 * text],
    ],
    tensors: [],
  }
}

function reduxGraph(
  { vision, text }: ReduxConfig,
  { up, down }: Record<keyof typeof NAMES, LinearSpec>,
  batch: number,
): Graph {
  const g = new GraphBuilder(`redux:x${batch}:${specKey(up)}:${specKey(down)}`)
  const x = g.input('x', 'float32', [batch, SEQUENCE, vision])
  const middle = silu(g, linear(g, x, 'up', up, batch)) // [batch, sequence, 3 * text]
  g.output(linear(g, middle, 'down', down, batch), 'y', [batch, SEQUENCE, text])
  return g.build()
}
