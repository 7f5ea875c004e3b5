import type { ReactNode } from 'react'

import { drawsLayers } from '@/document/place/queries'
import { HorizonGuide } from '@/ui/canvas/guides/HorizonGuide'
import { SunGuide } from '@/ui/canvas/guides/SunGuide'
import { isLocked } from '@/ui/stores/run'
import { useDocument, useRun, useView } from '@/ui/studio'

/** Sun and horizon as handles over the canvas, while layers are drawn and nothing else is being done there. */
export function LightGuides(): ReactNode {
  const shown = useView((state) => state.guides && state.tool === 'select')
  const picture = useDocument(({ document }) => (drawsLayers(document) ? document.background : null))
  const locked = useRun(isLocked)
  if (!shown || !picture || locked) return null
  return (
    <div className="light-guides" role="group" aria-label="Light on the picture">
      <HorizonGuide picture={picture} />
      <SunGuide picture={picture} />
    </div>
  )
}
