import type { ReactNode } from 'react'

import { drawsLayers } from '@/document/place/queries'
import type { Recipe } from '@/schema/recipe'
import type { PlaceScene } from '@/schema/modes/place'
import { HorizonGuide } from '@/ui/canvas/guides/HorizonGuide'
import { SunGuide } from '@/ui/canvas/guides/SunGuide'
import { isHeld } from '@/ui/stores/run'
import { useDocument, useRun, useView } from '@/ui/studio'
import { say } from '@/words/say'

/**
 * Sun and horizon as handles over the canvas, while layers are drawn and nothing else is being done there; over a result, too, that
 * was drawn in this light: whoever moves one is back at the live picture.
 */
export function LightGuides(): ReactNode {
  const shown = useView((state) => state.guides && state.tool === 'select')
  const picture = useDocument(({ document }) => (drawsLayers(document) ? document.background : null))
  const scene = useDocument(({ document }) => document.scene)
  const held = useRun(isHeld)
  const staged = useRun((state) => state.staged?.recipe ?? null)
  const hidden = held || (staged !== null && !isDrawnIn(scene, staged))
  if (!shown || !picture || hidden) return null
  return (
    <div className="light-guides" role="group" aria-label={say('Light on the picture')}>
      <HorizonGuide picture={picture} />
      <SunGuide picture={picture} />
    </div>
  )
}

const isDrawnIn = (scene: PlaceScene, recipe: Recipe): boolean =>
  'scene' in recipe && JSON.stringify(recipe.scene) === JSON.stringify(scene)
