/** Which linear a module's name leads to, in the authors' names and in diffusers', its words joined by dots or underscores. */
import type { LinearPart } from '@/families/adapters'

export interface LoraTarget {
  /** Canonical (the authors') name, e.g. `single_blocks.3.linear1`. */
  linear: string
  part: LinearPart
}

/** The target of a module named in one of the two layouts, or null. */
export type TargetOf = (module: string, layout: 'bfl' | 'diffusers') => LoraTarget | null

/** Module names with underscores for dots and `#` for their block's number -> targets with the same `#`. */
type Table = ReadonlyMap<string, LoraTarget>

/** diffusers cuts fused linears into parts, in this order. */
const CUTS: readonly LinearPart[] = ['q', 'k', 'v', 'mlp']

const numberless = (name: string): string => name.replace(/(?<=blocks[._])0(?=[._])/, '#')
const joined = (name: string): string => numberless(name).replaceAll('.', '_')

/**
 * @param linears canonical linears of block 0 of each kind, and those outside the blocks
 * @param modulesOf diffusers' modules whose rows, stacked, are the linear's
 */
export function moduleTargets(
  linears: readonly string[],
  modulesOf: (linear: string) => readonly string[],
): TargetOf {
  const bfl: Table = new Map(
    linears.map((linear) => [joined(linear), { linear: numberless(linear), part: 'all' }]),
  )
  const diffusers: Table = new Map(
    linears.flatMap((linear) => {
      const modules = modulesOf(linear)
      return modules.map((module, index): [string, LoraTarget] => [
        joined(module),
        { linear: numberless(linear), part: partOf(linear, modules.length, index) },
      ])
    }),
  )
  const tables = { bfl, diffusers }
  return (module, layout) => {
    const name = module.replaceAll('.', '_')
    const block = /^(.{0,24}blocks_)(0|[1-9]\d{0,3})(_.*)$/.exec(name)
    const target = tables[layout].get(block ? `${block[1]}#${block[3]}` : name)
    if (!target) return null
    return block ? { ...target, linear: target.linear.replace('#', block[2]) } : target
  }
}

function partOf(linear: string, parts: number, index: number): LinearPart {
  if (parts > 1) return CUTS[index]
  return linear === 'final_layer.adaLN_modulation.1' ? 'swapped' : 'all'
}
