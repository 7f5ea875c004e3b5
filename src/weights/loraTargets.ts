/** Which linear of FLUX a LoRA module changes, whichever layout its name comes from (specs: FLUX §8, §9). */
import { diffusersParts } from '@/weights/fluxLayout'

/**
 * The rows of a canonical linear that a module changes. `swapped`: all rows, with the halves in diffusers' order
 * [scale; shift] where the canonical one is [shift; scale].
 */
export type LinearPart = 'all' | 'swapped' | 'q' | 'k' | 'v' | 'qkv' | 'mlp'

export interface LoraTarget {
  /** Canonical (BFL) name, e.g. `single_blocks.3.linear1`. */
  linear: string
  part: LinearPart
}

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

/** Canonical linears of one block of each kind, and those outside the blocks. */
const LINEARS = [
  'img_in',
  'txt_in',
  ...['time', 'guidance', 'vector'].flatMap((of) => [`${of}_in.in_layer`, `${of}_in.out_layer`]),
  ...['img', 'txt'].flatMap((stream) =>
    ['mod.lin', 'attn.qkv', 'attn.proj', 'mlp.0', 'mlp.2'].map((part) => `double_blocks.0.${stream}_${part}`),
  ),
  ...['modulation.lin', 'linear1', 'linear2'].map((part) => `single_blocks.0.${part}`),
  'final_layer.linear',
  'final_layer.adaLN_modulation.1',
]

/** diffusers cuts these linears into parts, in this order. */
const CUTS: readonly LinearPart[] = ['q', 'k', 'v', 'mlp']

/** Module names with their block number replaced by `#` -> targets with the same `#`. */
type Table = ReadonlyMap<string, LoraTarget>

const numberless = (name: string): string => name.replace(/(?<=blocks[._])0(?=[._])/, '#')

const BFL: Table = new Map(
  LINEARS.map((linear) => [numberless(linear), { linear: numberless(linear), part: 'all' }]),
)

const DIFFUSERS: Table = new Map(
  LINEARS.flatMap((linear) => {
    const parts = diffusersParts(linear, linear.endsWith('linear1') ? 7 : 3, 1)
    return parts.map(({ module }, index): [string, LoraTarget] => [
      numberless(module),
      { linear: numberless(linear), part: partOf(linear, parts.length, index) },
    ])
  }),
)

function partOf(linear: string, parts: number, index: number): LinearPart {
  if (parts > 1) return CUTS[index]
  return linear === 'final_layer.adaLN_modulation.1' ? 'swapped' : 'all'
}

const underscored = (table: Table): Table =>
  new Map([...table].map(([name, target]) => [name.replaceAll('.', '_'), target]))

const TABLES = {
  bfl: { '.': BFL, _: underscored(BFL) },
  diffusers: { '.': DIFFUSERS, _: underscored(DIFFUSERS) },
} as const

/** The target of a module named in one of the two layouts, its words joined by dots or (kohya) underscores. */
export function targetOf(
  module: string,
  layout: keyof typeof TABLES,
  separator: '.' | '_',
): LoraTarget | null {
  const block = /^(.{0,24}blocks[._])(0|[1-9]\d{0,3})([._].*)$/.exec(module)
  const target = TABLES[layout][separator].get(block ? `${block[1]}#${block[3]}` : module)
  if (!target) return null
  return block ? { ...target, linear: target.linear.replace('#', block[2]) } : target
}
