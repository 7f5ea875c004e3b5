/**
 * Where a picture's cells lie, as Painter-D reads it: convolutions see alike everywhere, and words have no place of their own
 * (training/painter/dit.py, `places`).
 */

/** The longest wave goes round once in so many cells, times a full turn. */
const LONGEST = 100

/**
 * Sines and cosines of the row, then of the column, of cells that follow each other row by row.
 * @param width a multiple of 4 @returns [cells, width]
 */
export function cellPlaces(cells: number, columns: number, width: number): Float32Array {
  const waves = width / 4
  const out = new Float32Array(cells * width)
  for (let cell = 0; cell < cells; cell++)
    for (const [part, at] of [Math.floor(cell / columns), cell % columns].entries())
      for (let wave = 0; wave < waves; wave++) {
        const angle = at * LONGEST ** (-wave / waves)
        out[cell * width + 2 * part * waves + wave] = Math.sin(angle)
        out[cell * width + (2 * part + 1) * waves + wave] = Math.cos(angle)
      }
  return out
}
