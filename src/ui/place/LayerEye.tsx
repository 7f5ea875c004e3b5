import { Eye, EyeOff } from 'lucide-react'
import type { ReactNode } from 'react'

import { setLayerShown } from '@/document/place/commands'
import { isShown, type LayerName } from '@/schema/modes/placeLayers'
import { IconButton } from '@/ui/controls/IconButton'
import { useDocument, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

interface LayerEyeProps {
  layer: LayerName
  /** Whose shadow it is. */
  light?: number
  /** What its slider is called, as it is said. */
  name: string
  testId?: string
}

/** Shows a layer or puts it away; its slider keeps its place. */
export function LayerEye({ layer, light = 0, name, testId = 'show' }: LayerEyeProps): ReactNode {
  const { document } = useStudio()
  const shown = useDocument((state) => isShown(state.document.scene, layer, light))
  return (
    <IconButton
      small
      icon={shown ? Eye : EyeOff}
      label={say('Show: {name}', { name })}
      pressed={shown}
      testId={`${testId}-${layer}${light > 0 ? light + 1 : ''}`}
      onClick={() => setLayerShown(document, layer, !shown, light)}
    />
  )
}
