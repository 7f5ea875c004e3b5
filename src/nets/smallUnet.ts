/**
 * The U-Net that the small networks of pictures share: from 128 x 128 pixels to maps of 64 x 64 cells. The same in PyTorch:
 * training/geometry/model.py and training/cutout/model.py, whose names the parameters have.
 */
import { convShapes, linearShapes, residualShapes, type plainGraph, type Shape } from '@/nets/plainNet'
import type { Value } from '@/onnx/graph'
import { silu } from '@/onnx/layers'
import type { SmallUnetConfig } from '@/schema/pack'

const blocks = (name: string, width: number, count: number): Shape[] =>
  Array.from({ length: count }, (_, index) => residualShapes(`${name}.${index}`, width)).flat()

/**
 * Every parameter, in the order in which the picture meets them.
 * @param channels of what goes in
 * @param maps that come out
 */
export function smallUnetParameters(
  { fine, widths, down, up }: SmallUnetConfig,
  channels: number,
  maps: [name: string, count: number],
): Shape[] {
  const deepest = widths[widths.length - 1]
  return [
    ...convShapes('stem', fine, channels, 4),
    ...widths.flatMap((width, level) => [
      ...convShapes(`shrink.${level}`, width, level === 0 ? fine : widths[level - 1], 4),
      ...blocks(`down.${level}`, width, down[level]),
    ]),
    ...linearShapes('whole', deepest, deepest),
    ...widths
      .slice(0, -1)
      .flatMap((width, level) => [
        ...convShapes(`grow.${level}`, width, widths[level + 1], 1),
        ...convShapes(`join.${level}`, width, 2 * width, 1),
        ...blocks(`up.${level}`, width, up[level]),
      ]),
    ...convShapes('fine', fine, widths[0], 1),
    ...convShapes('last', fine, 2 * fine, 3),
    ...convShapes(maps[0], maps[1], fine, 3),
  ]
}

/**
 * @param input [1, channels, 128, 128]
 * @param maps the name of their convolution
 * @returns maps [1, count, 64, 64], and the mean over the coarsest cells [1, widths.at(-1)]
 */
export function smallUnet(
  { g, convolve, dense, residual, reshape, doubled }: ReturnType<typeof plainGraph>,
  { widths, down, up }: SmallUnetConfig,
  input: Value,
  maps: string,
): { maps: Value; mean: Value } {
  const all = (name: string, x: Value, count: number): Value =>
    Array.from({ length: count }, (_, index) => `${name}.${index}`).reduce((y, one) => residual(one, y), x)

  const stem = convolve('stem', input, 2) // [1, fine, 64, 64]
  let x = silu(g, stem)
  const skips: Value[] = []
  for (const level of widths.keys()) {
    x = all(`down.${level}`, convolve(`shrink.${level}`, x, 2), down[level])
    skips.push(x) // [1, widths[level], 32 >> level, 32 >> level]
  }
  const mean = reshape(g.node('GlobalAveragePool', [x]), [1, -1])
  x = g.node('Add', [x, reshape(dense('whole', mean), [1, -1, 1, 1])])
  for (const level of [...up.keys()].reverse()) {
    x = doubled(convolve(`grow.${level}`, x))
    x = convolve(`join.${level}`, g.node('Concat', [x, skips[level]], { axis: 1 }))
    x = all(`up.${level}`, x, up[level])
  }
  x = doubled(convolve('fine', silu(g, x)))
  x = convolve('last', g.node('Concat', [x, silu(g, stem)], { axis: 1 })) // [1, fine, 64, 64]
  return { maps: convolve(maps, silu(g, x)), mean }
}
