/** What Align asks of its part of the document: who is base and reference, what is missing, its recipes. */
import { nextSeed } from '@/base/seed'
import { listWords } from '@/document/wording'
import type { AssetRef } from '@/schema/common'
import type { ModelRef } from '@/schema/modelRef'
import type {
  AlignPart,
  AlignRecipe,
  AlignStart,
  Candidate,
  SampleConditions,
  SampleRecipe,
} from '@/schema/modes/align'

export const candidateIn = (part: AlignPart, id: string | null): Candidate | null =>
  part.candidates.find((one) => one.id === id) ?? null

/** Whether two runs begin at the same noise. */
export const sameStart = (a: AlignStart, b: AlignStart): boolean =>
  a.kind === 'seed'
    ? b.kind === 'seed' && a.seed === b.seed
    : b.kind === 'picture' && a.asset.hash === b.asset.hash

/** "Seed 7", or the picture's name. */
export const startName = (start: AlignStart): string =>
  start.kind === 'seed' ? `Seed ${start.seed}` : start.asset.name

/** Best score first; without scores in the order in which they came. */
export const byScore = (candidates: readonly Candidate[]): Candidate[] =>
  candidates.toSorted((a, b) => (b.score ?? -Infinity) - (a.score ?? -Infinity) || 0)

/** Why Align cannot fuse, and what to do about it. */
export function alignReasons(part: AlignPart): string[] {
  const { prompt, candidates, words, settings } = part
  const reasons: string[] = []
  if (prompt.trim() === '') reasons.push('Describe the picture in the prompt.')
  const [base, reference] = [candidateIn(part, part.base), candidateIn(part, part.reference)]
  if (candidates.length === 0) reasons.push('Sample some pictures to choose from.')
  else if (candidates.length === 1) reasons.push('Sample more pictures: it takes two.')
  else if (!base || !reference) {
    const missing = [...(reference ? [] : ['a reference']), ...(base ? [] : ['a base'])]
    reasons.push(`Choose ${listWords(missing)} among the pictures.`)
  } else if (base.id === reference.id) reasons.push('Base and reference are the same: choose another one.')
  if (words.length === 0 && settings.fusion !== 'whole')
    reasons.push('Pick at least one word under the prompt: its region is taken over.')
  return reasons
}

export function alignWarnings(part: AlignPart): string[] {
  const { settings } = part
  const warnings: string[] = []
  const stale = [part.base, part.reference].some((id) => isStale(part, candidateIn(part, id)))
  if (stale)
    warnings.push('Base or reference were made with another prompt or settings: Fuse makes them anew.')
  if (settings.fused.first > settings.fused.last)
    warnings.push('No step is fused: the first fused step comes after the last one.')
  if (settings.layers.first > settings.layers.last)
    warnings.push('No layer is fused: the first fused layer comes after the last one.')
  return warnings
}

/** Whether a candidate would look otherwise, were it made now. A change of the model is told by its size. */
export function isStale({ prompt, settings }: AlignPart, candidate: Candidate | null): boolean {
  const made = candidate?.made
  if (!made) return false
  const keys = ['width', 'height', 'steps', 'guidance', 'eta', 'noise'] as const
  return made.prompt.trim() !== prompt.trim() || keys.some((key) => made[key] !== settings[key])
}

export function conditionsOf(recipe: SampleRecipe): SampleConditions {
  const { width, height, steps, guidance, eta, noise } = recipe.align
  return { prompt: recipe.prompt, model: recipe.model.hash, width, height, steps, guidance, eta, noise }
}

/** The next `count` seeds from `first` on that the gallery does not have. */
export function nextSeeds({ candidates }: AlignPart, first: string, count: number): AlignStart[] {
  const used = new Set(candidates.map(({ start }) => (start.kind === 'seed' ? start.seed : null)))
  const starts: AlignStart[] = []
  for (let seed = first; starts.length < count; seed = nextSeed(seed))
    if (!used.has(seed)) starts.push({ kind: 'seed', seed })
  return starts
}

/** What a sampling of these starts depends on. */
export const sampleRecipeOf = (part: AlignPart, model: ModelRef, starts: AlignStart[]): SampleRecipe => ({
  model,
  prompt: part.prompt,
  starts,
  align: structuredClone(part.settings),
})

/** A run for one pair. */
export const pairRecipeOf = (
  { prompt, words, settings }: AlignPart,
  model: ModelRef,
  base: AlignStart,
  reference: AlignStart,
): AlignRecipe => ({
  schema: 2,
  mode: 'align',
  model,
  prompt,
  words: words.map((word) => ({ ...word })),
  base: structuredClone(base),
  reference: structuredClone(reference),
  align: structuredClone(settings),
})

/** The recipe of the chosen base and reference. Call only when `readiness` says ready. */
export function alignRecipeOf(part: AlignPart, model: ModelRef): AlignRecipe {
  const [base, reference] = [candidateIn(part, part.base), candidateIn(part, part.reference)]
  if (!base || !reference) throw new Error('an alignment without base and reference has no recipe')
  return pairRecipeOf(part, model, base.start, reference.start)
}

/** How pairs are drawn from a gallery (specs: D-Fusion §7). */
export type PairRule = 'paper' | 'code'

/**
 * Pairs of a gallery, best candidates as references. The paper zips the better half with the worse half; the released
 * code takes the best quarter twice.
 */
export function pairsOf(
  candidates: readonly Candidate[],
  rule: PairRule,
): { base: Candidate; reference: Candidate }[] {
  const sorted = byScore(candidates)
  const half = Math.floor(sorted.length / 2)
  const bases = sorted.slice(sorted.length - half)
  // The quarter is rounded up, so that repeated twice it serves every base.
  const best = rule === 'paper' ? half : Math.ceil(half / 2)
  return bases.map((base, index) => ({ base, reference: sorted[index % best] }))
}

const assetsOfStart = (start: AlignStart): AssetRef[] => (start.kind === 'picture' ? [start.asset] : [])

/** The pictures that a recipe starts from: the base's, then the reference's. */
export const alignAssets = ({ base, reference }: Pick<AlignRecipe, 'base' | 'reference'>): AssetRef[] =>
  [base, reference].flatMap(assetsOfStart)

/** Every picture of the gallery, and those that were inverted. */
export const candidateAssets = ({ candidates }: AlignPart): AssetRef[] =>
  candidates.flatMap(({ asset, start }) => [...(asset ? [asset] : []), ...assetsOfStart(start)])
