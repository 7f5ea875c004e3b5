/**
 * Mode Compose on FLUX.2 [klein] (specs: FLUX.2 §13): a new picture from an instruction and up to four references, which
 * it calls by their numbers.
 */
import { roundHalfEven } from '@/assets/areaResize'
import { fail } from '@/base/errors'
import type { Raster, Size } from '@/base/geometry'
import { macrotask } from '@/base/macrotask'
import type { ComposeJob } from '@/pipelines/compose/composeModel'
import { kleinReference } from '@/pipelines/compose/kleinReference'
import { kleinDenoise } from '@/pipelines/flux2/kleinDenoise'
import type { KleinModels } from '@/pipelines/flux2/kleinModel'
import { kleinNoise } from '@/pipelines/flux2/kleinNoise'
import type { KleinWork } from '@/pipelines/flux2/kleinPlan'
import { embedKleinTexts, type KeptTexts } from '@/pipelines/flux2/kleinText'
import type { KleinPicture, KleinPreview } from '@/pipelines/flux2/kleinVae'
import { kleinTypical } from '@/pipelines/flux2/kleinPlan'
import type { Progress, TypicalPicture } from '@/pipelines/shared/report'
import { opaque, toBytes } from '@/pipelines/shared/samples'
import { stopwatch, type StageSeconds } from '@/pipelines/shared/stopwatch'
import type { Speed } from '@/nets/runner/memoryPlan'
import type { ComposeRecipe } from '@/schema/modes/compose'
import { kleinReferenceSize } from '@/schema/modes/kleinSizes'

/** What a recipe asks of klein. @param isBase whether every step is run twice */
export function composeKleinWork(
  { compose, references }: Pick<ComposeRecipe, 'compose' | 'references'>,
  isBase: boolean,
): KleinWork {
  const size = { width: compose.width, height: compose.height }
  const pictures = references.map((reference, index) => kleinReferenceSize(reference, index, compose))
  return {
    samplings: [{ size, references: pictures, steps: compose.steps, count: 1 }],
    guided: isBase,
    texts: isBase ? 2 : 1,
    encoded: pictures.map((picture) => ({ size: picture, count: 1 })),
    decoded: [{ size, count: 1 }],
  }
}

/** One reference as large as the picture, the others at a quarter. */
export function composeKleinTypical(speed: Speed): TypicalPicture[] {
  const side = (pixels: number): Size => ({ width: pixels, height: pixels })
  const work = (pixels: number, references: Size[]): KleinWork => ({
    samplings: [{ size: side(pixels), references, steps: 4, count: 1 }],
    guided: false,
    texts: 1,
    encoded: references.map((size) => ({ size, count: 1 })),
    decoded: [{ size: side(pixels), count: 1 }],
  })
  return [
    kleinTypical('Compose on FLUX.2 [klein], 512 px, one reference', work(512, [side(512)]), speed),
    kleinTypical(
      'Compose on FLUX.2 [klein], 1024 px, two references',
      work(1024, [side(1024), side(512)]),
      speed,
    ),
  ]
}

/**
 * @throws bad-recipe when the recipe is not for klein; missing-asset when the text is new and its encoder is not
 * installed; bad-image, bad-weights, device-lost, out-of-memory; AbortError when `signal` fires
 */
export async function composeKlein(
  models: KleinModels,
  { recipe, references }: ComposeJob,
  store: KeptTexts | null,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<{ image: Raster; seconds: StageSeconds }> {
  const { klein, compose: settings, seed } = recipe
  if (!klein || references.length !== recipe.references.length)
    return fail(
      'bad-recipe',
      'The recipe is not for FLUX.2 [klein], or a reference has no picture.',
      'Choose the model again, or drop the picture in again, and fuse.',
    )
  const size = { width: settings.width, height: settings.height }
  const seconds = { load: 0, encode: 0, sample: 0, composite: 0 }
  const lap = stopwatch()
  try {
    models.makeRoom()
    // Base is led away from nothing in particular.
    const [text, negative] = await embedKleinTexts(
      models,
      models.isBase ? [klein.instruction, ''] : [klein.instruction],
      {
        store,
        signal,
        onProgress: (done, total) => onProgress({ kind: 'stage', stage: 'text', done, total }),
      },
    )
    const { pictures, preview } = await encode(models, { recipe, references }, onProgress, signal)
    seconds.encode += lap()
    const dit = await models.transformer(
      (done, total) => onProgress({ kind: 'stage', stage: 'transformer', done, total }),
      signal,
    )
    seconds.load += lap()
    const { inChannels } = models.set.transformer.manifest.config
    const job = {
      text,
      ...(negative ? { negative, guidance: settings.guidance } : {}),
      references: pictures.map(({ tokens }) => tokens),
      noise: kleinNoise(seed, size, inChannels),
      steps: settings.steps,
    }
    const tokens = await kleinDenoise(dit, job, {
      signal,
      onStep: (step, x, velocity, sigma) =>
        onProgress({
          kind: 'step',
          step,
          steps: settings.steps,
          preview: preview && {
            rect: { x: 0, y: 0, ...size },
            image: preview(
              x.map((value, i) => value - sigma * velocity[i]),
              size,
            ),
          },
          detail: null,
        }),
    })
    seconds.sample += lap()
    const planes = await models.withKleinVae(['decoder'], (vae) =>
      vae.decode(tokens, size, {
        signal,
        onProgress: (done, total) => onProgress({ kind: 'stage', stage: 'decode', done, total }),
      }),
    )
    const image = opaque({ ...size, channels: 3, data: toBytes(planes, roundHalfEven) })
    seconds.composite += lap()
    return { image, seconds }
  } finally {
    models.makeRoom()
  }
}

async function encode(
  models: KleinModels,
  { recipe, references }: ComposeJob,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<{ pictures: KleinPicture[]; preview: KleinPreview | null }> {
  if (references.length === 0) return { pictures: [], preview: null }
  const report = (done: number) =>
    onProgress({ kind: 'stage', stage: 'pictures', done, total: references.length })
  report(0)
  return models.withKleinVae(['encoder'], async (vae) => {
    const pictures: KleinPicture[] = []
    for (const [index, picture] of references.entries()) {
      await macrotask()
      signal.throwIfAborted()
      const prepared = kleinReference(picture, recipe.references[index], index, recipe.compose)
      pictures.push(await vae.encode(prepared.pixels, prepared, { signal }))
      report(index + 1)
    }
    return { pictures, preview: vae.previews(pictures) }
  })
}
