import { useMemo, type ReactNode } from 'react'

import type { Recipe } from '@/schema/recipe'
import { Choices } from '@/ui/place/Choices'
import { isHeld } from '@/ui/stores/run'
import { useRun, useShelf, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

/** What pictures that were made together have in common; null for those that were made alone. */
function setOf(recipe: Recipe): string | null {
  if (recipe.mode !== 'place' || !recipe.klein || recipe.klein.others.length === 0) return null
  const { seed, klein, ...rest } = recipe
  return JSON.stringify([rest, { ...klein, away: null, others: [seed, ...klein.others].sort() }])
}

const seedOf = (recipe: Recipe): string => ('seed' in recipe ? recipe.seed : '')

/** The pictures that klein made together with the one that is shown, to choose from; they all are in the strip of results. */
export function KleinVariations(): ReactNode {
  const { actions } = useStudio()
  const results = useShelf((state) => state.results)
  const staged = useRun((state) => state.staged?.recipe ?? null)
  const running = useRun(isHeld)
  const together = useMemo(() => {
    const set = staged && setOf(staged)
    if (!set) return []
    // The newest of a seed is the one on which strokes were painted last.
    const newest = new Map(
      results
        .filter(({ recipe }) => setOf(recipe) === set)
        .map((one) => [seedOf(one.recipe), one] as const)
        .reverse(),
    )
    return [...newest.values()].sort((a, b) =>
      seedOf(a.recipe).localeCompare(seedOf(b.recipe), 'en', { numeric: true }),
    )
  }, [results, staged])
  if (!staged || together.length < 2) return null
  return (
    <Choices
      label={say('Pictures that were made together')}
      hint={say(
        'Made together from other seeds. Choose one; Accept keeps it, the others stay among the results.',
      )}
      one="Picture"
      choices={together.map(({ recipe, thumbnail }) => ({
        seed: seedOf(recipe),
        picture: thumbnail,
        ready: !running,
        chosen: seedOf(recipe) === seedOf(staged),
      }))}
      onChoose={(index) => {
        const one = together[index]
        if (!running && seedOf(one.recipe) !== seedOf(staged)) void actions.stageResult(one.id)
      }}
    />
  )
}
