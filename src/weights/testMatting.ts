/**
 * Tiny ONNX models that look like published networks for cutting out from outside, and whose masks are known: a weighted sum of
 * the three channels of their input.
 */
import { GraphBuilder, type Dim } from '@/onnx/graph'
import type { MattingKind } from '@/families/matting'

interface TinyMatting {
  kind: MattingKind
  /** Of the three channels; as many numbers as the sum has. */
  weights: readonly [number, number, number]
  height: Dim
  width: Dim
  /** Ends in a sigmoid; otherwise in its logit. */
  bounded: boolean
  /** An operator before the end that nobody has. */
  odd?: string
}

/** A 1 x 1 convolution among operators that tell its family, which change no number. */
export function tinyMatting(of: TinyMatting): Uint8Array<ArrayBuffer> {
  const { kind, weights, height, width, bounded, odd } = of
  const g = new GraphBuilder('matting')
  const input = g.input('picture', 'float32', [1, 3, height, width])
  const halved = kind === 'isnet' ? 2 : 1
  let x = g.node('Conv', [input, g.floats(weights, [1, 3, 1, 1])], { strides: [halved, halved] })
  switch (kind) {
    case 'u2net':
    case 'isnet':
      x = g.node('MaxPool', [x], { kernel_shape: [1, 1] })
      break
    case 'birefnet':
      // Of a single channel: ones.
      x = g.node('Mul', [x, g.node('Softmax', [x], { axis: 1 })])
      break
    case 'modnet': {
      const flat = g.node('InstanceNormalization', [x, g.floats([0], [1]), g.floats([0], [1])])
      x = g.node('Add', [x, flat])
    }
  }
  if (odd) x = g.node(odd, [x])
  const side = (dim: Dim): Dim => (typeof dim === 'number' ? dim / halved : dim)
  g.output(bounded ? g.node('Sigmoid', [x]) : x, 'mask', [1, 1, side(height), side(width)])
  return g.build().bytes
}
