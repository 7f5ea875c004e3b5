/**
 * DDIM inversion, so that Align takes pictures where D-Fusion takes seeds. Ours, beyond the paper: its trajectories are
 * no substitute for sampled ones in preference training (specs: D-Fusion §7).
 */
import { GuidedRun, type AlignRun, type GuidedContext, type LatentShape } from '@/pipelines/align/guidedRun'
import type { Unet } from '@/nets/unet/unetRunner'
import type { Ddim } from '@/samplers/ddim'

/** Refinements of one step's noise at most, and the relative change at which it counts as found. */
const ROUNDS = 4
const FOUND = 1e-3

/** Forwards of an inversion at most: how soon a step's noise is found, only the run tells. */
export const inversionForwards = (steps: number): number => 1 + ROUNDS * steps

export interface InversionOptions {
  signal?: AbortSignal
  onStep?: (done: number, total: number) => void
}

/**
 * The noise from which deterministic DDIM steps without guidance lead to a clean latent. A step down uses the noise that
 * the model sees above, which a step up does not know yet: it begins with the noise of the step before and is refined
 * by fixed-point iteration.
 * @param clean [1, channels, rows, columns]
 * @param guided the prompt without guidance (one branch)
 * @throws AbortError; device-lost, out-of-memory
 */
export async function invert(
  net: Unet,
  ddim: Ddim,
  guided: GuidedContext,
  shape: LatentShape,
  clean: Float32Array,
  { signal, onStep }: InversionOptions = {},
): Promise<Float32Array> {
  const run = new GuidedRun(net, ddim, guided, shape, invertedRun(clean), { guidance: 1, eta: 0 })
  const noiseAt = async (x: Float32Array, timestep: number): Promise<Float32Array> =>
    ddim.epsilonOf(x, await run.predict(x, timestep, {}, signal), timestep)

  const upwards = [...ddim.timesteps].reverse()
  let x = clean
  let noise = await noiseAt(clean, upwards[0])
  for (const [index, timestep] of upwards.entries()) {
    const below = x
    x = ddim.invert(below, noise, timestep)
    for (let round = 0; round < ROUNDS; round++) {
      noise = await noiseAt(x, timestep)
      const refined = ddim.invert(below, noise, timestep)
      const change = distance(refined, x)
      x = refined
      if (change < FOUND) break
    }
    onStep?.(index + 1, upwards.length)
  }
  return x
}

/** A deterministic run without guidance: what leads an inverted picture back to itself. */
export const invertedRun = (start: Float32Array): AlignRun => ({ start, noise: () => null, guidance: 1 })

/** Root mean square of the difference, relative to that of `b`. */
function distance(a: Float32Array, b: Float32Array): number {
  let difference = 0
  let size = 0
  for (let i = 0; i < a.length; i++) {
    difference += (a[i] - b[i]) ** 2
    size += b[i] ** 2
  }
  return Math.sqrt(difference / Math.max(size, Number.MIN_VALUE))
}
