/** Mode Place with Inlay Mini 2: layers are drawn from the recipe's scene and the shapes of its cut-outs. */
import { maskOf } from '@/assets/mask'
import { fail } from '@/base/errors'
import type { Mask, Raster } from '@/base/geometry'
import { macrotask } from '@/base/macrotask'
import { held } from '@/layers/bodies'
import { renderLayers } from '@/layers/render'
import type { CutoutGeometry } from '@/layers/volume'
import type { PlaceJob, PlaceResult } from '@/pipelines/place/job'
import { stopwatch } from '@/pipelines/shared/stopwatch'
import type { Progress } from '@/pipelines/shared/report'
import { usedMask, type AssetRef } from '@/schema/common'
import { masksInUse, recipeMasks, type PlaceRecipe } from '@/schema/modes/place'
import { shownAmounts } from '@/schema/modes/placeLayers'

/**
 * @param geometries of the foregrounds; null: all stand as their outlines have it
 * @throws bad-recipe for a recipe without a scene; empty-foreground, bad-box (nothing lands on the picture); AbortError
 * when `signal` fires
 */
export async function placeLayers(
  { recipe, background, foregrounds, masks = [] }: PlaceJob,
  geometries: readonly CutoutGeometry[] | null,
  onProgress: (progress: Progress<null>) => void,
  signal: AbortSignal,
): Promise<PlaceResult> {
  const scene =
    recipe.scene ?? fail('bad-recipe', 'The recipe has no light.', 'Set the light and fuse again.')
  const lap = stopwatch()
  onProgress({ kind: 'compositing' })
  const painted = maskFinder(recipe, masks)
  const placed = foregrounds.map((raster, index) => {
    const foreground = recipe.foregrounds[index]
    const mask = usedMask(foreground)
    return held(raster, foreground, geometries?.[index] ?? null, mask && painted(mask))
  })
  const pause = async () => {
    await macrotask()
    signal.throwIfAborted()
  }
  const used = Object.entries(masksInUse(scene)).map(([kind, asset]) => [kind, painted(asset)] as const)
  const ofScene = Object.fromEntries(used)
  const image = await renderLayers(background, placed, scene, shownAmounts(scene), pause, undefined, ofScene)
  return { image, seconds: { encode: 0, sample: 0, composite: lap() } }
}

/** Gives a recipe's masks by their pictures. @param rasters as `recipeMasks` lists them */
function maskFinder(recipe: PlaceRecipe, rasters: readonly Raster[]): (asset: AssetRef) => Mask {
  const hashes = recipeMasks(recipe).map(({ hash }) => hash)
  return ({ hash }) => maskOf(rasters[hashes.indexOf(hash)])
}
