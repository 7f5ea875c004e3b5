/**
 * Layers shared by the networks' graphs. Tensors are [batch, tokens, width] unless said otherwise; the
 * batch is fixed per graph (it is part of the key), tokens are symbolic.
 */
import type { GraphBuilder, Value } from '@/onnx/graph'

/** Number of input features that share one scale in a quantised linear. */
export const QUANT_BLOCK = 32

export type LinearFormat = 'f32' | 'f16' | 'q8' | 'q4'

/** What a graph must know of a linear; its numbers arrive as inputs. */
export interface LinearSpec {
  format: LinearFormat
  /** Output features. */
  rows: number
  /** Input features. */
  cols: number
  /** Rows of each chunk, summing to `rows`; one chunk unless a chunk exceeds the binding limit. */
  chunks: readonly number[]
  bias: boolean
  /** Whether a LoRA side branch is added: y += B (A x), scales folded into B, any rank. */
  lora: boolean
  /** Activations may be rounded to 8 bits where `takesInt8` says that the runtime multiplies so. */
  int8?: boolean
}

/** A short text that tells two specs apart, for graph keys. */
export const specKey = (spec: LinearSpec): string =>
  `${spec.format}:${spec.chunks.join('+')}x${spec.cols}${spec.bias ? 'b' : ''}${spec.lora ? 'l' : ''}${spec.int8 ? 'i' : ''}`

/**
 * Whether the WebGPU runtime multiplies 4- and 8-bit weights with activations of 8 bits, four at a time, when it is allowed to. It also
 * wants subgroups and no Apple GPU; elsewhere the allowance changes nothing.
 */
export const takesInt8 = (rows: number, cols: number, batch: number): boolean =>
  batch === 1 && cols % 128 === 0 && rows % 16 === 0

/** y = W x + b (+ LoRA). Inputs of the graph: `<name>.w<i>`, `.s<i>`, `.bias`, `.loraA`, `.loraB`. */
export function linear(g: GraphBuilder, x: Value, name: string, spec: LinearSpec, batch: number): Value {
  g.flopsPerToken += 2 * spec.rows * spec.cols
  const blocks = Math.ceil(spec.cols / QUANT_BLOCK)
  const parts = spec.chunks.map((rows, index) => {
    switch (spec.format) {
      case 'f32': {
        const weight = g.input(`${name}.w${index}`, 'float32', [rows, spec.cols])
        return matmulTransposed(g, x, weight, spec.cols, rows, batch)
      }
      case 'f16': {
        const weight = g.input(`${name}.w${index}`, 'float16', [rows, spec.cols])
        const full = g.node('Cast', [weight], { to: 1 })
        return matmulTransposed(g, x, full, spec.cols, rows, batch)
      }
      case 'q8':
      case 'q4': {
        const bits = spec.format === 'q8' ? 8 : 4
        const weight = g.input(`${name}.w${index}`, 'uint8', [rows, blocks, (QUANT_BLOCK * bits) / 8])
        const scale = g.input(`${name}.s${index}`, 'float32', [rows, blocks])
        return g.node('MatMulNBits', [x, weight, scale], {
          K: spec.cols,
          N: rows,
          bits,
          block_size: QUANT_BLOCK,
          ...(spec.int8 && takesInt8(rows, spec.cols, batch) ? { accuracy_level: 4 } : {}),
        })
      }
    }
  })
  let y = parts.length === 1 ? parts[0] : g.node('Concat', parts, { axis: -1 })
  if (spec.bias) y = g.node('Add', [y, g.input(`${name}.bias`, 'float32', [spec.rows])])
  if (spec.lora) {
    const a = g.input(`${name}.loraA`, 'float32', [`${name}.rank`, spec.cols])
    const b = g.input(`${name}.loraB`, 'float32', [spec.rows, `${name}.rank`])
    const flat = g.node('Reshape', [x, g.ints([-1, spec.cols])])
    const down = g.node('Gemm', [flat, a], { transB: 1 }) // [batch*tokens, rank]
    const up = g.node('Gemm', [down, b], { transB: 1 }) // [batch*tokens, rows]
    y = g.node('Add', [y, g.node('Reshape', [up, g.ints([batch, -1, spec.rows])])])
  }
  return y // [batch, tokens, rows]
}

/** x W^T with W in checkpoint layout [rows, cols]. */
function matmulTransposed(
  g: GraphBuilder,
  x: Value,
  weight: Value,
  cols: number,
  rows: number,
  batch: number,
): Value {
  const flat = g.node('Reshape', [x, g.ints([-1, cols])]) // [batch*tokens, cols]
  const y = g.node('Gemm', [flat, weight], { transB: 1 })
  return g.node('Reshape', [y, g.ints([batch, -1, rows])])
}

/** LayerNorm without affine, eps 1e-6, then x*(1+scale)+shift with scale, shift [batch, 1, width]. */
export function modulatedNorm(g: GraphBuilder, x: Value, width: number, shift: Value, scale: Value): Value {
  const ones = g.floats(new Array<number>(width).fill(1), [width])
  const normed = g.node('LayerNormalization', [x, ones], { axis: -1, epsilon: { float: 1e-6 } })
  const gain = g.node('Add', [scale, g.floats([1], [1])])
  return g.node('Add', [g.node('Mul', [normed, gain]), shift])
}

export const silu = (g: GraphBuilder, x: Value): Value => g.node('Mul', [x, g.node('Sigmoid', [x])])

export const geluTanh = (g: GraphBuilder, x: Value): Value => g.node('Gelu', [x], { approximate: 'tanh' })
