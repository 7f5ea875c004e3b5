/** Rows `start` to `start + length`. */
export interface RowPiece {
  start: number
  length: number
}

/**
 * Cuts `count` rows into pieces of at most `most`, all but the last in whole multiples of `multiple` and none shorter:
 * what is left over joins the last, so that a kernel which looks at the number of rows chooses alike for all pieces.
 */
export function cutRows(count: number, most: number, multiple: number): RowPiece[] {
  const length = Math.max(1, Math.floor(most / multiple)) * multiple
  const pieces: RowPiece[] = []
  for (let start = 0; start < count; start += length) {
    const rest = count - start
    pieces.push({ start, length: rest < length + multiple ? rest : length })
    if (rest < length + multiple) break
  }
  return pieces
}
