/** Files of the user's that are results, with their recipes inside, on their way into the history. */
import { listed, resultThumbnail } from '@/app/pixels/projects'
import type { TakenResults } from '@/app/pixels/protocol'
import { MAX_PIXELS } from '@/assets/decode'
import { decodePng } from '@/assets/png'
import { hasPngSignature, readChunks } from '@/assets/pngChunks'
import { readPngHeader } from '@/assets/pngDecode'
import { extractCarried, extractRecipe } from '@/assets/recipe'
import { fail, problemOf } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import type { Recipe } from '@/schema/recipe'
import type { AssetStore } from '@/storage/assets'
import type { ResultStore } from '@/storage/results'

/** By which a result is known again: its recipe and its file's size. */
const keyOf = (recipe: Recipe, bytes: number): string => `${bytes} ${JSON.stringify(recipe)}`

/**
 * Takes PNGs in as they are, with the small pictures that they carry. What is stopped keeps what was taken before.
 * @param onProgress 0..1
 */
export async function importResults(
  results: ResultStore,
  assets: AssetStore,
  files: readonly File[],
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<TakenResults> {
  const known = new Set((await results.list(Infinity)).results.map((one) => keyOf(one.recipe, one.bytes)))
  const taken: TakenResults = { results: [], known: 0, plain: 0, problems: [] }
  for (const [index, file] of files.entries()) {
    if (signal.aborted) break
    onProgress(index / files.length)
    try {
      const png = new Uint8Array(await file.arrayBuffer())
      const recipe = hasPngSignature(png) ? extractRecipe(png) : null
      if (!recipe) {
        taken.plain += 1
        continue
      }
      const key = keyOf(recipe, png.byteLength)
      if (known.has(key)) {
        taken.known += 1
        continue
      }
      const thumbnail = await resultThumbnail(await wholePicture(png, file.name))
      for (const carried of await extractCarried(png)) await assets.put(carried, 'Mask')
      taken.results.unshift(listed(await results.add({ png, recipe, thumbnail })))
      known.add(key)
    } catch (error) {
      const problem = problemOf(error)
      taken.problems.push({ ...problem, message: `${file.name}: ${problem.message}` })
    }
  }
  return taken
}

/** One that is damaged is refused: projects that have it could not be opened. */
function wholePicture(png: Uint8Array<ArrayBuffer>, name: string): Promise<Raster> {
  const { width, height } = readPngHeader(readChunks(png))
  if (width * height > MAX_PIXELS)
    fail(
      'image-too-large',
      'The picture is too large.',
      `Pictures have at most ${MAX_PIXELS / 1e6} megapixels; the studio itself makes none that is larger.`,
      `${name}: ${width} × ${height}`,
    )
  return decodePng(png)
}
