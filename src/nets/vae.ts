/**
 * AutoencoderKL: FLUX's with 16 latent channels, Stable Diffusion's with 4 (specs: encoders §1).
 *
 * The net is cut at GroupNorm. Between two norms everything is local, so a picture passes as horizontal strips with
 * a halo of one row; a strip's run also gives the statistics of its rows, and once all strips are done the host merges
 * them in f64 and the next norm is a scale and a shift. The result is exact, whatever the cut. Strips are sized by
 * arithmetic (about 150 ms of a wasm run) and by bytes (32 MiB per tensor).
 *
 * Memory, in f32 and without the weights: input strips leave as output strips arrive, so the finest level holds
 * 1,024 bytes per pixel (128 channels twice, or 256 once) and nothing holds more: 256 MiB at 512², 576 MiB at 768²,
 * 1 GiB at 1024², plus a few strips. Weights as f32: decoder 198 MB, encoder 137 MB.
 *
 * A picture that would take more (`Limits.pictureBytes`, default 1 GiB) is computed exactly where it is coarse and in
 * bands where it is fine. A band has all the halo it needs, so there are no seams; what it lacks is the statistics of
 * the whole picture, and these come from a first pass over as many rows as fit, spread evenly over the picture.
 * (Statistics of a shrunk latent were tried: their error was larger, because they belong to another picture.)
 */
import type { Backend } from '@/backend/types'
import { fail } from '@/base/errors'
import { cut, interleave, Picture, Scope, type Rows } from '@/nets/strips'
import { VaeParameters } from '@/nets/vaeParameters'
import {
  after,
  cellsFor,
  decoderSteps,
  encoderSteps,
  flopsOf,
  reads,
  residentBytes,
  wholeExtent,
  type Extent,
  type Side,
  type Step,
} from '@/nets/vaeSteps'
import { Sweep, type Limits, type SweepOptions, type Tap } from '@/nets/vaeSweep'
import type { VaeConfig } from '@/schema/pack'
import type { WeightSource } from '@/weights/source'

const MEBIBYTE = 2 ** 20

/** Passes over all bands that replace the sampled statistics by the bands' own, before the one that counts. */
const REFINEMENTS = 1

/** On `cpu` a run cannot be interrupted; on `webgpu` a run must end before the system takes the GPU for hung. */
const RUN_FLOPS = { cpu: 4.5e9, webgpu: 4e10 }

export interface VaeOptions {
  /** Stops between two strips with the signal's reason; all memory of the call is freed. */
  signal?: AbortSignal
  /** Arithmetic done and in all, after every strip. */
  onProgress?(done: number, total: number): void
  /** Sees intermediate pictures of an exact run. */
  tap?: Tap
  limits?: Partial<Limits>
}

/** The latent's distribution, [latentChannels, height/8, width/8] each. */
export interface Posterior {
  mean: Float32Array
  /** Clamped to [-30, 20]. */
  logvar: Float32Array
}

export class Vae {
  readonly config: VaeConfig
  private readonly backend: Backend
  private readonly parameters: VaeParameters

  private constructor(backend: Backend, config: VaeConfig, parameters: VaeParameters) {
    this.backend = backend
    this.config = config
    this.parameters = parameters
  }

  /**
   * Puts the parameters on the device, under their names in diffusers.
   * @param sides what is needed of the two; the other takes no memory then
   * @throws bad-manifest when channels do not divide into groups; bad-weights
   */
  static async load(
    backend: Backend,
    config: VaeConfig,
    source: WeightSource,
    sides: readonly Side[] = ['encoder', 'decoder'],
  ): Promise<Vae> {
    if (config.channels.some((channels) => channels % config.groups))
      fail(
        'bad-manifest',
        'The autoencoder’s channels do not divide into its groups.',
        'Import the model again.',
        `channels ${config.channels.join(', ')}; groups ${config.groups}`,
      )
    const steps = sides.flatMap((side) => stepsOf(side, config))
    return new Vae(backend, config, await VaeParameters.load(backend, steps, source))
  }

  dispose(): void {
    this.parameters.dispose()
  }

  /** Pixels per latent pixel and side. */
  get factor(): number {
    return 2 ** (this.config.channels.length - 1)
  }

