/**
 * Mode Compose with FLUX and DreamO's adapters (specs: DreamO): a new picture from a prompt and up to nine references,
 * each prepared by its role. Ours on top of the release: the posterior's mean instead of a draw.
 */
import { roundHalfEven } from '@/assets/areaResize'
import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { macrotask } from '@/base/macrotask'
import {
  composeDenoise,
  composeSigmas,
  type ComposeSampling,
  type ComposeScene,
  type ComposeText,
} from '@/pipelines/compose/composeDenoise'
import type { FluxModels } from '@/pipelines/flux/fluxModel'
import {
  checkChannels,
  decodeTokens,
  encodePicture,
  PIXELS_PER_TOKEN,
  type FluxPicture,
} from '@/pipelines/flux/fluxPictures'
import { toBytes } from '@/pipelines/shared/samples'
import { fitLatentColours, previewOf } from '@/pipelines/shared/latentPreview'
import { noiseStream, packLatent, unpackLatent } from '@/pipelines/shared/latents'
import type { Progress } from '@/pipelines/shared/report'
import { stopwatch, type StageSeconds } from '@/pipelines/shared/stopwatch'
import { embedPrompts, type PromptEmbedding } from '@/pipelines/flux/prompt'
import type { PromptCache } from '@/pipelines/shared/promptCache'
import type { ResponseMaps } from '@/pipelines/compose/report'
import { composePrompt, prepareReference } from '@/pipelines/compose/referencePrep'
import { opaque } from '@/pipelines/shared/samples'
import type { ComposeRecipe } from '@/schema/modes/compose'
import { ADDED_TOKENS } from '@/text/dreamoTokens'
import { dreamoEmbeddings, placeholderRows, type DreamoEmbeddings } from '@/weights/lora/loraEmbeddings'

/** T5 tokens that DreamO was trained with. */
export const COMPOSE_TEXT_TOKENS = 512

export interface ComposeJob {
  recipe: ComposeRecipe
  /** Pixels of each reference, in the order of `recipe.references`; alpha is the cut-out. */
  references: readonly Raster[]
}

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
  models: FluxModels,
  job: ComposeJob,
  cache: PromptCache | null,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<ComposeResult> {
  const { recipe } = job
  const { vae, transformer } = models.set
  const config = vae.manifest.config
  checkChannels(transformer.manifest.config, config)
  if (job.references.length !== recipe.references.length)
    fail('bad-recipe', 'A reference has no picture.', 'Drop the picture in again.')
  const seconds = { load: 0, encode: 0, sample: 0, composite: 0 }
  try {
    const embeddings = await dreamoTables(models, job.references.length > 0)
    const lap = stopwatch()
    models.makeRoom()
    const [text, negative] = await embedTexts(models, recipe, cache, onProgress, signal)
    const pictures = await encodeReferences(models, job, onProgress, signal)
    seconds.encode += lap()
    const dit = await models.transformer(
      (done, total) => onProgress({ kind: 'stage', stage: 'transformer', done, total }),
      signal,
    )
    seconds.load += lap()
    const size = { width: recipe.compose.width, height: recipe.compose.height }
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
    const channels = config.latentChannels
    const noise = noiseStream(recipe.compose.noise, recipe.seed)(channels * rows * columns)
    // Without references there is no picture that colours could be learnt from.
    const colours = pictures.length > 0 ? fitLatentColours(pictures, channels) : null
    let maps: ResponseMaps | null = null
    const grid = { rows: scene.rows, columns: scene.columns }
    const tokens = await composeDenoise(
      dit,
      scene,
      packLatent(noise, channels, rows, columns),
      samplingOf(recipe, scene, negative ?? null),
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
    const planes = await models.withVae(['decoder'], (net) =>
      decodeTokens(net, config, tokens, size, {
        signal,
        onProgress: (done, total) => onProgress({ kind: 'stage', stage: 'decode', done, total }),
      }),
    )
    const image = opaque({ ...size, channels: 3, data: toBytes(planes, roundHalfEven) })
    seconds.composite += lap()
    return { image, maps, seconds }
  } finally {
    models.makeRoom()
  }
}

/** DreamO's task and index rows; without references and without DreamO the mode is plain FLUX. */
async function dreamoTables(models: FluxModels, needed: boolean): Promise<DreamoEmbeddings | null> {
  const adapters = (await models.adapters()).map(({ adapter }) => adapter)
  const tables = await dreamoEmbeddings(adapters, models.set.transformer.manifest.config.hidden)
  if (!tables && needed)
    fail(
      'missing-asset',
      "References need DreamO's adapter.",
      'Import it in the model manager and add it to this mode.',
    )
  return tables
}

/** The prompt's embedding and, where true guidance is on, the negative prompt's. */
async function embedTexts(
  models: FluxModels,
  { prompt, references, compose: settings }: ComposeRecipe,
  cache: PromptCache | null,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<ComposeText[]> {
  const adapters = (await models.adapters()).map(({ adapter }) => adapter)
  const rows = await placeholderRows(adapters, models.set.transformer.manifest.config.contextDim)
  const roles = references.map(({ role }) => role)
  const prompts = [composePrompt(prompt, roles)]
  if (usesNegative(settings)) prompts.push(settings.negativePrompt)
  const embedded = await embedPrompts(models, prompts, {
    length: COMPOSE_TEXT_TOKENS,
    added: rows && { rows, tokens: ADDED_TOKENS },
    cache,
    signal,
    onProgress: (done, total) => onProgress({ kind: 'stage', stage: 'text', done, total }),
  })
  return embedded.map(({ text, pooled }: PromptEmbedding) => ({ context: text, pooled }))
}

async function encodeReferences(
  models: FluxModels,
  { recipe, references }: ComposeJob,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<FluxPicture[]> {
  if (references.length === 0) return []
  const report = (done: number) =>
    onProgress({ kind: 'stage', stage: 'pictures', done, total: references.length })
  report(0)
  return models.withVae(['encoder'], async (vae) => {
    const pictures: FluxPicture[] = []
    for (const [index, reference] of references.entries()) {
      await macrotask()
      signal.throwIfAborted()
      const { role, face } = recipe.references[index]
      const prepared = prepareReference(reference, role, face, recipe.compose.referenceSize)
      const { config } = models.set.vae.manifest
      pictures.push(await encodePicture(vae, config, prepared.pixels, prepared, signal))
      report(index + 1)
    }
    return pictures
  })
}

/** Whether some steps run a second time, with the negative prompt. */
export const usesNegative = ({ trueCfg, cfgStart, cfgEnd, steps }: ComposeRecipe['compose']): boolean =>
  trueCfg !== 1 && cfgStart < Math.min(cfgEnd, steps)

function samplingOf(
  { compose: settings }: ComposeRecipe,
  { rows, columns }: ComposeScene,
  negative: ComposeText | null,
): ComposeSampling {
  return {
    sigmas: composeSigmas(settings.steps, rows * columns),
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
