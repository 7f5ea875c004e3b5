/** What Place tells beside its pictures, and what it can be asked; the page reads these types, too. */
import type { Raster } from '@/base/geometry'
import type { CutoutGeometry } from '@/layers/volume'
import type { PlacedForeground } from '@/schema/modes/place'

/** What reading a scene off a photo depends on, beside the photo. */
export interface SceneRequest {
  prompt: string
  /** Decimal digits. */
  seed: string
  /** Seeds at which the same photo is read, too; told after the first, in their order. */
  others?: readonly string[]
  /** Of the flow; the usual number where nobody asks for another. */
  steps?: number
}

/** The foregrounds whose shapes are asked for. */
export interface GeometryRequest {
  foregrounds: readonly PlacedForeground[]
}

export interface ToldGeometry {
  /** Of the foreground. */
  index: number
  geometry: CutoutGeometry
}

/** The same in another seed. */
export interface PlacedVariation {
  seed: string
  image: Raster
  notes: string[]
}

/** What a picture was made with. */
export interface PlaceReport {
  /** Of the foregrounds, in their order; null: they could not be told, or no layers were drawn. */
  shapes: readonly CutoutGeometry[] | null
  /** What should be known of the picture, in sentences for the user. */
  notes: string[]
  /** Pictures of other seeds that were made together with it. */
  others?: readonly PlacedVariation[]
}
