import { useCallback, type ReactNode } from 'react'

import type { Rect } from '@/base/geometry'
import type { ListedReference } from '@/schema/modes/compose'
import { AssetThumb } from '@/ui/compose/AssetThumb'
import { squareIn } from '@/ui/compose/face'

/** A reference made small, as the model will see it: the framed face, or the visible content. */
export function ReferenceThumb({ reference }: { reference: ListedReference }): ReactNode {
  const { role, face, asset } = reference
  const part = useCallback(
    (content: Rect) => (role === 'identity' && face ? squareIn(face, asset) : content),
    [role, face, asset],
  )
  return <AssetThumb hash={asset.hash} part={part} />
}
