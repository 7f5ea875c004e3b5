/**
 * From one version of what is stored to the next; each step is tested on what its version wrote (`fixtures/`). A step
 * is never edited once it has shipped, so it takes nothing from today's schemas.
 */
import { isStored, type Migration, type Stored } from '@/schema/versioned'

/** Applies a step to one field, where that holds an object, or to each object of a list. */
function within(value: Stored, field: string, step: Migration): Stored {
  const inner = value[field]
  if (isStored(inner)) return { ...value, [field]: step(inner) }
  if (!Array.isArray(inner)) return value
  return { ...value, [field]: inner.map((one: unknown) => (isStored(one) ? step(one) : one)) }
}

// 1 -> 2: seeds are decimal strings of up to 64 bits, where they were numbers of 32; documents have a name.

const seed1to2: Migration = (value) =>
  typeof value.seed === 'number' ? { ...value, seed: String(value.seed) } : value

/** Recipes also lie inside documents, results and pairs; there their version changes with what holds them. */
export const recipe1to2: Migration = (recipe) => ({
  // Where a mode starts from something else than its own seed, that is its base and its reference.
  ...['base', 'reference'].reduce((all, start) => within(all, start, seed1to2), seed1to2(recipe)),
  schema: 2,
})

const candidate1to2: Migration = (candidate) => within(candidate, 'start', seed1to2)

export const document1to2: Migration = (document) => {
  const seeded = within(document, 'settings', seed1to2)
  const layered = within(seeded, 'layers', (layer) => within(layer, 'recipe', recipe1to2))
  return { ...within(layered, 'align', (align) => within(align, 'candidates', candidate1to2)), name: '' }
}

export const result1to2: Migration = (result) => within(result, 'recipe', recipe1to2)

export const pair1to2: Migration = (stored) =>
  within(stored, 'pair', (pair) => within(pair, 'recipe', recipe1to2))

export const preferences1to2: Migration = (index) =>
  within(index, 'pairs', (pair) => within(pair, 'recipe', recipe1to2))

// Documents 2 -> 3: Place has one built-in model, whose light is read from the photo or set by hand.

const BUILT_IN_PLACE = new Set<unknown>([undefined, 'mini', 'hand'])

export const document2to3: Migration = (document) => {
  const { placeModel } = document
  if (!BUILT_IN_PLACE.has(placeModel)) return document
  const lit =
    placeModel === 'hand' ? document : within(document, 'scene', (scene) => ({ ...scene, source: 'photo' }))
  return { ...lit, placeModel: 'mini2' }
}
