/**
 * Pictures that are larger than any one tensor should be: horizontal strips, pixels as tokens. A strip is a tensor
 * [1, rows, width, channels], so that any range of rows is one piece of memory.
 */
import type { Backend, Tensor } from '@/backend/types'
import { fail } from '@/base/errors'

/** Rows [from, to) of a picture. */
export interface Rows {
  readonly from: number
  readonly to: number
}

export interface Strip extends Rows {
  readonly tensor: Tensor // [1, to-from, width, channels]
}

/** Mean and variance of each group of channels over the whole picture; f64. */
export interface Moments {
  readonly mean: readonly number[]
  readonly variance: readonly number[]
}

/** Tensors that live no longer than one call: `dispose` frees what is left, however the call ended. */
export class Scope {
  private readonly backend: Backend
  private readonly live = new Set<Tensor>()

  constructor(backend: Backend) {
    this.backend = backend
  }

  own(tensor: Tensor): Tensor {
    this.live.add(tensor)
    return tensor
  }

  free(...tensors: readonly Tensor[]): void {
    for (const tensor of tensors) if (this.live.delete(tensor)) this.backend.free(tensor)
  }

  dispose(): void {
    this.free(...this.live)
  }
}

export class Picture {
  readonly height: number
  readonly width: number
  readonly channels: number
  /** What GroupNorm will ask of it, once known. */
  moments: Moments | null = null
  private strips: Strip[] = []
  private readonly backend: Backend
  private readonly scope: Scope

  constructor(backend: Backend, scope: Scope, size: { height: number; width: number; channels: number }) {
    this.backend = backend
    this.scope = scope
    this.height = size.height
    this.width = size.width
    this.channels = size.channels
  }

  /** Adds the next strip and takes it over. */
  push(strip: Strip): void {
    this.scope.own(strip.tensor)
    this.strips.push(strip)
  }

  /** Frees strips that end at or above a row. */
  dropAbove(row: number): void {
    for (const { tensor } of this.strips.filter(({ to }) => to <= row)) this.scope.free(tensor)
    this.strips = this.strips.filter(({ to }) => to > row)
  }

  drop(): void {
    this.dropAbove(Infinity)
  }

  /** Rows in one tensor for `use`: the strip itself where they are one, else a copy that is freed afterwards. */
  async withRows<T>({ from, to }: Rows, use: (tensor: Tensor) => Promise<T>): Promise<T> {
    const whole = this.strips.find((strip) => strip.from === from && strip.to === to)
    if (whole) return use(whole.tensor)
    const { backend, scope, width, channels } = this
    const tensor = scope.own(backend.allocate('float32', [1, to - from, width, channels], 'rows'))
    let copied = 0
    for (const strip of this.strips) {
      const first = Math.max(from, strip.from)
      const rows = Math.min(to, strip.to) - first
      if (rows <= 0) continue
      backend.copyRows(
        strip.tensor,
        (first - strip.from) * width,
        tensor,
        (first - from) * width,
        rows * width,
      )
      copied += rows
    }
    if (copied !== to - from)
      fail('internal', 'A strip of a picture was freed too early.', 'Report this.', `rows ${from} to ${to}`)
    const result = await use(tensor)
    scope.free(tensor)
    return result
  }

  /** All rows as one tensor that the scope owns, [1, pixels, channels]; the strips are freed. */
  join(label: string): Tensor {
    const { backend, height, width, channels } = this
    const dims = [1, height * width, channels]
    const tensor = this.scope.own(backend.allocate('float32', dims, label))
    for (const { tensor: strip, from, to } of this.strips)
      backend.copyRows(strip, 0, tensor, from * width, (to - from) * width)
    this.drop()
    return tensor
  }

  /** The picture on the host, [channels, height, width]. */
  async toPlanar(): Promise<Float32Array> {
    const { channels, height, width } = this
    const area = height * width
    const out = new Float32Array(channels * area)
    for (const { tensor, from, to } of this.strips) {
      const values = await this.backend.read(tensor)
      const first = from * width
      for (let c = 0; c < channels; c++)
        for (let i = 0; i < (to - from) * width; i++) out[c * area + first + i] = values[i * channels + c]
    }
    return out
  }
}

/** Cuts rows into nearly equal parts of at most `most` rows. */
export function cut({ from, to }: Rows, most: number): Rows[] {
  const count = Math.ceil((to - from) / Math.max(1, most))
  const each = Math.ceil((to - from) / Math.max(1, count))
  const parts: Rows[] = []
  for (let row = from; row < to; row += each) parts.push({ from: row, to: Math.min(to, row + each) })
  return parts
}

/** [channels, height, width] -> [height, width, channels] */
export function interleave(planar: Float32Array, channels: number): Float32Array {
  const area = planar.length / channels
  const out = new Float32Array(planar.length)
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < area; i++) out[i * channels + c] = planar[c * area + i]
  return out
}

/**
 * Statistics per row and channel -> per group (specs: encoders §1, GroupNorm). Rows are merged in f64, which makes
 * the result independent of how the picture was cut.
 * @param parts [rows, 2, channels] each: mean and variance over a row's columns
 */
export function mergeMoments(parts: readonly Float32Array[], channels: number, groups: number): Moments {
  const each = channels / groups
  const mean = new Array<number>(groups).fill(0)
  const square = new Array<number>(groups).fill(0)
  let rows = 0
  for (const part of parts)
    for (let at = 0; at < part.length; at += 2 * channels, rows++)
      for (let c = 0; c < channels; c++) {
        const group = Math.floor(c / each)
        mean[group] += part[at + c]
        square[group] += part[at + channels + c] + part[at + c] ** 2
      }
  const count = rows * each
  return {
    mean: mean.map((sum) => sum / count),
    variance: square.map((sum, group) => Math.max(0, sum / count - (mean[group] / count) ** 2)),
  }
}
