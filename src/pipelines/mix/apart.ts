/**
 * Whether two objects lie side by side instead of being one, ours: the similarity score alone (specs: vmdiff §6) sees both in such a
 * picture. What DINO sees in either half of the picture is held against both objects.
 */
import { cosine, unit } from '@/pipelines/shared/features'

/**
 * How far they lie apart: where one half is more like one object and the other half more like the other, the lesser of both
 * differences; the larger for left and right, top and bottom. 0 where they do not.
 * @param patches of the picture [side * side, width]
 * @param objects features of both, of length 1
 */
export function apartness(
  patches: Float32Array,
  side: number,
  [first, second]: readonly [Float32Array, Float32Array],
): number {
  const half = Math.floor(side / 2)
  const halves = (isFirst: (row: number, column: number) => boolean): number => {
    const [one, other] = [true, false].map((wanted) =>
      unit(meanOf(patches, side, first.length, (row, column) => isFirst(row, column) === wanted)),
    )
    const [towardsFirst, towardsSecond] = [first, second].map(
      (object) => cosine(one, object) - cosine(other, object),
    )
    if (towardsFirst * towardsSecond >= 0) return 0
    return Math.min(Math.abs(towardsFirst), Math.abs(towardsSecond))
  }
  return Math.max(
    halves((_, column) => column < half),
    halves((row) => row < half),
  )
}

/** The mean of some of the patches. [width] */
export function meanOf(
  patches: Float32Array,
  side: number,
  width: number,
  counts: (row: number, column: number) => boolean,
): Float32Array {
  const sum = new Float64Array(width)
  let count = 0
  for (let at = 0; at < patches.length / width; at++) {
    if (!counts(Math.floor(at / side), at % side)) continue
    count++
    for (let c = 0; c < width; c++) sum[c] += patches[at * width + c]
  }
  return Float32Array.from(sum, (value) => value / count)
}
