import type { Mask } from '@/base/geometry'
import type { MaskKind } from '@/schema/modes/place'

/** Masks that are painted on the canvas. Each call becomes one step of the document. */
export interface PlaceService {
  /** A stroke on the mask that the brush is for, of the size of `view.painted`. */
  paint(stroke: Mask, erase: boolean): void
  clearMask(kind: MaskKind): void
  invertMask(kind: MaskKind): void
}
