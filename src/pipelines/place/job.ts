/** What Place is given and what it gives back, whatever it runs on. */
import type { Raster } from '@/base/geometry'
import type { StageSeconds } from '@/pipelines/shared/stopwatch'
import type { PlaceRecipe } from '@/schema/modes/place'

export interface PlaceJob {
  recipe: PlaceRecipe
  background: Raster
  foregrounds: readonly Raster[]
  /** What the recipe names, in the order of `recipeMasks`. */
  masks?: readonly Raster[]
}

export interface PlaceResult {
  image: Raster
  seconds: Omit<StageSeconds, 'load'>
}