  /**
   * @param image [3, height, width] in [-1, 1], sides multiples of `factor`
   * @throws bad-image for other sizes; image-too-large; the signal's reason
   */
  async encode(
    image: Float32Array,
    height: number,
    width: number,
    options: VaeOptions = {},
  ): Promise<Posterior> {
    if (height % this.factor || width % this.factor)
      fail(
        'bad-image',
        'The picture does not fit the autoencoder’s grid.',
        `Give sides that are multiples of ${this.factor}.`,
        `${width} x ${height}`,
      )
    const moments = await this.through('encoder', image, [3, height, width], options)
    const half = moments.length / 2
    return {
      mean: moments.slice(0, half),
      logvar: moments.subarray(half).map((value) => Math.min(20, Math.max(-30, value))),
    }
  }

  /**
   * @param latent [latentChannels, height, width] as the encoder gives it, not scaled (see `fromModel`)
   * @returns [3, factor*height, factor*width], about [-1, 1], not clamped
   * @throws bad-image for another length; image-too-large; the signal's reason
   */
  decode(
    latent: Float32Array,
    height: number,
    width: number,
    options: VaeOptions = {},
  ): Promise<Float32Array> {
    return this.through('decoder', latent, [this.config.latentChannels, height, width], options)
  }

  private async through(
    side: Side,
    planar: Float32Array,
    size: readonly [channels: number, height: number, width: number],
    options: VaeOptions,
  ): Promise<Float32Array> {
    const { backend, parameters, config } = this
    const [channels, height, width] = size
    if (height < 1 || width < 1 || planar.length !== channels * height * width)
      fail(
        'bad-image',
        'The picture’s numbers do not match its size.',
        'Report this.',
        `${planar.length} values for [${size.join(', ')}]`,
      )
    const limits: Limits = {
      runFlops: RUN_FLOPS[backend.name],
      stripBytes: 32 * MEBIBYTE,
      pictureBytes: 1024 * MEBIBYTE,
      ...options.limits,
    }
    const plan = planOf(side, config, wholeExtent(height, width), limits.pictureBytes)
    const total = plan.flops
    let done = 0
    const scope = new Scope(backend)
    const sweepOptions: SweepOptions = {
      backend,
      scope,
      parameters,
      groups: config.groups,
      limits,
      signal: options.signal,
      tap: plan.bands ? undefined : options.tap,
      onFlops: (flops) => options.onProgress?.((done += flops), total),
    }
    try {
      const sweep = new Sweep(sweepOptions)
      const input = sweep.upload(interleave(planar, channels), height, width, channels)
      if (!plan.bands) return await planarOf(sweep, plan.steps, input)
      const { first, last, steps, samples, parts, output } = plan.bands
      const [x] = await sweep.run(plan.steps.slice(0, first), [input])
      const sampled = samples.map(({ need }) => x.view(need))
      const wanted = samples.map(({ want }) => want)
      for (const part of await sweep.run(steps, sampled, wanted)) part.drop()

      let { found } = sweep
      for (let round = 0; round < REFINEMENTS; round++) {
        const look = new Sweep(sweepOptions, found)
        for (const { want, need } of parts) {
          const share = { from: want.from / output.height, to: want.to / output.height }
          for (const part of await look.run(steps, [x.view(need)], [want], share)) part.drop()
        }
        found = look.found
      }
      const y = new Picture(backend, scope, output)
      y.moments = found.get(steps[steps.length - 1].name) ?? null
      const banded = new Sweep(sweepOptions, found)
      for (const { want, need } of parts) y.append((await banded.run(steps, [x.view(need)], [want]))[0])
      x.drop()
      return await planarOf(sweep, plan.steps.slice(last), y)
    } finally {
      scope.dispose()
    }
  }
}

/** Applies steps to a picture and brings the result to the host. */
async function planarOf(sweep: Sweep, steps: readonly Step[], picture: Picture): Promise<Float32Array> {
  const [result] = await sweep.run(steps, [picture])
  return result.toPlanar()
}

function stepsOf(side: Side, config: VaeConfig): Step[] {
  switch (side) {
    case 'encoder':
      return encoderSteps(config)
    case 'decoder':
      return decoderSteps(config)
  }
}

/** Output rows, and the input rows that they need. */
interface Band {
  want: Rows
  need: Rows
}

