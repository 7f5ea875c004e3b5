/** A photo is asked again for every object and every frame of a drag: what was measured of it is remembered. */
import type { Raster, Rect } from '@/base/geometry'
import { keepLatest } from '@/base/latest'

/** Regions of a photo that are remembered. */
const KEPT = 16

/** The same measure, which remembers what it said of the latest regions of a photo as long as there is the photo. */
export function measuredOnce<T>(measure: (photo: Raster, region: Rect) => T): typeof measure {
  const known = new WeakMap<Raster, Map<string, { value: T }>>()
  return (photo, region) => {
    const regions = known.get(photo) ?? new Map<string, { value: T }>()
    known.set(photo, regions)
    const key = `${region.x} ${region.y} ${region.width} ${region.height}`
    return keepLatest(regions, key, regions.get(key) ?? { value: measure(photo, region) }, KEPT).value
  }
}
