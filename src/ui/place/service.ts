import type { PictureRole } from '@/ui/stores/dialogs'
import type { Mask } from '@/base/geometry'
import type { MaskTarget } from '@/document/place/masks'
import type { VariationsStore } from '@/ui/place/variationsStore'

/** Masks that are painted on the canvas. Each call becomes one step of the document. */
export interface MaskService {
  /** A stroke on the mask that the brush is for, of the size of `view.painted`. */
  paint(stroke: Mask, erase: boolean): void
  clearMask(target: MaskTarget): void
  invertMask(target: MaskTarget): void
  /** Lets a mask count, or puts it away for a while. */
  useMask(target: MaskTarget, used: boolean): void
}

/** What klein changed, shown on the staged result. */
export interface ChangesService {
  /** Shows it, with a brush that takes it back, or puts it away and keeps the picture as it is now. */
  toggleChanges(): void
  /** A stroke over it: erased is what shall be the photo's own again. */
  paintChanges(stroke: Mask, erase: boolean): void
}

/** What Place's panels ask for. */
export interface PlaceService extends MaskService, ChangesService {
  variations: VariationsStore
  /** Draws the picture in another of the lights, for the canvas: one step of the document. */
  choose(index: number): Promise<void>
  /**
   * Lets choose several pictures and makes one result with each: in place of the background, or of the selected foreground (else
   * the topmost). The document stays as it is.
   */
  trySeveral(role: PictureRole): void
  /** A layer and all that is seen below it become the background: one step of the document. */
  merge(layerId: string): Promise<void>
}
