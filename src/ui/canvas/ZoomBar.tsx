import { Maximize, Minus, Plus, Sun } from 'lucide-react'
import type { ReactNode } from 'react'

import { drawsLayers } from '@/document/place/queries'
import { IconButton } from '@/ui/controls/IconButton'
import { percent } from '@/ui/controls/Slider'
import { useDocument, useStudio, useView } from '@/ui/studio'
import { useTitled } from '@/ui/useTitled'
import { say } from '@/words/say'

/** Zoom in, out, to 100 % and to fit; and whether the handles of light are shown. */
export function ZoomBar(): ReactNode {
  const { view } = useStudio()
  const titled = useTitled()
  const zoom = percent(useView((state) => Math.round(state.viewport.zoom * 100) / 100))
  const background = useDocument((state) => state.document.background)
  const lit = useDocument((state) => drawsLayers(state.document))
  const guides = useView((state) => state.guides)
  if (!background) return null
  const { zoomBy, zoomTo, fit, setGuides } = view.actions
  return (
    <div className="zoom" role="toolbar" aria-label={say('View')}>
      <IconButton
        small
        icon={Minus}
        label={say('Zoom out')}
        shortcut="zoom-out"
        onClick={() => zoomBy(-1, background)}
      />
      <button
        type="button"
        className="zoom-value"
        aria-label={say('Zoom {zoom}, set to {full}', { zoom, full: percent(1) })}
        title={titled(percent(1), 'actual-size')}
        onClick={() => zoomTo(1, background)}
      >
        {zoom}
      </button>
      <IconButton
        small
        icon={Plus}
        label={say('Zoom in')}
        shortcut="zoom-in"
        onClick={() => zoomBy(1, background)}
      />
      <IconButton small icon={Maximize} label={say('Fit')} shortcut="fit" onClick={() => fit(background)} />
      {lit && (
        <IconButton
          small
          icon={Sun}
          label={say('Sun and horizon on the picture')}
          shortcut="guides"
          pressed={guides}
          testId="guides"
          onClick={() => setGuides(!guides)}
        />
      )}
    </div>
  )
}
