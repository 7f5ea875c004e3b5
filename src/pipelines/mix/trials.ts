/** Drafts of mixtures: those that are asked for, or those that a search for the balance wants to see. */
import { fail, problemOf } from '@/base/errors'
import { openMix } from '@/pipelines/mix/openMix'
import type { WantedTrials } from '@/pipelines/mix/report'
import { searchBalance, type Worth } from '@/pipelines/mix/search'
import { evaluationsOf, mostDrafts } from '@/pipelines/mix/work'
import type { ExtraWork } from '@/pipelines/shared/engineMode'
import { worthOf, type Judgement, type MixPoint, type MixRecipe } from '@/schema/modes/mix'

/** From here on the authors take a mixture (specs: vmdiff §7). */
const ACCEPTED = 2.4
/** How much more a name counts than a look where it is asked which object is the weaker one, as released. */
const NAMED_FACTOR = 3.13

export const mixtures: ExtraWork<'mixtures'> = async (
  context,
  { recipe, wanted, known },
  rasters,
  announce,
) => {
  const { model, session } = await openMix(context, recipe, rasters, stepsOf(recipe, wanted))
  try {
    const labels = recipe.objects.map(({ label }) => label)
    const judge = await model.judge(rasters, labels)
    if (wanted.kind === 'search' && !judge)
      fail(
        'missing-asset',
        'Finding the balance needs DINOv2 and a CLIP that scores.',
        'Import them in the model manager, or choose the balance by hand.',
      )
    let lost: unknown = null
    const draft = async (point: MixPoint): Promise<Judgement | null> => {
      const { image } = await session.make(point)
      const judgement = judge && (await judge.judge(image))
      announce({ point, image, judgement })
      return judgement
    }
    if (wanted.kind === 'points') {
      for (const point of wanted.points) await draft(point)
      return
    }
    const best = await searchBalance({ rounds: wanted.rounds, accept: ACCEPTED }, async (point) => {
      const before = known.find((one) => JSON.stringify(one.point) === JSON.stringify(point))
      if (before) return judged(before.judgement)
      try {
        const judgement = await draft(point)
        return judgement ? judged(judgement) : NONE
      } catch (error) {
        // One draft that is none stops nothing; whatever else is wrong is wrong for all.
        if (problemOf(error).code !== 'bad-weights') throw error
        lost = error
        return NONE
      }
    })
    if (!best)
      fail(
        'bad-weights',
        'None of the mixtures could be judged.',
        'Choose the balance by hand, another seed, or import the transformer in another precision.',
        lost === null ? 'every score was no number' : problemOf(lost).message,
      )
  } finally {
    model.makeRoom()
  }
}

const NONE: Worth = { worth: NaN, stronger: 0 }

function judged(judgement: Judgement): Worth {
  const [first, second] = judgement.likeness
  const shown = (one: typeof first): number => one.seen + NAMED_FACTOR * one.named
  return { worth: worthOf(judgement), stronger: shown(first) > shown(second) ? 0 : 1 }
}

/** Steps of all drafts at most. */
function stepsOf(recipe: MixRecipe, wanted: WantedTrials): number {
  const each = evaluationsOf(recipe.mix)
  const count =
    wanted.kind === 'search' ? mostDrafts(wanted.rounds) : { noises: 1, pictures: wanted.points.length }
  return count.noises * each.noise + count.pictures * each.picture
}
