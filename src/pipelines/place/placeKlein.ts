/**
 * Mode Place with FLUX.2 [klein] (specs: FLUX.2 §13): the part of the photo around a pasted cut-out is edited with itself, the
 * cut-out and the clean photo as references, pinned outside a zone while it is sampled, and laid back inside that zone alone.
 * Foregrounds come one after the other; several seeds are made together, so that each network is loaded once for all.
 */
import { keptThrough, maskOf } from '@/assets/mask'
import { backFromWhite, overWhite } from '@/assets/onWhite'
import { compositeOver, placeForeground, type PlacedRaster } from '@/assets/paste'
import { resizeRaster } from '@/assets/resample'
import { fail, isAbort } from '@/base/errors'
import type { Mask, Raster, Size } from '@/base/geometry'
import { macrotask } from '@/base/macrotask'
import type { Transformer } from '@/nets/runner/transformer'
import { kleinDenoise, putBack, stepsTaken, type Blend, type KleinJob } from '@/pipelines/flux2/kleinDenoise'
import type { KleinModels } from '@/pipelines/flux2/kleinModel'
import { kleinNoise } from '@/pipelines/flux2/kleinNoise'
import { embedKleinTexts, type KeptTexts } from '@/pipelines/flux2/kleinText'
import type { KleinPicture, KleinPreview, KleinVae } from '@/pipelines/flux2/kleinVae'
import { detailLocked } from '@/pipelines/place/detailLock'
import { adjustForeground, alphaOf, asPlaced } from '@/pipelines/place/dreamfusePrep'
import type { PlaceJob } from '@/pipelines/place/job'
import {
  atWork,
  kleinFrame,
  laidBack,
  zoneOf,
  zoneTokens,
  type KleinFrame,
} from '@/pipelines/place/kleinFrame'
import { cutoutSize } from '@/pipelines/place/kleinWork'
import type { PlacedVariation } from '@/pipelines/place/report'
import { onWhite, opaque, signedPlanes, toBytes } from '@/pipelines/shared/samples'
import type { Progress } from '@/pipelines/shared/report'
import { stopwatch, type StageSeconds } from '@/pipelines/shared/stopwatch'
import type { TextFeatures } from '@/weights/texts/keptTexts'
import { kleinText, type KleinPlaceSettings } from '@/schema/modes/placeKlein'

/** How far Base is led away from the empty text; klein itself is not led at all. */
const BASE_GUIDANCE = 4

export interface KleinPlaceResult {
  /** The pictures that were made together, the recipe's own seed first; where it was stopped, those that were sampled by then. */
  variations: PlacedVariation[]
  seconds: StageSeconds
  /** Whether it was stopped, and these are what was sampled by then. */
  wasStopped: boolean
}

interface KleinContext {
  models: KleinModels
  job: PlaceJob
  settings: KleinPlaceSettings
  seconds: StageSeconds
  /** Of each foreground. */
  texts: TextFeatures[]
  /** Base's other text. */
  negative: TextFeatures | null
  onProgress(progress: Progress): void
  signal: AbortSignal
  /** Ends what `signal` lets go on: finishing pictures that are sampled. */
  stopNow: AbortSignal
}

/** What one foreground on one picture needs; pictures of different seeds differ once the first foreground is in. */
interface Scene {
  /** The photo as the model sees it, over white. */
  shown: Raster
  frame: KleinFrame
  zone: Mask
  pasted: KleinPicture
  references: KleinPicture[]
  previews: KleinPreview | null
}

/**
 * @throws bad-recipe when the recipe is not for klein; missing-asset when a text is not kept and its encoder not installed;
 * empty-foreground, bad-box, bad-weights, device-lost, out-of-memory; AbortError when `signal` fires before one of several
 * pictures is sampled, or `stopNow`
 */
