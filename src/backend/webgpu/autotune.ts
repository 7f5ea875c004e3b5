/**
 * Which cut of attention suits a GPU best, found by trying: once per adapter and browser, in at most two seconds. WebGPU does not say
 * which driver runs below; the browser's version, which brings the compiler, stands in for it.
 */
import {
  attentionPlans,
  classOf,
  planName,
  type AttentionPlan,
  type AttentionShape,
} from '@/backend/kernels/sharedAttention/strategies'
import type { Gpu } from '@/backend/webgpu/gpu'

/** Where the choices lie between two starts, by adapter and browser. Neither may throw. */
export interface TuneMemory {
  read(key: string): Promise<unknown>
  write(key: string, choices: Record<string, string>): Promise<void>
}

/** Milliseconds of a shape by a plan; null where it computes something else than the first plan of that shape. */
export type Trial = (shape: AttentionShape, plan: AttentionPlan, first: boolean) => Promise<number | null>

/** FLUX first, then U-Nets; keys and values of f32, then as halves, for whom computes with them. */
const SHAPES: readonly AttentionShape[] = [
  { headDim: 128, half: false },
  { headDim: 64, half: false },
  { headDim: 128, half: true },
  { headDim: 64, half: true },
]
const BUDGET_MS = 2000
/** Queries of a trial: plans are cut for long sequences. */
export const TRIAL_QUERIES = 1024

interface TuneOptions {
  half?: boolean
  clock?: () => number
}

/**
 * Has the device take the fastest plan of each class of shapes from now on. Classes that the time does not suffice for keep the
 * order of the table, and are not tried again.
 * @param options `half`: halves are tried, too; `clock`: milliseconds
 */
export async function tuneAttention(
  gpu: Gpu,
  memory: TuneMemory | null,
  trial: Trial,
  { half = false, clock = () => performance.now() }: TuneOptions = {},
): Promise<void> {
  const shapes = SHAPES.filter((shape) => half || !shape.half)
  // With other plans to choose from, what was fastest says nothing.
  const plans = shapes.map((shape) => attentionPlans(gpu.capabilities, shape, TRIAL_QUERIES).map(planName))
  const browser = globalThis.navigator?.userAgent ?? ''
  const key = [gpu.capabilities.adapter, browser, ...plans.map((names) => names.join())].join(' | ')
  const known = choicesOf(await memory?.read(key))
  if (known) {
    for (const [name, plan] of Object.entries(known)) gpu.prefer(name, plan)
    return
  }
  // Noted before anything is tried: a plan that takes the device down is not tried again at every start.
  await memory?.write(key, {})
  const until = clock() + BUDGET_MS
  const choices: Record<string, string> = {}
  for (const shape of shapes) {
    let best: { plan: AttentionPlan; ms: number } | null = null
    for (const [at, plan] of attentionPlans(gpu.capabilities, shape, TRIAL_QUERIES).entries()) {
      if (clock() >= until) break
      const ms = await trial(shape, plan, at === 0)
      if (ms !== null && ms < (best?.ms ?? Infinity)) best = { plan, ms }
    }
    if (!best) continue
    choices[classOf(shape)] = planName(best.plan)
    gpu.prefer(classOf(shape), planName(best.plan))
  }
  await memory?.write(key, choices)
}

/** What an earlier start has kept, if it can be read; names of plans that there are no more are passed over later. */
function choicesOf(kept: unknown): Record<string, string> | null {
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) return null
  const entries = Object.entries(kept)
  return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')
    ? Object.fromEntries(entries)
    : null
}
