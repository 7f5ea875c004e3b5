import {
  ArrowDownToLine,
  ChevronDown,
  ChevronUp,
  Copy,
  Eye,
  EyeOff,
  Lock,
  LockOpen,
  Pencil,
  ScanEye,
  Scissors,
  Trash2,
} from 'lucide-react'
import { useState, type ReactNode } from 'react'

import { duplicate, removeLayer, reorder, setVisible } from '@/document/commands'
import { setLocked, showAlone } from '@/document/layerCommands'
import type { Layer } from '@/schema/document'
import { IconButton } from '@/ui/controls/IconButton'
import { BLEND_NAMES, LayerLook } from '@/ui/panels/LayerLook'
import { LayerName } from '@/ui/panels/LayerName'
import { percent } from '@/ui/controls/Slider'
import { MaskButton, MaskTools, maskWords } from '@/ui/place/MaskTools'
import { isLocked } from '@/ui/stores/run'
import { useRun, useShelf, useStudio } from '@/ui/studio'
import { markWords } from '@/ui/markWords'
import { sayCopy } from '@/ui/saidTitle'
import { say, sayTogether } from '@/words/say'

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
  const { document, actions, modes } = useStudio()
  const busy = useRun(isLocked)
  const thumbnail = useShelf((state) => state.thumbnails[layer.asset.hash])
  const [renaming, setRenaming] = useState(false)
  const classes = ['layer-row']
  if (selected) classes.push('selected')
  if (!layer.visible) classes.push('hidden')
  if (mark) classes.push(`drop-${mark}`)
  const { name, opacity = 1, blend = 'normal', locked = false } = layer
  const about = sayTogether([
    layer.kind === 'result'
      ? sayTogether([say('Accepted result'), markWords(layer.recipe)])
      : `${Math.round(layer.box.width)} × ${Math.round(layer.box.height)}`,
    blend !== 'normal' && say(BLEND_NAMES[blend]),
    opacity < 1 && percent(opacity),
    maskWords(layer.mask ?? null),
  ])

  return (
    <li
      className={classes.join(' ')}
      data-testid="layer-row"
      draggable={!busy}
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
      <LayerName
        layer={layer}
        about={about}
        selected={selected}
        locked={busy}
        editing={renaming}
        onEditing={setRenaming}
      />
      <span className="row">
        {locked && (
          <IconButton
            small
            icon={Lock}
            disabled={busy}
            label={say('Unlock {name}', { name })}
            shortcut="lock"
            onClick={() => setLocked(document, layer.id, false)}
          />
        )}
        <IconButton
          small
          icon={layer.visible ? Eye : EyeOff}
          disabled={busy}
          label={layer.visible ? say('Hide {name}', { name }) : say('Show {name}', { name })}
          note={say('Alt-click shows it alone')}
          onClick={({ altKey }) =>
            altKey ? showAlone(document, layer.id) : setVisible(document, layer.id, !layer.visible)
          }
        />
      </span>
      {selected && (
        <div className="layer-actions">
          <IconButton
            small
            icon={ChevronUp}
            label={say('Move up')}
            shortcut="up"
            disabled={busy || index === count - 1}
            onClick={() => reorder(document, layer.id, index + 1)}
          />
          <IconButton
            small
            icon={ChevronDown}
            label={say('Move down')}
            shortcut="down"
            disabled={busy || index === 0}
            onClick={() => reorder(document, layer.id, index - 1)}
          />
          <span className="push" />
          {/* A finger has neither a double click nor Alt. */}
          <span className="touch-only">
            <IconButton
              small
              icon={Pencil}
              label={say('Rename')}
              shortcut="rename"
              disabled={busy}
              testId="layer-rename"
              onClick={() => setRenaming(true)}
            />
            <IconButton
              small
              icon={ScanEye}
              label={say('Show alone, and the others again')}
              shortcut="alone"
              disabled={busy || count === 1}
              testId="layer-alone"
              onClick={() => showAlone(document, layer.id)}
            />
          </span>
          {!locked && (
            <IconButton
              small
              icon={LockOpen}
              label={say('Lock {name}', { name })}
              shortcut="lock"
              disabled={busy}
              onClick={() => setLocked(document, layer.id, true)}
            />
          )}
          {layer.kind === 'foreground' && (
            <>
              <IconButton
                small
                icon={Scissors}
                label={say('Cut out')}
                disabled={busy || locked}
                shortcut="cut-out"
                onClick={() => void actions.cutOut(layer.id)}
              />
              <IconButton
                small
                icon={Copy}
                label={say('Duplicate')}
                disabled={busy}
                shortcut="duplicate"
                onClick={() => duplicate(document, layer.id, sayCopy)}
              />
            </>
          )}
          <MaskButton target={`layer:${layer.id}`} disabled={locked || !layer.visible} testId="layer-mask" />
          <IconButton
            small
            icon={ArrowDownToLine}
            label={say('Merge into the background')}
            shortcut="merge"
            disabled={busy || locked || !layer.visible}
            onClick={() => void modes.place.merge(layer.id)}
          />
          <IconButton
            small
            icon={Trash2}
            label={say('Delete')}
            disabled={busy || locked}
            shortcut="delete"
            onClick={() => removeLayer(document, layer.id)}
          />
        </div>
      )}
      {selected && <LayerLook layer={layer} busy={busy} />}
      {selected && <MaskTools target={`layer:${layer.id}`} />}
    </li>
  )
}
