import { useMemo, type ReactNode } from 'react'

import type { Rect } from '@/base/geometry'
import { PictureCanvas, useDrawable } from '@/ui/compose/PictureCanvas'
import { usePixelRatio } from '@/ui/usePixelRatio'

const SIDE = 72

/** A picture made small, on white as models see it. @param part what of it, given what is visible; all of that without it */
export function AssetThumb({ hash, part }: { hash: string; part?: (content: Rect) => Rect }): ReactNode {
  const density = Math.max(2, Math.ceil(usePixelRatio()))
  const picture = useDrawable(hash)
  const shown = useMemo(
    () => (picture ? (part?.(picture.content) ?? picture.content) : null),
    [picture, part],
  )
  if (!picture || !shown) return <span className="reference-thumb" />
  const scale = (SIDE * density) / Math.max(shown.width, shown.height)
  return (
    <span className="reference-thumb">
      <PictureCanvas
        picture={picture}
        part={shown}
        width={Math.max(1, Math.round(shown.width * scale))}
        height={Math.max(1, Math.round(shown.height * scale))}
      />
    </span>
  )
}
