import { unreachable } from '@/base/errors'
import type { Rect, Size } from '@/base/geometry'
import { intersect, rotatedBounds } from '@/base/geometry'
import type { AssetRef } from '@/schema/common'
import {
  alignAssets,
  alignReasons,
  alignRecipeOf,
  alignWarnings,
  candidateAssets,
  startName,
} from '@/document/alignQueries'
import { chooseModel, listWords, modelReadiness, type KnownPack } from '@/document/models'
import type { FluxPlace, ForegroundLayer, FusionDocument, Layer } from '@/schema/document'
import {
  seedOf,
  type ComposeRecipe,
  type FluxPlaceSettings,
  type ModelRef,
  type PlaceRecipe,
  type Recipe,
} from '@/schema/recipe'

/** A recipe holds at most this many foregrounds (schema/recipe.ts). */
export const MAX_FUSED = 16

export function findLayer(doc: FusionDocument, id: string | null): Layer | null {
  return doc.layers.find((layer) => layer.id === id) ?? null
}

/** Index of the topmost visible result, -1 where there is none. */
function topResult(doc: FusionDocument): number {
  return doc.layers.findLastIndex((layer) => layer.kind === 'result' && layer.visible)
}

/** The picture that the next fuse starts from: the topmost visible result, else the background. */
export function baseLayer(doc: FusionDocument): AssetRef | null {
  return doc.layers[topResult(doc)]?.asset ?? doc.background
}

/** The foregrounds that the next fuse takes: visible ones above the topmost visible result, bottom to top. */
export function fuseTargets(doc: FusionDocument): ForegroundLayer[] {
  return doc.layers
    .slice(topResult(doc) + 1)
    .filter((layer): layer is ForegroundLayer => layer.kind === 'foreground' && layer.visible)
}

/** Bounds of the box after rotation, background pixels. */
export const boundsOf = (layer: ForegroundLayer): Rect => rotatedBounds(layer.box, layer.rotationDegrees)

/** The words of the mode that is on. */
export function promptOf(doc: FusionDocument): string {
  switch (doc.mode) {
    case 'place':
      return doc.prompt
    case 'compose':
      return doc.composePrompt
    case 'align':
      return doc.align.prompt
  }
}

/** What DreamO wants to read first when a reference gives the style (specs: DreamO §5). */
export const STYLE_PREFIX = 'generate a same style image.'

