import { createKeybindingsHandler } from 'tinykeys'

import type { ToolName } from '@/canvas/tools/tool'
import { duplicate, flip, moveLayer, removeLayer, reorder } from '@/document/commands'
import { findLayer } from '@/document/queries'
import { MOD } from '@/ui/platform'
import { isLocked } from '@/ui/stores/run'
import type { Studio } from '@/ui/studio'

export interface Shortcut {
  /** tinykeys patterns; none where a control listens by itself. */
  keys: string[]
  /** As the sheet shows it; each inner list is pressed together. */
  shown: string[]
  label: string
  group: 'Picture' | 'Canvas' | 'Layer' | 'Fuse'
  /** Works while somebody types, too. */
  whileTyping?: boolean
  /** Only when the focus is on the canvas, on a layer, or nowhere: other controls need the key themselves. */
  canvasOnly?: boolean
  run(studio: Studio, event: KeyboardEvent): void
}

const modeOf = ({ document }: Studio) => document.getState().document.mode
const placing = (studio: Studio) => modeOf(studio) === 'place'
/** Null in the modes that have no canvas. */
const background = (studio: Studio) =>
  placing(studio) ? studio.document.getState().document.background : null
const locked = ({ run }: Studio) => isLocked(run.getState())
const selected = ({ document }: Studio) => {
  const { document: doc, selection } = document.getState()
  return doc.mode === 'place' ? findLayer(doc, selection) : null
}
const tool = (name: ToolName) => (studio: Studio) => studio.view.actions.setTool(name)

