import type { Mask } from '@/base/geometry'
import type { VariationsStore } from '@/ui/place/variationsStore'
import type { MaskKind } from '@/schema/modes/place'

/** Masks that are painted on the canvas. Each call becomes one step of the document. */
export interface MaskService {
  /** A stroke on the mask that the brush is for, of the size of `view.painted`. */
  paint(stroke: Mask, erase: boolean): void
  clearMask(kind: MaskKind): void
  invertMask(kind: MaskKind): void
}

/** What Place's panels ask for. */
export interface PlaceService extends MaskService {
  variations: VariationsStore
  /** Draws the picture in another of the lights, for the canvas: one step of the document. */
  choose(index: number): Promise<void>
}
