/**
 * Part control, ours, which the authors wish for: in a painted place the picture follows one object alone. Per token of the picture
 * the velocity is v = w_A v(z_A) + w_B v(z_B) + (1 - w_A - w_B) v(z_mix).
 */
import type { MixGrid, MixPart } from '@/pipelines/mix/mixDenoise'
import type { MixPlace } from '@/schema/modes/mix'

/**
 * For every object that has places its share of each token: the cell's covered part, blurred by a token, together at most 1.
 * @param tokens of all objects
 */
export function partsOf(
  places: readonly MixPlace[],
  tokens: readonly Float32Array[],
  grid: MixGrid,
): MixPart[] {
  const parts = tokens.flatMap((own, object) => {
    const boxes = places.filter((place) => place.object === object)
    return boxes.length > 0 ? [{ tokens: own, weights: blurred(covered(boxes, grid), grid) }] : []
  })
  for (let at = 0; at < grid.rows * grid.columns; at++) {
    const sum = parts.reduce((all, { weights }) => all + weights[at], 0)
    if (sum > 1) for (const { weights } of parts) weights[at] /= sum
  }
  return parts
}

/** How much of each cell lies in one of the boxes. */
function covered(places: readonly MixPlace[], { rows, columns }: MixGrid): Float32Array {
  const out = new Float32Array(rows * columns)
  const share = (from: number, length: number, cell: number, cells: number): number =>
    Math.max(0, Math.min(cell + 1, (from + length) * cells) - Math.max(cell, from * cells))
  for (const { box } of places)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const part = share(box.x, box.width, column, columns) * share(box.y, box.height, row, rows)
        out[row * columns + column] = Math.max(out[row * columns + column], part)
      }
  return out
}

/** The mean over a token and its neighbours; what lies outside counts as the border. */
function blurred(map: Float32Array, { rows, columns }: MixGrid): Float32Array {
  const inside = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value))
  return map.map((_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns]
    let sum = 0
    for (const down of [-1, 0, 1])
      for (const across of [-1, 0, 1])
        sum += map[inside(row + down, rows) * columns + inside(column + across, columns)]
    return sum / 9
  })
}
