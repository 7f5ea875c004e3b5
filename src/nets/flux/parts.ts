/** What FLUX.1 and FLUX.2 have around their blocks (specs: FLUX §3–§5, FLUX.2 §4). */
import type { LinearShape } from '@/nets/parameterSet'
import type { Part, PartBuilder } from '@/nets/runner/network'
import type { Value } from '@/onnx/graph'
import { modulatedNorm, silu } from '@/onnx/layers'

/** Shifts, scales and gates: Linear(SiLU(vec)); `rows` is so many times hidden. */
export function modulation(name: string, rows: number, hidden: number): Part {
  return {
    name: 'flux modulation',
    linears: { proj: [name, rows, hidden] },
    outputs: { y: rows },
    describe(b) {
      const vec = b.input('vec', hidden) // [batch, conditionings, hidden]
      b.output('y', b.linear('proj', silu(b.g, vec))) // [batch, conditionings, rows]
    },
  }
}

/** Tokens into the residual stream; DreamFuse and DreamO add a row that says what an image is. */
export function embed(proj: LinearShape, tag: 'tag' | null = null): Part {
  const [, rows, cols] = proj
  return {
    name: `flux embed ${tag ?? ''}`,
    linears: { proj },
    outputs: { y: rows },
    describe(b) {
      const y = b.linear('proj', b.input('x', cols)) // [batch, tokens, hidden]
      b.output('y', tag ? b.g.node('Add', [y, b.g.input(tag, 'float32', [rows])]) : y)
    },
  }
}

/** x + gate * y, [batch, tokens, hidden]. */
export const gated = ({ g }: PartBuilder, x: Value, gate: Value, y: Value): Value =>
  g.node('Add', [x, g.node('Mul', [gate, y])])

/** The head: norm, shift and scale, one linear; a token's velocity. */
export function finalLayer({ hidden, outChannels }: { hidden: number; outChannels: number }): Part {
  return {
    name: `flux final ${hidden}`,
    linears: { proj: ['final_layer.linear', outChannels, hidden] },
    outputs: { y: outChannels },
    describe(b) {
      const x = b.input('x', hidden) // [batch, tokens, hidden]
      const [shift, scale] = b.modulation(2, hidden) // [batch, 1, hidden] each
      b.output('y', b.linear('proj', modulatedNorm(b.g, x, hidden, shift, scale))) // [batch, tokens, outChannels]
    },
  }
}
