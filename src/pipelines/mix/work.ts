import type { Speed } from '@/nets/runner/memoryPlan'
import { PIXELS_PER_TOKEN } from '@/pipelines/flux/fluxPictures'
import type { FluxWork } from '@/pipelines/flux/fluxPlan'
import { typicalPicture } from '@/pipelines/flux/typical'
import { blendingSteps, makingSteps, mixSegments, mixSigmas } from '@/pipelines/mix/mixDenoise'
import type { TypicalPicture } from '@/pipelines/shared/report'
import {
  defaultMixSearch,
  defaultMixSettings,
  DRAFTS,
  type MixRecipe,
  type MixSearch,
} from '@/schema/modes/mix'

/** What of a recipe its work depends on. */
export interface MixSizes extends Pick<MixRecipe, 'mix' | 'search'> {
  objects: readonly unknown[]
}

/** Evaluations of the network for one noise and for one picture. */
export function evaluationsOf({ size, steps }: Pick<MixSearch, 'size' | 'steps'>): {
  noise: number
  picture: number
} {
  const sigmas = mixSigmas(steps, gridOf(size))
  return { noise: blendingSteps(sigmas).length, picture: makingSteps(sigmas).length }
}

const gridOf = (size: number) => ({ rows: size / PIXELS_PER_TOKEN, columns: size / PIXELS_PER_TOKEN })

/** How many noises and pictures a search makes at most. */
export const mostDrafts = (rounds: number): { noises: number; pictures: number } => ({
  noises: rounds * (1 + DRAFTS.strength),
  pictures: rounds * (DRAFTS.balance + DRAFTS.strength),
})

/** What Mix asks of FLUX, with the search where there is one, at its longest. @param tokens of an object */
export function mixWork({ mix, search, objects }: MixSizes, tokens: number): FluxWork {
  // An object that has places of its own is evaluated beside the mixture; drafts have none.
  const alone = new Set(mix.places.map(({ object }) => object)).size
  const parts = [
    { of: mix, noises: 1, pictures: 1, runs: 1 + alone },
    ...(search ? [{ of: search, ...mostDrafts(search.rounds), runs: 1 }] : []),
  ]
  const segments = (size: number, count: number) => mixSegments(count * tokens, gridOf(size))
  return {
    segments: segments(Math.max(...parts.map(({ of }) => of.size)), objects.length),
    conditionings: Math.max(...parts.flatMap(({ of }) => Object.values(evaluationsOf(of)))),
    forwards: parts.flatMap(({ of, noises, pictures, runs }) => [
      { segments: segments(of.size, objects.length), count: noises * evaluationsOf(of).noise },
      {
        segments: segments(of.size, 1),
        count: pictures * evaluationsOf(of).picture * runs,
      },
    ]),
    texts: [],
    encoded: [],
    decoded: parts.map(({ of, pictures }) => ({
      size: { width: of.size, height: of.size },
      count: pictures,
    })),
  }
}

/** Tokens that the released SigLIP gives. */
const RELEASED_TOKENS = 729

export function mixTypical(speed: Speed): TypicalPicture[] {
  const work = (search: MixSearch | null): FluxWork =>
    mixWork({ mix: defaultMixSettings(), search, objects: [0, 1] }, RELEASED_TOKENS)
  return [
    typicalPicture('Mix 512 px, balance by hand', work(null), 0, speed),
    typicalPicture('Mix 512 px, balance found in 14 drafts', work(defaultMixSearch()), 0, speed),
  ]
}
