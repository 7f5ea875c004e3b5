import { unreachable } from '@/base/errors'
import type { Rect, Size } from '@/base/geometry'
import { intersect, rotatedBounds } from '@/base/geometry'
import type { AssetRef } from '@/schema/common'
import type { ForegroundLayer, FusionDocument, Layer } from '@/schema/document'
import type { PlaceRecipe, Recipe } from '@/schema/recipe'

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

/** Whether fuse can start, and for each thing that is missing what to do about it. */
export function readiness(doc: FusionDocument): { ready: boolean; reasons: string[] } {
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
  return { ready: reasons.length === 0, reasons }
}

/** Freezes what the next fuse depends on. Call only when `readiness` says ready. */
export function recipeOf(doc: FusionDocument, model: Recipe['model']): PlaceRecipe {
  const background = baseLayer(doc)
  if (!background) throw new Error('a document without background has no recipe')
  return {
    schema: 1,
    mode: 'place',
    model: { ...model },
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
    steps: doc.settings.steps,
    strength: doc.settings.strength,
  }
}

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

/** The pictures that a recipe starts from, in the order in which a job sends their pixels. */
export function recipeAssets(recipe: Recipe): AssetRef[] {
  switch (recipe.mode) {
    case 'place':
      return [recipe.background, ...recipe.foregrounds.map(({ asset }) => asset)]
    case 'compose':
      return recipe.references.map(({ asset }) => asset)
    default:
      return unreachable(recipe)
  }
}

/** Every picture that the document refers to; what storage must keep. */
export function assetsOf(doc: FusionDocument): AssetRef[] {
  const all = doc.layers.flatMap((layer) =>
    layer.kind === 'result'
      ? [layer.asset, ...recipeAssets(layer.recipe)]
      : [layer.asset],
  )
  if (doc.background) all.push(doc.background)
  return [...new Map(all.map((asset) => [asset.hash, asset])).values()]
}
