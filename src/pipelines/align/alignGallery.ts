/** The gallery of mode Align: pictures of one prompt, scored, to choose base and reference from. */
import type { Raster } from '@/base/geometry'
import type { SampledCandidate, WordMaps } from '@/pipelines/align/report'
import type { AlignModel, PromptScorer } from '@/pipelines/align/alignModel'
import {
  contextOf,
  meanError,
  openSession,
  startRun,
  type AlignSession,
  type JobContext,
  type StartedRun,
} from '@/pipelines/align/alignSession'
import { guidanceOf, GuidedRun } from '@/pipelines/align/guidedRun'
import { MapWatcher } from '@/pipelines/align/wordMaps'
import type { SampleRecipe } from '@/schema/modes/align'

export interface GalleryJob {
  recipe: SampleRecipe
  /** Pixels of those starts that are pictures, in their order. */
  pictures: readonly Raster[]
}

/**
 * Announces every candidate when it is there; where the scorer does not fit beside the U-Net, all of them once more with
 * their scores.
 * @throws missing-asset, bad-weights, device-lost, out-of-memory; AbortError when `signal` fires
 */
export async function sampleGallery(
  model: AlignModel,
  { recipe, pictures }: GalleryJob,
  context: JobContext,
  announce: (candidate: SampledCandidate) => void,
): Promise<void> {
  const session = await openSession(model, recipe, context)
  const { signal } = context
  const early = model.scoresAtOnce ? await model.scorer(recipe.prompt, signal) : null
  const waiting: SampledCandidate[] = []
  const left = [...pictures]
  try {
    for (const [index, start] of recipe.starts.entries()) {
      const started = await startRun(session, start, start.kind === 'picture' ? left.shift() : undefined)
      const candidate = await sampleOne(session, started, index, recipe.starts.length)
      const scored = await withScore(candidate, early)
      if (!early) waiting.push(scored)
      announce(scored)
    }
  } finally {
    early?.dispose()
  }
  if (waiting.length === 0 || model.scoresAtOnce) return
  const late = await model.scorer(recipe.prompt, signal)
  if (!late) return
  try {
    for (const candidate of waiting) announce(await withScore(candidate, late))
  } finally {
    late.dispose()
  }
}

const withScore = async (
  candidate: SampledCandidate,
  scorer: PromptScorer | null,
): Promise<SampledCandidate> =>
  scorer ? { ...candidate, score: await scorer.score(candidate.image) } : candidate

/** One run with the attention to every word of the prompt. */
async function sampleOne(
  session: AlignSession,
  { run: start, picture }: StartedRun,
  index: number,
  count: number,
): Promise<SampledCandidate> {
  const { model, net, ddim, shape, settings, size, words, onProgress, signal } = session
  const branches = guidanceOf(start, settings) === 1 ? 1 : 2
  const context = await contextOf(session, branches)
  const watcher = new MapWatcher(net, shape, branches, words)
  const run = new GuidedRun(net, ddim, context, shape, start, settings)
  const maps: WordMaps = { ...words.grid, words: words.columns.length, steps: [] }
  const steps = ddim.timesteps.length
  try {
    for (let step = 0; step < steps; step++) {
      const { clean } = await run.step(step, watcher.hooks(), signal)
      maps.steps.push(await watcher.take())
      onProgress({
        kind: 'step',
        step: index * steps + step + 1,
        steps: count * steps,
        preview: {
          rect: { x: 0, y: 0, ...size },
          image: model.preview(clean, shape.rows, shape.columns),
        },
        detail: null,
      })
    }
  } finally {
    watcher.dispose()
    context.context.dispose()
  }
  const image = await model.decode(run.x, shape.rows, shape.columns, signal)
  return { index, image, score: null, reconstruction: picture && meanError(picture, image), maps }
}
