import { ChevronDown, ChevronUp, Copy, Eye, EyeOff, Scissors, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'

import { duplicate, removeLayer, reorder, setVisible } from '@/document/commands'
import { resultMark } from '@/document/queries'
import type { Layer } from '@/schema/document'
import { IconButton } from '@/ui/controls/IconButton'
import { LayerName } from '@/ui/panels/LayerName'
import { isLocked } from '@/ui/stores/run'
import { useRun, useShelf, useStudio } from '@/ui/studio'

interface LayerRowProps {
  layer: Layer
  /** Position in the document, bottom first. */
  index: number
  count: number
  selected: boolean
  /** Where a dragged row would land. */
  mark: 'above' | 'below' | null
  onDragStart(): void
  onDragOver(above: boolean): void
  onDrop(): void
  onDragEnd(): void
}

/** One layer: select, show or hide, and what else the selected one can do. */
export function LayerRow(props: LayerRowProps): ReactNode {
  const { layer, index, count, selected, mark } = props
  const { document, actions } = useStudio()
  const locked = useRun(isLocked)
  const thumbnail = useShelf((state) => state.thumbnails[layer.asset.hash])
  const classes = ['layer-row']
  if (selected) classes.push('selected')
  if (!layer.visible) classes.push('hidden')
  if (mark) classes.push(`drop-${mark}`)
  const about =
    layer.kind === 'result'
      ? `Accepted result, ${resultMark(layer.recipe)}`
      : `${Math.round(layer.box.width)} × ${Math.round(layer.box.height)}`

  return (
    <li
      className={classes.join(' ')}
      data-testid="layer-row"
      draggable={!locked}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData('text/x-inlay-layer', layer.id)
        props.onDragStart()
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('text/x-inlay-layer')) return
        event.preventDefault()
        const bounds = event.currentTarget.getBoundingClientRect()
        props.onDragOver(event.clientY < bounds.top + bounds.height / 2)
      }}
      onDrop={(event) => {
        if (!event.dataTransfer.types.includes('text/x-inlay-layer')) return
        event.preventDefault()
        props.onDrop()
      }}
      onDragEnd={props.onDragEnd}
    >
      {thumbnail ? (
        <img
          className={layer.kind === 'result' ? 'thumb cover' : 'thumb'}
          src={thumbnail}
          alt=""
          draggable={false}
        />
      ) : (
        <span className="thumb" />
      )}
      <LayerName layer={layer} about={about} selected={selected} locked={locked} />
      <IconButton
        small
        icon={layer.visible ? Eye : EyeOff}
        disabled={locked}
        label={layer.visible ? `Hide ${layer.name}` : `Show ${layer.name}`}
        onClick={() => setVisible(document, layer.id, !layer.visible)}
      />
      {selected && (
        <div className="layer-actions">
          <IconButton
            small
            icon={ChevronUp}
            label="Move up"
            shortcut="up"
            disabled={locked || index === count - 1}
            onClick={() => reorder(document, layer.id, index + 1)}
          />
          <IconButton
            small
            icon={ChevronDown}
            label="Move down"
            shortcut="down"
            disabled={locked || index === 0}
            onClick={() => reorder(document, layer.id, index - 1)}
          />
          <span className="push" />
          {layer.kind === 'foreground' && (
            <>
              <IconButton
                small
                icon={Scissors}
                label="Cut out"
                disabled={locked}
                shortcut="cut-out"
                onClick={() => void actions.cutOut(layer.id)}
              />
              <IconButton
                small
                icon={Copy}
                label="Duplicate"
                disabled={locked}
                shortcut="duplicate"
                onClick={() => duplicate(document, layer.id)}
              />
            </>
          )}
          <IconButton
            small
            icon={Trash2}
            label="Delete"
            disabled={locked}
            shortcut="delete"
            onClick={() => removeLayer(document, layer.id)}
          />
        </div>
      )}
    </li>
  )
}
