/** Pictures of one recipe's objects, mixed at any point (specs: vmdiff §4, §5). */
import { roundHalfEven } from '@/assets/areaResize'
import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { PIXELS_PER_TOKEN } from '@/pipelines/flux/fluxPictures'
import {
  blendingSteps,
  makingSteps,
  mixDenoise,
  scaledTogether,
  type MixPart,
  type MixStep,
  type MixText,
} from '@/pipelines/mix/mixDenoise'
import type { MixModel } from '@/pipelines/mix/mixModel'
import { mixture } from '@/pipelines/mix/mixture'
import { partsOf } from '@/pipelines/mix/parts'
import { fitLatentColours, previewOf, type LatentColours } from '@/pipelines/shared/latentPreview'
import { noiseStream, packLatent, unpackLatent } from '@/pipelines/shared/latents'
import type { Progress } from '@/pipelines/shared/report'
import { opaque, toBytes } from '@/pipelines/shared/samples'
import type { StageSeconds } from '@/pipelines/shared/stopwatch'
import { stopwatch } from '@/pipelines/shared/stopwatch'
import type { MixPoint, MixRecipe } from '@/schema/modes/mix'

export interface MixedPicture {
  image: Raster
  turned: number
  tokens: number
}

interface SessionOptions {
  model: MixModel
  recipe: MixRecipe
  /** Of the objects, in the recipe's order. */
  pictures: readonly Raster[]
  /** Steps of all pictures that will be made, as far as that is known. */
  steps: number
  onProgress(progress: Progress): void
  signal: AbortSignal
}

/** What is used again as long as the model stays open. */
interface Memory {
  /** By objects: their tokens. */
  tokens: Map<string, Float32Array[]>
  /** By all that it depends on: noise that the objects have shaped. */
  noises: Map<string, Float32Array>
  /** Learnt from the last picture. */
  colours: LatentColours | null
}
const memories = new WeakMap<object, Memory>()
/** A draft's and a picture's noise for each strength that a round tries. */
const MOST_NOISES = 16

/** One job's pictures. */
export class MixSession {
  readonly seconds: StageSeconds = { load: 0, encode: 0, sample: 0, composite: 0 }
  private readonly options: SessionOptions
  private readonly memory: Memory
  private readonly tokens: readonly Float32Array[]
  private readonly pooled: Float32Array
  /** Pixels per side of its pictures, and their tokens. */
  private readonly side: number
  private readonly grid: { rows: number; columns: number }
  private readonly sigmas: Float32Array
  private done = 0

  private constructor(
    options: SessionOptions,
    memory: Memory,
    tokens: readonly Float32Array[],
    pooled: Float32Array,
  ) {
    this.options = options
    this.memory = memory
    this.tokens = tokens
    this.pooled = pooled
    const { size, steps } = options.recipe.mix
    this.side = options.model.sizeOf({ width: size, height: size }).width
    const tokensAside = this.side / PIXELS_PER_TOKEN
    this.grid = { rows: tokensAside, columns: tokensAside }
    this.sigmas = options.model.sigmas(steps, tokensAside ** 2)
  }

  /** Reads objects and prompt. @throws missing-asset, bad-weights, out-of-memory; AbortError */
  static async begin(options: SessionOptions): Promise<MixSession> {
    const { model, recipe, pictures, onProgress, signal } = options
    const memory = memories.get(model.stays) ?? { tokens: new Map(), noises: new Map(), colours: null }
    memories.set(model.stays, memory)
    const lap = stopwatch()
    model.makeRoom()
    const pooled = await model.promptVector(recipe.prompt, signal)
    const key = objectsKey(recipe)
    let tokens = memory.tokens.get(key)
    if (!tokens) {
      tokens = await model.embedObjects(pictures, {
        signal,
        onProgress: (done, total) => onProgress({ kind: 'stage', stage: 'pictures', done, total }),
      })
      memory.tokens.clear()
      memory.tokens.set(key, tokens)
    }
    const session = new MixSession(options, memory, tokens, pooled)
    session.seconds.encode += lap()
    return session
  }

