/** How much a mixture has of each object (specs: vmdiff §6): DINO compares what is seen, CLIP what it is called. */
import * as v from 'valibot'

import type { Backend } from '@/backend/types'
import { fail } from '@/base/errors'
import type { Mask, Raster, Rect } from '@/base/geometry'
import { ClipText } from '@/nets/encoders/clipText'
import { ClipVision } from '@/nets/encoders/clipVision'
import { Vit } from '@/nets/encoders/vit'
import { tokenizerJson } from '@/pipelines/shared/tokenizerJson'
import { apartness, meanOf } from '@/pipelines/mix/apart'
import { cropOf, squeezed, type Cropped } from '@/pipelines/mix/crops'
import type { MixJudge } from '@/pipelines/mix/mixModel'
import type { MixScorers } from '@/pipelines/mix/mixSet'
import { nearestPixels, OBJECT_SIDE } from '@/pipelines/mix/objects'
import { BIGG_RANGE, measuredRange, similarityScore } from '@/pipelines/mix/similarity'
import { CLIP_COLOURS, cosine, IMAGENET_COLOURS, unit } from '@/pipelines/shared/features'
import type { PackOf } from '@/pipelines/shared/modelSet'
import { Judgement } from '@/schema/modes/mix'
import { ClipTokenizer } from '@/text/clipTokenizer'

export interface JudgeOptions {
  backend: Backend
  scorers: MixScorers
  tokenizer: PackOf<'tokenizer'>
  /** Makes room on the device, before scorers are put there. */
  makeRoom(): void
  /** How surely each place of a picture is its main object's. */
  find(picture: Raster): Promise<Mask>
  signal: AbortSignal
}

/** What is known of an object. */
interface KnownObject {
  crop: Cropped
  /** DINO's and CLIP's features of its picture and CLIP's of its name, of length 1. */
  seen: Float32Array
  shown: Float32Array
  named: Float32Array
}

/** Width of the released scorer's text tower, bigG's; its range is known. */
const BIGG_TEXT = 1280
const CLIP_TOKENS = 77
/** Pixels per side that DINO sees, as released. */
const DINO_SIDE = 224

/** The words of an object as they reach the released scorer: a list of one, printed. */
const textOf = (label: string): string => `['A  ${label} .']`

export class Judge implements MixJudge {
  private readonly options: JudgeOptions
  private readonly objects: readonly KnownObject[]
  private readonly range: Judgement['range']

  private constructor(options: JudgeOptions, objects: readonly KnownObject[], range: Judgement['range']) {
    this.options = options
    this.objects = objects
    this.range = range
  }

  /** @param pictures of `OBJECT_SIDE` a side @throws bad-weights, out-of-memory; AbortError */
  static async begin(
    options: JudgeOptions,
    pictures: readonly Raster[],
    labels: readonly string[],
  ): Promise<Judge> {
    const crops: Cropped[] = []
    for (const picture of pictures) crops.push(await cropOf(picture, options.find))
    const looks = pictures.map((picture, i) => ({ picture, rect: crops[i].rect }))
    options.makeRoom()
    const named = await namesOf(options, labels)
    const seen = (await lookWithDino(options, looks)).map(({ feature }) => feature)
    const shown = await lookWithClip(options, looks)
    const objects = crops.map((crop, i) => ({ crop, seen: seen[i], shown: shown[i], named: named[i] }))
    return new Judge(options, objects, rangeOf(options.scorers, objects))
  }

  /** Null where a score is no number. @param picture of any size @throws as `begin` */
  async judge(picture: Raster): Promise<Judgement | null> {
    const { options, objects, range } = this
    const square = nearestPixels(picture, OBJECT_SIDE)
    const { rect, from } = await cropOf(square, options.find)
    options.makeRoom()
    const [{ feature, patches, side }] = await lookWithDino(options, [{ picture: square, rect }])
    const [shown] = await lookWithClip(options, [{ picture: square, rect }])
    const likeness = objects.map((object) => ({
      seen: cosine(feature, object.seen),
      named: cosine(shown, object.named),
    }))
    const [first, second] = objects
    const judgement = {
      score: similarityScore(likeness, range),
      likeness,
      apart: objects.length === 2 ? apartness(patches, side, [first.seen, second.seen]) : 0,
      range,
      crops: { objects: objects.map(({ crop }) => crop.from), picture: from },
    }
    return v.is(Judgement, judgement) ? judgement : null
  }
}

/** Where CLIP's cosines lie: known of the released scorer, measured of another one. */
function rangeOf({ clip }: MixScorers, objects: readonly KnownObject[]): Judgement['range'] {
  if (clip.manifest.config.text.width === BIGG_TEXT) return { ...BIGG_RANGE, measured: false }
  return measuredRange(objects)
}

interface Look {
  picture: Raster
  rect: Rect
}

/** CLIP's features of the names. */
async function namesOf(
  { backend, scorers: { clip }, tokenizer, signal }: JudgeOptions,
  labels: readonly string[],
): Promise<Float32Array[]> {
  const reader = ClipTokenizer.fromJson(await tokenizerJson(tokenizer))
  const { text } = clip.manifest.config
  const tower = await ClipText.load(backend, text, clip.source())
  try {
    const named: Float32Array[] = []
    for (const label of labels) {
      const ids = reader.encode(textOf(label), Math.min(CLIP_TOKENS, text.positions))
      const { projected } = await tower.encode(ids, { signal })
      named.push(unit(projected ?? noProjection()))
    }
    return named
  } finally {
    tower.dispose()
    backend.trim()
  }
}

const noProjection = (): never =>
  fail(
    'bad-weights',
    'This CLIP cannot compare pictures with words.',
    'Import a CLIP model with both towers.',
  )

/** DINO's features, the mean over class token and patches, and its patches. */
async function lookWithDino(
  { backend, scorers: { dino }, signal }: JudgeOptions,
  looks: readonly Look[],
): Promise<{ feature: Float32Array; patches: Float32Array; side: number }[]> {
  const { config } = dino.manifest
  const { width, patch, registers } = config
  const side = Math.floor(DINO_SIDE / patch)
  const eyes = await Vit.load(backend, config, dino.source())
  try {
    const found = []
    for (const { picture, rect } of looks) {
      const pixels = squeezed(picture, rect, DINO_SIDE, IMAGENET_COLOURS)
      const tokens = await eyes.tokens(pixels, [1, DINO_SIDE, DINO_SIDE], { signal }) // [1, tokens, width]
      const patches = tokens.slice((1 + registers) * width)
      // Without registers all of them, as released.
      const counted = new Float32Array(width + patches.length)
      counted.set(tokens.subarray(0, width))
      counted.set(patches, width)
      const feature = unit(meanOf(counted, side, width, () => true))
      found.push({ feature, patches, side })
    }
    return found
  } finally {
    eyes.dispose()
    backend.trim()
  }
}

/** CLIP's features. */
async function lookWithClip(
  { backend, scorers: { clip }, signal }: JudgeOptions,
  looks: readonly Look[],
): Promise<Float32Array[]> {
  const { vision } = clip.manifest.config
  const eyes = await ClipVision.load(backend, vision, clip.source())
  try {
    const found: Float32Array[] = []
    for (const { picture, rect } of looks) {
      const pixels = squeezed(picture, rect, vision.image, CLIP_COLOURS)
      found.push(unit(await eyes.embed(pixels, 1, { signal })))
    }
    return found
  } finally {
    eyes.dispose()
    backend.trim()
  }
}
