/** A project's picture made again, from its file alone. */
import { fail } from '@/base/errors'
import { modeOf } from '@/document/modes'
import { recipeAssets } from '@/document/queries'
import type { RunOptions } from '@/engine/api'
import type { Running } from '@/engine/jobs'
import type { PictureBook } from '@/engine/pictures'
import { runDocument, runRecipe, type MadeHere } from '@/engine/runs'
import { openProject } from '@/project/projectFile'
import { readProjectPicture } from '@/project/projectPictures'
import type { AssetRef } from '@/schema/common'
import { NO_MODEL } from '@/schema/modelRef'

/** What Fuse would make of its document; where nothing waits to be fused, the topmost result again. @throws as `runDocument` */
export async function runProject(
  running: Running,
  file: Blob,
  book: PictureBook,
  options: RunOptions,
): Promise<MadeHere> {
  const { document, results, pictures } = await openProject(file)
  const load = async (assets: readonly AssetRef[]) => {
    for (const { hash, name } of assets) {
      const picture = pictures.find((one) => one.hash === hash)
      // One that is missing counts only where it is needed.
      if (picture) await book.addRaster((await readProjectPicture(picture)).raster, name)
    }
  }
  const mode = modeOf(document)
  if (mode.reasons(document).length === 0) {
    await load(recipeAssets(mode.recipe(document, NO_MODEL)))
    return runDocument(running, document, book, options)
  }
  const made = document.layers.flatMap((layer) => (layer.kind === 'result' ? [layer.recipe] : []))
  const recipe =
    made.at(-1) ??
    results.at(0)?.recipe ??
    fail(
      'bad-recipe',
      'There is nothing in this project that could be made again.',
      'Open it in the studio and fuse it there once.',
    )
  await load(recipeAssets(recipe))
  return runRecipe(running, recipe, book, options)
}
