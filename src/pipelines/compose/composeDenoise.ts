/**
 * DreamO at latent level (specs: DreamO §3, §4, §7): [text, target, references] under full attention, all modulated by
 * the step, references on the diagonal of the position grid. Pipeline and conformance both run this.
 */
import type { Backend, Tensor } from '@/backend/types'
import { fail } from '@/base/errors'
import type { Modulation } from '@/nets/runner/modulation'
import { isJoined, type Conditioning } from '@/nets/runner/network'
import type { Transformer } from '@/nets/runner/transformer'
import type { TransformerRun } from '@/nets/runner/transformerRun'
import type { ResponseWatch } from '@/nets/runner/responseWatch'
import { gridIds, type Tap, type TokenSegment } from '@/nets/runner/tokens'
import { eulerStep, velocityOfBalanced } from '@/samplers/flowMatch'
import type { DreamoEmbeddings } from '@/weights/lora/loraEmbeddings'

export interface ComposeText {
  context: Float32Array // [textTokens, contextDim]
  pooled: Float32Array // [vectorDim]
}

/** One reference picture, encoded and packed. */
export interface ComposeReferenceTokens {
  tokens: Float32Array // [rows*columns, inChannels]
  rows: number
  columns: number
  /** Which row of the index embedding it gets: 1 for the first reference. */
  slot: number
}

/** What the transformer looks at in every step. */
export interface ComposeScene {
  /** Token grid of the target. */
  rows: number
  columns: number
  text: ComposeText
  references: readonly ComposeReferenceTokens[]
  /** null: nothing is added to image tokens, as in the negative pass. */
  embeddings: DreamoEmbeddings | null
  /** References are run in every so many steps (nets/runner/keptKeys); 1 or absent: in all. */
  refreshEvery?: number
}

export interface ComposeSampling {
  /** One more than there are steps, falling. */
  sigmas: ArrayLike<number>
  guidance: number
  /** Instead of `guidance` in step 0; 0: the same. */
  firstStepGuidance: number
  /** True classifier-free guidance in steps start <= i < end; null: off. */
  negative: { text: ComposeText; guidance: number; scale: number; start: number; end: number } | null
}

/** One evaluation of the loop. */
export interface ComposeStep {
  /** Steps finished, from 1. */
  done: number
  /** After true guidance, where it is on. */
  velocity: Float32Array // [tokens, channels]
  /** The picture as it is now predicted: x - sigma * velocity. */
  clean: Float32Array // [tokens, channels]
  /** x after this step. */
  x: Float32Array // [tokens, channels]
}

/** Token grids of a sequence. */
export interface ComposeSequence {
  textTokens: number
  rows: number
  columns: number
  references: readonly { rows: number; columns: number }[]
}

/** DreamO's sequence; text ids are all zero, each reference begins where the grids before it end, on both axes. */
export function composeSegments({ textTokens, rows, columns, references }: ComposeSequence): TokenSegment[] {
  const sees = ['text', 'target', ...references.map((_, index) => referenceName(index))]
  const image = { weights: 'image', modulation: 'step', sees, affine: null } as const
  const segments: TokenSegment[] = [
    { ...image, name: 'text', weights: 'text', tokens: textTokens, ids: new Float32Array(textTokens * 3) },
    { ...image, name: 'target', tokens: rows * columns, ids: gridIds(rows, columns) },
  ]
  const origin = { row: rows, column: columns }
  for (const [index, reference] of references.entries()) {
    const ids = gridIds(reference.rows, reference.columns, origin)
    segments.push({
      ...image,
      name: referenceName(index),
      tokens: reference.rows * reference.columns,
      ids,
    })
    origin.row += reference.rows
    origin.column += reference.columns
  }
  return segments
}

/** Name of the segment of `references[index]`. */
export const referenceName = (index: number): string => `reference${index}`

/**
 * The row that is added to the target's embedded tokens (`slot` 0) or to those of a reference: [hidden].
 * @throws bad-recipe for a slot without a row
 */
export function composeTag({ task, index }: DreamoEmbeddings, slot: number): Float32Array {
  const hidden = task.length / 2
  if (slot === 0) return task.slice(hidden)
  if (!Number.isInteger(slot) || slot < 0 || (slot + 1) * hidden > index.length)
    fail(
      'bad-recipe',
      `There is no place for reference ${slot}.`,
      `Use at most ${index.length / hidden - 1} references.`,
    )
  return task.slice(0, hidden).map((value, i) => value + index[slot * hidden + i])
}

