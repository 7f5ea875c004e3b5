import { useMemo, type ReactNode } from 'react'

import type { Rect } from '@/base/geometry'
import { PictureCanvas, useDrawable } from '@/ui/compose/PictureCanvas'
import { squareIn } from '@/ui/compose/face'
import { usePixelRatio } from '@/ui/usePixelRatio'
import type { ListedReference } from '@/schema/modes/compose'

const SIDE = 72

/** What of the picture the model gets to see: the framed face, or the visible content, on white. */
function partOf(reference: ListedReference, content: Rect): Rect {
  return reference.role === 'identity' && reference.face ? squareIn(reference.face, reference.asset) : content
}

/** A reference made small, as the model will see it. */
export function ReferenceThumb({ reference }: { reference: ListedReference }): ReactNode {
  const density = Math.max(2, Math.ceil(usePixelRatio()))
  const picture = useDrawable(reference.asset.hash)
  const part = useMemo(() => (picture ? partOf(reference, picture.content) : null), [picture, reference])
  if (!picture || !part) return <span className="reference-thumb" />
  const scale = (SIDE * density) / Math.max(part.width, part.height)
  return (
    <span className="reference-thumb">
      <PictureCanvas
        picture={picture}
        part={part}
        width={Math.max(1, Math.round(part.width * scale))}
        height={Math.max(1, Math.round(part.height * scale))}
      />
    </span>
  )
}
