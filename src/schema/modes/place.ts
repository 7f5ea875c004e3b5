/** Mode Place: cut-outs fused into a picture. */
import * as v from 'valibot'

import { EFFECTS, type EffectName } from '@/base/effects'
import {
  AssetRef,
  Guidance,
  LayerMask,
  look,
  NoiseSource,
  Prompt,
  RectSchema,
  RefreshEvery,
  Seed,
  Steps,
  Strength,
} from '@/schema/common'
import { ModelRef } from '@/schema/modelRef'
import { defaultKleinPlace, KleinPlace, KleinPlaceSettings } from '@/schema/modes/placeKlein'
import { LayersTogether, LayersVisible, LayerStrengths } from '@/schema/modes/placeLayers'

const number = (low: number, high: number) => v.pipe(v.number(), v.minValue(low), v.maxValue(high))
const share = number(0, 1)

/** A cut-out and where it stands: what a layer and a recipe both know of a foreground. */
export const placement = {
  asset: AssetRef,
  /** Where the foreground's alpha bounding box goes, background pixels, before rotation. */
  box: RectSchema,
  /** Fill the box instead of fitting inside it, bottom-centred. */
  stretch: v.boolean(),
  /** Clockwise, about the centre of the placed rectangle. */
  rotationDegrees: v.pipe(v.number(), v.finite()),
  flipX: v.boolean(),
  /** Whether it stands on the ground. Absent: it does. */
  stands: v.optional(v.boolean()),
  /** How far it hangs above the ground where it does not stand, heights of its box. Absent: not at all. */
  lift: v.optional(number(0, 10)),
}

/** One foreground of a Place recipe, bottom to top in the recipe's list. */
export const PlacedForeground = v.object({ ...placement, ...look, mask: v.optional(LayerMask) })
export type PlacedForeground = v.InferOutput<typeof PlacedForeground>

/** What a recipe and a document say of something that does not stand; nothing of what does. */
export const aloft = ({ stands, lift = 0 }: Pick<PlacedForeground, 'stands' | 'lift'>) =>
  stands === false ? { stands, lift } : {}

/** How much of the cut-out's own detail is laid over what a model made of it, until somebody says otherwise. */
export const USUAL_DETAIL = 0.5

/** Settings of Place on FLUX with DreamFuse (specs: DreamFuse §2, §5, §6). */
export const FluxPlaceSettings = v.object({
  /** Bucket list: the picture's area is about the square of this. */
  size: v.picklist([512, 768, 1024]),
  guidance: Guidance,
  /** How often the text tokens are repeated. */
  textStrength: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10)),
  noise: NoiseSource,
  /** How much of the cut-out's own detail is kept; what was made before there was a choice kept none. */
  detail: v.optional(share, 0),
  /** Steps that change less than this share are guessed from earlier ones (an approximation); 0: none. */
  guessUnder: v.optional(number(0, 0.5), 0),
  /** Foreground and background are run in every so many steps (an approximation); 1: in all. */
  refreshEvery: v.optional(RefreshEvery, 1),
})
export type FluxPlaceSettings = v.InferOutput<typeof FluxPlaceSettings>

const mask = v.optional(AssetRef)
/** Of each effect: where it shows, white. Absent: everywhere. */
const effectMasks = {
  ...{ shadow: mask, shadow2: mask, contact: mask, reflection: mask },
  ...{ relight: mask, tone: mask, edge: mask, grain: mask, grass: mask },
} satisfies Record<EffectName, typeof mask>

export type MaskKind = 'front' | 'ground' | EffectName
export const MASK_KINDS: readonly MaskKind[] = ['front', 'ground', ...EFFECTS]

/** What the user paints on the canvas: opaque grey pictures of the background's aspect, read between their pixels. */
export const SceneMasks = v.object({
  /** What stands before the objects: white keeps the background's own pixels on top. Null: nothing. */
  front: v.nullable(AssetRef),
  /** Where shadow, contact and reflection may fall: white. Null: everywhere. */
  ground: v.nullable(AssetRef),
  ...effectMasks,
  /** Those that are put away for a while, what is painted kept. Absent: none. */
  off: v.optional(v.array(v.picklist(MASK_KINDS))),
})
export type SceneMasks = v.InferOutput<typeof SceneMasks>

/**
 * Where a picture's horizon, lights and ground are, and how strongly what follows from them shows: all that the layers of
 * Place are drawn from (specs: layers §5). Frames and units: layers/camera.ts, layers/light.ts.
 */
export const PlaceScene = v.object({
  /** Whether camera, lights and ground are kept as the photo says, or as somebody set them. */
  source: v.optional(v.picklist(['photo', 'hand']), 'hand'),
  camera: v.object({
    /** Share of the picture's height, in its middle column. */
    horizon: number(-3, 4),
    tiltDegrees: number(-45, 45),
    fovDegrees: number(10, 120),
  }),
  lights: v.pipe(
    v.array(
      v.object({
        azimuthDegrees: number(0, 360),
        elevationDegrees: number(0, 90),
        discDegrees: number(0, 90),
        /** Of the ground's irradiance, linear, per channel. */
        share: v.strictTuple([share, share, share]),
      }),
    ),
    v.minLength(1),
    v.maxLength(2),
  ),
  ground: v.object({ reflectance: share, roughness: share }),
  amounts: LayerStrengths,
  visible: v.optional(LayersVisible),
  together: v.optional(LayersTogether),
  masks: v.optional(SceneMasks),
})
export type PlaceScene = v.InferOutput<typeof PlaceScene>
/** What of a scene a photo says; how strongly its layers show is the user's. */
export type PhotoScene = Pick<PlaceScene, 'camera' | 'lights' | 'ground'>

