/** What keys do to the selected layer, or to the brush while somebody paints. */
import { duplicate, flip, moveLayer, removeLayer, reorder } from '@/document/commands'
import { setLocked, showAlone } from '@/document/layerCommands'
import { findLayer } from '@/document/layers'
import { modeOf } from '@/document/modes'
import type { Layer } from '@/schema/document'
import type { Shortcut } from '@/ui/shortcut'
import { isLocked } from '@/ui/stores/run'
import type { Studio } from '@/ui/studio'
import { sayCopy } from '@/ui/saidTitle'
import { say } from '@/words/say'

const locked = ({ run }: Studio) => isLocked(run.getState())
const selected = ({ document }: Studio) => {
  const { document: doc, selection } = document.getState()
  return modeOf(doc).onCanvas ? findLayer(doc, selection) : null
}

/** The selected layer where it may change; one that is locked says so. */
function changeable(studio: Studio): Layer | null {
  const layer = locked(studio) ? null : selected(studio)
  if (!layer?.locked) return layer
  studio.toasts.actions.note(say('“{name}” is locked.', { name: layer.name }), {
    label: say('Unlock'),
    run: () => setLocked(studio.document, layer.id, false),
  })
  return null
}

function nudge(studio: Studio, event: KeyboardEvent): void {
  const layer = changeable(studio)
  if (layer?.kind !== 'foreground') return
  const step = event.shiftKey ? 10 : 1
  const dx = event.key === 'ArrowLeft' ? -step : event.key === 'ArrowRight' ? step : 0
  const dy = event.key === 'ArrowUp' ? -step : event.key === 'ArrowDown' ? step : 0
  moveLayer(
    studio.document,
    layer.id,
    { ...layer.box, x: layer.box.x + dx, y: layer.box.y + dy },
    `nudge:${layer.id}`,
  )
}

function shift(studio: Studio, by: 1 | -1): void {
  const layer = selected(studio)
  if (!layer || locked(studio)) return
  reorder(studio.document, layer.id, studio.document.getState().document.layers.indexOf(layer) + by)
}

/** Whether the keys are the brush's. */
const painting = ({ view }: Studio) => view.getState().tool === 'brush'
const BRUSH_STEP = 1.25

/** A layer up or down in the list; while somebody paints, the brush larger or smaller. */
function bracket(studio: Studio, by: 1 | -1): void {
  const { brush } = studio.view.getState()
  if (painting(studio)) studio.view.actions.setBrush({ size: brush.size * BRUSH_STEP ** by })
  else shift(studio, by)
}

export const LAYER_SHORTCUTS: readonly Shortcut[] = [
  {
    id: 'nudge',
    label: 'Move by 1 px',
    group: 'Layer',
    canvasOnly: true,
    run: nudge,
  },
  {
    id: 'nudge-far',
    label: 'Move by 10 px',
    group: 'Layer',
    canvasOnly: true,
    run: nudge,
  },
  {
    id: 'up',
    label: 'Move up in the list, or a larger brush',
    group: 'Layer',
    run: (studio) => bracket(studio, 1),
  },
  {
    id: 'down',
    label: 'Move down in the list, or a smaller brush',
    group: 'Layer',
    run: (studio) => bracket(studio, -1),
  },
  {
    id: 'duplicate',
    label: 'Duplicate',
    group: 'Layer',
    run(studio) {
      const layer = selected(studio)
      if (layer && !locked(studio)) duplicate(studio.document, layer.id, sayCopy)
    },
  },
  {
    id: 'delete',
    label: 'Delete',
    group: 'Layer',
    canvasOnly: true,
    run(studio) {
      const layer = changeable(studio)
      if (layer) removeLayer(studio.document, layer.id)
    },
  },
  {
    id: 'lock',
    label: 'Lock or unlock',
    group: 'Layer',
    run(studio) {
      const layer = selected(studio)
      if (layer && !locked(studio)) setLocked(studio.document, layer.id, !layer.locked)
    },
  },
  {
    id: 'alone',
    label: 'Show alone, and the others again',
    group: 'Layer',
    run(studio) {
      const layer = selected(studio)
      if (layer && !locked(studio)) showAlone(studio.document, layer.id)
    },
  },
  {
    id: 'merge',
    label: 'Merge into the background, with what is seen below',
    group: 'Layer',
    run(studio) {
      const layer = changeable(studio)
      if (layer) void studio.modes.place.merge(layer.id)
    },
  },
  {
    id: 'rename',
    label: 'Rename, on its row',
    group: 'Layer',
    run: () => undefined,
  },
  {
    id: 'flip',
    label: 'Flip horizontally, or paint and erase',
    group: 'Layer',
    run(studio) {
      const { view } = studio
      if (painting(studio)) return view.actions.setBrush({ erase: !view.getState().brush.erase })
      const layer = changeable(studio)
      if (layer) flip(studio.document, layer.id)
    },
  },
  {
    id: 'cut-out',
    label: 'Cut out',
    group: 'Layer',
    run(studio) {
      const layer = changeable(studio)
      if (layer) void studio.actions.cutOut(layer.id)
    },
  },
  {
    id: 'mask',
    label: 'Hide parts of it with a mask',
    group: 'Layer',
    run(studio) {
      const { view } = studio
      const layer = changeable(studio)
      if (!layer?.visible) return
      const target = `layer:${layer.id}` as const
      const ends = painting(studio) && view.getState().brush.kind === target
      if (ends) view.actions.setTool('select')
      else view.actions.paint(target)
    },
  },
]
