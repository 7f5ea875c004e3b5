/** What Mix asks of its part of the document. */
import { mixPrompt } from '@/base/mixWords'
import { NO_MODEL, type ModelRef } from '@/schema/modelRef'
import type { FusionDocument } from '@/schema/document'
import {
  worthOf,
  type MixPart,
  type MixPoint,
  type MixRecipe,
  type MixSearch,
  type MixTrial,
} from '@/schema/modes/mix'
import { PAINTER_SIDE } from '@/schema/pack'

export const promptOfMix = ({ prompt, objects }: MixPart): string => prompt.trim() || mixPrompt(objects)

/** Only two objects can be balanced by a search. */
export const isAutomatic = ({ automatic, objects }: MixPart): boolean => automatic && objects.length <= 2

const ORDINALS = ['first', 'second', 'third', 'fourth']

/** Why Mix cannot fuse, and what to do about it. */
export function mixReasons({ mix: { objects, point } }: FusionDocument): string[] {
  if (objects.length === 0) return ['Add two pictures, each of one object.']
  if (objects.length === 1) return ['Add the picture of a second object.']
  const reasons: string[] = []
  const twice = objects.find(({ asset }, i) => objects.findIndex((one) => one.asset.hash === asset.hash) < i)
  if (twice) reasons.push(`“${twice.asset.name}” is there twice: choose another picture for one of them.`)
  const unnamed = objects.findIndex(({ label }) => label.trim() === '')
  if (unnamed >= 0) reasons.push(`Say what the ${ORDINALS[unnamed]} object is, for example “glass jar”.`)
  if (point.strengths.every((strength) => strength === 0))
    reasons.push('Give at least one object some strength in the noise.')
  return reasons
}

/** Pixels per side that are made where so many are asked for. */
const sizeIn = ({ model }: MixPart, size: number): number => (model === 'painter' ? PAINTER_SIDE : size)

/** Pixels per side of the picture. */
export const madeSize = (mix: MixPart): number => sizeIn(mix, mix.settings.size)

/** How the balance is searched for, on the model of now. */
export const searchOf = (mix: MixPart): MixSearch => ({ ...mix.search, size: sizeIn(mix, mix.search.size) })

export function mixRecipeOf({ mix, settings }: FusionDocument, model: ModelRef): MixRecipe {
  return {
    schema: 2,
    mode: 'mix',
    model,
    objects: mix.objects.map(({ asset, label }) => ({ asset: { ...asset }, label: label.trim() })),
    prompt: promptOfMix(mix),
    seed: settings.seed,
    point: structuredClone(mix.point),
    mix: { ...structuredClone(mix.settings), size: madeSize(mix) },
    search: isAutomatic(mix) ? searchOf(mix) : null,
  }
}

/** The recipe of drafts: smaller, with fewer steps, and of the balance alone, whatever places are drawn. */
export const draftRecipeOf = (recipe: MixRecipe, { size, steps }: MixPart['search']): MixRecipe => ({
  ...recipe,
  mix: { ...recipe.mix, size, steps, places: [] },
})

/** All that a draft depends on beside its point. */
export const conditionsOf = (recipe: MixRecipe): string => `${settledOf(recipe)} ${madeWith(recipe.model)}`

const settledOf = ({ objects, prompt, seed, mix }: MixRecipe): string =>
  JSON.stringify([objects.map(({ asset, label }) => [asset.hash, label]), prompt, seed, mix])

/** Whatever takes part; 16 digits tell packs apart, and what the document keeps is bounded. */
const madeWith = ({ parts, hash: builtIn }: ModelRef): string =>
  parts.length === 0
    ? builtIn.slice(0, 16)
    : parts.map(({ hash, weight }) => `${hash.slice(0, 16)}*${weight}`).join()

/**
 * Whether the drafts are of other pictures, words, settings or packs than those of now.
 * @param model that a fuse would run on; without a hash nothing is asked of it
 */
export function areStale(doc: FusionDocument, model: ModelRef = NO_MODEL): boolean {
  const { trials } = doc.mix
  const drafts = draftRecipeOf(mixRecipeOf(doc, model), searchOf(doc.mix))
  const isOfNow =
    model.hash !== '' ? trials.of === conditionsOf(drafts) : trials.of.startsWith(`${settledOf(drafts)} `)
  return trials.list.length > 0 && !isOfNow
}

/** Mixtures of two objects all around: each balance with either object stronger in the noise, and with both alike. */
export const gridPoints = ({ round }: MixPoint): MixPoint[] =>
  [0.4, 0.5, 0.6].flatMap((share) =>
    [
      [1, 1],
      [0.5, 1.5],
      [1.5, 0.5],
    ].map((strengths) => ({ shares: [1 - share, share], strengths, round })),
  )

const NEAR = 1e-6

export const samePoint = (a: MixPoint, b: MixPoint): boolean =>
  a.round === b.round &&
  a.shares.length === b.shares.length &&
  a.shares.every((share, i) => Math.abs(share - b.shares[i]) < NEAR) &&
  a.strengths.every((strength, i) => Math.abs(strength - b.strengths[i]) < NEAR)

/** Of a draft without scores nothing is known. */
const worthOfTrial = ({ judgement }: MixTrial): number => (judgement ? worthOf(judgement) : -Infinity)

export function bestTrial(trials: readonly MixTrial[]): MixTrial | null {
  const judged = trials.filter(({ judgement }) => judgement !== null)
  return judged.toSorted((a, b) => worthOfTrial(b) - worthOfTrial(a))[0] ?? null
}

/** The draft that is most like a mixture: of the same noise where there is one. */
export function nearestTrial(trials: readonly MixTrial[], point: MixPoint): MixTrial | null {
  const distance = (other: MixPoint): number =>
    other.shares.length !== point.shares.length
      ? Infinity
      : other.shares.reduce((sum, share, i) => sum + Math.abs(share - point.shares[i]), 0) +
        other.strengths.reduce((sum, strength, i) => sum + Math.abs(strength - point.strengths[i]), 0) +
        (other.round === point.round ? 0 : 10)
  const [nearest] = trials.toSorted((a, b) => distance(a.point) - distance(b.point))
  return nearest && distance(nearest.point) < Infinity ? nearest : null
}
