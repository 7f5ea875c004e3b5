/**
 * Mode Place with FLUX and DreamFuse's adapter (specs: DreamFuse): every foreground is fused into the picture, one after
 * the other in layer order. The model gives the whole picture anew at its own size; it is laid over the original so that
 * what did not change keeps its pixels.
 *
 * Ours on top of the release: the posterior's mean instead of a draw; a start below pure noise (`strength` < 1), which
 * keeps more of the cut-out pasted in.
 */
import { backFromWhite, overWhite } from '@/assets/onWhite'
import { compositeOver, placeForeground, type PlacedRaster } from '@/assets/paste'
import { pilBicubic, type Samples } from '@/assets/pilResize'
import { fail } from '@/base/errors'
import type { Raster, Size } from '@/base/geometry'
import { macrotask } from '@/base/macrotask'
import { placedMask, placeScene, type PlaceScene } from '@/pipelines/place/dreamfusePrep'
import { detailLocked } from '@/pipelines/place/detailLock'
import type { FluxModels } from '@/pipelines/flux/fluxModel'
import { checkChannels, decodeTokens, encodePicture, type FluxPicture } from '@/pipelines/flux/fluxPictures'
import { keepOriginal } from '@/pipelines/place/keepOriginal'
import { fitLatentColours, previewOf } from '@/pipelines/shared/latentPreview'
import { noiseStream, packLatent, unpackLatent, type NoiseStream } from '@/pipelines/shared/latents'
import type { PlaceJob } from '@/pipelines/place/job'
import { placeDenoise, placeSigmas, type PlaceConditions } from '@/pipelines/place/placeDenoise'
import { embedPrompts, type PromptEmbedding } from '@/pipelines/flux/prompt'
import type { PromptCache } from '@/pipelines/shared/promptCache'
import { onWhite, signedPlanes, toBytes } from '@/pipelines/shared/samples'
import type { Progress } from '@/pipelines/shared/report'
import { stopwatch, type StageSeconds } from '@/pipelines/shared/stopwatch'
import { addNoise } from '@/samplers/flowMatch'
import type { FluxPlaceSettings } from '@/schema/modes/place'
import { imageTags } from '@/weights/lora/loraEmbeddings'

/** T5 tokens that DreamFuse was trained with. */
export const PLACE_TEXT_TOKENS = 256

export interface FluxPlaceResult {
  image: Raster
  /** What should be known of it, in sentences for the user. */
  notes: string[]
  seconds: StageSeconds
}

/** What stays the same for all foregrounds of a job. */
interface PlaceContext {
  models: FluxModels
  job: PlaceJob
  settings: FluxPlaceSettings
  prompt: PromptEmbedding
  tags: Float32Array
  noise: NoiseStream
  seconds: StageSeconds
  notes: string[]
  onProgress: (progress: Progress) => void
  signal: AbortSignal
}

/** Pictures of one foreground after the VAE's first turn. */
interface Encoded {
  foreground: FluxPicture
  background: FluxPicture
  /** The cut-out pasted in, where sampling starts from it. */
  pasted: FluxPicture | null
  /** What the VAE makes of the background. */
  reconstruction: Samples
}

/**
 * @throws bad-recipe when the recipe is not for FLUX; missing-asset when an adapter or encoder is not installed;
 * empty-foreground, bad-box, bad-weights, device-lost, out-of-memory; AbortError when `signal` fires
 */
