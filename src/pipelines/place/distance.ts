import type { Size } from '@/base/geometry'

/** Further than any two cells of a grid are apart, squared. */
const FAR = 1e12

/**
 * How far every cell is from the nearest one that is set, cells; the exact distance of the cells' middles (Felzenszwalb and
 * Huttenlocher 2012). Where nothing is set all is far.
 * @param set [height, width], 0 or not
 */
export function distanceFrom(set: ArrayLike<number>, { width, height }: Size): Float32Array {
  const squared = Float64Array.from(set, (one) => (one ? 0 : FAR))
  for (let x = 0; x < width; x++) alongLine(squared, x, width, height)
  for (let y = 0; y < height; y++) alongLine(squared, y * width, 1, width)
  return Float32Array.from(squared, Math.sqrt)
}

/** The lowest of the parabolas that stand on a line's values, in place. */
function alongLine(values: Float64Array, start: number, step: number, length: number): void {
  const heights = Float64Array.from({ length }, (_, i) => values[start + i * step])
  /** Where the parabolas stand that are lowest somewhere, and from where on each is. */
  const feet = [0]
  const from = [-Infinity]
  for (let i = 1; i < length; i++) {
    let meet = 0
    for (;;) {
      const last = feet[feet.length - 1]
      meet = (heights[i] + i * i - heights[last] - last * last) / (2 * (i - last))
      if (meet > from[from.length - 1]) break
      feet.pop()
      from.pop()
    }
    feet.push(i)
    from.push(meet)
  }
  for (let i = 0, k = 0; i < length; i++) {
    while (k + 1 < from.length && from[k + 1] < i) k++
    values[start + i * step] = (i - feet[k]) ** 2 + heights[feet[k]]
  }
}
