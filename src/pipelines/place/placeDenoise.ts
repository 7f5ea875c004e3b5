/**
 * DreamFuse at latent level (specs: DreamFuse §3, §5, §6): [text, target, fg, bg] under full attention, conditions
 * modulated at time 0, foreground ids carried through the boxes' affine. Pipeline and conformance both run this.
 */
import type { IdAffine } from '@/backend/kernels/ropeAffine/types'
import type { Backend, Tensor } from '@/backend/types'
import type { Modulation } from '@/nets/runner/modulation'
import type { Transformer } from '@/nets/runner/transformer'
import type { TransformerRun } from '@/nets/runner/transformerRun'
import { gridIds, type Tap, type TokenSegment } from '@/nets/runner/tokens'
import { dynamicMu, eulerStep, flowSigmas } from '@/samplers/flowMatch'

export interface PlaceConditions {
  /** Token grid of target, foreground and background alike. */
  rows: number
  columns: number
  /** Packed latents. */
  foreground: Float32Array // [rows*columns, inChannels]
  background: Float32Array // [rows*columns, inChannels]
  /** Where the foreground's ids go; see `nets/runner/positionalAffine`. */
  affine: IdAffine
  /** Rows for target, foreground, background. */
  tags: Float32Array // [3, hidden]
  text: Float32Array // [textTokens, contextDim]
  /** How often the text tokens are repeated. */
  textStrength: number
  pooled: Float32Array // [vectorDim]
  guidance: number
  /** Steps that change less are guessed (nets/runner/firstBlock); 0 or absent: none is. */
  guessUnder?: number
  /** Foreground and background are run in every so many steps (nets/runner/keptKeys); 1 or absent: in all. */
  refreshEvery?: number
}

/** One evaluation of the loop. */
export interface PlaceStep {
  /** Steps finished, from 1. */
  done: number
  velocity: Float32Array // [tokens, channels]
  /** The picture as it is now predicted: x - sigma * velocity. */
  clean: Float32Array // [tokens, channels]
  /** x after this step. */
  x: Float32Array // [tokens, channels]
  /** Steps so far that were guessed. */
  guessed: number
}

/** FLUX dev's sigmas; only the generated picture's tokens count for the shift. */
export const placeSigmas = (steps: number, imageTokens: number): Float32Array =>
  flowSigmas(steps, { kind: 'dynamic', mu: dynamicMu(imageTokens) })

/** The sequence of one picture, ready for any number of steps. */
export class PlaceRun {
  private readonly dit: Transformer
  private readonly conditions: PlaceConditions
  private readonly sigmas: ArrayLike<number>
  private readonly run: TransformerRun
  private readonly owned: Tensor[] = []
  private readonly embedded: Record<string, Tensor> = {}
  private targetTag: Tensor | null = null
  /** By flow time: the steps' and the conditions', which stay at 0. */
  private modulations = new Map<number, Modulation>()

  private constructor(dit: Transformer, conditions: PlaceConditions, sigmas: ArrayLike<number>) {
    this.dit = dit
    this.conditions = conditions
    this.sigmas = sigmas
    const textTokens = (conditions.text.length / dit.network.contextDim) * conditions.textStrength
    this.run = dit.layout(placeSegments({ ...conditions, textTokens }))
    this.run.guessUnder(conditions.guessUnder ?? 0)
  }

  /** Embeds what stays the same in all steps. Takes device memory until `dispose`. */
  static async begin(
    dit: Transformer,
    conditions: PlaceConditions,
    sigmas: ArrayLike<number>,
    signal?: AbortSignal,
    tap?: Tap,
  ): Promise<PlaceRun> {
    const run = new PlaceRun(dit, conditions, sigmas)
    try {
      await run.prepare(signal, tap)
      return run
    } catch (error) {
      run.dispose()
      throw error
    }
  }

  private async prepare(signal?: AbortSignal, tap?: Tap): Promise<void> {
    const { dit, conditions, embedded } = this
    this.run.refreshEvery(conditions.refreshEvery ?? 1, ['fg', 'bg'])
    embedded.text = await this.embedText()
    embedded.fg = this.keep(await this.embedTokens(conditions.foreground, this.keep(this.tag(1))))
    embedded.bg = this.keep(await this.embedTokens(conditions.background, this.keep(this.tag(2))))
    this.targetTag = this.keep(this.tag(0))
    const times = [...new Set([0, ...Array.from(this.sigmas)])]
    const conditionings = times.map((sigma) => this.conditioning(sigma))
    const modulations = await dit.modulations(conditionings, { signal, tap })
    this.modulations = new Map(times.map((sigma, index) => [sigma, modulations[index]]))
    await this.run.begin(embedded, this.modulation(0), signal)
  }

