/**
 * Mode Compose as DreamO does it (specs: DreamO): a new picture from a prompt and references beside it, on FLUX with its adapters
 * (`fluxCompose`) or on the built-in model (`painterCompose`). Ours on top of the release: the posterior's mean instead of a draw.
 */
import { roundHalfEven } from '@/assets/areaResize'
import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import {
  composeDenoise,
  type ComposeSampling,
  type ComposeScene,
  type ComposeText,
} from '@/pipelines/compose/composeDenoise'
import type { ComposeJob, ComposeModel } from '@/pipelines/compose/composeModel'
import type { ResponseMaps } from '@/pipelines/compose/report'
import { PIXELS_PER_TOKEN } from '@/pipelines/flux/fluxPictures'
import { fitLatentColours, previewOf } from '@/pipelines/shared/latentPreview'
import { noiseStream, packLatent, unpackLatent } from '@/pipelines/shared/latents'
import type { Progress, Stage } from '@/pipelines/shared/report'
import { opaque, toBytes } from '@/pipelines/shared/samples'
import { stopwatch, type StageSeconds } from '@/pipelines/shared/stopwatch'
import type { ComposeRecipe } from '@/schema/modes/compose'
import type { DreamoEmbeddings } from '@/weights/lora/loraEmbeddings'

export interface ComposeResult {
  image: Raster
  /** null without references. */
  maps: ResponseMaps | null
  seconds: StageSeconds
}

/**
 * @throws missing-asset when DreamO's adapter or an encoder is not installed; bad-recipe, bad-weights, device-lost,
 * out-of-memory; AbortError when `signal` fires
 */
export async function compose(
  model: ComposeModel,
  job: ComposeJob,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<ComposeResult> {
  const { recipe } = job
  if (job.references.length !== recipe.references.length)
    fail('bad-recipe', 'A reference has no picture.', 'Drop the picture in again.')
  const seconds = { load: 0, encode: 0, sample: 0, composite: 0 }
  try {
    const embeddings = await rowsOf(model, job.references.length)
    const lap = stopwatch()
    const stage = (name: Stage) => (done: number, total: number) =>
      onProgress({ kind: 'stage', stage: name, done, total })
    model.makeRoom()
    const [text, negative] = await model.readTexts(recipe, stage('text'), signal)
    const pictures = await model.encode(job, stage('pictures'), signal)
    seconds.encode += lap()
    const dit = await model.transformer(stage('transformer'), signal)
    seconds.load += lap()
    const size = model.sizeOf({ width: recipe.compose.width, height: recipe.compose.height })
    const scene: ComposeScene = {
      rows: size.height / PIXELS_PER_TOKEN,
      columns: size.width / PIXELS_PER_TOKEN,
      text,
      references: pictures.map(({ tokens, rows, columns }, index) => ({
        tokens,
        rows: rows / 2,
        columns: columns / 2,
        slot: index + 1,
      })),
      embeddings,
      refreshEvery: recipe.compose.refreshEvery,
    }
    const [rows, columns] = [2 * scene.rows, 2 * scene.columns]
    const { channels } = model
    const noise = noiseStream(recipe.compose.noise, recipe.seed)(channels * rows * columns)
    // Without references there is no picture that colours could be learnt from.
    const colours = pictures.length > 0 ? fitLatentColours(pictures, channels) : null
    let maps: ResponseMaps | null = null
    const grid = { rows: scene.rows, columns: scene.columns }
    const tokens = await composeDenoise(
      dit,
      scene,
      packLatent(noise, channels, rows, columns),
      samplingOf(model, recipe, scene, negative ?? null),
      {
        signal,
        ...(pictures.length > 0
          ? {
              onMaps: (shares: Float32Array[]) =>
                (maps = { ...grid, references: shares.slice(0, -1), text: shares[shares.length - 1] }),
            }
          : {}),
        onStep: ({ done, clean }) =>
          onProgress({
            kind: 'step',
            step: done,
            steps: recipe.compose.steps,
            preview: colours && {
              rect: { x: 0, y: 0, ...size },
              image: previewOf(unpackLatent(clean, channels, rows, columns), rows, columns, colours),
            },
            detail: null,
          }),
      },
    )
    seconds.sample += lap()
    const planes = await model.decode(tokens, size, { signal, onProgress: stage('decode') })
    const image = opaque({ ...size, channels: 3, data: toBytes(planes, roundHalfEven) })
    seconds.composite += lap()
    return { image, maps, seconds }
  } finally {
    model.makeRoom()
  }
}

/** The rows that tell references apart; without references a model without them does. */
async function rowsOf(model: ComposeModel, references: number): Promise<DreamoEmbeddings | null> {
  const rows = await model.referenceRows(references)
  if (!rows && references > 0)
    fail(
      'missing-asset',
      "References need DreamO's adapter.",
      'Import it in the model manager and add it to this mode.',
    )
  return rows
}

function samplingOf(
  model: ComposeModel,
  { compose: settings }: ComposeRecipe,
  { rows, columns }: ComposeScene,
  negative: ComposeText | null,
): ComposeSampling {
  return {
    sigmas: model.sigmas(settings.steps, rows * columns),
    guidance: settings.guidance,
    firstStepGuidance: settings.firstStepGuidance,
    negative: negative && {
      text: negative,
      guidance: settings.negativeGuidance,
      scale: settings.trueCfg,
      start: settings.cfgStart,
      end: settings.cfgEnd,
    },
  }
}
