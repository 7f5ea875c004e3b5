/** Flow-matching Euler: sigma schedules and steps (specs: FLUX §6). sigma 1 is noise, 0 is data. */

/** How raw times are shifted towards noise. */
export type Shift =
  | { kind: 'none' }
  /** FLUX dev: exponential with mu from the number of generated image tokens. */
  | { kind: 'dynamic'; mu: number }
  /** A constant shift between the shifted training end points. */
  | { kind: 'static'; shift: number; trainSteps: number }

/** mu of FLUX's dynamic shift: linear in the generated image's tokens, not clamped. */
export const dynamicMu = (imageTokens: number): number =>
  0.5 + (imageTokens - 256) * ((1.15 - 0.5) / (4096 - 256))

/** Tokens above which FLUX.2's mu is that of many steps, whatever their number. */
const MANY_TOKENS = 4300

/**
 * mu of FLUX.2's dynamic shift: linear in the output's tokens for 10 and for 200 steps, and linear in the steps between
 * (specs: FLUX.2 §5). It jumps down where the output has more than 4300 tokens.
 */
export function kleinMu(outputTokens: number, steps: number): number {
  const few = 8.73809524e-5 * outputTokens + 1.89833333
  const many = 1.6927e-4 * outputTokens + 0.45666666
  if (outputTokens > MANY_TOKENS) return many
  const slope = (many - few) / 190
  return slope * steps + many - 200 * slope
}

/** n+1 sigmas from high to 0, rounded to f32 as the peers' are. */
export function flowSigmas(steps: number, shift: Shift): Float32Array {
  const sigmas = new Float32Array(steps + 1)
  for (let i = 0; i < steps; i++) sigmas[i] = sigmaAt(i, steps, shift)
  return sigmas
}

/** FLUX dev's sigmas; only the generated image's tokens count for the shift. */
export const devSigmas = (steps: number, imageTokens: number): Float32Array =>
  flowSigmas(steps, { kind: 'dynamic', mu: dynamicMu(imageTokens) })

function sigmaAt(i: number, steps: number, shift: Shift): number {
  switch (shift.kind) {
    case 'none':
      return linspace(1, 1 / steps, steps, i)
    case 'dynamic': {
      const raw = Math.fround(linspace(1, 1 / steps, steps, i))
      return Math.exp(shift.mu) / (Math.exp(shift.mu) + (1 / raw - 1))
    }
    case 'static': {
      const apply = (sigma: number) => (shift.shift * sigma) / (1 + (shift.shift - 1) * sigma)
      const low = apply(1 / shift.trainSteps)
      return apply(linspace(apply(1), low, steps, i))
    }
  }
}

const linspace = (from: number, to: number, count: number, index: number): number =>
  count === 1 ? from : from + ((to - from) * index) / (count - 1)

/** x + (next - sigma) * velocity, in place. */
export function eulerStep(x: Float32Array, velocity: Float32Array, sigma: number, next: number): void {
  const delta = next - sigma
  for (let i = 0; i < x.length; i++) x[i] += delta * velocity[i]
}

/**
 * Makes the velocity, noise - data, of what a balanced network says of x = (1 - sigma) data + sigma noise, in place: it says
 * (sigma data - (1 - sigma) noise) / s with s² = sigma² + (1 - sigma)², which is never x itself (Karras et al. 2022, for this path;
 * `balanced` in training/painter/dit.py).
 */
export function velocityOfBalanced(said: Float32Array, x: Float32Array, sigma: number): void {
  const square = sigma ** 2 + (1 - sigma) ** 2
  const [ofX, ofSaid] = [(2 * sigma - 1) / square, -1 / Math.sqrt(square)]
  for (let i = 0; i < said.length; i++) said[i] = ofX * x[i] + ofSaid * said[i]
}

/** sigma * noise + (1 - sigma) * data. */
export function addNoise(data: Float32Array, noise: Float32Array, sigma: number): Float32Array {
  return data.map((value, i) => sigma * noise[i] + (1 - sigma) * value)
}
