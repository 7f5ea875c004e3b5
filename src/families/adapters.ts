/** Which rows of a linear a module of an adapter changes: dialects cut fused linears differently. */

/**
 * The rows of a canonical linear that a module changes. `swapped`: all rows, with the halves in diffusers' order
 * [scale; shift] where the canonical one is [shift; scale].
 */
export type LinearPart = 'all' | 'swapped' | 'q' | 'k' | 'v' | 'qkv' | 'mlp'

/** First row and number of rows of a part in a linear of [rows, cols]; q, k and v are square. */
export function rowsOfPart(part: LinearPart, rows: number, cols: number): { first: number; count: number } {
  switch (part) {
    case 'all':
    case 'swapped':
      return { first: 0, count: rows }
    case 'q':
      return { first: 0, count: cols }
    case 'k':
      return { first: cols, count: cols }
    case 'v':
      return { first: 2 * cols, count: cols }
    case 'qkv':
      return { first: 0, count: 3 * cols }
    case 'mlp':
      return { first: 3 * cols, count: rows - 3 * cols }
  }
}

/** Wrappers around a model's own names. */
const PREFIX = /^(?:base_model\.model\.)?(?:model\.diffusion_model\.|diffusion_model\.|transformer\.|unet\.)?/

/** A module's or a tensor's name without the wrappers in which programs put it. */
export const unwrapped = (name: string): string => name.replace(PREFIX, '')

/** Whether PEFT itself wrote the name. */
export const isPeftName = (name: string): boolean => name.startsWith('base_model.model.')