/** A scene's masks as they are painted; none where nobody has painted. */
export const masksOf = (scene: PlaceScene | undefined): SceneMasks =>
  scene?.masks ?? { front: null, ground: null }

/** The masks that count, by what they mask; of what is not painted or put away there is none. */
export function masksInUse(scene: PlaceScene | undefined): Partial<Record<MaskKind, AssetRef>> {
  const { off = [], ...masks } = masksOf(scene)
  const used = MASK_KINDS.filter((kind) => masks[kind] && !off.includes(kind))
  return Object.fromEntries(used.map((kind) => [kind, masks[kind]]))
}

/** The pictures of a scene's masks, in the order of `MASK_KINDS`. */
export const maskAssets = (scene: PlaceScene | undefined): AssetRef[] =>
  MASK_KINDS.flatMap((kind) => masksOf(scene)[kind] ?? [])

/**
 * What draws Place's layers with nothing downloaded: two small networks say what the photo and the cut-outs are like, and geometry
 * does the rest. Its pictures follow from their recipes' scenes, whatever the networks become.
 */
export const MINI_2: ModelRef = { name: 'Inlay Mini 2', hash: '', parts: [] }

/** The camera at a standing person's eyes, a window's light from the left, a matt ground. */
export const defaultPlaceScene = (): PlaceScene => ({
  source: 'photo',
  camera: { horizon: 0.4, tiltDegrees: 0, fovDegrees: 55 },
  lights: [{ azimuthDegrees: 145, elevationDegrees: 45, discDegrees: 10, share: [0.6, 0.6, 0.6] }],
  ground: { reflectance: 0, roughness: 0.3 },
  amounts: { shadow: 1, contact: 1, reflection: 1, edge: 1, relight: 0.3, tone: 0.3, grain: 0.7, grass: 1 },
})

export const PlaceRecipe = v.object({
  schema: v.literal(2),
  mode: v.literal('place'),
  model: ModelRef,
  background: AssetRef,
  foregrounds: v.pipe(v.array(PlacedForeground), v.minLength(1), v.maxLength(16)),
  prompt: Prompt,
  seed: Seed,
  steps: Steps,
  strength: Strength,
  /** Set when the model is FLUX with DreamFuse. */
  flux: v.optional(FluxPlaceSettings),
  /** Set when the model is FLUX.2 [klein]. */
  klein: v.optional(KleinPlaceSettings),
  /** Set when layers are drawn (Inlay Mini 2). */
  scene: v.optional(PlaceScene),
})
export type PlaceRecipe = v.InferOutput<typeof PlaceRecipe>

/** The pictures of all masks that a recipe has: its scene's, then its foregrounds'. */
export const recipeMasks = ({
  scene,
  foregrounds,
}: Pick<PlaceRecipe, 'scene' | 'foregrounds'>): AssetRef[] => [
  ...maskAssets(scene),
  ...foregrounds.flatMap(({ mask }) => mask?.asset ?? []),
]

/** Whether a recipe is one of Inlay Mini's, which lit pictures by itself before there were layers and is no longer there. */
export const isOfMini1 = ({ flux, klein, scene }: PlaceRecipe): boolean => !flux && !klein && !scene

/** What Place runs on: the built-in layers, FLUX.2 [klein], or FLUX.1-dev with the DreamFuse LoRA. */
export const PlaceModel = v.picklist(['mini2', 'klein', 'dreamfuse'])
export type PlaceModel = v.InferOutput<typeof PlaceModel>

/** Place's settings on FLUX; `turbo` adds an installed few-step LoRA. */
export const FluxPlace = v.object({
  ...FluxPlaceSettings.entries,
  detail: v.optional(share, USUAL_DETAIL),
  steps: Steps,
  turbo: v.boolean(),
})
export type FluxPlace = v.InferOutput<typeof FluxPlace>

/** Steps on FLUX with and without a few-step LoRA. */
export const FLUX_PLACE_STEPS = { turbo: 8, full: 28 } as const

/** specs: DreamFuse §5, §6. */
export const defaultFluxPlace = (): FluxPlace => ({
  size: 512,
  guidance: 3.5,
  textStrength: 1,
  noise: 'philox',
  detail: USUAL_DETAIL,
  guessUnder: 0,
  refreshEvery: 1,
  steps: FLUX_PLACE_STEPS.full,
  turbo: false,
})

/** Its part of the document, beside the layers. */
export const placePart = {
  placeModel: v.optional(PlaceModel, 'mini2'),
  fluxPlace: v.optional(FluxPlace, defaultFluxPlace),
  kleinPlace: v.optional(KleinPlace, defaultKleinPlace),
  scene: v.optional(PlaceScene, defaultPlaceScene),
}

/** The recipe of one of the pictures that were made together, by its seed; the others are the rest. */
export function ofSeed(recipe: PlaceRecipe, seed: string): PlaceRecipe {
  const { klein } = recipe
  if (!klein) return { ...recipe, seed }
  const others = [recipe.seed, ...klein.others].filter((one) => one !== seed)
  return { ...recipe, seed, klein: { ...klein, others } }
}
