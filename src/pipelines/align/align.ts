/**
 * Mode Align (specs: D-Fusion): a target that starts as the base does and takes from the reference what the chosen words
 * name. Base and reference are seeds or, ours, the user's own pictures.
 */
import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import type { WordThreshold } from '@/base/wordMask'
import {
  alignDenoise,
  type AlignRunStep,
  type AlignSampling,
  type AlignScene,
  type AlignStep,
} from '@/pipelines/align/alignDenoise'
import type { AlignModel } from '@/pipelines/align/alignModel'
import {
  meanError,
  openSession,
  seededRun,
  startRun,
  type AlignSession,
  type JobContext,
  type StartedRun,
} from '@/pipelines/align/alignSession'
import type { AlignRun } from '@/pipelines/align/guidedRun'
import type { AlignFrame, AlignRecord, PerRun, Trajectory } from '@/pipelines/align/report'
import { stopwatch, type StageSeconds } from '@/pipelines/shared/stopwatch'
import type { AlignRecipe } from '@/schema/modes/align'

export interface AlignJob {
  recipe: AlignRecipe
  /** Pixels of the base and then of the reference, as far as they are pictures. */
  pictures: readonly Raster[]
}

export interface AlignResult {
  image: Raster
  seconds: StageSeconds
  record: AlignRecord
}

/**
 * @throws bad-recipe when no word is chosen or one is not in the prompt; missing-asset, bad-weights, device-lost,
 * out-of-memory; AbortError when `signal` fires
 */
export async function align(model: AlignModel, job: AlignJob, context: JobContext): Promise<AlignResult> {
  const { recipe } = job
  const lap = stopwatch()
  const session = await openSession(model, recipe, context)
  const { shape, ddim, prompt, negative, onProgress, signal } = session
  const sampling = samplingOf(session, recipe)
  const seconds = { load: lap(), encode: 0, sample: 0, composite: 0 }

  const pictures = [...job.pictures]
  const next = (start: AlignRecipe['base']) => (start.kind === 'picture' ? pictures.shift() : undefined)
  const base = await startRun(session, recipe.base, next(recipe.base))
  const reference = await startRun(session, recipe.reference, next(recipe.reference))
  const target: AlignRun = recipe.base.kind === 'seed' ? seededRun(session, recipe.base.seed) : base.run
  seconds.encode += lap()

  const scene: AlignScene = {
    ...shape,
    negative: negative.embedding,
    prompts: [prompt.embedding],
    reference: reference.run,
    base: base.run,
    target,
  }
  const recorder = new Recorder(session, scene)
  await alignDenoise(session.net, ddim, scene, sampling, {
    signal,
    onStep: (step) =>
      onProgress({
        kind: 'step',
        step: step.done,
        steps: ddim.timesteps.length,
        preview: null,
        detail: recorder.note(step),
      }),
  })
  seconds.sample += lap()

  const images = await decodeAll(session, recorder.last())
  const scores = await scoreAll(session, recipe.prompt, images)
  seconds.composite += lap()
  return {
    image: images.target,
    seconds,
    record: {
      reference: images.reference,
      base: images.base,
      ...recorder.record(),
      scores,
      adopted: scores && isAdopted(scores, recipe.align.adoption),
      reconstruction: {
        base: errorOf(base, images.base),
        reference: errorOf(reference, images.reference),
      },
      latent: { channels: shape.channels, rows: shape.rows, columns: shape.columns },
      timesteps: [...ddim.timesteps],
      prompt: {
        embedding: prompt.embedding,
        negative: negative.embedding,
        tokens: prompt.tokens,
        width: prompt.width,
      },
    },
  }
}

/** Eq. 7: whether the target gained at least this share of what the reference has over the base. */
export const isAdopted = ({ reference, base, target }: PerRun<number>, share: number): boolean =>
  target - base >= share * (reference - base)

const errorOf = ({ picture }: StartedRun, image: Raster): number | null =>
  picture && meanError(picture, image)

