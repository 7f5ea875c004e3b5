/**
 * The autoencoder as a list of steps, and what the steps make of rows: which rows a convolution can compute, which it
 * reads for them, what they cost. Loading, cutting into strips, progress and bands all follow from the one list.
 */
import type { Rows } from '@/nets/strips'
import type { VaeConfig } from '@/schema/pack'

export type Side = 'encoder' | 'decoder'

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

/** A picture's size and the rows of it at hand. */
export interface Extent {
  height: number
  width: number
  rows: Rows
}

export const wholeExtent = (height: number, width: number): Extent => ({
  height,
  width,
  rows: { from: 0, to: height },
})

const conv = (name: string, cin: number, cout: number, more: Partial<ConvStep> = {}): ConvStep => ({
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

function resnet(name: string, cin: number, cout: number): Step[] {
  const shortcut = cin === cout ? null : `${name}.conv_shortcut`
  return [
    conv(`${name}.conv1`, cin, cout, { norm: { name: `${name}.norm1`, silu: true }, saves: { shortcut } }),
    conv(`${name}.conv2`, cout, cout, { norm: { name: `${name}.norm2`, silu: true }, adds: true }),
  ]
}

function middle(side: Side, channels: number): Step[] {
  const name = `${side}.mid_block`
  const attention = `${name}.attentions.0`
  return [
    ...resnet(`${name}.resnets.0`, channels, channels),
    { kind: 'attention', name: attention, channels },
    conv(`${attention}.to_out.0`, channels, channels, { kernel: 1, adds: true }),
    ...resnet(`${name}.resnets.1`, channels, channels),
  ]
}

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

/** Image [3, H, W] -> [mean | logvar] (specs: encoders §1). */
export function encoderSteps({ channels, resnets, latentChannels, quantConvs }: VaeConfig): Step[] {
  const [first] = channels
  const last = channels[channels.length - 1]
  const steps: Step[] = [conv('encoder.conv_in', 3, first)]
  channels.forEach((width, level) => {
    const block = `encoder.down_blocks.${level}`
    for (let i = 0; i < resnets; i++)
      steps.push(...resnet(`${block}.resnets.${i}`, i ? width : (channels[level - 1] ?? first), width))
    if (level < channels.length - 1)
      steps.push(conv(`${block}.downsamplers.0.conv`, width, width, { resample: 'down' }))
  })
  const norm = { name: 'encoder.conv_norm_out', silu: true }
  const both = 2 * latentChannels
  steps.push(...middle('encoder', last))
  steps.push(conv('encoder.conv_out', last, both, { norm, moments: false }))
  if (quantConvs) steps.push(conv('quant_conv', both, both, { kernel: 1, moments: false }))
  return steps
}

/** Latent -> image (specs: encoders §1); diffusers counts the decoder's blocks from the deepest level. */
export function decoderSteps({ channels, resnets, latentChannels: z, quantConvs }: VaeConfig): Step[] {
  const deepestFirst = [...channels].reverse()
  const [last] = deepestFirst
  const steps: Step[] = []
  if (quantConvs) steps.push(conv('post_quant_conv', z, z, { kernel: 1, moments: false }))
  steps.push(conv('decoder.conv_in', z, last), ...middle('decoder', last))
  deepestFirst.forEach((width, level) => {
    const block = `decoder.up_blocks.${level}`
    for (let i = 0; i <= resnets; i++)
      steps.push(...resnet(`${block}.resnets.${i}`, i ? width : (deepestFirst[level - 1] ?? last), width))
    if (level < channels.length - 1)
      steps.push(conv(`${block}.upsamplers.0.conv`, width, width, { resample: 'up' }))
  })
  const norm = { name: 'decoder.conv_norm_out', silu: true }
  steps.push(conv('decoder.conv_out', channels[0], 3, { norm, moments: false }))
  return steps
}

/**
 * What a step can compute from the rows at hand, counted in rows of its coarser side: input rows where it doubles,
 * else output rows.
 */
export function cellsOf(step: Step, { height, rows: { from, to } }: Extent): Rows {
  if (step.kind === 'attention') return { from, to }
  const halo = step.kernel >> 1
  if (step.resample === 'down')
    return { from: Math.ceil(from / 2), to: to === height ? height >> 1 : (to - 1) >> 1 }
  return { from: from === 0 ? 0 : from + halo, to: to === height ? height : to - halo }
}

/** The input rows that cells need. */
export function reads(step: Step, { from, to }: Rows, height: number): Rows {
  if (step.kind === 'attention') return { from, to }
  const halo = step.kernel >> 1
  if (step.resample === 'down') return { from: 2 * from, to: Math.min(height, 2 * to + 1) }
  return { from: Math.max(0, from - halo), to: Math.min(height, to + halo) }
}

const doubles = (step: Step): boolean => step.kind === 'conv' && step.resample === 'up'
const halves = (step: Step): boolean => step.kind === 'conv' && step.resample === 'down'

/** The output rows of cells. */
export const writes = (step: Step, { from, to }: Rows): Rows =>
  doubles(step) ? { from: 2 * from, to: 2 * to } : { from, to }

/** The cells that have given output rows; the inverse of `writes`. */
export const cellsFor = (step: Step, { from, to }: Rows): Rows =>
  doubles(step) ? { from: from >> 1, to: (to + 1) >> 1 } : { from, to }

/** What a step makes of a picture's size and rows. */
export function after(step: Step, extent: Extent): Extent {
  const { height, width } = extent
  const rows = writes(step, cellsOf(step, extent))
  if (doubles(step)) return { height: 2 * height, width: 2 * width, rows }
  if (halves(step)) return { height: height >> 1, width: width >> 1, rows }
  return { height, width, rows }
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

/** Arithmetic of steps over the rows at hand; `want`: output rows, where not all that can be computed. */
export function flopsOf(steps: readonly Step[], extent: Extent, want: Rows | null = null): number {
  let flops = 0
  for (const [index, step] of steps.entries()) {
    const only = index === steps.length - 1 ? want : null
    const { from, to } = only ? cellsFor(step, only) : cellsOf(step, extent)
    if (step.kind === 'conv') flops += (to - from) * flopsPerCell(step, extent.width)
    else {
      flops += attentionFlops(step, extent.height * extent.width)
      for (const part of projections(step)) flops += (to - from) * flopsPerCell(part, extent.width)
    }
    extent = after(step, extent)
  }
  return flops
}

/** Bytes of the pictures that a step holds at once: input rows leave as output rows arrive, unless saved. */
export function residentBytes(step: Step, extent: Extent): number {
  const bytes = ({ rows, width }: Extent, channels: number) => 4 * (rows.to - rows.from) * width * channels
  if (step.kind === 'attention') return 5 * bytes(extent, step.channels)
  const input = bytes(extent, step.cin)
  const output = bytes(after(step, extent), step.cout)
  if (step.saves?.shortcut) return Math.max(input, 2 * output)
  return step.saves || step.adds ? input + output : Math.max(input, output)
}
