import type { FinishedRun } from '@/app/finishedRun'
import type { AppServices } from '@/app/services'
import { resultMark } from '@/document/queries'

/** Puts the pictures that klein made together with a finished one among the results, each with a recipe of its own. */
export async function keepOthers(
  { pixels, library, results, toasts }: Pick<AppServices, 'pixels' | 'library' | 'results' | 'toasts'>,
  { recipe, stats, report }: FinishedRun<'place'>,
): Promise<void> {
  const { klein } = recipe
  if (!klein) return
  const seeds = [recipe.seed, ...klein.others]
  for (const { seed, image, notes } of report.others ?? []) {
    const own = { ...recipe, seed, klein: { ...klein, others: seeds.filter((one) => one !== seed) } }
    const done = await pixels.importRaster(image, `Result, ${resultMark(own)}`)
    if (!done.ok) {
      toasts.actions.problem(done.problem)
      continue
    }
    library.add(done.value)
    const { asset } = done.value
    await results.keep({
      ...{ asset, recipe: own, stats },
      foregroundIds: [],
      report: { shapes: null, notes },
      pixels: null,
    })
  }
}
