/** How large Compose's references go into FLUX.2 [klein]: they cost with the square of all that goes in. */
import type { Size } from '@/base/geometry'
import { MOST_PIXELS, referenceFrame } from '@/families/flux2/pictures'
import type { ComposeReference, ComposeSettings } from '@/schema/modes/compose'

/** Pixels that reference `index` may have: the first is seen as it is, the others cost less. */
export const mostPixels = (
  index: number,
  { referenceSize }: Pick<ComposeSettings, 'referenceSize'>,
): number => (index === 0 ? MOST_PIXELS : referenceSize ** 2)

/** A framed face is brought to this, whatever its box. */
const FACE: Size = { width: 512, height: 512 }

export const isFramedFace = ({ role, face }: Pick<ComposeReference, 'role' | 'face'>): boolean =>
  role === 'identity' && face !== null

/** The size with which reference `index` enters. */
export function kleinReferenceSize(
  reference: ComposeReference,
  index: number,
  settings: Pick<ComposeSettings, 'referenceSize'>,
): Size {
  if (isFramedFace(reference)) return FACE
  const { width, height } = referenceFrame(reference.asset, mostPixels(index, settings)).crop
  return { width, height }
}
