/** DDIM on the scaled-linear schedule of Stable Diffusion, with eta and log-probabilities (specs: D-Fusion). */

const f32 = Math.fround

export interface DdimConfig {
  trainSteps: number
  betaStart: number
  betaEnd: number
  stepsOffset: number
  /** Whether the step below 0 uses alpha 1 instead of the first alpha. */
  setAlphaToOne: boolean
  prediction: 'epsilon' | 'v_prediction'
  spacing: 'leading' | 'trailing' | 'linspace'
}

/** Stable Diffusion's schedule (specs: D-Fusion §2); what it predicts is the model's. */
export const SD_SCHEDULE = {
  trainSteps: 1000,
  betaStart: 0.00085,
  betaEnd: 0.012,
  stepsOffset: 1,
  setAlphaToOne: false,
  spacing: 'leading',
} as const satisfies Omit<DdimConfig, 'prediction'>

export interface DdimStep {
  /** x at the previous (less noisy) time. */
  previous: Float32Array
  /** Predicted clean sample. */
  original: Float32Array
  /** Mean over elements of the Gaussian log density of `previous`; null where eta is 0. */
  logProbability: number | null
}

export class Ddim {
  readonly betas: Float32Array
  readonly alphasCumprod: Float32Array
  /** From noisy to clean. */
  readonly timesteps: readonly number[]
  private readonly config: DdimConfig
  private readonly stride: number

  constructor(config: DdimConfig, steps: number) {
    this.config = config
    const { trainSteps } = config
    this.betas = scaledLinearBetas(config)
    this.alphasCumprod = new Float32Array(trainSteps)
    let product = 1
    for (let i = 0; i < trainSteps; i++) {
      // Cumulative product in f32, as the peers compute it.
      product = f32(product * f32(1 - this.betas[i]))
      this.alphasCumprod[i] = product
    }
    this.stride = Math.floor(trainSteps / steps)
    this.timesteps = spacedTimesteps(config, steps, this.stride)
  }

  /** sigma^2 of eta 1 at a timestep, rounded as in f32: the last steps subtract nearly equal numbers. */
  variance(timestep: number): number {
    const { alpha, before } = this.alphas(timestep)
    const ratio = f32(f32(1 - before) / f32(1 - alpha))
    return f32(ratio * f32(1 - f32(alpha / before)))
  }

  /** @param noise N(0,1) of the sample's size; used where eta > 0. */
  step(
    sample: Float32Array,
    output: Float32Array,
    timestep: number,
    eta: number,
    noise: Float32Array | null,
  ): DdimStep {
    const { alpha, before } = this.alphas(timestep)
    const original = new Float32Array(sample.length)
    const previous = new Float32Array(sample.length)
    const sigma = f32(eta * f32(Math.sqrt(this.variance(timestep))))
    const direction = Math.sqrt(Math.max(0, 1 - before - sigma * sigma))
    let squares = 0
    for (let i = 0; i < sample.length; i++) {
      const [clean, epsilon] =
        this.config.prediction === 'epsilon'
          ? [(sample[i] - Math.sqrt(1 - alpha) * output[i]) / Math.sqrt(alpha), output[i]]
          : [
              Math.sqrt(alpha) * sample[i] - Math.sqrt(1 - alpha) * output[i],
              Math.sqrt(alpha) * output[i] + Math.sqrt(1 - alpha) * sample[i],
            ]
      const mean = f32(Math.sqrt(before) * clean + direction * epsilon)
      original[i] = clean
      previous[i] = noise ? mean + sigma * noise[i] : mean
      // The density is that of the sample as stored: its f32 rounding shows where sigma is small.
      squares += (previous[i] - mean) ** 2
    }
    const logProbability =
      sigma > 0
        ? -squares / sample.length / (2 * sigma * sigma) - Math.log(sigma) - 0.5 * Math.log(2 * Math.PI)
        : null
    return { previous, original, logProbability }
  }

  /** The noise that the model sees in `sample`, whatever it was trained to predict. */
  epsilonOf(sample: Float32Array, output: Float32Array, timestep: number): Float32Array {
    if (this.config.prediction === 'epsilon') return output
    const { alpha } = this.alphas(timestep)
    const [a, b] = [Math.sqrt(alpha), Math.sqrt(1 - alpha)]
    return sample.map((x, i) => a * output[i] + b * x)
  }

  /** The sample at `timestep` that a deterministic step with this noise takes to `previous`: `step` with eta 0, inverted. */
  invert(previous: Float32Array, epsilon: Float32Array, timestep: number): Float32Array {
    const { alpha, before } = this.alphas(timestep)
    const scale = Math.sqrt(alpha / before)
    const noise = Math.sqrt(1 - alpha) - scale * Math.sqrt(1 - before)
    return previous.map((x, i) => scale * x + noise * epsilon[i])
  }

  private alphas(timestep: number): { alpha: number; before: number } {
    const earlier = timestep - this.stride
    const first = this.config.setAlphaToOne ? 1 : this.alphasCumprod[0]
    return { alpha: this.alphasCumprod[timestep], before: earlier >= 0 ? this.alphasCumprod[earlier] : first }
  }
}

/** linspace(sqrt(start), sqrt(end), n)^2 in f32, filled from both ends as the peers' linspace is. */
function scaledLinearBetas({ trainSteps, betaStart, betaEnd }: DdimConfig): Float32Array {
  const from = Math.sqrt(betaStart)
  const to = Math.sqrt(betaEnd)
  const step = (to - from) / (trainSteps - 1)
  const betas = new Float32Array(trainSteps)
  for (let i = 0; i < trainSteps; i++) {
    const root = f32(i < trainSteps / 2 ? from + i * step : to - (trainSteps - 1 - i) * step)
    betas[i] = root * root
  }
  return betas
}

function spacedTimesteps(config: DdimConfig, steps: number, stride: number): number[] {
  const { spacing, trainSteps, stepsOffset } = config
  switch (spacing) {
    case 'leading':
      return Array.from({ length: steps }, (_, i) => (steps - 1 - i) * stride + stepsOffset)
    case 'trailing':
      return Array.from({ length: steps }, (_, i) => roundHalfEven(trainSteps - (i * trainSteps) / steps) - 1)
    case 'linspace':
      return Array.from({ length: steps }, (_, i) =>
        roundHalfEven(steps === 1 ? 0 : ((trainSteps - 1) * (steps - 1 - i)) / (steps - 1)),
      )
  }
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
