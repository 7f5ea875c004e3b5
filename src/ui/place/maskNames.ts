import { findLayer } from '@/document/layers'
import { layerOfMask, type MaskTarget } from '@/document/place/masks'
import type { FusionDocument } from '@/schema/document'
import type { MaskKind } from '@/schema/modes/place'
import { type Message, say } from '@/words/say'

export const MASK_NAMES = {
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
} as const satisfies Record<MaskKind, Message>

/** What a mask is of, as data: an effect's name, or a layer's. */
export function maskName(doc: FusionDocument, target: MaskTarget): string {
  const id = layerOfMask(target)
  return id === null ? MASK_NAMES[target as MaskKind] : (findLayer(doc, id)?.name ?? 'layer')
}

/** The same in the page's language; a layer's name is the user's own. */
export const saidMaskName = (doc: FusionDocument, target: MaskTarget): string =>
  layerOfMask(target) === null ? say(MASK_NAMES[target as MaskKind]) : maskName(doc, target)
