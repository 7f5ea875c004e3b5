/**
 * VMDiff at latent level (specs: vmdiff §3 to §5): noise that both pictures have shaped (BNoise), and the picture that their mixed
 * tokens make of it (MDeNoise). FLUX reads Redux tokens where it reads words otherwise; the prompt speaks through CLIP's vector only.
 */
import { SequenceRun } from '@/nets/runner/sequenceRun'
import type { Transformer } from '@/nets/runner/transformer'
import { gridIds, type TokenSegment } from '@/nets/runner/tokens'
import { devSigmas, eulerStep, velocityOfBalanced } from '@/samplers/flowMatch'

/** A picture's or a mixture's tokens, and the prompt's vector. */
export interface MixText {
  tokens: Float32Array // [tokens, contextDim]
  pooled: Float32Array // [vectorDim]
}

/** Token grid of the target. */
export interface MixGrid {
  rows: number
  columns: number
}

/** What one object does, beside the mixture. */
export interface MixPart {
  /** The object's own tokens. [tokens, contextDim] */
  tokens: Float32Array
  /** How much it counts, per token of the picture. [rows * columns] */
  weights: Float32Array
}

/** One evaluation: at the conditioning sigma `label`, x goes from `from` to `to`. */
export interface MixStep {
  label: number
  from: number
  to: number
  guidance: number
}

/** What the released code asks the guidance embedding for: down to the middle, back up, and when the picture is made. */
export const MIX_GUIDANCE = { down: 5, up: 0, make: 4 }
/** Share of the steps after which the noise turns back, as the released 11 of 20. */
const TURNS_AT = 11 / 20

export const mixSigmas = (steps: number, { rows, columns }: MixGrid): Float32Array =>
  devSigmas(steps, rows * columns)

/**
 * The steps of BNoise: down, guided, then the same way back without guidance; on the way back the network is told the sigma that
 * a step goes to.
 */
export function blendingSteps(sigmas: Float32Array): MixStep[] {
  const turn = Math.max(1, Math.round((sigmas.length - 1) * TURNS_AT))
  const pairs = Array.from({ length: turn }, (_, i) => [sigmas[i], sigmas[i + 1]] as const)
  return [
    ...pairs.map(([from, to]) => ({ label: from, from, to, guidance: MIX_GUIDANCE.down })),
    ...pairs.toReversed().map(([to, from]) => ({ label: to, from, to, guidance: MIX_GUIDANCE.up })),
  ]
}

/** The steps of MDeNoise. */
export const makingSteps = (sigmas: Float32Array): MixStep[] =>
  Array.from(sigmas.subarray(0, -1), (from, i) => ({
    label: from,
    from,
    to: sigmas[i + 1],
    guidance: MIX_GUIDANCE.make,
  }))

/** All objects' tokens, each by its strength, one after the other: what BNoise reads. [tokens of all, contextDim] */
export function scaledTogether(tokens: readonly Float32Array[], strengths: readonly number[]): Float32Array {
  const out = new Float32Array(tokens.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const [k, one] of tokens.entries()) {
    out.set(strengths[k] === 1 ? one : one.map((value) => value * strengths[k]), at)
    at += one.length
  }
  return out
}

/**
 * Euler along the steps: x at the end, [rows * columns, channels].
 * @param parts where one object counts alone; without them nothing else is evaluated
 * @param noise x at the first step's `from`
 * @param onStep hears of every x
 * @throws device-lost, out-of-memory; AbortError when `signal` fires
 */
export async function mixDenoise(
  dit: Transformer,
  { tokens, pooled }: MixText,
  grid: MixGrid,
  noise: Float32Array,
  steps: readonly MixStep[],
  {
    parts = [],
    signal,
    onStep,
  }: { parts?: readonly MixPart[]; signal?: AbortSignal; onStep?: (x: Float32Array) => void } = {},
): Promise<Float32Array> {
  const conditionings = steps.map(({ label, guidance }) => ({ sigma: [label], guidance: [guidance], pooled }))
  const modulations = await dit.modulations(conditionings, { signal })
  const [text, target] = mixSegments(tokens.length / dit.network.contextDim, grid)
  const runs: SequenceRun[] = []
  try {
    for (const own of [tokens, ...parts.map((part) => part.tokens)])
      runs.push(await SequenceRun.begin(dit, [text, target], { text: own }, signal))
    const x = noise.slice()
    for (const [index, { label, from, to }] of steps.entries()) {
      signal?.throwIfAborted()
      const said: Float32Array[] = []
      for (const run of runs) {
        const velocity = await run.predict(target, x, modulations[index], signal)
        if (dit.network.balanced) velocityOfBalanced(velocity, x, label)
        said.push(velocity)
      }
      const [velocity, ...alone] = said
      mixVelocities(velocity, alone, parts, grid)
      eulerStep(x, velocity, from, to)
      onStep?.(x)
    }
    return x
  } finally {
    for (const run of runs) run.dispose()
    for (const modulation of modulations) modulation.dispose()
  }
}

/** Puts into the mixture's velocity [tokens, channels] what the objects alone say where they count. */
function mixVelocities(
  velocity: Float32Array,
  alone: readonly Float32Array[],
  parts: readonly MixPart[],
  { rows, columns }: MixGrid,
): void {
  if (parts.length === 0) return
  const channels = velocity.length / (rows * columns)
  for (let at = 0; at < velocity.length; at++) {
    const cell = Math.floor(at / channels)
    const mixed = velocity[at]
    for (const [k, { weights }] of parts.entries()) velocity[at] += weights[cell] * (alone[k][at] - mixed)
  }
}

/** Everything sees everything; the tokens that stand for words have no place. */
export function mixSegments(textTokens: number, { rows, columns }: MixGrid): TokenSegment[] {
  const shared = { modulation: 'step', sees: ['text', 'target'], affine: null } as const
  return [
    { ...shared, name: 'text', weights: 'text', tokens: textTokens, ids: new Float32Array(textTokens * 3) },
    { ...shared, name: 'target', weights: 'image', tokens: rows * columns, ids: gridIds(rows, columns) },
  ]
}
