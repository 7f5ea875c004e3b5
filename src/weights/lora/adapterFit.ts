/** Holds an adapter against the models that it may be for, as soon as it is dropped rather than when it is used. */
import { fail, problemOf, InlayError } from '@/base/errors'
import { FAMILIES, type FamilyId } from '@/families/registry'
import { checkAdapter, type Adapter } from '@/weights/lora/lora'
import { checkTables } from '@/weights/lora/loraEmbeddings'

type Shape = readonly [rows: number, cols: number]

/** A model that adapters can be for: a released one, or one that is here. */
export interface AdapterTarget {
  base: FamilyId
  /** "FLUX.1 [dev]" */
  name: string
  /** Canonical names of its linears. */
  linears: ReadonlyMap<string, Shape>
}

/** A target's linears out of a network's canonical tensors. */
export function linearsOf(
  tensors: Iterable<readonly [string, { shape: readonly number[] }]>,
): ReadonlyMap<string, Shape> {
  const linears = new Map<string, Shape>()
  for (const [name, { shape }] of tensors)
    if (shape.length === 2 && name.endsWith('.weight'))
      linears.set(name.slice(0, -'.weight'.length), [shape[0], shape[1]])
  return linears
}

/**
 * @param targets of the adapter's base; the first is the released model, whose misfit is told
 * @returns what to tell about targets that it does not fit, though it fits another
 * @throws bad-weights or unsupported when it fits none of them
 */
export function fitAdapter(adapter: Adapter, targets: readonly AdapterTarget[]): string[] {
  const misfits: string[] = []
  let first: unknown = null
  for (const target of targets)
    try {
      fit(adapter, target)
    } catch (error) {
      if (!(error instanceof InlayError)) throw error
      first ??= error
      misfits.push(target.name)
    }
  if (targets.length > 0 && misfits.length === targets.length) {
    const { code, message, hint, detail } = problemOf(first)
    fail(code, message, hint, `${targets[0].name}: ${detail ?? ''}`)
  }
  // A model may have been looked at twice, or be installed as well.
  return misfits.length === 0 ? [] : [`It does not fit ${[...new Set(misfits)].join(', ')}.`]
}

function fit(adapter: Adapter, { base, linears }: AdapterTarget): void {
  checkAdapter(
    adapter,
    [...linears].map(([name, [rows, cols]]) => [name, rows, cols] as const),
  )
  checkTables(adapter, FAMILIES[base].adapters, linears)
}