  /**
   * Velocity at `sigmas[step]` for the packed x: [tokens, channels].
   * @throws AbortError when `signal` fires
   */
  async predict(x: Float32Array, step: number, signal?: AbortSignal, tap?: Tap): Promise<Float32Array> {
    const { dit } = this
    const modulation = this.modulation(this.sigmas[step])
    const target = await this.embedTokens(x, this.targetTag)
    try {
      const y = await this.run.step({ ...this.embedded, target }, modulation, 'target', signal, tap)
      const velocity = await dit.backend.read(y)
      dit.backend.free(y)
      return velocity
    } finally {
      dit.backend.free(target)
    }
  }

  /** Steps so far that were guessed. */
  get guessed(): number {
    return this.run.guessed
  }

  dispose(): void {
    this.run.dispose()
    for (const modulation of this.modulations.values()) modulation.dispose()
    this.modulations.clear()
    this.backend.free(...this.owned.splice(0))
  }

  private get backend(): Backend {
    return this.dit.backend
  }

  private conditioning(sigma: number) {
    return { sigma: [sigma], guidance: [this.conditions.guidance], pooled: this.conditions.pooled }
  }

  private modulation(sigma: number): Modulation {
    const modulation = this.modulations.get(sigma)
    if (!modulation) throw new Error(`flow time ${sigma} is not in the schedule`)
    return modulation
  }

  private keep(tensor: Tensor): Tensor {
    this.owned.push(tensor)
    return tensor
  }

  private tag(row: number): Tensor {
    const { hidden } = this.dit.network
    const values = this.conditions.tags.subarray(row * hidden, (row + 1) * hidden)
    return this.backend.upload(values, [hidden], 'tag')
  }

  private async embedText(): Promise<Tensor> {
    const { contextDim } = this.dit.network
    const text = repeated(this.conditions.text, this.conditions.textStrength)
    const context = this.backend.upload(text, [1, text.length / contextDim, contextDim], 'context')
    try {
      return this.keep(await this.dit.embedText(context))
    } finally {
      this.backend.free(context)
    }
  }

  private async embedTokens(values: Float32Array, tag: Tensor | null): Promise<Tensor> {
    const { inChannels } = this.dit.network
    const tokens = this.backend.upload(values, [1, values.length / inChannels, inChannels], 'tokens')
    try {
      return await this.dit.embedImage(tokens, tag)
    } finally {
      this.backend.free(tokens)
    }
  }
}

/** The values `times` over. */
function repeated(values: Float32Array, times: number): Float32Array {
  const out = new Float32Array(values.length * times)
  for (let i = 0; i < times; i++) out.set(values, i * values.length)
  return out
}

export interface PlaceSequence {
  /** Repetitions included. */
  textTokens: number
  /** Token grid of target, foreground and background alike. */
  rows: number
  columns: number
  affine: IdAffine | null
}

/** DreamFuse's sequence; text ids are all zero, background and target share one plain grid. */
export function placeSegments({ textTokens, rows, columns, affine }: PlaceSequence): TokenSegment[] {
  const sees = ['text', 'target', 'fg', 'bg']
  const grid = gridIds(rows, columns)
  const image = { weights: 'image', tokens: rows * columns, sees, ids: grid } as const
  return [
    {
      name: 'text',
      weights: 'text',
      tokens: textTokens,
      modulation: 'step',
      sees,
      ids: new Float32Array(textTokens * 3),
      affine: null,
    },
    { name: 'target', ...image, modulation: 'step', affine: null },
    { name: 'fg', ...image, modulation: 'fixed', affine },
    { name: 'bg', ...image, modulation: 'fixed', affine: null },
  ]
}

/**
 * Euler from `start` at `sigmas[0]` to the last sigma: packed latents [tokens, channels].
 * @param sigmas one more than there are steps, falling
 * @throws device-lost, out-of-memory; AbortError when `signal` fires
 */
export async function placeDenoise(
  dit: Transformer,
  conditions: PlaceConditions,
  start: Float32Array,
  sigmas: ArrayLike<number>,
  options: { signal?: AbortSignal; onStep?: (step: PlaceStep) => void | Promise<void> } = {},
): Promise<Float32Array> {
  const { signal, onStep } = options
  const run = await PlaceRun.begin(dit, conditions, sigmas, signal)
  try {
    const x = start.slice()
    for (let step = 0; step + 1 < sigmas.length; step++) {
      signal?.throwIfAborted()
      const velocity = await run.predict(x, step, signal)
      const sigma = sigmas[step]
      const clean = x.map((value, i) => value - sigma * velocity[i])
      eulerStep(x, velocity, sigma, sigmas[step + 1])
      await onStep?.({ done: step + 1, velocity, clean, x, guessed: run.guessed })
    }
    return x
  } finally {
    run.dispose()
  }
}