/** One scene's sequence, ready for any number of steps. */
export class ComposeRun {
  private readonly dit: Transformer
  private readonly run: TransformerRun
  private readonly owned: Tensor[] = []
  private readonly embedded: Record<string, Tensor> = {}
  private targetTag: Tensor | null = null
  private watch: ResponseWatch | null = null

  private constructor(dit: Transformer, scene: ComposeScene) {
    this.dit = dit
    this.run = dit.layout(
      composeSegments({ ...scene, textTokens: scene.text.context.length / dit.network.contextDim }),
    )
  }

  /** Embeds what stays the same in all steps. Takes device memory until `dispose`. @throws bad-recipe */
  static async begin(dit: Transformer, scene: ComposeScene, signal?: AbortSignal): Promise<ComposeRun> {
    const run = new ComposeRun(dit, scene)
    try {
      await run.prepare(scene)
      // Nothing is cacheable: all is modulated by the step.
      await run.run.begin(run.embedded, null, signal)
      return run
    } catch (error) {
      run.dispose()
      throw error
    }
  }

  private async prepare({ text, references, embeddings, refreshEvery = 1 }: ComposeScene): Promise<void> {
    const { dit, embedded } = this
    const names = references.map((_, index) => referenceName(index))
    this.run.refreshEvery(refreshEvery, names)
    const { contextDim } = dit.network
    const context = this.upload(text.context, contextDim, 'context')
    try {
      embedded.text = this.keep(await dit.embedText(context))
    } finally {
      this.backend.free(context)
    }
    this.targetTag = this.tag(embeddings, 0)
    for (const [index, { tokens, slot }] of references.entries())
      embedded[referenceName(index)] = this.keep(await this.embedTokens(tokens, this.tag(embeddings, slot)))
  }

  /**
   * What the head says of the packed x, [tokens, channels]: the velocity, where the network is not balanced.
   * @param segment whose tokens the head is asked for; only the target's mean something
   * @throws AbortError when `signal` fires
   */
  async predict(
    x: Float32Array,
    modulation: Modulation,
    { signal, tap, segment = 'target' }: { signal?: AbortSignal; tap?: Tap; segment?: string } = {},
  ): Promise<Float32Array> {
    const target = await this.embedTokens(x, this.targetTag)
    try {
      const y = await this.run.step({ ...this.embedded, target }, modulation, segment, signal, tap)
      const velocity = await this.backend.read(y)
      this.backend.free(y)
      return velocity
    } finally {
      this.backend.free(target)
    }
  }

  /** From now on attention of the target to every reference and to the text is averaged, where `watching` says so. */
  watchReferences(count: number): void {
    const names = Array.from({ length: count }, (_, index) => referenceName(index))
    this.watch = this.run.watch({
      blocks: watchedBlocks(this.dit.network.blocks.filter((block) => !isJoined(block)).length),
      target: 'target',
      groups: [...names.map((name) => [name]), ['text']],
    })
  }

  set watching(active: boolean) {
    if (this.watch) this.watch.active = active
  }

  /** Shares of attention, [references..., text] of [targetTokens] each; null where nothing was watched. */
  async maps(): Promise<Float32Array[] | null> {
    const values = await this.run.maps()
    if (!values || !this.watch) return null
    const groups = this.watch.size
    const tokens = values.length / groups
    return Array.from({ length: groups }, (_, group) => values.slice(group * tokens, (group + 1) * tokens))
  }

  dispose(): void {
    this.run.dispose()
    this.backend.free(...this.owned.splice(0))
  }

  private get backend(): Backend {
    return this.dit.backend
  }

  private keep(tensor: Tensor): Tensor {
    this.owned.push(tensor)
    return tensor
  }

  private tag(embeddings: DreamoEmbeddings | null, slot: number): Tensor | null {
    if (!embeddings) return null
    const row = composeTag(embeddings, slot)
    return this.keep(this.backend.upload(row, [row.length], 'tag'))
  }

  private upload(values: Float32Array, width: number, label: string): Tensor {
    return this.backend.upload(values, [1, values.length / width, width], label)
  }

  private async embedTokens(values: Float32Array, tag: Tensor | null): Promise<Tensor> {
    const tokens = this.upload(values, this.dit.network.inChannels, 'tokens')
    try {
      return await this.dit.embedImage(tokens, tag) // [1, tokens, hidden]
    } finally {
      this.backend.free(tokens)
    }
  }
}