export async function placeKlein(
  models: KleinModels,
  job: PlaceJob,
  store: KeptTexts | null,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
  stopNow: AbortSignal = signal,
): Promise<KleinPlaceResult> {
  const { recipe } = job
  const settings =
    recipe.klein ?? fail('bad-recipe', 'The recipe is not for klein.', 'Choose the model again and fuse.')
  const seconds: StageSeconds = { load: 0, encode: 0, sample: 0, composite: 0 }
  try {
    const lap = stopwatch()
    const wanted = recipe.foregrounds.map((one) => kleinText(settings, one, recipe.prompt))
    const asked = [...new Set([...wanted, ...(models.isBase ? [''] : [])])]
    const read = await embedKleinTexts(models, asked, {
      store,
      signal,
      onProgress: (done, total) => onProgress({ kind: 'stage', stage: 'text', done, total }),
    })
    const textOf = (text: string): TextFeatures => {
      const found = read[asked.indexOf(text)]
      return settings.padding ? found : withoutPadding(found)
    }
    seconds.encode += lap()
    const texts = wanted.map(textOf)
    const negative = models.isBase ? textOf('') : null
    const context: KleinContext = {
      ...{ models, job, settings, seconds, texts, negative, onProgress, signal, stopNow },
    }
    let variations: PlacedVariation[] = [recipe.seed, ...settings.others].map((seed) => ({
      seed,
      image: job.background,
      notes: [],
    }))
    for (const index of job.foregrounds.keys()) variations = await placeOne(context, variations, index)
    const [away] = job.masks ?? []
    if (away) {
      const [own] = variations
      own.image = keptThrough(maskOf(away), job.background, own.image)
    }
    return { variations, seconds, wasStopped: settings.others.length > 0 && signal.aborted }
  } finally {
    models.makeRoom()
  }
}

/** The rows of the text itself. */
const withoutPadding = ({ values, tokens, real = tokens }: TextFeatures): TextFeatures => ({
  values: values.subarray(0, (values.length / tokens) * real),
  tokens: real,
  real,
})

/** Fuses one foreground into the picture of every seed; the last one, where it is stopped, into those that are sampled. */
async function placeOne(
  context: KleinContext,
  before: readonly PlacedVariation[],
  index: number,
): Promise<PlacedVariation[]> {
  const { models, job, settings, seconds, onProgress, signal, stopNow } = context
  onProgress({ kind: 'encoding', foreground: index, foregrounds: job.foregrounds.length })
  const lap = stopwatch()
  await macrotask()
  signal.throwIfAborted()
  const placed = placeForeground(job.foregrounds[index], job.recipe.foregrounds[index], job.background)
  const frame = kleinFrame(job.background, placed.contentRect, settings.size ** 2)
  const zone = zoneOf(placed, frame, job.background)
  seconds.composite += lap()
  const pictures = [...new Set(before.map(({ image }) => image))]
  const scenes = await encodeScenes(context, pictures, index, { placed, frame, zone })
  seconds.encode += lap()
  const dit = await models.transformer(
    (done, total) => onProgress({ kind: 'stage', stage: 'transformer', done, total }),
    signal,
  )
  seconds.load += lap()
  const isLast = index === job.foregrounds.length - 1
  const sampled: Float32Array[] = []
  for (const [variation, { image, seed }] of before.entries()) {
    const scene = scenes[pictures.indexOf(image)]
    try {
      sampled.push(await sample(context, dit, scene, { seed, variation, index }))
    } catch (error) {
      if (!signal.aborted || !isAbort(error) || !isLast || sampled.length === 0) throw error
      break
    }
  }
  seconds.sample += lap()
  // Of several, those that are sampled are not lost by a stop.
  const ending = isLast && before.length > 1 ? stopNow : signal
  const decoded = await decodeAll(context, sampled, frame.size, ending)
  onProgress({ kind: 'compositing' })
  const { name } = job.recipe.foregrounds[index].asset
  const after: PlacedVariation[] = []
  for (const [variation, { image, seed, notes }] of before.slice(0, decoded.length).entries()) {
    await macrotask()
    ending.throwIfAborted()
    const { shown } = scenes[pictures.indexOf(image)]
    const told = [...notes, ...(frame.enlarged > ENLARGED ? [enlargedNote(name, frame)] : [])]
    const large = resizeRaster(decoded[variation], frame.crop.width, frame.crop.height)
    const locked = detailLocked(inCrop(placed, frame), large, settings.detail, { name, notes: told })
    const made = laidBack(shown, locked, frame, zone)
    const result = shown === image ? made : backFromWhite(made, shown, image, compositeOver(image, placed))
    after.push({ seed, image: result, notes: [...new Set(told)] })
  }
  seconds.composite += lap()
  return after
}

/** From here on one sees that something was enlarged. */
const ENLARGED = 1.05

const enlargedNote = (name: string, { enlarged }: KleinFrame): string =>
  `“${name}”’s part of the photo has more pixels than the model works on: what it made there was enlarged ×${enlarged.toFixed(1)}.`

const inCrop = ({ rect, image }: PlacedRaster, { crop }: KleinFrame): PlacedRaster => {
  const moved = { ...rect, x: rect.x - crop.x, y: rect.y - crop.y }
  return { rect: moved, image, contentRect: moved }
}

interface Placing {
  placed: PlacedRaster
  frame: KleinFrame
  zone: Mask
}

