import type { Draft } from 'immer'
import type { ReactNode } from 'react'

import { setScene } from '@/document/place/commands'
import type { PlaceScene } from '@/schema/modes/place'
import { Slider, type SliderProps } from '@/ui/controls/Slider'
import { useStudio } from '@/ui/studio'

interface SceneSliderProps extends Omit<SliderProps, 'onChange'> {
  /** Named in history: "Change softness". */
  what: string
  set(scene: Draft<PlaceScene>, value: number): void
}

/** A number of Place's scene. */
export function SceneSlider({ what, set, ...slider }: SceneSliderProps): ReactNode {
  const { document } = useStudio()
  return (
    <Slider
      {...slider}
      onChange={(value) =>
        setScene(document, what, (scene) => {
          set(scene, value)
        })
      }
    />
  )
}
