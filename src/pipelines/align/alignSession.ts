/** What all runs of one Align job share: the prompt, the schedule, sizes; and how a run starts. */
import { fail } from '@/base/errors'
import type { Raster, Size } from '@/base/geometry'
import { macrotask } from '@/base/macrotask'
import type { Unet } from '@/nets/unet/unetRunner'
import type { AlignModel, EncodedPrompt } from '@/pipelines/align/alignModel'
import { fitPicture } from '@/pipelines/shared/fitPicture'
import {
  guidedContext,
  type AlignRun,
  type GuidedContext,
  type LatentShape,
} from '@/pipelines/align/guidedRun'
import { invert, invertedRun } from '@/pipelines/align/invert'
import type { AlignFrame } from '@/pipelines/align/report'
import { noiseStream } from '@/pipelines/shared/latents'
import type { Progress } from '@/pipelines/shared/report'
import type { WatchedWords } from '@/pipelines/align/wordMaps'
import type { Ddim } from '@/samplers/ddim'
import type { AlignSettings, AlignStart } from '@/schema/modes/align'

export interface JobContext {
  onProgress(progress: Progress<AlignFrame>): void
  signal: AbortSignal
}

export interface AlignSession extends JobContext {
  model: AlignModel
  net: Unet
  ddim: Ddim
  settings: AlignSettings
  size: Size
  shape: LatentShape
  prompt: EncodedPrompt
  negative: EncodedPrompt
  /** All words of the prompt. */
  words: WatchedWords
}

/** A run and, of a picture, what it was made from. */
export interface StartedRun {
  run: AlignRun
  /** The picture at the model's size; null for seeds. */
  picture: Raster | null
}

/**
 * Reads the prompt and has the U-Net ready.
 * @throws bad-recipe for an empty prompt; missing-asset, bad-weights, out-of-memory; AbortError
 */
export async function openSession(
  model: AlignModel,
  { prompt, align: settings }: { prompt: string; align: AlignSettings },
  { onProgress, signal }: JobContext,
): Promise<AlignSession> {
  if (prompt.trim() === '')
    fail('bad-recipe', 'Align needs a prompt.', 'Describe what both pictures should show.')
  const stage = (name: 'text' | 'transformer') => (done: number, total: number) =>
    onProgress({ kind: 'stage', stage: name, done, total })
  const columns = await model.columnsOf(prompt)
  const [encoded, negative] = await model.encodePrompts([prompt, ''], signal, stage('text'))
  const net = await model.net(signal, stage('transformer'))
  await model.preparePreviews(signal)
  const size = model.sizeOf(settings)
  const { channels, pixels, mapLevel } = model.latent
  const [rows, columnCount] = [size.height / pixels, size.width / pixels]
  const shrink = 2 ** mapLevel
  return {
    model,
    net,
    ddim: model.ddim(settings.steps),
    settings,
    size,
    shape: { images: 1, channels, rows, columns: columnCount },
    prompt: encoded,
    negative,
    words: {
      columns,
      maps: settings.maps,
      grid: { rows: Math.ceil(rows / shrink), columns: Math.ceil(columnCount / shrink) },
    },
    onProgress,
    signal,
  }
}

/** The prompt for runs that need so many branches of guidance; the caller disposes of its context. */
export const contextOf = ({ net, negative, prompt }: AlignSession, branches: 1 | 2): Promise<GuidedContext> =>
  guidedContext(net, negative.embedding, [prompt.embedding], branches)

/** The run that a start stands for. A seed's first draw is the starting noise, then one per step. */
export async function startRun(
  session: AlignSession,
  start: AlignStart,
  picture: Raster | undefined,
): Promise<StartedRun> {
  switch (start.kind) {
    case 'seed':
      return { run: seededRun(session, start.seed), picture: null }
    case 'picture':
      if (!picture) return fail('bad-recipe', 'A picture is missing.', 'Drop the picture in again.')
      return invertPicture(session, picture)
  }
}

/** Base and target start alike: the same numbers once more. */
export function seededRun({ shape, settings }: AlignSession, seed: string): AlignRun {
  const { images, channels, rows, columns } = shape
  const draw = noiseStream(settings.noise, seed)
  const count = images * channels * rows * columns
  return { start: draw(count), noise: () => (settings.eta > 0 ? draw(count) : null) }
}

async function invertPicture(session: AlignSession, picture: Raster): Promise<StartedRun> {
  const { model, net, ddim, shape, onProgress, signal } = session
  const report = (done: number, total: number) =>
    onProgress({ kind: 'stage', stage: 'inversion', done, total })
  report(0, ddim.timesteps.length)
  await macrotask()
  const fitted = fitPicture(picture, session.size)
  const clean = await model.encode(fitted, signal)
  const context = await contextOf(session, 1)
  try {
    const start = await invert(net, ddim, context, shape, clean, { signal, onStep: report })
    return { run: invertedRun(start), picture: fitted }
  } finally {
    context.context.dispose()
  }
}

/** Mean absolute difference of two pictures of one size, in [0,1]; alpha does not count. */
export function meanError(a: Raster, b: Raster): number {
  let sum = 0
  for (let i = 0; i < a.data.length; i++) if (i % 4 !== 3) sum += Math.abs(a.data[i] - b.data[i])
  return sum / (255 * 0.75 * a.data.length)
}
