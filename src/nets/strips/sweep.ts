/** Runs a net's steps over a picture, strip by strip. */
import { mhaGraph } from '@/backend/kernels/sharedAttention/cpu'
import type { Backend, Tensor } from '@/backend/types'
import { fail } from '@/base/errors'
import { convGraph, type ConvSpec } from '@/nets/strips/convGraph'
import type { ConvParameters } from '@/nets/strips/convParameters'
import { cut, mergeMoments, Picture, type Rows, type Scope, type Strip } from '@/nets/strips/picture'
import {
  after,
  attentionFlops,
  bytesPerCell,
  cellsOf,
  flopsPerCell,
  projections,
  reads,
  writes,
  type AttentionStep,
  type ConvStep,
  type Step,
} from '@/nets/strips/steps'

/** What one run and one picture may take. */
export interface Limits {
  /** Arithmetic of one run. */
  runFlops: number
  /** Bytes of the largest tensor of one run. */
  stripBytes: number
  /** Bytes of the pictures alive at once. */
  pictureBytes: number
}

/** Sees pictures after the step of that name (without the attention's projection: `…attentions.0`). */
export type Tap = (point: string, picture: Picture) => Promise<void>

export interface SweepOptions {
  backend: Backend
  scope: Scope
  parameters: ConvParameters
  /** Of every GroupNorm. */
  groups: number
  epsilon: number
  limits: Limits
  signal?: AbortSignal | undefined
  tap?: Tap | undefined
  /** Told of the arithmetic of every run that ended. */
  onFlops(flops: number): void
}

interface Convolved {
  y: Picture
  shortcut: Picture | null
  /** [1, rows, 2, channels] each: what `mergeMoments` takes. */
  statistics: Strip[]
}

export class Sweep {
  private readonly options: SweepOptions

  constructor(options: SweepOptions) {
    this.options = options
  }

  /** Host values [height, width, channels] as a picture. */
  upload(values: Float32Array, height: number, width: number, channels: number): Picture {
    const { backend, scope, limits } = this.options
    const picture = new Picture(backend, scope, { height, width, channels })
    const line = width * channels
    for (const { from, to } of cut({ from: 0, to: height }, Math.floor(limits.stripBytes / (4 * line)))) {
      const dims = [1, to - from, width, channels]
      picture.push({
        from,
        to,
        tensor: backend.upload(values.subarray(from * line, to * line), dims, 'input'),
      })
    }
    return picture
  }

  /** Applies steps to a picture, which is freed on the way. */
  async run(steps: readonly Step[], input: Picture): Promise<Picture> {
    let x = input
    let saved: Picture | null = null
    for (const step of steps) {
      if (step.kind === 'attention') {
        saved = x
        x = await this.attend(step, x)
      } else {
        const { y, shortcut, statistics } = await this.convolve(step, x, step.adds ? saved : null)
        if (step.saves) saved = shortcut ?? x
        x = y
        if (step.moments) await this.takeMoments(y, statistics)
      }
      await this.options.tap?.(step.name, x)
    }
    return x
  }

  private async takeMoments(picture: Picture, statistics: readonly Strip[]): Promise<void> {
    const { backend, scope, groups } = this.options
    const rows: Float32Array[] = []
    for (const { tensor } of statistics) {
      rows.push(await backend.read(tensor)) // [1, rows, 2, channels]
      scope.free(tensor)
    }
    picture.moments = mergeMoments(rows, picture.channels, groups)
  }

  private async convolve(step: ConvStep, x: Picture, residual: Picture | null): Promise<Convolved> {
    const { backend, scope, limits, parameters } = this.options
    const size = { ...after(step, x), channels: step.cout }
    const y = new Picture(backend, scope, size)
    const shortcut = shortcutOf(step) === null ? null : new Picture(backend, scope, size)
    const keep = step.keeps || (step.saves !== null && !shortcut)
    const norm = this.affine(step, x)
    const statistics: Strip[] = []

    const flops = flopsPerCell(step, x.width)
    const most = Math.min(limits.runFlops / flops, limits.stripBytes / bytesPerCell(step, x.width))
    for (const cell of cut(cellsOf(step, x.height), Math.floor(most))) {
      const out = writes(step, cell)
      const dims = [1, out.to - out.from, size.width, step.cout]
      const segment = await backend.compile(
        convGraph({
          ...specOf(step),
          top: step.kernel > 1 && cell.from === 0,
          bottom: step.kernel > 1 && touchesBottom(step, cell, x.height),
        }),
      )
      const wanted = {
        y: dims,
        ...(shortcut ? { shortcut: dims } : {}),
        ...(step.moments ? { moments: [1, out.to - out.from, 2, step.cout] } : {}),
      }
      const inputs = { ...parameters.bind(step), ...norm }
      const results = await x.withRows(reads(step, cell, x.height), (rows) =>
        residual
          ? residual.withRows(out, (added) =>
              this.runOne(() => backend.run(segment, { ...inputs, x: rows, residual: added }, wanted)),
            )
          : this.runOne(() => backend.run(segment, { ...inputs, x: rows }, wanted)),
      )
      y.push({ ...out, tensor: results.y })
      shortcut?.push({ ...out, tensor: results.shortcut })
      if (step.moments) statistics.push({ ...out, tensor: scope.own(results.moments) })
      if (!keep) x.dropAbove(reads(step, { from: cell.to, to: cell.to }, x.height).from)
      residual?.dropAbove(out.to)
      this.options.onFlops((cell.to - cell.from) * flops)
    }
    if (!keep) x.drop()
    residual?.drop()
    if (norm) scope.free(...Object.values(norm))
    return { y, shortcut, statistics }
  }

