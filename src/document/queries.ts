/** What the document says in the mode that is on, and all pictures that it refers to. */
import type { KnownLooks } from '@/base/pictureLooks'
import { chooseModel, modelReadiness } from '@/document/models'
import type { ResultMark } from '@/document/mode'
import { everyMode, modeOf } from '@/document/modes'
import type { KnownPack } from '@/document/packs'
import type { AssetRef, Seed } from '@/schema/common'
import type { FusionDocument } from '@/schema/document'
import { NO_MODEL, type ModelRef } from '@/schema/modelRef'
import type { BuiltInFamily } from '@/schema/pack'
import type { Recipe } from '@/schema/recipe'

/** The words of the mode that is on. */
export const promptOf = (doc: FusionDocument): string => modeOf(doc).promptOf(doc)

export interface Readiness {
  ready: boolean
  /** For each thing that is missing what to do about it. */
  reasons: string[]
  /** What will run otherwise than somebody may expect. */
  warnings: string[]
  /** Packs are among what is missing. */
  needsModels: boolean
}

/** Whether fuse can start with these installed packs, and if not, why. @param lacking as of `modelReadiness` */
export function readiness(
  doc: FusionDocument,
  packs: readonly KnownPack[] = [],
  lacking: readonly BuiltInFamily[] = [],
  looks: KnownLooks = {},
): Readiness {
  const mode = modeOf(doc)
  const models = modelReadiness(doc, packs, lacking)
  const reasons = [...models.reasons, ...mode.reasons(doc)]
  const warnings = [...mode.warnings(doc, looks), ...models.warnings]
  const needsModels = models.reasons.length > 0 && mode.modelOf(doc).kind === 'packs'
  return { ready: reasons.length === 0, reasons, warnings, needsModels }
}

/**
 * Freezes what the next fuse depends on, with the packs that it takes. Call only when `readiness` says ready.
 * `builtIn` is the model of the mode that ships.
 */
export const recipeOf = (doc: FusionDocument, builtIn: ModelRef, packs: readonly KnownPack[] = []): Recipe =>
  modeOf(doc).recipe(doc, chooseModel(doc, builtIn, packs).model)

/** What the engine is asked of the prompt with; null where nothing would read it yet. @param lacking as of `modelReadiness` */
export function promptRecipeOf(
  doc: FusionDocument,
  packs: readonly KnownPack[] = [],
  lacking: readonly BuiltInFamily[] = [],
): Recipe | null {
  const mode = modeOf(doc)
  if (modelReadiness(doc, packs, lacking).reasons.length > 0) return null
  const { model } = chooseModel(doc, NO_MODEL, packs)
  if (mode.promptRecipe) return mode.promptRecipe(doc, model)
  return mode.reasons(doc).length === 0 ? mode.recipe(doc, model) : null
}

/** The seed that names a result; null where it has none. */
export const seedOf = (recipe: Recipe): Seed | null => modeOf(recipe).seedOf(recipe)

/** What tells results apart: "seed 7", or the base's name where that is a picture. */
export function resultMark(recipe: Recipe): ResultMark {
  const seed = seedOf(recipe)
  return seed === null ? modeOf(recipe).unseededMark(recipe) : { said: `seed ${seed}` }
}

/** The pictures that a recipe starts from, in the order in which a job sends their pixels. */
export const recipeAssets = (recipe: Recipe): AssetRef[] => modeOf(recipe).recipeAssets(recipe)

/** The pictures of a recipe that its result's PNG carries along. */
export const carriedAssets = (recipe: Recipe): AssetRef[] => modeOf(recipe).carriedAssets?.(recipe) ?? []

/** The pictures that are looked at while the document is open. */
export const shownAssets = (doc: FusionDocument): AssetRef[] => [
  ...(doc.background ? [doc.background] : []),
  ...doc.layers.flatMap(({ asset, mask }) => (mask ? [asset, mask.asset] : [asset])),
  ...everyMode.flatMap((mode) => mode.documentAssets(doc)),
]

/** Every picture that the document refers to; what storage must keep. */
export function assetsOf(doc: FusionDocument): AssetRef[] {
  const made = doc.layers.flatMap((layer) => (layer.kind === 'result' ? recipeAssets(layer.recipe) : []))
  return [...new Map([...shownAssets(doc), ...made].map((asset) => [asset.hash, asset])).values()]
}
