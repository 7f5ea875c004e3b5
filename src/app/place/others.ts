import type { FinishedRun } from '@/app/finishedRun'
import { resultName } from '@/app/pictureName'
import type { AppServices } from '@/app/services'
import { ofSeed } from '@/schema/modes/place'

/** Puts the pictures that klein made together with a finished one among the results, each with a recipe of its own. */
export async function keepOthers(
  { pixels, library, results, toasts }: Pick<AppServices, 'pixels' | 'library' | 'results' | 'toasts'>,
  { recipe, stats, report, documentId }: FinishedRun<'place'>,
): Promise<void> {
  for (const { seed, image, notes } of report.others ?? []) {
    const own = ofSeed(recipe, seed)
    const done = await pixels.importRaster(image, resultName(own))
    if (!done.ok) {
      toasts.actions.problem(done.problem)
      continue
    }
    library.add(done.value)
    const { asset } = done.value
    await results.keep({
      ...{ asset, recipe: own, stats, documentId },
      foregroundIds: [],
      report: { shapes: null, notes },
      pixels: null,
    })
  }
}
