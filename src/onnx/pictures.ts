/** Layers on pictures [batch, channels, rows, columns]. */
import type { GraphBuilder, Value } from '@/onnx/graph'

/** A picture's size on the device. */
export interface Grid {
  batch: number
  rows: number
  columns: number
}

/** GroupNorm with its learned scale and shift; inputs `<name>.weight`, `<name>.bias`. */
export function groupNorm(
  g: GraphBuilder,
  x: Value,
  name: string,
  channels: number,
  groups: number,
  epsilon: number,
  { batch, rows, columns }: Grid,
): Value {
  const grouped = g.node('Reshape', [x, g.ints([batch, groups, (channels / groups) * rows * columns])])
  const ones = g.floats(new Array<number>(groups).fill(1), [groups])
  const zeros = g.floats(new Array<number>(groups).fill(0), [groups])
  const normed = g.node('InstanceNormalization', [grouped, ones, zeros], { epsilon: { float: epsilon } })
  const picture = g.node('Reshape', [normed, g.ints([batch, channels, rows, columns])])
  const weight = g.node('Reshape', [
    g.input(`${name}.weight`, 'float32', [channels]),
    g.ints([1, channels, 1, 1]),
  ])
  const bias = g.node('Reshape', [
    g.input(`${name}.bias`, 'float32', [channels]),
    g.ints([1, channels, 1, 1]),
  ])
  return g.node('Add', [g.node('Mul', [picture, weight]), bias])
}

/** Convolution to a picture of the size `to`; inputs `<name>.weight` [cout, cin, kernel, kernel], `<name>.bias` [cout]. */
export function conv(
  g: GraphBuilder,
  x: Value,
  name: string,
  cin: number,
  cout: number,
  kernel: 1 | 3,
  to: Grid,
  stride: 1 | 2 = 1,
): Value {
  g.flops += 2 * to.batch * to.rows * to.columns * cin * cout * kernel ** 2
  const weight = g.input(`${name}.weight`, 'float32', [cout, cin, kernel, kernel])
  const pad = (kernel - 1) / 2
  return g.node('Conv', [x, weight, g.input(`${name}.bias`, 'float32', [cout])], {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [pad, pad, pad, pad],
  })
}

/** Twice as many rows and columns, each pixel four times. [1, channels, rows, columns] */
export const doubled = (g: GraphBuilder, x: Value): Value =>
  g.node('Resize', [x, null, g.floats([1, 1, 2, 2], [4])], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  })