export async function placeFlux(
  models: FluxModels,
  job: PlaceJob,
  cache: PromptCache | null,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<FluxPlaceResult> {
  const { recipe } = job
  const settings =
    recipe.flux ?? fail('bad-recipe', 'The recipe is not for FLUX.', 'Choose the model again and fuse.')
  const { transformer, vae } = models.set
  checkChannels(transformer.manifest.config, vae.manifest.config)
  const seconds = { load: 0, encode: 0, sample: 0, composite: 0 }
  try {
    const tags = await dreamfuseTags(models)
    const lap = stopwatch()
    models.makeRoom()
    const [prompt] = await embedPrompts(models, [recipe.prompt], {
      length: PLACE_TEXT_TOKENS,
      cache,
      signal,
      onProgress: (done, total) => onProgress({ kind: 'stage', stage: 'text', done, total }),
    })
    seconds.encode += lap()
    const noise = noiseStream(settings.noise, recipe.seed)
    const notes: string[] = []
    const context = { models, job, settings, prompt, tags, noise, seconds, notes, onProgress, signal }
    let image = job.background
    for (const index of job.foregrounds.keys()) image = await placeOne(context, image, index)
    return { image, notes, seconds }
  } finally {
    models.makeRoom()
  }
}

async function dreamfuseTags(models: FluxModels): Promise<Float32Array> {
  const adapters = (await models.adapters()).map(({ adapter }) => adapter)
  const tags = await imageTags(adapters, models.set.transformer.manifest.config.hidden)
  return (
    tags ??
    fail(
      'missing-asset',
      "Placing with FLUX needs DreamFuse's adapter.",
      'Import it in the model manager and add it to this mode.',
    )
  )
}

/** Fuses one foreground into `image` and gives the new picture. */
async function placeOne(context: PlaceContext, image: Raster, index: number): Promise<Raster> {
  const { models, job, settings, seconds, notes, onProgress, signal } = context
  onProgress({ kind: 'encoding', foreground: index, foregrounds: job.foregrounds.length })
  const lap = stopwatch()
  await macrotask()
  signal.throwIfAborted()
  const foreground = job.foregrounds[index]
  const placement = job.recipe.foregrounds[index]
  const placed = placeForeground(foreground, placement, image)
  const scene = placeScene(image, foreground, placement, placed, settings.size)
  seconds.composite += lap()
  const encoded = await encode(context, image, placed, scene)
  seconds.encode += lap()
  const dit = await models.transformer(
    (done, total) => onProgress({ kind: 'stage', stage: 'transformer', done, total }),
    signal,
  )
  seconds.load += lap()
  const tokens = await sample(context, dit, scene, encoded, image, index)
  seconds.sample += lap()
  const config = models.set.vae.manifest.config
  const planes = await models.withVae(['decoder'], (vae) =>
    decodeTokens(vae, config, tokens, scene, {
      signal,
      onProgress: (done, total) => onProgress({ kind: 'stage', stage: 'decode', done, total }),
    }),
  )
  onProgress({ kind: 'compositing' })
  await macrotask()
  signal.throwIfAborted()
  const object = pilBicubic(placedMask(placed, image), scene.width, scene.height)
  const shown = overWhite(image)
  const kept = keepOriginal(shown, samplesOf(planes, scene), encoded.reconstruction, object)
  const made = detailLocked(placed, kept, settings.detail, { name: placement.asset.name, notes })
  const result = shown === image ? made : backFromWhite(made, shown, image, compositeOver(image, placed))
  seconds.composite += lap()
  return result
}

/** The VAE's first turn. */
async function encode(
  { models, job, onProgress, signal }: PlaceContext,
  image: Raster,
  placed: PlacedRaster,
  scene: PlaceScene,
): Promise<Encoded> {
  const config = models.set.vae.manifest.config
  const pasted = job.recipe.strength < 1 ? compositeOver(image, placed) : null
  const total = pasted ? 4 : 3
  let done = 0
  const counted = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work
    onProgress({ kind: 'stage', stage: 'pictures', done: ++done, total })
    return result
  }
  onProgress({ kind: 'stage', stage: 'pictures', done, total })
  return models.withVae(['encoder', 'decoder'], async (vae) => {
    const picture = (pixels: Float32Array) => counted(encodePicture(vae, config, pixels, scene, signal))
    const foreground = await picture(scene.foreground)
    const background = await picture(scene.background)
    const planes = await counted(decodeTokens(vae, config, background.tokens, scene, { signal }))
    return {
      foreground,
      background,
      pasted: pasted
        ? await picture(signedPlanes(pilBicubic(onWhite(pasted), scene.width, scene.height)))
        : null,
      reconstruction: samplesOf(planes, scene),
    }
  })
}

async function sample(
  { models, job, settings, prompt, tags, noise, notes, onProgress, signal }: PlaceContext,
  dit: Awaited<ReturnType<FluxModels['transformer']>>,
  scene: PlaceScene,
  { foreground, background, pasted }: Encoded,
  image: Raster,
  index: number,
): Promise<Float32Array> {
  const { recipe, foregrounds } = job
  const channels = models.set.vae.manifest.config.latentChannels
  const { rows, columns } = background
  const conditions: PlaceConditions = {
    rows: scene.affine.rows,
    columns: scene.affine.columns,
    foreground: foreground.tokens,
    background: background.tokens,
    affine: scene.affine,
    tags,
    text: prompt.text,
    textStrength: settings.textStrength,
    pooled: prompt.pooled,
    guidance: settings.guidance,
    guessUnder: settings.guessUnder,
    refreshEvery: settings.refreshEvery,
  }
  const sigmas = sigmasFrom(recipe.strength, recipe.steps, conditions.rows * conditions.columns)
  const steps = sigmas.length - 1
  const colours = fitLatentColours([foreground, background], channels)
  const drawn = packLatent(noise(channels * rows * columns), channels, rows, columns)
  const start = pasted ? addNoise(pasted.tokens, drawn, sigmas[0]) : drawn
  const rect = { x: 0, y: 0, width: image.width, height: image.height }
  return placeDenoise(dit, conditions, start, sigmas, {
    signal,
    onStep: ({ done, clean, guessed }) => {
      if (done === steps && guessed > 0)
        notes.push(
          `“${recipe.foregrounds[index].asset.name}”: ${guessed} of ${steps} steps changed little and were guessed.`,
        )
      onProgress({
        kind: 'step',
        step: index * steps + done,
        steps: foregrounds.length * steps,
        preview: {
          rect,
          image: previewOf(unpackLatent(clean, channels, rows, columns), rows, columns, colours),
        },
        detail: null,
      })
    },
  })
}

/** The schedule's last part: a strength of 1 takes all steps, less begins later, from less noise. */
export function sigmasFrom(strength: number, steps: number, imageTokens: number): Float32Array {
  const skipped = Math.min(steps - 1, Math.floor(steps * (1 - strength) + 1e-9))
  return placeSigmas(steps, imageTokens).subarray(skipped)
}

/** The release cuts fractions off. */
const samplesOf = (planes: Float32Array, { width, height }: Size): Samples => ({
  width,
  height,
  channels: 3,
  data: toBytes(planes, (value) => Math.floor(Math.min(255, Math.max(0, value)))),
})