function nudge(studio: Studio, event: KeyboardEvent): void {
  const layer = selected(studio)
  if (layer?.kind !== 'foreground' || locked(studio)) return
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

/** Escape takes back the smallest thing that is going on. */
function escape(studio: Studio): void {
  const { view, run, document, actions, canvas, align } = studio
  if (canvas.cancelGesture()) return
  if (run.getState().run.kind === 'running') return actions.stop()
  if (run.getState().staged) return actions.discard()
  if (view.getState().pendingBox) return view.actions.setPendingBox(null)
  if (view.getState().tool !== 'select') return view.actions.setTool('select')
  if (align.store.getState().large) return align.store.setState({ large: null })
  if (placing(studio)) document.actions.select(null)
}

export const SHORTCUTS: Shortcut[] = [
  {
    keys: ['o'],
    shown: ['O'],
    label: 'Open a background',
    group: 'Picture',
    run: (studio) => placing(studio) && studio.actions.openBackground(),
  },
  {
    keys: ['Shift+O'],
    shown: ['Shift', 'O'],
    label: 'Add a foreground, a reference or own pictures',
    group: 'Picture',
    run(studio) {
      const mode = modeOf(studio)
      if (mode === 'compose') studio.actions.addReferences()
      else if (mode === 'align') studio.align.choosePictures()
      else if (background(studio)) studio.actions.addForegrounds()
    },
  },
  {
    keys: ['$mod+s'],
    shown: [MOD, 'S'],
    label: 'Download PNG',
    group: 'Picture',
    whileTyping: true,
    run: ({ actions }) => void actions.download(),
  },
  {
    keys: ['$mod+z'],
    shown: [MOD, 'Z'],
    label: 'Undo',
    group: 'Picture',
    whileTyping: true,
    run: (studio) => locked(studio) || studio.document.actions.undo(),
  },
  {
    keys: ['$mod+Shift+z', '$mod+y'],
    shown: [MOD, 'Shift', 'Z'],
    label: 'Redo',
    group: 'Picture',
    whileTyping: true,
    run: (studio) => locked(studio) || studio.document.actions.redo(),
  },
  { keys: ['v'], shown: ['V'], label: 'Select and move', group: 'Canvas', run: tool('select') },
  { keys: ['b'], shown: ['B'], label: 'Draw box', group: 'Canvas', run: tool('box') },
  { keys: ['h'], shown: ['H'], label: 'Pan (or hold Space)', group: 'Canvas', run: tool('pan') },
  {
    keys: ['+', 'Shift++', '='],
    shown: ['+'],
    label: 'Zoom in',
    group: 'Canvas',
    run(studio) {
      const size = background(studio)
      if (size) studio.view.actions.zoomBy(1, size)
    },
  },
  {
    keys: ['-'],
    shown: ['-'],
    label: 'Zoom out',
    group: 'Canvas',
    run(studio) {
      const size = background(studio)
      if (size) studio.view.actions.zoomBy(-1, size)
    },
  },
  {
    keys: ['0'],
    shown: ['0'],
    label: 'Fit the picture',
    group: 'Canvas',
    run(studio) {
      const size = background(studio)
      if (size) studio.view.actions.fit(size)
    },
  },
  {
    keys: ['1'],
    shown: ['1'],
    label: 'Zoom to 100 %',
    group: 'Canvas',
    run(studio) {
      const size = background(studio)
      if (size) studio.view.actions.zoomTo(1, size)
    },
  },
  {
    keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'],
    shown: ['←', '→', '↑', '↓'],
    label: 'Move by 1 px',
    group: 'Layer',
    canvasOnly: true,
    run: nudge,
  },
  {
    keys: ['Shift+ArrowLeft', 'Shift+ArrowRight', 'Shift+ArrowUp', 'Shift+ArrowDown'],
    shown: ['Shift', '←'],
    label: 'Move by 10 px',
    group: 'Layer',
    canvasOnly: true,
    run: nudge,
  },
  {
    keys: [']'],
    shown: [']'],
    label: 'Move up in the list',
    group: 'Layer',
    run: (studio) => shift(studio, 1),
  },
  {
    keys: ['['],
    shown: ['['],
    label: 'Move down in the list',
    group: 'Layer',
    run: (studio) => shift(studio, -1),
  },
  {
    keys: ['$mod+d'],
    shown: [MOD, 'D'],
    label: 'Duplicate',
    group: 'Layer',
    run(studio) {
      const layer = selected(studio)
      if (layer && !locked(studio)) duplicate(studio.document, layer.id)
    },
  },
  {
    keys: ['Delete', 'Backspace'],
    shown: ['Del'],
    label: 'Delete',
    group: 'Layer',
    canvasOnly: true,
    run(studio) {
      const layer = selected(studio)
      if (layer && !locked(studio)) removeLayer(studio.document, layer.id)
    },
  },
  {
    keys: [],
    shown: ['F2'],
    label: 'Rename, on its row',
    group: 'Layer',
    run: () => undefined,
  },
  {
    keys: ['x'],
    shown: ['X'],
    label: 'Flip horizontally',
    group: 'Layer',
    run(studio) {
      const layer = selected(studio)
      if (layer && !locked(studio)) flip(studio.document, layer.id)
    },
  },
  {
    keys: ['c'],
    shown: ['C'],
    label: 'Cut out',
    group: 'Layer',
    run(studio) {
      const layer = selected(studio)
      if (layer && !locked(studio)) void studio.actions.cutOut(layer.id)
    },
  },
  {
    keys: ['f', '$mod+Enter'],
    shown: ['F'],
    label: `Fuse (also ${MOD} Enter, anywhere)`,
    group: 'Fuse',
    run: ({ actions }) => void actions.fuse(),
  },
  {
    keys: ['Escape'],
    shown: ['Esc'],
    label: 'Stop, discard, or step back',
    group: 'Fuse',
    whileTyping: true,
    run: escape,
  },
  {
    keys: ['a'],
    shown: ['A'],
    label: 'Accept the result',
    group: 'Fuse',
    run: (studio) => studio.run.getState().staged && studio.actions.accept(),
  },
  {
    keys: ['r'],
    shown: ['R'],
    label: 'Another seed, or another base',
    group: 'Fuse',
    run: (studio) =>
      studio.run.getState().staged ? void studio.actions.anotherSeed() : studio.actions.rollSeed(),
  },
  {
    keys: ['\\'],
    shown: ['\\'],
    label: 'Hold to see before',
    group: 'Fuse',
    run: ({ view, run }) => run.getState().staged && view.actions.setPeek(true),
  },
  {
    keys: ['l'],
    shown: ['L'],
    label: 'Who listens to what, or the words’ region',
    group: 'Fuse',
    run(studio) {
      const { view, run, align } = studio
      if (modeOf(studio) === 'align') align.store.setState(({ mask }) => ({ mask: !mask }))
      else if (run.getState().staged?.maps) view.actions.setResponse(!view.getState().response)
    },
  },
  {
    keys: ['s'],
    shown: ['S'],
    label: 'Sample pictures (Align)',
    group: 'Fuse',
    run: (studio) => modeOf(studio) === 'align' && void studio.align.sample(),
  },
  {
    keys: ['m'],
    shown: ['M'],
    label: 'Models',
    group: 'Picture',
    run: ({ actions }) => actions.openModels(),
  },
  {
    keys: ['?', 'Shift+?'],
    shown: ['?'],
    label: 'This list',
    group: 'Picture',
    run: ({ dialogs }) => dialogs.setState({ dialog: { kind: 'shortcuts' } }),
  },
]

const TYPING = 'textarea, select, [contenteditable], input:not([type=range], [type=radio], [type=checkbox])'

/** Listens on the window; returns how to stop. */
export function bindShortcuts(studio: Studio): () => void {
  const bindings: Record<string, (event: KeyboardEvent) => void> = {}
  for (const shortcut of SHORTCUTS)
    for (const keys of shortcut.keys)
      bindings[keys] = (event) => {
        const target = event.target instanceof Element ? event.target : null
        if (studio.dialogs.getState().dialog !== null || event.defaultPrevented) return
        const typing = target?.matches(TYPING) ?? false
        if (typing && !shortcut.whileTyping && keys !== '$mod+Enter') return
        // Fields with their own numbers keep the browser's undo; the prompt is part of the document.
        if (typing && target?.matches('input') && keys.includes('z')) return
        if (shortcut.canvasOnly && target !== document.body && !target?.closest('.stage, .layers')) return
        event.preventDefault()
        shortcut.run(studio, event)
      }
  const handler = createKeybindingsHandler(bindings)
  const release = (event: KeyboardEvent) => {
    if (event.key === '\\') studio.view.actions.setPeek(false)
  }
  window.addEventListener('keydown', handler)
  window.addEventListener('keyup', release)
  return () => {
    window.removeEventListener('keydown', handler)
    window.removeEventListener('keyup', release)
  }
}
