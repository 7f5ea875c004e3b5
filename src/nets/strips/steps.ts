/**
 * A convolutional net as a list of steps, and what a step makes of rows: which it reads for which, what they cost.
 * Loading, cutting into strips, progress and memory all follow from the list.
 */
import type { Rows } from '@/nets/strips/picture'

/** A convolution with what surrounds it; weights `<name>.weight`, `<name>.bias`. */
export interface ConvStep {
  kind: 'conv'
  name: string
  cin: number
  cout: number
  kernel: 1 | 3
  resample: 'none' | 'up' | 'down'
  /** GroupNorm before it. */
  norm: { name: string; silu: boolean } | null
  /** Keeps its input, or the 1x1 convolution of that name of it, for the step that adds. */
  saves: { shortcut: string | null } | null
  adds: boolean
  /** Others read its input after it. */
  keeps: boolean
  /** Whether a GroupNorm follows. */
  moments: boolean
}

/** Single-head attention over all pixels, up to and without the output projection. */
export interface AttentionStep {
  kind: 'attention'
  name: string
  channels: number
}

export type Step = ConvStep | AttentionStep

/** A step; unless said otherwise a plain 3x3 convolution before a GroupNorm. */
export const conv = (name: string, cin: number, cout: number, more: Partial<ConvStep> = {}): ConvStep => ({
  kind: 'conv',
  name,
  cin,
  cout,
  kernel: 3,
  resample: 'none',
  norm: null,
  saves: null,
  adds: false,
  keeps: false,
  moments: true,
  ...more,
})

/** Queries, keys and values of an attention. */
export const projections = ({ name, channels }: AttentionStep): ConvStep[] =>
  ['to_q', 'to_k', 'to_v'].map((part) =>
    conv(`${name}.${part}`, channels, channels, {
      kernel: 1,
      norm: { name: `${name}.group_norm`, silu: false },
      keeps: true,
      moments: false,
    }),
  )

/** A picture's size. */
export interface Extent {
  height: number
  width: number
}

const doubles = (step: Step): boolean => step.kind === 'conv' && step.resample === 'up'
const halves = (step: Step): boolean => step.kind === 'conv' && step.resample === 'down'

/** A step's work is cut along rows of its coarser side: input rows where it doubles, else output rows. */
export const cellsOf = (step: Step, height: number): Rows => ({
  from: 0,
  to: halves(step) ? height >> 1 : height,
})

/** The input rows that cells need. */
export function reads(step: Step, { from, to }: Rows, height: number): Rows {
  if (step.kind === 'attention') return { from, to }
  const halo = step.kernel >> 1
  if (step.resample === 'down') return { from: 2 * from, to: Math.min(height, 2 * to + 1) }
  return { from: Math.max(0, from - halo), to: Math.min(height, to + halo) }
}

/** The output rows of cells. */
export const writes = (step: Step, { from, to }: Rows): Rows =>
  doubles(step) ? { from: 2 * from, to: 2 * to } : { from, to }

/** What a step makes of a picture's size. */
export function after(step: Step, { height, width }: Extent): Extent {
  if (doubles(step)) return { height: 2 * height, width: 2 * width }
  if (halves(step)) return { height: height >> 1, width: width >> 1 }
  return { height, width }
}

/** Arithmetic of one cell row. */
export function flopsPerCell(step: ConvStep, width: number): number {
  const pixels = doubles(step) ? 4 * width : halves(step) ? width >> 1 : width
  const shortcut = step.saves?.shortcut ? 1 : 0
  return 2 * pixels * step.cin * step.cout * (step.kernel ** 2 + shortcut)
}

/** Bytes of the largest tensor of one cell row. */
export function bytesPerCell({ cin, cout, resample }: ConvStep, width: number): number {
  const widest = Math.max(cin, cout)
  return 4 * width * (resample === 'up' ? 4 * widest : resample === 'down' ? 2 * widest : widest)
}

/** Arithmetic of the products of an attention over all pixels. */
export const attentionFlops = ({ channels }: AttentionStep, pixels: number): number =>
  4 * pixels * pixels * channels

/** Arithmetic of steps, two per multiply-add. */
export function flopsOf(steps: readonly Step[], input: Extent): number {
  let flops = 0
  let extent = input
  for (const step of steps) {
    const { height, width } = extent
    const convs = step.kind === 'conv' ? [step] : projections(step)
    for (const one of convs) flops += cellsOf(one, height).to * flopsPerCell(one, width)
    if (step.kind === 'attention') flops += attentionFlops(step, height * width)
    extent = after(step, extent)
  }
  return flops
}

/** Bytes of the pictures that a step holds at once: input rows leave as output rows arrive, unless saved. */
export function residentBytes(step: Step, extent: Extent): number {
  const bytes = ({ height, width }: Extent, channels: number) => 4 * height * width * channels
  if (step.kind === 'attention') return 5 * bytes(extent, step.channels)
  const input = bytes(extent, step.cin)
  const output = bytes(after(step, extent), step.cout)
  if (step.saves?.shortcut) return Math.max(input, 2 * output)
  return step.saves || step.adds ? input + output : Math.max(input, output)
}