/** The VAE's first turn: composite, cut-out and clean photo, in the order in which the instruction numbers them. */
async function encodeScenes(
  { models, job, settings, onProgress, signal }: KleinContext,
  pictures: readonly Raster[],
  index: number,
  { placed, frame, zone }: Placing,
): Promise<Scene[]> {
  const total = pictures.length * (settings.clean ? 2 : 1) + (settings.cutout ? 1 : 0)
  let done = 0
  const encode = async (vae: KleinVae, pixels: Float32Array, size: Size): Promise<KleinPicture> => {
    const picture = await vae.encode(pixels, size, { signal })
    onProgress({ kind: 'stage', stage: 'pictures', done: ++done, total })
    return picture
  }
  onProgress({ kind: 'stage', stage: 'pictures', done, total })
  return models.withKleinVae(['encoder'], async (vae) => {
    const small = cutoutSize(frame.size)
    const cutout = settings.cutout
      ? await encode(vae, cutoutPlanes(job.foregrounds[index], job.recipe.foregrounds[index], small), small)
      : null
    const scenes: Scene[] = []
    for (const image of pictures) {
      const shown = overWhite(image)
      const planes = (photo: Raster): Float32Array => signedPlanes(onWhite(atWork(photo, frame)))
      const pasted = await encode(vae, planes(compositeOver(shown, placed)), frame.size)
      const clean = settings.clean ? await encode(vae, planes(shown), frame.size) : null
      const references = [pasted, cutout, clean].filter((one) => one !== null)
      scenes.push({ shown, frame, zone, pasted, references, previews: vae.previews(references) })
    }
    return scenes
  })
}

/** The cut-out as it will stand, on white, shrunk into its frame but never enlarged. */
function cutoutPlanes(
  cutout: Raster,
  placement: PlaceJob['recipe']['foregrounds'][number],
  size: Size,
): Float32Array {
  const stands = asPlaced(cutout, placement)
  return signedPlanes(adjustForeground(onWhite(stands), alphaOf(stands), size).picture)
}

interface Turn {
  seed: string
  variation: number
  /** Of the foreground. */
  index: number
}

async function sample(
  { models, job, settings, texts, negative, onProgress, signal }: KleinContext,
  dit: Transformer,
  { frame, zone, pasted, references, previews }: Scene,
  { seed, variation, index }: Turn,
): Promise<Float32Array> {
  const { steps, strength, foregrounds } = job.recipe
  const { size, crop } = frame
  const noise = kleinNoise(seed, size, models.set.transformer.manifest.config.inChannels, index)
  const blend = blendOf(settings, strength, pasted, zoneTokens(zone, size))
  const sampling: KleinJob = {
    text: texts[index],
    ...(negative ? { negative, guidance: BASE_GUIDANCE } : {}),
    references: references.map(({ tokens }) => tokens),
    noise,
    steps,
    ...(blend ? { blend } : {}),
  }
  const taken = blend ? stepsTaken(steps, strength) : steps
  const count = settings.others.length + 1
  return kleinDenoise(dit, sampling, {
    signal,
    onStep(step, x, velocity, sigma) {
      const clean = x.map((value, i) => value - sigma * velocity[i])
      // What is put back is no part of what comes.
      if (settings.blend && blend) putBack(clean, blend.image, blend.mask)
      onProgress({
        kind: 'step',
        step: (index * count + variation) * taken + step,
        steps: foregrounds.length * count * taken,
        preview: previews && { rect: crop, image: previews(clean, size) },
        detail: null,
      })
    },
  })
}

/** What is put back after every step; without the blend only a lower strength needs the pasted picture. */
function blendOf(
  { blend }: KleinPlaceSettings,
  strength: number,
  { tokens }: KleinPicture,
  zone: Float32Array,
): Blend | null {
  if (blend) return { image: tokens.values, mask: zone, strength }
  return strength < 1 ? { image: tokens.values, mask: zone.map(() => 1), strength } : null
}

function decodeAll(
  { models, onProgress, signal }: KleinContext,
  sampled: readonly Float32Array[],
  size: Size,
  ending: AbortSignal,
): Promise<Raster[]> {
  const total = sampled.length
  const tell = (done: number): void =>
    onProgress({
      kind: 'stage',
      stage: ending !== signal && signal.aborted ? 'finishing' : 'decode',
      done,
      total,
    })
  return models.withKleinVae(['decoder'], async (vae) => {
    const pictures: Raster[] = []
    for (const tokens of sampled) {
      tell(pictures.length)
      const planes = await vae.decode(tokens, size, {
        signal: ending,
        onProgress: (done, all) => tell(pictures.length + done / all),
      })
      pictures.push(opaque({ ...size, channels: 3, data: toBytes(planes, Math.round) }))
    }
    return pictures
  })
}
