/** Mix: objects that become one, and the search for their balance. */
import { fail } from '@/base/errors'
import { newId } from '@/base/id'
import { labelOf } from '@/base/mixWords'
import { conditionsOf, draftRecipeOf } from '@/document/mix/queries'
import type { MixOptions, RunOptions } from '@/engine/api'
import { extraJob, memoryOf, type Running } from '@/engine/jobs'
import type { PictureBook } from '@/engine/pictures'
import { lorasOf, seedText, setGiven } from '@/engine/settings'
import { emptyDocument, type FusionDocument } from '@/schema/document'
import { defaultMixSettings, evenPoint, worthOf, type MixRecipe } from '@/schema/modes/mix'

/** @throws as reading pictures */
export async function mixDocument(
  { info }: Running,
  options: MixOptions,
  book: PictureBook,
): Promise<FusionDocument> {
  const doc = emptyDocument(newId())
  doc.mode = 'mix'
  doc.loras = lorasOf(options.loras)
  doc.transformer = options.transformer ?? null
  setGiven(doc.settings, { seed: seedText(options.seed) })
  const { mix } = doc
  for (const { picture, name = '', label } of options.objects) {
    const asset = await book.add(name === '' ? picture : { picture, name }, 'Object')
    mix.objects.push({ id: newId(), asset, label: label ?? labelOf(asset.name) })
  }
  mix.model = options.model ?? (info.lacking.includes('painter2') ? 'flux' : 'painter')
  mix.prompt = options.prompt ?? ''
  mix.settings = defaultMixSettings()
  const { size, steps, slerp, noise } = options
  setGiven(mix.settings, { size, steps, slerp, noise })
  const { shares = null, strengths } = options
  const even = evenPoint(mix.objects.length)
  mix.automatic = shares === null && mix.objects.length === 2
  mix.point = { ...even, shares: [...(shares ?? even.shares)], strengths: [...(strengths ?? even.strengths)] }
  const { length } = mix.objects
  if (mix.point.shares.length !== length || mix.point.strengths.length !== length)
    fail('bad-recipe', 'Shares and strengths need a number for each object.', 'Give as many as objects.')
  return doc
}

/** The recipe with the best of all drafts, where its balance is to be found. @throws as the engine; cancelled */
export async function withBalance(
  running: Running,
  { mix: { trials } }: FusionDocument,
  recipe: MixRecipe,
  book: PictureBook,
  options: RunOptions,
): Promise<MixRecipe> {
  if (!recipe.search) return recipe
  const drafts = draftRecipeOf(recipe, recipe.search)
  const kept = trials.of === conditionsOf(drafts) ? trials.list : []
  const known = kept.flatMap(({ point, judgement }) => (judgement ? [{ point, judgement }] : []))
  const wanted = { kind: 'search' as const, rounds: recipe.search.rounds }
  const made = await extraJob(
    running,
    {
      kind: 'mixtures',
      recipe: { recipe: drafts, wanted, known },
      rasters: book.pixelsOf(recipe.objects.map(({ asset }) => asset)),
      ...memoryOf(recipe, options),
    },
    options,
  )
  const judged = [...known, ...made].flatMap(({ point, judgement }) =>
    judgement ? [{ point, judgement }] : [],
  )
  const [best] = judged.toSorted((a, b) => worthOf(b.judgement) - worthOf(a.judgement))
  return best ? { ...recipe, point: best.point } : recipe
}