export interface ComposeOptions {
  signal?: AbortSignal
  onStep?: (step: ComposeStep) => void | Promise<void>
  /** Who listens to what, at the end: see `ComposeRun.maps`. */
  onMaps?: (maps: Float32Array[]) => void
}

/** Double blocks 2, 8 and 14 of FLUX's 19, scaled to the depth of smaller models (specs: DreamO §8). */
export function watchedBlocks(doubleBlocks: number): ReadonlySet<number> {
  return new Set([2, 8, 14].map((block) => Math.floor((block * doubleBlocks) / 19)))
}

/** Steps in the middle of the schedule, where maps say most (specs: DreamO §8); the last one where there is none. */
function watchedSteps(sigmas: ArrayLike<number>): ReadonlySet<number> {
  const steps = Array.from({ length: sigmas.length - 1 }, (_, step) => step)
  const middle = steps.filter((step) => sigmas[step] >= 0.5 && sigmas[step] <= 0.8)
  return new Set(middle.length > 0 ? middle : steps.slice(-1))
}

/**
 * Euler from `noise` at `sigmas[0]` to the last sigma: packed latents [tokens, channels]. The negative pass of true
 * guidance sees the target and its own text alone, without embeddings.
 * @throws bad-recipe, device-lost, out-of-memory; AbortError when `signal` fires
 */
export async function composeDenoise(
  dit: Transformer,
  scene: ComposeScene,
  noise: Float32Array,
  sampling: ComposeSampling,
  options: ComposeOptions = {},
): Promise<Float32Array> {
  const { signal, onStep, onMaps } = options
  const { sigmas } = sampling
  const steps = sigmas.length - 1
  const guidances = Array.from({ length: steps }, (_, step) => stepGuidance(sampling, step))
  const modulations = await dit.modulations(
    guidances.flatMap(({ conditioned, negative }, step) => [
      conditioning(sigmas[step], conditioned, scene.text),
      ...(negative ? [conditioning(sigmas[step], negative.guidance, negative.text)] : []),
    ]),
    { signal },
  )
  const runs: ComposeRun[] = []
  const begin = async (of: ComposeScene): Promise<ComposeRun> => {
    const run = await ComposeRun.begin(dit, of, signal)
    runs.push(run)
    return run
  }
  try {
    const run = await begin(scene)
    const watched = onMaps ? watchedSteps(sigmas) : new Set<number>()
    if (watched.size > 0) run.watchReferences(scene.references.length)
    const text = guidances.find(({ negative }) => negative)?.negative?.text
    const bare = text ? await begin({ ...scene, text, references: [], embeddings: null }) : null
    const x = noise.slice()
    let next = 0
    const velocityBy = async (one: ComposeRun, sigma: number): Promise<Float32Array> => {
      const said = await one.predict(x, modulations[next++], { signal })
      if (dit.network.balanced) velocityOfBalanced(said, x, sigma)
      return said
    }
    for (const [step, { negative }] of guidances.entries()) {
      signal?.throwIfAborted()
      run.watching = watched.has(step)
      const sigma = sigmas[step]
      const velocity = await velocityBy(run, sigma)
      if (bare && negative) {
        const away = await velocityBy(bare, sigma)
        for (let i = 0; i < velocity.length; i++)
          velocity[i] = away[i] + negative.scale * (velocity[i] - away[i])
      }
      const clean = x.map((value, i) => value - sigma * velocity[i])
      eulerStep(x, velocity, sigma, sigmas[step + 1])
      await onStep?.({ done: step + 1, velocity, clean, x })
    }
    const maps = watched.size > 0 ? await run.maps() : null
    if (maps) onMaps?.(maps)
    return x
  } finally {
    for (const run of runs) run.dispose()
    for (const modulation of modulations) modulation.dispose()
  }
}

const conditioning = (sigma: number, guidance: number, { pooled }: ComposeText): Conditioning => ({
  sigma: [sigma],
  guidance: [guidance],
  pooled,
})

/** What guides one step: the embedded guidance, and the negative pass where true guidance is on. */
function stepGuidance(
  { guidance, firstStepGuidance, negative }: ComposeSampling,
  step: number,
): { conditioned: number; negative: ComposeSampling['negative'] } {
  const on = negative !== null && negative.scale !== 1 && step >= negative.start && step < negative.end
  return {
    conditioned: step === 0 && firstStepGuidance !== 0 ? firstStepGuidance : guidance,
    negative: on ? negative : null,
  }
}
