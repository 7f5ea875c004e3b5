/**
 * The sampling loop of FLUX.2 [klein] (specs: FLUX.2 §2, §5, §13): pictures are edited with clean references beside the
 * output's tokens; where a picture is given to stay outside a mask, it is put back after every step.
 */
import type { Modulation } from '@/nets/runner/modulation'
import type { TokenKind } from '@/nets/runner/network'
import { SequenceRun } from '@/nets/runner/sequenceRun'
import { gridIds, type TokenSegment } from '@/nets/runner/tokens'
import type { Transformer } from '@/nets/runner/transformer'
import type { TextFeatures } from '@/weights/texts/keptTexts'
import { addNoise, eulerStep, flowSigmas, kleinMu } from '@/samplers/flowMatch'

/** Normalised latent of a picture as tokens, row after row: [rows*columns, channels]. */
export interface PictureTokens {
  values: Float32Array
  rows: number
  columns: number
}

/** A picture that stays where the mask is 0. */
export interface Blend {
  /** Normalised tokens of the output's size, [tokens, channels]. */
  image: Float32Array
  /** Per token, 0 to 1. */
  mask: Float32Array
  /** 1 begins with noise; below, whole steps are skipped and the picture's layout stays. */
  strength: number
}

export interface KleinJob {
  text: TextFeatures
  /** Base models: what the picture is led away from, and how far. */
  negative?: TextFeatures
  guidance?: number
  references: readonly PictureTokens[]
  /** Noise of the output's size. */
  noise: PictureTokens
  steps: number
  blend?: Blend
}

export interface KleinOptions {
  signal?: AbortSignal
  /**
   * After every step: its number from 1, the tokens, the velocity, and the noise that is left: x - sigma * velocity is what
   * the picture looks like so far.
   */
  onStep?(step: number, x: Float32Array, velocity: Float32Array, sigma: number): void
}

/** Id axes: picture, row, column, word. */
const AXES = 4
/** Pictures are this far apart on their axis; the output is at 0. */
const APART = 10

/** Ids of a picture's tokens: the output's, or reference `index`'s, counted from 0. */
export const pictureIds = (rows: number, columns: number, index: number | null): Float32Array =>
  gridIds(rows, columns, { axes: AXES, index: index === null ? 0 : APART * (index + 1) })

/** Ids of a text's tokens. */
export function textIds(tokens: number): Float32Array {
  const ids = new Float32Array(tokens * AXES)
  for (let token = 0; token < tokens; token++) ids[token * AXES + AXES - 1] = token
  return ids
}

const referenceName = (index: number): string => `reference${index}`

type Grid = Pick<PictureTokens, 'rows' | 'columns'>

/** The sequence: text, output, references; all see all, and every step modulates references as it does the output. */
export function kleinSegments(textTokens: number, output: Grid, references: readonly Grid[]): TokenSegment[] {
  const sees = ['text', 'output', ...references.map((_, index) => referenceName(index))]
  const segment = (name: string, weights: TokenKind, ids: Float32Array): TokenSegment => ({
    ...{ name, weights, ids, sees },
    tokens: ids.length / AXES,
    modulation: 'step',
    affine: null,
  })
  return [
    segment('text', 'text', textIds(textTokens)),
    segment('output', 'image', pictureIds(output.rows, output.columns, null)),
    ...references.map(({ rows, columns }, index) =>
      segment(referenceName(index), 'image', pictureIds(rows, columns, index)),
    ),
  ]
}

/** How many of the steps are run: with four a strength of 0.8 is as good as 1. */
export const stepsTaken = (steps: number, strength: number): number =>
  steps - Math.trunc(Math.max(0, steps - Math.min(steps * strength, steps)))

/**
 * @returns the output's tokens, [tokens, channels], normalised as the references are
 * @throws bad-weights, out-of-memory; AbortError when `signal` fires
 */
export async function kleinDenoise(
  dit: Transformer,
  job: KleinJob,
  { signal, onStep }: KleinOptions = {},
): Promise<Float32Array> {
  const { noise, steps, blend, guidance = 1 } = job
  const sigmas = flowSigmas(steps, { kind: 'dynamic', mu: kleinMu(noise.rows * noise.columns, steps) })
  const first = blend ? steps - stepsTaken(steps, blend.strength) : 0
  const x = blend ? addNoise(blend.image, noise.values, sigmas[first]) : noise.values.slice()
  const times = [...sigmas.subarray(first, steps)]
  const pass = await KleinPass.begin(dit, job, job.text, signal)
  let other: KleinPass | null = null
  let modulations: Modulation[] = []
  try {
    if (job.negative) other = await KleinPass.begin(dit, job, job.negative, signal)
    modulations = await dit.modulations(
      times.map((sigma) => ({ sigma: [sigma] })),
      { signal },
    )
    for (const [index, modulation] of modulations.entries()) {
      signal?.throwIfAborted()
      const next = sigmas[first + index + 1]
      const velocity = await pass.velocity(x, modulation, signal)
      if (other) lead(velocity, await other.velocity(x, modulation, signal), guidance)
      eulerStep(x, velocity, times[index], next)
      if (blend) putBack(x, addNoise(blend.image, noise.values, next), blend.mask)
      onStep?.(index + 1, x, velocity, next)
    }
    return x
  } finally {
    for (const modulation of modulations) modulation.dispose()
    pass.dispose()
    other?.dispose()
  }
}

/** Away from what is not wanted: other + guidance * (velocity - other), in place. */
function lead(velocity: Float32Array, other: Float32Array, guidance: number): void {
  for (let i = 0; i < velocity.length; i++) velocity[i] = other[i] + guidance * (velocity[i] - other[i])
}

/** mask * x + (1 - mask) * image, in place; one mask value per token. */
export function putBack(x: Float32Array, image: Float32Array, mask: Float32Array): void {
  const channels = x.length / mask.length
  for (let i = 0; i < x.length; i++) {
    const m = mask[Math.floor(i / channels)]
    x[i] = (1 - m) * image[i] + m * x[i]
  }
}

/** One text with the references; every step modulates them as it does the output. */
class KleinPass {
  private readonly run: SequenceRun
  private readonly output: TokenSegment

  private constructor(run: SequenceRun, output: TokenSegment) {
    this.run = run
    this.output = output
  }

  static async begin(
    dit: Transformer,
    { noise, references }: KleinJob,
    text: TextFeatures,
    signal?: AbortSignal,
  ): Promise<KleinPass> {
    const segments = kleinSegments(text.tokens, noise, references)
    const output = segments[1]
    const pictures = Object.fromEntries(references.map(({ values }, index) => [referenceName(index), values]))
    const run = await SequenceRun.begin(dit, segments, { text: text.values, ...pictures }, signal)
    return new KleinPass(run, output)
  }

  /** The output's velocity, [tokens, channels]. */
  velocity(x: Float32Array, modulation: Modulation, signal?: AbortSignal): Promise<Float32Array> {
    return this.run.predict(this.output, x, modulation, signal)
  }

  dispose(): void {
    this.run.dispose()
  }
}