/** Placeholders in a prompt that no reference stands behind, in order. */
export function unknownPlaceholders(doc: FusionDocument): string[] {
  const found = [...doc.composePrompt.matchAll(/\[ref#(\d+)\]/g)]
  return [...new Set(found.filter(([, n]) => !doc.references[Number(n) - 1]).map(([text]) => text))]
}

export interface Readiness {
  ready: boolean
  /** For each thing that is missing what to do about it. */
  reasons: string[]
  /** What will run otherwise than somebody may expect. */
  warnings: string[]
  /** Packs are among what is missing. */
  needsModels: boolean
}

/** Whether fuse can start with these installed packs, and if not, why. */
export function readiness(doc: FusionDocument, packs: readonly KnownPack[] = []): Readiness {
  const models = modelReadiness(doc, packs)
  const own = ownReadiness(doc)
  const reasons = [...models.reasons, ...own.reasons]
  const warnings = [...own.warnings, ...models.warnings]
  return { ready: reasons.length === 0, reasons, warnings, needsModels: models.reasons.length > 0 }
}

/** What a mode says of the document alone, whatever is installed. */
function ownReadiness(doc: FusionDocument): Pick<Readiness, 'reasons' | 'warnings'> {
  switch (doc.mode) {
    case 'place':
      return { reasons: placeReasons(doc), warnings: [] }
    case 'compose':
      return { reasons: composeReasons(doc), warnings: composeWarnings(doc) }
    case 'align':
      return { reasons: alignReasons(doc.align), warnings: alignWarnings(doc.align) }
  }
}

function composeWarnings(doc: FusionDocument): string[] {
  const warnings: string[] = []
  const stray = unknownPlaceholders(doc)
  if (stray.length > 0) warnings.push(`The prompt names ${listWords(stray)}, but there is no such reference.`)
  if (doc.references.length > 1 && doc.references.some(({ role }) => role === 'style'))
    warnings.push('DreamO learned style from a single reference; beside others it may be lost.')
  return warnings
}

function composeReasons({ references, composePrompt }: FusionDocument): string[] {
  const reasons: string[] = []
  if (references.length === 0) reasons.push('Add a reference picture.')
  if (composePrompt.trim() === '') reasons.push('Describe the new picture in the prompt.')
  return reasons
}

function placeReasons(doc: FusionDocument): string[] {
  const reasons: string[] = []
  const { background } = doc
  if (!background) reasons.push('Add a background picture.')
  const targets = fuseTargets(doc)
  if (targets.length === 0)
    reasons.push(
      doc.layers.some((layer) => layer.kind === 'foreground')
        ? 'Show a foreground, or add one above the accepted result.'
        : 'Add a foreground to place on it.',
    )
  if (targets.length > MAX_FUSED) reasons.push(`Hide some foregrounds: ${MAX_FUSED} can be fused at once.`)
  if (background)
    for (const layer of targets)
      if (!intersect(boundsOf(layer), { x: 0, y: 0, width: background.width, height: background.height }))
        reasons.push(`Move “${layer.name}” onto the picture: it lies outside.`)
  return reasons
}

/**
 * Freezes what the next fuse depends on, with the packs that it takes. Call only when `readiness` says ready.
 * `builtIn` is the model of the mode that ships.
 */
export function recipeOf(doc: FusionDocument, builtIn: ModelRef, packs: readonly KnownPack[] = []): Recipe {
  const { model } = chooseModel(doc, builtIn, packs)
  switch (doc.mode) {
    case 'place':
      return placeRecipeOf(doc, model)
    case 'compose':
      return composeRecipeOf(doc, model)
    case 'align':
      return alignRecipeOf(doc.align, model)
  }
}

function composeRecipeOf(doc: FusionDocument, model: ModelRef): ComposeRecipe {
  return {
    schema: 1,
    mode: 'compose',
    model,
    references: doc.references.map(({ asset, role, face }) => ({
      asset: { ...asset },
      role,
      face: role === 'identity' && face ? { ...face } : null,
    })),
    prompt: doc.composePrompt,
    seed: doc.settings.seed,
    compose: { ...doc.compose },
  }
}

/** The recipe of Place; also of the picture as it stands, whatever the mode. */
export function placeRecipeOf(doc: FusionDocument, model: ModelRef): PlaceRecipe {
  const background = baseLayer(doc)
  if (!background) throw new Error('a document without background has no recipe')
  return {
    schema: 1,
    mode: 'place',
    model,
    background: { ...background },
    foregrounds: fuseTargets(doc).map((layer) => ({
      asset: { ...layer.asset },
      box: { ...layer.box },
      stretch: layer.stretch,
      rotationDegrees: layer.rotationDegrees,
      flipX: layer.flipX,
    })),
    prompt: doc.prompt,
    seed: doc.settings.seed,
    steps: doc.placeModel === 'mini' ? doc.settings.steps : doc.fluxPlace.steps,
    strength: doc.settings.strength,
    ...(doc.placeModel === 'mini' ? {} : { flux: fluxSettings(doc.fluxPlace) }),
  }
}

const fluxSettings = ({ size, guidance, textStrength, noise }: FluxPlace): FluxPlaceSettings => ({
  size,
  guidance,
  textStrength,
  noise,
})

/** Share of the background's height that a new foreground takes, and its distance from the lower edge. */
const DEFAULT_HEIGHT = 0.4
const DEFAULT_MARGIN = 0.06
/** A new foreground is never wider than this share of the background. */
const WIDEST = 0.9

/** Where a new foreground goes: bottom-centred, 40 % of the height, whole inside the picture. Background pixels. */
export function defaultBox(content: Size, background: Size): Rect {
  const height = background.height * DEFAULT_HEIGHT
  const scale = Math.min(height / content.height, (background.width * WIDEST) / content.width)
  const size = { width: Math.max(1, content.width * scale), height: Math.max(1, content.height * scale) }
  return {
    x: (background.width - size.width) / 2,
    y: Math.max(0, background.height * (1 - DEFAULT_MARGIN) - size.height),
    ...size,
  }
}

/** What tells results apart, in words: "seed 7", or the base's name where that is a picture. */
export function resultMark(recipe: Recipe): string {
  const seed = seedOf(recipe)
  if (seed !== null) return `seed ${seed}`
  return recipe.mode === 'align' ? startName(recipe.base) : ''
}

/** The pictures that a recipe starts from, in the order in which a job sends their pixels. */
export function recipeAssets(recipe: Recipe): AssetRef[] {
  switch (recipe.mode) {
    case 'place':
      return [recipe.background, ...recipe.foregrounds.map(({ asset }) => asset)]
    case 'compose':
      return recipe.references.map(({ asset }) => asset)
    case 'align':
      return alignAssets(recipe)
    default:
      return unreachable(recipe)
  }
}

/** Every picture that the document refers to; what storage must keep. */
export function assetsOf(doc: FusionDocument): AssetRef[] {
  const all = doc.layers.flatMap((layer) =>
    layer.kind === 'result' ? [layer.asset, ...recipeAssets(layer.recipe)] : [layer.asset],
  )
  if (doc.background) all.push(doc.background)
  all.push(...doc.references.map(({ asset }) => asset), ...candidateAssets(doc.align))
  return [...new Map(all.map((asset) => [asset.hash, asset])).values()]
}
