import { listed, resultThumbnail } from '@/app/pixels/projects'
import type { ListedResult } from '@/app/pixels/protocol'
import { decodeBytes, readImageFile } from '@/assets/decode'
import { extractRecipe } from '@/assets/recipe'
import { fail } from '@/base/errors'
import type { ResultStore } from '@/storage/results'

/**
 * Takes a file of the user's that is a result, with its recipe inside, into the history as it is.
 * @returns null where the history has one of that recipe and size
 * @throws bad-image, image-too-large; bad-recipe where there is none, or none that can be read; storage-full, storage-failed
 */
export async function importResult(
  results: ResultStore,
  file: Blob,
  name: string,
): Promise<ListedResult | null> {
  const png = await readImageFile(file, name)
  const recipe =
    extractRecipe(png) ??
    fail(
      'bad-recipe',
      'This picture carries no recipe.',
      'Drop it onto the canvas to use it as a picture.',
      name,
    )
  const text = JSON.stringify(recipe)
  const known = (await results.list(Infinity)).results.some(
    (one) => one.bytes === png.byteLength && JSON.stringify(one.recipe) === text,
  )
  if (known) return null
  const thumbnail = await resultThumbnail((await decodeBytes(png, name)).raster)
  return listed(await results.add({ png, recipe, thumbnail }))
}