  /** @throws bad-weights where numbers overflow; device-lost, out-of-memory; AbortError */
  async make(point: MixPoint): Promise<MixedPicture> {
    const { model, recipe, signal, onProgress } = this.options
    const lap = stopwatch()
    const dit = await model.transformer(
      (done, total) => onProgress({ kind: 'stage', stage: 'transformer', done, total }),
      signal,
    )
    this.seconds.load += lap()
    const noise = await this.noiseAt(point)
    const { contextDim } = dit.network
    const mixed = mixture(this.tokens, point.shares, contextDim, recipe.mix.slerp)
    const latent = await this.denoise(
      { tokens: mixed.tokens, pooled: this.pooled },
      noise,
      makingSteps(this.sigmas),
      partsOf(recipe.mix.places, this.tokens, this.grid),
    )
    this.seconds.sample += lap()
    const image = await this.decode(latent)
    this.seconds.composite += lap()
    return { image, turned: mixed.turned, tokens: mixed.tokens.length / contextDim }
  }

  /** Noise that the objects have shaped, made once for each strength. */
  private async noiseAt({ strengths, round }: MixPoint): Promise<Float32Array> {
    const { recipe } = this.options
    const { noises } = this.memory
    const { size, steps, noise: source } = recipe.mix
    const key = JSON.stringify([
      objectsKey(recipe),
      recipe.prompt,
      recipe.seed,
      size,
      steps,
      source,
      strengths,
      round,
    ])
    const known = noises.get(key)
    if (known) return known
    const tokens = scaledTogether(this.tokens, strengths)
    const shaped = await this.denoise(
      { tokens, pooled: this.pooled },
      this.drawn(round),
      blendingSteps(this.sigmas),
    )
    noises.set(key, shaped)
    const [oldest] = noises.keys()
    if (noises.size > MOST_NOISES) noises.delete(oldest)
    return shaped
  }

  /** The noise of a round: one draw after the other. */
  private drawn(round: number): Float32Array {
    const { model, recipe } = this.options
    const { channels } = model
    const [rows, columns] = [2 * this.grid.rows, 2 * this.grid.columns]
    const draw = noiseStream(recipe.mix.noise, recipe.seed)
    let noise = draw(channels * rows * columns)
    for (let i = 0; i < round; i++) noise = draw(channels * rows * columns)
    return packLatent(noise, channels, rows, columns)
  }

  private async denoise(
    text: MixText,
    noise: Float32Array,
    steps: readonly MixStep[],
    parts: readonly MixPart[] = [],
  ): Promise<Float32Array> {
    const { model, signal, onProgress } = this.options
    const dit = await model.transformer(undefined, signal)
    const x = await mixDenoise(dit, text, this.grid, noise, steps, {
      parts,
      signal,
      onStep: (now) => {
        this.done++
        const steps = Math.max(this.options.steps, this.done)
        onProgress({ kind: 'step', step: this.done, steps, preview: this.preview(now), detail: null })
      },
    })
    if (!x.every(Number.isFinite))
      fail(
        'bad-weights',
        'The numbers of this mixture grew without bounds.',
        'Choose another seed, or import the transformer in another precision.',
      )
    return x
  }

  private preview(x: Float32Array) {
    const { colours } = this.memory
    if (!colours) return null
    const { side } = this
    const [rows, columns] = [2 * this.grid.rows, 2 * this.grid.columns]
    const latent = unpackLatent(x, this.options.model.channels, rows, columns)
    return {
      rect: { x: 0, y: 0, width: side, height: side },
      image: previewOf(latent, rows, columns, colours),
    }
  }

  private async decode(tokens: Float32Array): Promise<Raster> {
    const { model, signal, onProgress } = this.options
    const size = { width: this.side, height: this.side }
    const pixels = await model.decode(tokens, size, {
      signal,
      onProgress: (done, total) => onProgress({ kind: 'stage', stage: 'decode', done, total }),
    })
    const [rows, columns] = [2 * this.grid.rows, 2 * this.grid.columns]
    const latent = unpackLatent(tokens, model.channels, rows, columns)
    this.memory.colours = fitLatentColours([{ rows, columns, latent, pixels }], model.channels)
    return opaque({ ...size, channels: 3, data: toBytes(pixels, roundHalfEven) })
  }
}

const objectsKey = ({ objects }: MixRecipe): string => objects.map(({ asset }) => asset.hash).join()
