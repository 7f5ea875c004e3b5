export interface Grid {
  folder: string
  columns: number | null
  cells: { name: string; args: string[] }[]
}

export function parseGrid(given: string[], seeded?: boolean): Grid | null
