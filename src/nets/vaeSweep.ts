/** Runs the autoencoder's steps over a picture, strip by strip. */
import { mhaGraph } from '@/backend/kernels/sharedAttention/cpu'
import type { Backend, Tensor } from '@/backend/types'
import { fail } from '@/base/errors'
import { cut, mergeMoments, Picture, type Moments, type Rows, type Scope, type Strip } from '@/nets/strips'
import { convGraph, type ConvSpec } from '@/nets/vaeGraphs'
import type { VaeParameters } from '@/nets/vaeParameters'
import {
  after,
  attentionFlops,
  bytesPerCell,
  cellsFor,
  cellsOf,
  flopsPerCell,
  projections,
  reads,
  writes,
  type AttentionStep,
  type ConvStep,
  type Step,
} from '@/nets/vaeSteps'

/** GroupNorm's epsilon (specs: encoders §1). */
const EPSILON = 1e-6

/** What one run and one picture may take. */
export interface Limits {
  /** Arithmetic of one run. */
  runFlops: number
  /** Bytes of the largest tensor of one run. */
  stripBytes: number
  /** Bytes of the pictures alive at once, up to which the result is exact. */
  pictureBytes: number
}

/** Sees pictures after the step of that name (without the attention's projection: `…attentions.0`). */
export type Tap = (point: string, picture: Picture) => Promise<void>

export interface SweepOptions {
  backend: Backend
  scope: Scope
  parameters: VaeParameters
  groups: number
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
  /** Statistics of the pictures after the steps of that name. */
  readonly found = new Map<string, Moments>()
  private readonly rows = new Map<string, Float32Array[]>()
  private readonly options: SweepOptions
  private readonly given: ReadonlyMap<string, Moments> | null

  /** @param given what the norms use; null: the statistics of the pictures at hand */
  constructor(options: SweepOptions, given: ReadonlyMap<string, Moments> | null = null) {
    this.options = options
    this.given = given
  }

  /** Host values [height, width, channels] as a picture. */
  upload(values: Float32Array, height: number, width: number, channels: number): Picture {
    const { backend, scope, limits } = this.options
    const rows = { from: 0, to: height }
    const picture = new Picture(backend, scope, { height, width, channels, rows })
    const line = width * channels
    for (const { from, to } of cut(rows, Math.floor(limits.stripBytes / (4 * line)))) {
      const dims = [1, to - from, width, channels]
      picture.push({
        from,
        to,
        tensor: backend.upload(values.subarray(from * line, to * line), dims, 'input'),
      })
    }
    return picture
  }

  /**
   * Applies steps to a picture, or to parts of one in step with each other: the norms' statistics are taken over all
   * of them. The inputs are freed on the way.
   * @param want output rows of each, where not all that can be computed
   * @param measure also takes statistics where they are given, over the rows that this share (of 1) of the picture's
   *   height stands for; they add up over calls
   */
  async run(
    steps: readonly Step[],
    inputs: readonly Picture[],
    want: readonly Rows[] | null = null,
    measure: Rows | null = null,
  ): Promise<Picture[]> {
    let pictures = [...inputs]
    let saved: Picture[] = []
    for (const [index, step] of steps.entries()) {
      if (step.kind === 'attention') {
        saved = pictures
        pictures = []
        for (const x of saved) pictures.push(await this.attend(step, x))
      } else {
        const only = index === steps.length - 1 ? want : null
        const takes = step.moments && (measure !== null || this.given === null)
        const results: Convolved[] = []
        for (const [part, x] of pictures.entries()) {
          const residual = step.adds ? saved[part] : null
          results.push(await this.convolve(step, x, residual, takes, only?.[part] ?? null))
        }
        if (step.saves) saved = results.map(({ shortcut }, part) => shortcut ?? pictures[part])
        pictures = results.map(({ y }) => y)
        if (takes) await this.takeMoments(step, results, measure)
        const known = (this.given ?? this.found).get(step.name) ?? null
        for (const x of pictures) x.moments = known
      }
      for (const x of pictures) await this.options.tap?.(step.name, x)
    }
    return pictures
  }

  private async takeMoments(
    { name, cout }: ConvStep,
    results: readonly Convolved[],
    share: Rows | null,
  ): Promise<void> {
    const { backend, scope, groups } = this.options
    const all = (share && this.rows.get(name)) ?? []
    this.rows.set(name, all)
    for (const { y, statistics } of results) {
      const first = share ? Math.ceil(share.from * y.height) : 0
      const end = share ? Math.ceil(share.to * y.height) : y.height
      for (const { tensor, from, to } of statistics) {
        const values = await backend.read(tensor) // [1, to-from, 2, channels]
        scope.free(tensor)
        const [skip, count] = [Math.max(0, first - from), Math.min(end, to) - from]
        if (count > skip) all.push(values.subarray(skip * 2 * cout, count * 2 * cout))
      }
    }
    if (all.length > 0) this.found.set(name, mergeMoments(all, cout, groups))
  }

  private async convolve(
    step: ConvStep,
    x: Picture,
    residual: Picture | null,
    moments: boolean,
    only: Rows | null,
  ): Promise<Convolved> {
    const { backend, scope, limits, parameters } = this.options
    const extent = { height: x.height, width: x.width, rows: x.rows }
    const cells = only ? cellsFor(step, only) : cellsOf(step, extent)
    const size = { ...after(step, extent), channels: step.cout, rows: writes(step, cells) }
    const y = new Picture(backend, scope, size)
    const shortcut = shortcutOf(step) === null ? null : new Picture(backend, scope, size)
    const keep = step.keeps || (step.saves !== null && !shortcut)
    const norm = this.affine(step, x)
    const statistics: Strip[] = []

    const flops = flopsPerCell(step, x.width)
    const most = Math.min(limits.runFlops / flops, limits.stripBytes / bytesPerCell(step, x.width))
    for (const cell of cut(cells, Math.floor(most))) {
      const out = writes(step, cell)
      const dims = [1, out.to - out.from, size.width, step.cout]
      const segment = await backend.compile(
        convGraph({
          ...specOf(step),
          moments,
          top: step.kernel > 1 && cell.from === 0,
          bottom: step.kernel > 1 && touchesBottom(step, cell, x.height),
        }),
      )
      const wanted = {
        y: dims,
        ...(shortcut ? { shortcut: dims } : {}),
        ...(moments ? { moments: [1, out.to - out.from, 2, step.cout] } : {}),
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
      if (moments) statistics.push({ ...out, tensor: scope.own(results.moments) })
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
      const { y } = await this.convolve(projection, x, null, false, null)
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
    const picture = new Picture(backend, scope, { height, width, channels, rows: x.rows })
    picture.push({ ...x.rows, tensor: attended })
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
    const { backend, scope, parameters, groups } = this.options
    const { moments } = x
    if (!moments) return fail('internal', `The statistics of ${norm.name} are not known.`, 'Report this.')
    const { gain, offset } = parameters.norm(norm.name)
    const scale = new Float32Array(cin)
    const shift = new Float32Array(cin)
    for (let c = 0; c < cin; c++) {
      const group = Math.floor((c * groups) / cin)
      const factor = gain[c] / Math.sqrt(moments.variance[group] + EPSILON)
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

function specOf(step: ConvStep): Omit<ConvSpec, 'moments' | 'top' | 'bottom'> {
  const { cin, cout, kernel, resample, norm } = step
  return {
    cin,
    cout,
    kernel,
    resample,
    norm: norm ? (norm.silu ? 'normSilu' : 'norm') : 'none',
    residual: step.adds,
    shortcut: shortcutOf(step) !== null,
  }
}
