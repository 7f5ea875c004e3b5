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
 * A picture that would take more (`Limits.pictureBytes`, default 1 GiB) is refused. Decoding it in bands needs the
 * statistics of the whole picture first; taken from sampled rows or from a shrunk latent they were too far off.
 */
import type { Backend } from '@/backend/types'
import { fail } from '@/base/errors'
import { interleave, Scope, type Picture } from '@/nets/strips'
import { VaeParameters } from '@/nets/vaeParameters'
import {
  after,
  decoderSteps,
  encoderSteps,
  flopsOf,
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
    const steps = stepsOf(side, config)
    const extent = wholeExtent(height, width)
    checkSize(steps, extent, limits.pictureBytes)
    const total = flopsOf(steps, extent)
    let done = 0
    const scope = new Scope(backend)
    const sweepOptions: SweepOptions = {
      backend,
      scope,
      parameters,
      groups: config.groups,
      limits,
      signal: options.signal,
      tap: options.tap,
      onFlops: (flops) => options.onProgress?.((done += flops), total),
    }
    try {
      const sweep = new Sweep(sweepOptions)
      const input = sweep.upload(interleave(planar, channels), height, width, channels)
      return await planarOf(sweep, steps, input)
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

/** @throws image-too-large when some step would hold more than `pictureBytes` of pictures */
function checkSize(steps: readonly Step[], input: Extent, pictureBytes: number): void {
  let extent = input
  for (const step of steps) {
    if (residentBytes(step, extent) > pictureBytes)
      fail(
        'image-too-large',
        'The picture is too large for the autoencoder.',
        'Choose a smaller size: up to 1024 x 1024 pixels in area.',
        `${input.width} x ${input.height}`,
      )
    extent = after(step, extent)
  }
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
