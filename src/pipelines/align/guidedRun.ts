/** One DDIM run of a U-Net with classifier-free guidance, a step at a time (specs: D-Fusion §2). */
import type { UnetContext, UnetHooks } from '@/nets/unet/unetHooks'
import type { Unet } from '@/nets/unet/unetRunner'
import type { Ddim } from '@/samplers/ddim'

/** Pictures of one size that run together. */
export interface LatentShape {
  images: number
  channels: number
  rows: number
  columns: number
}

/** Where a run starts and the noise of its steps. */
export interface AlignRun {
  /** [images, channels, rows, columns] */
  start: Float32Array
  /** N(0,1) of step `index`, of the latent's size; null: the run is deterministic, whatever eta is. */
  noise(index: number): Float32Array | null
  /** Its own scale of guidance; default: the sampling's. */
  guidance?: number
}

/** What the three runs of Align share. */
export interface RunSettings {
  guidance: number
  eta: number
}

/** Prompt embeddings as the runs of a scene take them: with the empty prompt in front where guidance needs it. */
export interface GuidedContext {
  context: UnetContext
  /** 2: [all unconditional; all conditional]; 1: conditional alone. */
  branches: 1 | 2
}

export const guidanceOf = (run: AlignRun, { guidance }: RunSettings): number => run.guidance ?? guidance

/**
 * @param negative [tokens, width]: the empty prompt
 * @param prompts [tokens, width] for every image
 */
export async function guidedContext(
  net: Unet,
  negative: Float32Array,
  prompts: readonly Float32Array[],
  branches: 1 | 2,
): Promise<GuidedContext> {
  const images = prompts.length
  const values = new Float32Array(branches * images * negative.length)
  for (const [image, prompt] of prompts.entries()) {
    if (branches === 2) values.set(negative, image * negative.length)
    values.set(prompt, ((branches - 1) * images + image) * negative.length)
  }
  return { context: await net.context(values, branches * images), branches }
}

export interface RunStep {
  /** Predicted clean latents, [images, channels, rows, columns]. */
  clean: Float32Array
  /** Mean log-density of the step, per image; null where it is deterministic. */
  logProbability: number[] | null
}

export class GuidedRun {
  /** Latents after the last step, [images, channels, rows, columns]. */
  x: Float32Array
  private readonly net: Unet
  private readonly ddim: Ddim
  private readonly guided: GuidedContext
  private readonly shape: LatentShape
  private readonly run: AlignRun
  private readonly settings: RunSettings

  constructor(
    net: Unet,
    ddim: Ddim,
    guided: GuidedContext,
    shape: LatentShape,
    run: AlignRun,
    settings: RunSettings,
  ) {
    this.net = net
    this.ddim = ddim
    this.guided = guided
    this.shape = shape
    this.run = run
    this.settings = settings
    this.x = run.start
  }

  /** Step `index` of the schedule. @throws AbortError; device-lost, out-of-memory */
  async step(index: number, hooks: UnetHooks, signal?: AbortSignal): Promise<RunStep> {
    const { ddim, run, settings, x } = this
    const timestep = ddim.timesteps[index]
    const output = await this.predict(x, timestep, hooks, signal)
    const noise = run.noise(index)
    const eta = noise ? settings.eta : 0
    const { images } = this.shape
    const size = x.length / images
    const next = new Float32Array(x.length)
    const clean = new Float32Array(x.length)
    const logs: number[] = []
    // Every image on its own, so that each has its own log-density.
    for (let image = 0; image < images; image++) {
      const part = (values: Float32Array) => values.subarray(image * size, (image + 1) * size)
      const step = ddim.step(part(x), part(output), timestep, eta, noise && part(noise))
      next.set(step.previous, image * size)
      clean.set(step.original, image * size)
      if (step.logProbability !== null) logs.push(step.logProbability)
    }
    this.x = next
    return { clean, logProbability: logs.length === images ? logs : null }
  }

  /** The net's output for these latents under guidance. */
  async predict(
    x: Float32Array,
    timestep: number,
    hooks: UnetHooks = {},
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    signal?.throwIfAborted()
    const { net, run, settings } = this
    const { images, channels, rows, columns } = this.shape
    const { context, branches } = this.guided
    const batch = branches * images
    const all = new Float32Array(branches * x.length)
    for (let branch = 0; branch < branches; branch++) all.set(x, branch * x.length)
    const sample = net.backend.upload(all, [batch, channels, rows, columns], 'latents')
    try {
      const times = new Array<number>(batch).fill(timestep)
      const y = await net.forward(sample, times, context, hooks, signal)
      const values = await net.backend.read(y)
      net.backend.free(y)
      return branches === 2 ? guided(values, guidanceOf(run, settings)) : values
    } finally {
      net.backend.free(sample)
    }
  }
}

/** uncond + scale * (cond - uncond); the batch holds the unconditional half first. */
export function guided(both: Float32Array, scale: number): Float32Array {
  const half = both.length / 2
  return Float32Array.from({ length: half }, (_, i) => both[i] + scale * (both[half + i] - both[i]))
}
