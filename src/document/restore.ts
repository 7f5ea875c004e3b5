import type { Draft } from 'immer'

import type { KnownPack } from '@/document/models'
import type { DocumentStore } from '@/document/store'
import { sameStart } from '@/document/alignQueries'
import { MAX_CANDIDATES, MAX_LORAS, type FusionDocument } from '@/schema/document'
import type { AlignRecipe, AlignStart, ComposeRecipe, PlaceRecipe, Recipe } from '@/schema/recipe'

const newId = (): string => crypto.randomUUID()

/**
 * Brings back what a recipe describes: its pictures, prompt and settings, in one undoable step. `packs` tell what the
 * LoRAs that it names are for.
 */
export function applyRecipe(store: DocumentStore, recipe: Recipe, packs: readonly KnownPack[] = []): void {
  store.actions.apply('Restore recipe', (draft) => {
    draft.mode = recipe.mode
    if (recipe.mode === 'align') return restoreAlign(draft, recipe, packs)
    Object.assign(draft.settings, { seed: recipe.seed, randomSeed: false })
    if (recipe.mode === 'compose') restoreCompose(draft, recipe, packs)
    else restorePlace(draft, recipe, packs)
  })
  store.actions.select(null)
}

/** The LoRAs of a recipe that are no part of a mode by themselves, and the roles of those that are. */
function lorasOf(recipe: Recipe, packs: readonly KnownPack[]) {
  const parts = recipe.model.parts.filter(({ family }) => family === 'lora')
  const roleOf = (hash: string) => packs.find((pack) => pack.hash === hash)?.role ?? null
  return {
    roles: new Set(parts.map(({ hash }) => roleOf(hash))),
    extra: parts
      .filter(({ hash }) => roleOf(hash) === 'other')
      .map(({ hash, name, weight }) => ({ hash, name, weight }))
      .slice(0, MAX_LORAS),
  }
}

function restoreCompose(
  draft: Draft<FusionDocument>,
  recipe: ComposeRecipe,
  packs: readonly KnownPack[],
): void {
  const { roles, extra } = lorasOf(recipe, packs)
  const v1 = roles.has('dreamo-quality-pos') || roles.has('dreamo-quality-neg')
  draft.references = recipe.references.map((reference) => ({
    id: newId(),
    asset: { ...reference.asset },
    role: reference.role,
    face: reference.face ? { ...reference.face } : null,
  }))
  draft.composePrompt = recipe.prompt
  draft.compose = { ...recipe.compose }
  draft.preset = { version: v1 ? 'v1' : 'v1.1', turbo: roles.has('turbo') }
  draft.loras = extra
  draft.transformer = recipe.model.hash || null
}

function restorePlace(draft: Draft<FusionDocument>, recipe: PlaceRecipe, packs: readonly KnownPack[]): void {
  draft.background = { ...recipe.background }
  draft.layers = recipe.foregrounds.map((foreground) => ({
    kind: 'foreground' as const,
    id: newId(),
    name: foreground.asset.name,
    visible: true,
    asset: { ...foreground.asset },
    box: { ...foreground.box },
    stretch: foreground.stretch,
    rotationDegrees: foreground.rotationDegrees,
    flipX: foreground.flipX,
  }))
  draft.prompt = recipe.prompt
  draft.settings.strength = recipe.strength
  draft.placeModel = recipe.flux ? 'dreamfuse' : 'mini'
  if (!recipe.flux) {
    draft.settings.steps = recipe.steps
    return
  }
  const { roles, extra } = lorasOf(recipe, packs)
  draft.fluxPlace = { ...recipe.flux, steps: recipe.steps, turbo: roles.has('turbo') }
  draft.loras = extra
  draft.transformer = recipe.model.hash || null
}

function restoreAlign(draft: Draft<FusionDocument>, recipe: AlignRecipe, packs: readonly KnownPack[]): void {
  const { align } = draft
  align.prompt = recipe.prompt
  align.words = recipe.words.map((word) => ({ ...word }))
  align.settings = structuredClone(recipe.align)
  align.model = recipe.model.parts.length > 0 ? 'sd' : 'painter'
  if (align.model === 'sd') {
    align.unet = recipe.model.hash || null
    draft.loras = lorasOf(recipe, packs).extra
  }
  const reference = startIn(align.candidates, recipe.reference)
  const base = startIn(align.candidates, recipe.base)
  const room = align.candidates.length - MAX_CANDIDATES
  // The oldest make room, never the two that the recipe is about.
  if (room > 0) {
    const spare = align.candidates.filter(({ id }) => id !== base && id !== reference).slice(0, room)
    align.candidates = align.candidates.filter((candidate) => !spare.includes(candidate))
  }
  Object.assign(align, { base, reference })
}

/** The candidate with a start; a new one without a picture where there is none. Its id. */
function startIn(candidates: Draft<FusionDocument>['align']['candidates'], start: AlignStart): string {
  const known = candidates.find((candidate) => sameStart(candidate.start, start))
  if (known) return known.id
  const id = newId()
  candidates.push({
    id,
    start: structuredClone(start),
    asset: null,
    made: null,
    score: null,
    reconstruction: null,
  })
  return id
}
