import { findLayer } from '@/document/layers'
import { layerOfMask, type MaskTarget } from '@/document/place/masks'
import type { FusionDocument } from '@/schema/document'
import type { MaskKind } from '@/schema/modes/place'

export const MASK_NAMES: Record<MaskKind, string> = {
  front: 'In front',
  ground: 'Ground',
  shadow: 'Shadow',
  shadow2: 'Second shadow',
  contact: 'Contact',
  reflection: 'Reflection',
  relight: 'Relight',
  tone: 'Tone',
  edge: 'Edge',
  grain: 'Grain',
  grass: 'Grass',
}

/** What a mask is of: an effect's name, or a layer's. */
export function maskName(doc: FusionDocument, target: MaskTarget): string {
  const id = layerOfMask(target)
  return id === null ? MASK_NAMES[target as MaskKind] : (findLayer(doc, id)?.name ?? 'layer')
}
