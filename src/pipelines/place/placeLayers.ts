/** Mode Place with Inlay Mini 2: layers are drawn from the recipe's scene and the shapes of its cut-outs. */
import { maskOf } from '@/assets/mask'
import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { macrotask } from '@/base/macrotask'
import { held } from '@/layers/bodies'
import { renderLayers, type LayerMasks } from '@/layers/render'
import type { CutoutGeometry } from '@/layers/volume'
import type { PlaceJob, PlaceResult } from '@/pipelines/place/job'
import { stopwatch } from '@/pipelines/shared/stopwatch'
import type { Progress } from '@/pipelines/shared/report'
import type { AssetRef } from '@/schema/common'
import { maskAssets, masksOf, type PlaceScene } from '@/schema/modes/place'
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
  const placed = foregrounds.map((raster, index) =>
    held(raster, recipe.foregrounds[index], geometries?.[index] ?? null),
  )
  const pause = async () => {
    await macrotask()
    signal.throwIfAborted()
  }
  const painted = layerMasks(scene, masks)
  const image = await renderLayers(background, placed, scene, shownAmounts(scene), pause, undefined, painted)
  return { image, seconds: { encode: 0, sample: 0, composite: lap() } }
}

/** @param rasters as `maskAssets` lists them */
function layerMasks(scene: PlaceScene, rasters: readonly Raster[]): LayerMasks {
  const hashes = maskAssets(scene).map(({ hash }) => hash)
  const of = (asset: AssetRef | null) => asset && maskOf(rasters[hashes.indexOf(asset.hash)])
  const { front, ground } = masksOf(scene)
  return { front: of(front), ground: of(ground) }
}
