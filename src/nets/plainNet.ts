/**
 * What small networks are written with whose parameters all stay f32: names and shapes, and a graph that takes every
 * parameter as an input under its own name (PyTorch's).
 */
import { doubled } from '@/onnx/pictures'
import { GraphBuilder, type Value } from '@/onnx/graph'
import { silu } from '@/onnx/layers'

/** A tensor's name and shape. */
export type Shape = readonly [name: string, shape: readonly number[]]

export const convShapes = (name: string, out: number, into: number, kernel: number): Shape[] => [
  [`${name}.weight`, [out, into, kernel, kernel]],
  [`${name}.bias`, [out]],
]
export const linearShapes = (name: string, out: number, into: number): Shape[] => [
  [`${name}.weight`, [out, into]],
  [`${name}.bias`, [out]],
]
/** Two convolutions, added to what goes in. */
export const residualShapes = (name: string, width: number): Shape[] => [
  ...convShapes(`${name}.first`, width, width, 3),
  ...convShapes(`${name}.second`, width, width, 3),
]

/** A graph and its layers by the names of their parameters, which are declared when they are first used. */
export function plainGraph(key: string, parameters: readonly Shape[]) {
  const g = new GraphBuilder(key)
  const shapes = new Map(parameters)
  const given = new Map<string, Value>()
  const parameter = (name: string): Value => {
    const value = given.get(name) ?? g.input(name, 'float32', shapes.get(name)!)
    given.set(name, value)
    return value
  }
  /** [1, into, rows, columns] -> [1, out, rows / stride, columns / stride] */
  const convolve = (name: string, x: Value, stride = 1): Value => {
    const [, into, kernel] = shapes.get(`${name}.weight`)!
    const pad = kernel === 1 ? 0 : 1
    const operands = [x, parameter(`${name}.weight`)].map((value) => widened(g, value, into))
    return g.node('Conv', [...operands, parameter(`${name}.bias`)], {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
    })
  }
  /** [rows, into] -> [rows, out] */
  const dense = (name: string, x: Value): Value =>
    g.node('Gemm', [x, parameter(`${name}.weight`), parameter(`${name}.bias`)], { transB: 1 })
  const residual = (name: string, x: Value): Value =>
    g.node('Add', [x, convolve(`${name}.second`, silu(g, convolve(`${name}.first`, silu(g, x))))])
  const reshape = (x: Value, shape: readonly number[]): Value => g.node('Reshape', [x, g.ints(shape)])
  return { g, parameter, convolve, dense, residual, reshape, doubled: (x: Value): Value => doubled(g, x) }
}

/** Six channels are taken for other ones by the runtime's convolution on webgpu; whole fours are not. */
const widened = (g: GraphBuilder, x: Value, channels: number): Value =>
  channels % 4 === 0 ? x : g.node('Pad', [x, g.ints([0, 0, 0, 0, 0, 4 - (channels % 4), 0, 0])])
