/** What the results may take, bytes, smallest first; null: as much as there is. */
export const LIMITS = [null, 1e9, 2e9, 5e9, 10e9, 20e9]