function samplingOf({ words, settings }: AlignSession, recipe: AlignRecipe): AlignSampling {
  const chosen: WordThreshold[] = recipe.words.map(({ index, threshold }) => ({ word: index, threshold }))
  const lost = chosen.find(({ word }) => !(words.columns[word]?.length > 0))
  if (lost)
    fail(
      'bad-recipe',
      'A chosen word is not among those that the model reads.',
      'Choose the words again; very long prompts are cut off.',
      `word ${lost.word + 1} of ${words.columns.length}`,
    )
  if (chosen.length === 0 && settings.fusion !== 'whole')
    fail('bad-recipe', 'No word is chosen.', 'Click the words that name what should come from the reference.')
  const { guidance, eta, union, layers, fused, fusion } = settings
  return { words, chosen, guidance, eta, union, layers, fused, fusion, keptFormat: 'f16' }
}

async function decodeAll(
  { model, shape, onProgress, signal }: AlignSession,
  latents: PerRun<Float32Array>,
): Promise<PerRun<Raster>> {
  let done = 0
  const decode = async (latent: Float32Array): Promise<Raster> => {
    onProgress({ kind: 'stage', stage: 'decode', done: done++, total: 3 })
    return model.decode(latent, shape.rows, shape.columns, signal)
  }
  return {
    target: await decode(latents.target),
    base: await decode(latents.base),
    reference: await decode(latents.reference),
  }
}

async function scoreAll(
  { model, signal }: AlignSession,
  prompt: string,
  images: PerRun<Raster>,
): Promise<PerRun<number> | null> {
  const scorer = await model.scorer(prompt, signal)
  if (!scorer) return null
  try {
    return {
      reference: await scorer.score(images.reference),
      base: await scorer.score(images.base),
      target: await scorer.score(images.target),
    }
  } finally {
    scorer.dispose()
  }
}

/** Keeps of every step what the page shows and what preference training needs. */
class Recorder {
  private readonly session: AlignSession
  private readonly runs: PerRun<{ latents: Float32Array[]; logs: number[] | null }>
  private readonly maps: Float32Array[] = []
  private readonly frames: AlignFrame[] = []
  private keptBytes = 0

  constructor(session: AlignSession, { reference, base, target }: AlignScene) {
    this.session = session
    const begin = (run: AlignRun) => ({ latents: [run.start], logs: [] as number[] | null })
    this.runs = { reference: begin(reference), base: begin(base ?? target), target: begin(target) }
  }

  note(step: AlignStep): AlignFrame {
    const { model, shape } = this.session
    const base = step.base ?? step.target
    const show = ({ clean }: AlignRunStep) => model.preview(clean, shape.rows, shape.columns)
    this.keep('reference', step.reference)
    this.keep('base', base)
    this.keep('target', step.target)
    this.maps.push(step.maps)
    this.keptBytes = Math.max(this.keptBytes, step.keptBytes)
    const frame: AlignFrame = {
      reference: show(step.reference),
      base: show(base),
      target: show(step.target),
      mask: step.fused ? step.mask : null,
    }
    this.frames.push(frame)
    return frame
  }

  last(): PerRun<Float32Array> {
    const of = (name: keyof PerRun<unknown>) => this.runs[name].latents[this.runs[name].latents.length - 1]
    return { reference: of('reference'), base: of('base'), target: of('target') }
  }

  record() {
    const { grid, columns } = this.session.words
    const trajectory = (name: keyof PerRun<unknown>): Trajectory => {
      const { latents, logs } = this.runs[name]
      const all = new Float32Array(latents.length * latents[0].length)
      for (const [i, latent] of latents.entries()) all.set(latent, i * latent.length)
      return { latents: all, logProbability: logs }
    }
    return {
      maps: { rows: grid.rows, columns: grid.columns, words: columns.length, steps: this.maps },
      frames: this.frames,
      keptBytes: this.keptBytes,
      trajectories: {
        reference: trajectory('reference'),
        base: trajectory('base'),
        target: trajectory('target'),
      },
    }
  }

  private keep(name: keyof PerRun<unknown>, { x, logProbability }: AlignRunStep): void {
    const run = this.runs[name]
    run.latents.push(x)
    if (logProbability === null) run.logs = null
    else run.logs?.push(logProbability[0])
  }
}