  /** softmax(q kᵀ / √channels) v over all pixels; queries in chunks, so that scores are never there as a whole. */
  private async attend(step: AttentionStep, x: Picture): Promise<Picture> {
    const { backend, scope, limits } = this.options
    const { height, width, channels } = x
    const pixels = height * width
    const tensors: Tensor[] = [] // q, k, v: [1, pixels, channels]
    for (const projection of projections(step)) {
      const { y } = await this.convolve(projection, x, null)
      tensors.push(y.join(projection.name))
    }
    const [q, k, v] = tensors
    const segment = await backend.compile(mhaGraph(1, channels, 1 / Math.sqrt(channels), false))
    const attended = scope.own(backend.allocate('float32', [1, height, width, channels], step.name))
    const flops = attentionFlops(step, pixels) / pixels
    const most = Math.min(limits.runFlops / flops, limits.stripBytes / (4 * Math.max(pixels, channels)))
    for (const { from, to } of cut({ from: 0, to: pixels }, Math.floor(most))) {
      const part = scope.own(backend.allocate('float32', [1, to - from, channels], 'queries'))
      backend.copyRows(q, from, part, 0, to - from)
      const { out } = await this.runOne(() =>
        backend.run(segment, { q: part, k, v }, { out: [1, to - from, channels] }),
      )
      backend.copyRows(out, 0, attended, from, to - from)
      backend.free(out)
      scope.free(part)
      this.options.onFlops((to - from) * flops)
    }
    scope.free(...tensors)
    const picture = new Picture(backend, scope, { height, width, channels })
    picture.push({ from: 0, to: height, tensor: attended })
    return picture
  }

  private async runOne<T>(work: () => Promise<T>): Promise<T> {
    this.options.signal?.throwIfAborted()
    const result = await work()
    await this.options.backend.breathe()
    return result
  }

  /** GroupNorm with known statistics is a scale and a shift per channel. */
  private affine({ norm, cin }: ConvStep, x: Picture): { scale: Tensor; shift: Tensor } | null {
    if (!norm) return null
    const { backend, scope, parameters, groups, epsilon } = this.options
    const { moments } = x
    if (!moments) return fail('internal', `The statistics of ${norm.name} are not known.`, 'Report this.')
    const { gain, offset } = parameters.norm(norm.name)
    const scale = new Float32Array(cin)
    const shift = new Float32Array(cin)
    for (let c = 0; c < cin; c++) {
      const group = Math.floor((c * groups) / cin)
      const factor = gain[c] / Math.sqrt(moments.variance[group] + epsilon)
      scale[c] = factor
      shift[c] = offset[c] - moments.mean[group] * factor
    }
    return {
      scale: scope.own(backend.upload(scale, [cin], `${norm.name}.scale`)),
      shift: scope.own(backend.upload(shift, [cin], `${norm.name}.shift`)),
    }
  }
}

const shortcutOf = (step: ConvStep): string | null => step.saves?.shortcut ?? null

function touchesBottom(step: ConvStep, cell: Rows, height: number): boolean {
  return step.resample === 'down' ? 2 * cell.to + 1 > height : cell.to === height
}

function specOf(step: ConvStep): Omit<ConvSpec, 'top' | 'bottom'> {
  const { cin, cout, kernel, resample, norm, moments } = step
  return {
    cin,
    cout,
    kernel,
    resample,
    norm: norm ? (norm.silu ? 'normSilu' : 'norm') : 'none',
    residual: step.adds,
    shortcut: shortcutOf(step) !== null,
    moments,
  }
}
