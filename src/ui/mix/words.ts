/** What is said of mixtures and of how they were judged. */
import { clamp } from '@/base/geometry'
import { samePoint } from '@/document/mix/queries'
import type { Judgement, ListedObject, MixPoint, MixTrial } from '@/schema/modes/mix'
import { percent } from '@/ui/controls/Slider'
import { say, sayTogether } from '@/words/say'

/** What an object is called in lists. */
export const nameOf = ({ label }: Pick<ListedObject, 'label'>, index: number): string =>
  label.trim() || say('object {letter}', { letter: 'ABCD'[index] })

/** "48 % jar, 52 % owl" */
export const sharesWords = (point: MixPoint, objects: readonly Pick<ListedObject, 'label'>[]): string =>
  sayTogether(objects.map((object, i) => `${percent(point.shares[i] ?? 0)} ${nameOf(object, i)}`))

/** CLIP's cosine as a share of what an object's own picture has, 0..1. */
export const namedShare = (named: number, { range }: Judgement): number =>
  clamp((named - range.from) / range.width, 0, 1)

/** From here on halves of a picture show one object each. */
const SIDE_BY_SIDE = 0.15
/** The mean imbalance of the authors' mixtures is 0.32, that of pictures of one object 0.68 (specs: vmdiff §9). */
const ONE_SIDED = 0.6

/** How much more there is of one object than of another, the paper's B_sim. */
export function imbalanceOf(judgement: Judgement): number {
  const spread = (values: number[]) => Math.max(...values) - Math.min(...values)
  const { likeness } = judgement
  return (
    spread(likeness.map(({ seen }) => seen)) +
    spread(likeness.map(({ named }) => namedShare(named, judgement)))
  )
}

export interface Failing {
  name: 'Side by side' | 'One-sided'
  /** What to do about it. */
  advice: string
}

/** What is wrong with a mixture, as far as scores can tell. */
export function failingsOf(judgement: Judgement, objects: readonly Pick<ListedObject, 'label'>[]): Failing[] {
  const found: Failing[] = []
  if (judgement.apart > SIDE_BY_SIDE)
    found.push({
      name: 'Side by side',
      advice: say(
        'The objects stand beside each other instead of being one. Try another seed, or find the balance in more rounds.',
      ),
    })
  if (imbalanceOf(judgement) > ONE_SIDED) {
    const total = judgement.likeness.map(({ seen, named }) => seen + namedShare(named, judgement))
    const weaker = total.indexOf(Math.min(...total))
    const name = objects[weaker] ? nameOf(objects[weaker], weaker) : say('one object')
    found.push({
      name: 'One-sided',
      advice: say(
        'There is little of {name}: move the balance towards it, or give it more strength in the noise.',
        { name },
      ),
    })
  }
  return found
}

const CROPS = {
  outline: 'its own outline',
  found: 'where the cut-out network sees it',
  whole: 'the whole picture',
} as const

/** How the score came about. */
export function scoreDetails(
  { range, crops }: Judgement,
  objects: readonly Pick<ListedObject, 'label'>[],
): string {
  const parts = objects.map((object, i) =>
    say('{name}: {value}', { name: nameOf(object, i), value: say(CROPS[crops.objects[i] ?? 'whole']) }),
  )
  const compared = { parts: sayTogether(parts), mixture: say(CROPS[crops.picture]) }
  return range.measured
    ? say(
        'Compared by {parts}; the mixture: {mixture}. The scale of names was measured on your pictures, for this CLIP is not the authors’. The search ends at their 2.4 on it, too, where that is only a hint.',
        compared,
      )
    : say(
        'Compared by {parts}; the mixture: {mixture}. On the authors’ scale; from 2.4 on they take a mixture.',
        compared,
      )
}

/** The judged draft of exactly this mixture. */
export const trialAt = (trials: readonly MixTrial[], point: MixPoint): MixTrial | null =>
  trials.find((trial) => samePoint(trial.point, point)) ?? null
