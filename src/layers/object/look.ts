/** The layers that change a foreground itself, so that it looks taken by the photo's camera: one after the other. */
import type { PlacedRaster } from '@/assets/paste'
import type { Raster } from '@/base/geometry'
import type { LayerForeground } from '@/layers/bodies'
import { effectThrough, type LayerMasks } from '@/layers/masks'
import type { ObjectAmounts, SceneLight } from '@/layers/scene'

import { withCleanEdge } from './edge'
import { withGrain } from './grain'
import { withGrass } from './grass'
import { learnedTone } from './learnedTone'
import { withRelight } from './relight'
import { withTone } from './tone'

/** Where an object is laid, and in what light. */
export interface Surroundings {
  /** The picture before anything is laid on it. */
  photo: Raster
  lights: readonly SceneLight[]
  /** Over the photo. */
  masks?: LayerMasks
}

/**
 * A placed foreground as it looks in the photo. What nothing changes keeps its bits.
 * @param foreground without a geometry nothing is relit and no grass stands before it; before what hangs neither
 * @param index of the foreground: each has noise of its own
 */
export function dressed(
  placed: PlacedRaster,
  { geometry, lift }: Pick<LayerForeground, 'geometry' | 'lift'>,
  { photo, lights, masks = {} }: Surroundings,
  amounts: ObjectAmounts,
  index: number,
): PlacedRaster {
  const through = (effect: keyof ObjectAmounts, before: PlacedRaster, after: PlacedRaster) =>
    effectThrough(masks[effect], after, before, photo)
  const clean = through('edge', placed, withCleanEdge(placed, amounts.edge))
  const relit = through('relight', clean, withRelight(clean, geometry, lights, amounts.relight))
  const tone = amounts.tone > 0 ? withTone(relit, learnedTone(placed, photo), amounts.tone) : relit
  const toned = through('tone', relit, tone)
  const grained = through('grain', toned, withGrain(toned, photo, amounts.grain, index))
  if (lift > 0) return grained
  return through('grass', grained, withGrass(grained, geometry, photo, amounts.grass))
}