/** Which steps run in bands. */
interface Bands {
  /** Steps [first, last). */
  first: number
  last: number
  steps: readonly Step[]
  /** The picture after `last`. */
  output: Extent & { channels: number }
  /** Together the whole output. */
  parts: Band[]
  /** What the statistics are taken from. */
  samples: Band[]
}

interface Plan {
  steps: readonly Step[]
  flops: number
  /** null: exact. */
  bands: Bands | null
}

function planOf(side: Side, config: VaeConfig, input: Extent, pictureBytes: number): Plan {
  const steps = stepsOf(side, config)
  const extents = [input] // before each step, and after the last
  for (const step of steps) extents.push(after(step, extents[extents.length - 1]))
  const bytes = steps.map((step, index) => residentBytes(step, extents[index]))
  const heavy = steps.flatMap((step, index) =>
    step.kind === 'conv' && bytes[index] > pictureBytes ? [index] : [],
  )
  if (heavy.length === 0) return { steps, flops: flopsOf(steps, input), bands: null }

  // Fine levels come last in the decoder, first in the encoder; a resnet's two convolutions stay together.
  let [first, last] = side === 'decoder' ? [heavy[0], steps.length] : [0, heavy[heavy.length - 1] + 1]
  while (adds(steps[first])) first--
  while (last < steps.length && adds(steps[last])) last++
  const inside = steps.slice(first, last)
  if (inside.some((step) => step.kind === 'attention'))
    fail(
      'image-too-large',
      'The picture is too large for the autoencoder.',
      'Choose a smaller size.',
      `${input.width} x ${input.height}`,
    )
  const share = pictureBytes / Math.max(...bytes.slice(first, last))
  const output = extents[last]
  const band = (want: Rows): Band => {
    let need = want
    for (let index = last - 1; index >= first; index--)
      need = reads(steps[index], cellsFor(steps[index], need), extents[index].height)
    return { want, need }
  }
  // Half of the budget per band: what comes in and what has been put out are there too.
  const parts = cut(output.rows, Math.floor((output.height * share) / 2)).map(band)
  const samples = sampleRows(output.height, share, (want) => {
    const { need } = band(want)
    return ((need.to - need.from) * output.height) / extents[first].height
  }).map(band)
  const lastStep = steps[last - 1]
  const channels = lastStep.kind === 'conv' ? lastStep.cout : lastStep.channels
  const passes = new Array<Band[]>(1 + REFINEMENTS).fill(parts).flat()
  const banded = [...samples, ...passes].reduce(
    (sum, { want, need }) => sum + flopsOf(inside, { ...extents[first], rows: need }, want),
    0,
  )
  const flops = flopsOf(steps.slice(0, first), input) + banded + flopsOf(steps.slice(last), output)
  const bands = { first, last, steps: inside, output: { ...output, channels }, parts, samples }
  return { steps, flops, bands }
}

const adds = (step: Step): boolean => step.kind === 'conv' && step.adds

/**
 * Rows that stand for the whole picture: bands in the middle of equal parts of it, no more than a share of it with
 * their halos, and as high as these.
 * @param cost rows that a band takes with its halo
 */
function sampleRows(height: number, share: number, cost: (want: Rows) => number): Rows[] {
  const middle = height >> 1
  const halo = Math.ceil(cost({ from: middle, to: middle + 1 }))
  const count = Math.max(1, Math.floor((height * share) / (2 * halo)))
  const rows = Math.min(height, halo)
  return Array.from({ length: count }, (_, index) => {
    const from = Math.round(((index + 0.5) * height) / count - rows / 2)
    return { from: Math.max(0, from), to: Math.min(height, from + rows) }
  })
}

/** A sample of the posterior: mean + exp(logvar/2) * eps, eps standard normal. */
export function sampleLatent({ mean, logvar }: Posterior, eps: Float32Array): Float32Array {
  return mean.map((value, i) => value + Math.exp(0.5 * logvar[i]) * eps[i])
}

/** The autoencoder's latent -> the diffusion model's: (z - shift) * scaling. */
export function toModel(latent: Float32Array, { scaling, shift }: VaeConfig): Float32Array {
  return latent.map((value) => (value - shift) * scaling)
}

/** The diffusion model's latent -> the autoencoder's: z / scaling + shift. */
export function fromModel(latent: Float32Array, { scaling, shift }: VaeConfig): Float32Array {
  return latent.map((value) => value / scaling + shift)
}
