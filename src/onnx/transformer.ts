/**
 * Layers of transformers whose attention stays inside the graph: text encoders, vision encoders. Tensors are
 * [batch, sequence, width].
 */
import type { GraphBuilder, Value } from '@/onnx/graph'

/**
 * The symbolic dimension of a sequence whose tokens see each other. It is not `TOKENS`: a backend may cut a graph over
 * TOKENS into row ranges, which would cut the attention.
 */
export const SEQUENCE = 'sequence'

/** LayerNorm with weight and bias [width]. */
export function layerNorm(g: GraphBuilder, x: Value, name: string, width: number, epsilon: number): Value {
  const weight = g.input(`${name}.weight`, 'float32', [width])
  const bias = g.input(`${name}.bias`, 'float32', [width])
  return g.node('LayerNormalization', [x, weight, bias], { axis: -1, epsilon: { float: epsilon } })
}

/** x / sqrt(mean(x²) + epsilon) · weight, no mean taken off, no bias. */
export function rmsNorm(g: GraphBuilder, x: Value, name: string, width: number, epsilon: number): Value {
  const weight = g.input(`${name}.weight`, 'float32', [width])
  return g.node('SimplifiedLayerNormalization', [x, weight], { axis: -1, epsilon: { float: epsilon } })
}

/** x·σ(1.702 x) */
export const quickGelu = (g: GraphBuilder, x: Value): Value =>
  g.node('QuickGelu', [x], { alpha: { float: 1.702 } })

/** The exact one, by erf. */
export const gelu = (g: GraphBuilder, x: Value): Value => g.node('Gelu', [x], { approximate: 'none' })

export interface AttentionSpec {
  heads: number
  /** Factor of the scores, e.g. 1/sqrt(headDim). */
  scale: number
}

/**
 * softmax(scale·q kᵀ + bias) v per head; q, k, v [batch, sequence, heads·headDim], bias [1, heads, sequence, sequence] or
 * none.
 */
export function attention(
  g: GraphBuilder,
  { q, k, v, bias }: { q: Value; k: Value; v: Value; bias: Value | null },
  { heads, scale }: AttentionSpec,
): Value {
  // The bias stands in for every mask: the key padding mask fails on webgpu.
  return g.node('MultiHeadAttention', bias ? [q, k, v, null, null, bias] : [q, k, v], {
    num_heads: heads,
    scale: { float: scale },
  }) // [batch, sequence, heads*headDim]
}
