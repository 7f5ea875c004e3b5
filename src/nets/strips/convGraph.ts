/** The one graph of nets in strips: a convolution of some rows of a picture with all that is done around it. */
import { graphOnce, type Graph, type GraphBuilder, type Value } from '@/onnx/graph'
import { silu } from '@/onnx/layers'
import { doubled } from '@/onnx/pictures'

/** What tells one convolution's graph from another's; sizes of pictures are symbolic. */
export interface ConvSpec {
  cin: number
  cout: number
  kernel: 1 | 3
  /** `up` doubles the picture (nearest) before the convolution; `down` strides by 2, padded right and below. */
  resample: 'none' | 'up' | 'down'
  /** Scale and shift per channel before it: what is left of GroupNorm once its statistics are known. */
  norm: 'none' | 'norm' | 'normSilu'
  /** Adds a picture to the result. */
  residual: boolean
  /** Also gives the 1x1 convolution of the raw input. */
  shortcut: boolean
  /** Also gives the result's statistics per row. */
  moments: boolean
  /** Whether the rows touch the picture's upper and lower edge: there zeros stand for the halo. */
  top: boolean
  bottom: boolean
}

/**
 * Inputs: `x` [1, rows, columns, cin] with one row of halo above and below (3x3, not at an edge), `weight`
 * [cout, cin, kernel, kernel], `bias` [cout]; with norm `scale` and `shift` [cin]; `residual` of y's shape;
 * with shortcut `shortcutWeight` [cout, cin, 1, 1] and `shortcutBias`.
 * Outputs: `y` [1, rows', columns', cout]; `shortcut` of y's shape; `moments` [1, rows', 2, cout]: mean and variance
 * over each row's columns, the variance about that very mean, so that nothing cancels.
 */
export function convGraph(spec: ConvSpec): Graph {
  return graphOnce(`conv ${JSON.stringify(spec)}`, (g) => describe(g, spec))
}

function describe(g: GraphBuilder, spec: ConvSpec): void {
  const { cin, cout, kernel, resample, top, bottom } = spec
  const x = g.input('x', 'float32', [1, 'rows', 'columns', cin])
  let value = x
  if (spec.norm !== 'none') {
    const scale = g.input('scale', 'float32', [cin])
    value = g.node('Add', [g.node('Mul', [value, scale]), g.input('shift', 'float32', [cin])])
    if (spec.norm === 'normSilu') value = silu(g, value)
  }
  value = planar(g, value)
  if (resample === 'up') value = crop(g, doubled(g, value), 2, !top, !bottom)
  const weight = g.input('weight', 'float32', [cout, cin, kernel, kernel])
  value = g.node('Conv', [value, weight, g.input('bias', 'float32', [cout])], {
    kernel_shape: [kernel, kernel],
    strides: resample === 'down' ? [2, 2] : [1, 1],
    pads: pads(spec), // top, left, bottom, right
  })
  value = interleaved(g, value)
  const dims = [1, 'outRows', 'outColumns', cout]
  if (spec.residual) value = g.node('Add', [value, g.input('residual', 'float32', dims)])
  g.output(value, 'y', dims)
  if (spec.moments) g.output(rowMoments(g, value), 'moments', [1, 'outRows', 2, cout])
  if (spec.shortcut) {
    const inner = planar(g, crop(g, x, 1, !top, !bottom))
    const short = g.input('shortcutWeight', 'float32', [cout, cin, 1, 1])
    const y = g.node('Conv', [inner, short, g.input('shortcutBias', 'float32', [cout])], {
      kernel_shape: [1, 1],
    })
    g.output(interleaved(g, y), 'shortcut', dims)
  }
}

function pads({ kernel, resample, top, bottom }: ConvSpec): number[] {
  if (kernel === 1) return [0, 0, 0, 0]
  if (resample === 'down') return [0, 0, Number(bottom), 1]
  return [Number(top), 1, Number(bottom), 1]
}

/** [1, rows, columns, channels] -> [1, channels, rows, columns] */
const planar = (g: GraphBuilder, x: Value): Value => g.node('Transpose', [x], { perm: [0, 3, 1, 2] })

/** [1, channels, rows, columns] -> [1, rows, columns, channels] */
const interleaved = (g: GraphBuilder, x: Value): Value => g.node('Transpose', [x], { perm: [0, 2, 3, 1] })

/** Leaves out the first or last line of an axis. */
function crop(g: GraphBuilder, x: Value, axis: number, first: boolean, last: boolean): Value {
  if (!first && !last) return x
  const end = last ? -1 : 2 ** 31 - 1
  return g.node('Slice', [x, g.ints([first ? 1 : 0]), g.ints([end]), g.ints([axis])])
}

function rowMoments(g: GraphBuilder, y: Value): Value {
  const overColumns = (value: Value) => g.node('ReduceMean', [value, g.ints([2])], { keepdims: 1 })
  const mean = overColumns(y) // [1, rows, 1, channels]
  const centred = g.node('Sub', [y, mean])
  const variance = overColumns(g.node('Mul', [centred, centred]))
  return g.node('Concat', [mean, variance], { axis: 2 }) // [1, rows, 2, channels]
}
