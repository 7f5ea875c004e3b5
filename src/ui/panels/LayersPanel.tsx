import { ImagePlus, ImageUp } from 'lucide-react'
import { useState, type ReactNode } from 'react'

import { reorder } from '@/document/commands'
import { topResult } from '@/document/layers'
import { IconButton } from '@/ui/controls/IconButton'
import { Section } from '@/ui/controls/Section'
import { LayerRow } from '@/ui/panels/LayerRow'
import { EffectsGroup } from '@/ui/place/EffectsGroup'
import { isLocked } from '@/ui/stores/run'
import { useDocument, useRun, useShelf, useStudio } from '@/ui/studio'
import { useTitled } from '@/ui/useTitled'
import { say, sayTogether } from '@/words/say'

const SEE_THROUGH = 'Models see white where the background is transparent; its transparency is kept.'

/** Layers top to bottom with the background below them; rows can be dragged. */
export function LayersPanel(): ReactNode {
  const studio = useStudio()
  const titled = useTitled()
  const layers = useDocument((state) => state.document.layers)
  const background = useDocument((state) => state.document.background)
  const selection = useDocument((state) => state.selection)
  const base = useDocument((state) => topResult(state.document))
  const locked = useRun(isLocked)
  const thumbnail = useShelf((state) => (background ? state.thumbnails[background.hash] : undefined))
  // Read again with the thumbnail, which comes with the picture.
  const seeThrough = background !== null && studio.drawables(background.hash)?.opaque === false
  /** Ids of the dragged row and of the row it is over. */
  const [drag, setDrag] = useState<{ id: string; over: string | null; above: boolean } | null>(null)

  const drop = () => {
    if (drag?.over && drag.over !== drag.id) {
      const from = layers.findIndex((layer) => layer.id === drag.id)
      const over = layers.findIndex((layer) => layer.id === drag.over)
      const target = drag.above ? over + 1 : over
      reorder(studio.document, drag.id, from < target ? target - 1 : target)
    }
    setDrag(null)
  }

  /** Those from one index up to another, topmost first. */
  const rows = (from: number, to: number) =>
    layers
      .slice(from, to)
      .toReversed()
      .map((layer) => (
        <LayerRow
          key={layer.id}
          layer={layer}
          index={layers.indexOf(layer)}
          count={layers.length}
          selected={layer.id === selection}
          mark={drag?.over === layer.id && drag.id !== layer.id ? (drag.above ? 'above' : 'below') : null}
          onDragStart={() => setDrag({ id: layer.id, over: null, above: false })}
          onDragOver={(above) => setDrag((now) => now && { ...now, over: layer.id, above })}
          onDrop={drop}
          onDragEnd={() => setDrag(null)}
        />
      ))

  return (
    <>
      <div className="scroll">
        <Section title={say('Layers')}>
          {layers.length === 0 && (
            <p className="empty-layers">
              {background
                ? say('Add a cut-out to place on the picture.')
                : say('Your cut-outs will be listed here.')}
            </p>
          )}
          <ul className="layers" aria-label={say('Layers, top to bottom')}>
            {rows(base + 1, layers.length)}
            <EffectsGroup />
            {rows(0, base + 1)}
            {background && (
              <li className="layer-row">
                {thumbnail ? (
                  <img className="thumb cover" src={thumbnail} alt="" />
                ) : (
                  <span className="thumb" />
                )}
                <span className="layer-name">
                  <span>{say('Background')}</span>
                  <small title={seeThrough ? say(SEE_THROUGH) : undefined}>
                    {sayTogether([
                      `${background.width} × ${background.height}`,
                      seeThrough && say('transparent'),
                    ])}
                  </small>
                </span>
                <IconButton
                  small
                  icon={ImageUp}
                  label={say('Replace background')}
                  disabled={locked}
                  onClick={studio.actions.openBackground}
                />
              </li>
            )}
          </ul>
        </Section>
      </div>
      <div className="add-buttons">
        <button
          type="button"
          className="button"
          data-testid="add-foreground"
          disabled={!background || locked}
          title={titled(say('Add foreground'), 'add-pictures')}
          onClick={studio.actions.addForegrounds}
        >
          <ImagePlus aria-hidden="true" /> {say('Add foreground')}
        </button>
      </div>
    </>
  )
}
