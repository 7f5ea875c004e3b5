/**
 * AutoencoderKL: FLUX.1's with 16 latent channels, FLUX.2's with 32, Stable Diffusion's with 4 (specs: encoders §1,
 * FLUX.2 §7), Painter 2's between pixels that are folded into cells.
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
 * A picture that would take more (`Limits.pictureBytes`, default 1 GiB) is refused.
 */
import type { Backend } from '@/backend/types'
import { fail } from '@/base/errors'
import type { Size } from '@/base/geometry'
import { ConvParameters } from '@/nets/strips/convParameters'
import { interleave, Scope } from '@/nets/strips/picture'
import { after, conv, flopsOf, residentBytes, type Extent, type Step } from '@/nets/strips/steps'
import { Sweep, type Limits, type Tap } from '@/nets/strips/sweep'
import { foldOf, foldPixels, unfoldPixels } from '@/nets/vae/fold'
import type { VaeConfig } from '@/schema/pack'
import type { WeightSource } from '@/weights/formats/source'

export type Side = 'encoder' | 'decoder'

/** Image [imageChannels, height, width] -> [mean | logvar] [2*latentChannels, height/8, width/8] (specs: encoders §1). */
export function encoderSteps(config: VaeConfig): Step[] {
  const { channels, resnets, latentChannels, quantConvs, imageChannels = 3 } = config
  const [first] = channels
  const last = channels[channels.length - 1]
  const steps: Step[] = [conv('encoder.conv_in', imageChannels, first)]
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

/** Latent -> image [imageChannels, height, width] (specs: encoders §1); diffusers counts the decoder's blocks from the deepest level. */
export function decoderSteps(config: VaeConfig): Step[] {
  const { resnets, latentChannels: z, quantConvs, imageChannels = 3 } = config
  const { decoderChannels: channels = config.channels } = config
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
  steps.push(conv('decoder.conv_out', channels[0], imageChannels, { norm, moments: false }))
  return steps
}

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

/** Arithmetic of one picture of so many pixels, two per multiply-add. */
export function vaeFlops(config: VaeConfig, side: Side, { width, height }: Size): number {
  const factor = side === 'decoder' ? factorOf(config) : foldOf(config)
  return flopsOf(stepsOf[side](config), { width: width / factor, height: height / factor })
}

/** Pixels per latent pixel and side. */
export const factorOf = (config: VaeConfig): number => foldOf(config) * 2 ** (config.channels.length - 1)

const stepsOf: Record<Side, (config: VaeConfig) => Step[]> = { encoder: encoderSteps, decoder: decoderSteps }

/** GroupNorm's epsilon. */
const EPSILON = 1e-6

const MEBIBYTE = 2 ** 20

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
  private readonly parameters: ConvParameters

  private constructor(backend: Backend, config: VaeConfig, parameters: ConvParameters) {
    this.backend = backend
    this.config = config
    this.parameters = parameters
  }

  /**
   * Puts the parameters on the device, under their names in diffusers.
   * @param sides what is needed of the two; the other takes no memory then
   * @throws bad-manifest when channels do not divide into groups, or are no folded pixels; bad-weights
   */
  static async load(
    backend: Backend,
    config: VaeConfig,
    source: WeightSource,
    sides: readonly Side[] = ['encoder', 'decoder'],
  ): Promise<Vae> {
    const widths = [...config.channels, ...(config.decoderChannels ?? [])]
    if (widths.some((channels) => channels % config.groups))
      fail(
        'bad-manifest',
        'The autoencoder’s channels do not divide into its groups.',
        'Import the model again.',
        `channels ${widths.join(', ')}; groups ${config.groups}`,
      )
    if (!Number.isInteger(foldOf(config)))
      fail(
        'bad-manifest',
        'The autoencoder’s cells hold no whole number of pixels.',
        'Import the model again.',
        `${config.imageChannels ?? 3} channels`,
      )
    const steps = sides.flatMap((side) => stepsOf[side](config))
    return new Vae(backend, config, await ConvParameters.load(backend, steps, source))
  }

  dispose(): void {
    this.parameters.dispose()
  }

  /** Pixels per latent pixel and side. */
  get factor(): number {
    return factorOf(this.config)
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
    const moments = await this.moments(image, height, width, options)
    const half = moments.length / 2
    return {
      mean: moments.slice(0, half),
      logvar: moments.subarray(half).map((value) => Math.min(20, Math.max(-30, value))),
    }
  }

  /**
   * What the encoder says as it is: mean and logarithm of the variance, not clamped.
   * @returns [2*latentChannels, height/factor, width/factor] @throws as `encode`
   */
  async moments(
    image: Float32Array,
    height: number,
    width: number,
    options: VaeOptions = {},
  ): Promise<Float32Array> {
    if (height % this.factor || width % this.factor)
      fail(
        'bad-image',
        'The picture does not fit the autoencoder’s grid.',
        `Give sides that are multiples of ${this.factor}.`,
        `${width} x ${height}`,
      )
    const { imageChannels = 3 } = this.config
    const fold = foldOf(this.config)
    const cells = foldPixels(image, height, width, fold)
    return this.through('encoder', cells, [imageChannels, height / fold, width / fold], options)
  }

  /**
   * @param latent [latentChannels, height, width] as the encoder gives it: the model's scaling and shift taken back
   * @returns [3, factor*height, factor*width], about [-1, 1], not clamped
   * @throws bad-image for another length; image-too-large; the signal's reason
   */
  async decode(
    latent: Float32Array,
    height: number,
    width: number,
    options: VaeOptions = {},
  ): Promise<Float32Array> {
    const fold = foldOf(this.config)
    const cells = await this.through('decoder', latent, [this.config.latentChannels, height, width], options)
    return unfoldPixels(cells, height * this.factor, width * this.factor, fold)
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
      runFlops: backend.runFlops,
      stripBytes: 32 * MEBIBYTE,
      pictureBytes: 1024 * MEBIBYTE,
      ...options.limits,
    }
    const steps = stepsOf[side](config)
    const extent = { height, width }
    checkSize(steps, extent, limits.pictureBytes)
    const total = flopsOf(steps, extent)
    let done = 0
    const scope = new Scope(backend)
    try {
      const sweep = new Sweep({
        backend,
        scope,
        parameters,
        groups: config.groups,
        epsilon: EPSILON,
        limits,
        signal: options.signal,
        tap: options.tap,
        onFlops: (flops) => options.onProgress?.((done += flops), total),
      })
      const input = sweep.upload(interleave(planar, channels), height, width, channels)
      const result = await sweep.run(steps, input)
      return await result.toPlanar()
    } finally {
      scope.dispose()
    }
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
