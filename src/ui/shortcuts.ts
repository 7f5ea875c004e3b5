import type { ToolName } from '@/canvas/tools/tool'
import { duplicate, flip, moveLayer, removeLayer, reorder } from '@/document/commands'
import { findLayer } from '@/document/layers'
import { modeOf } from '@/document/modes'
import { isBlank } from '@/document/naming'
import { drawsLayers } from '@/document/place/queries'
import type { MaskKind } from '@/schema/modes/place'
import { isTextField } from '@/ui/fields'
import { presses } from '@/ui/keys'
import { MOD } from '@/ui/platform'
import type { Shortcut } from '@/ui/shortcut'
import { isLocked } from '@/ui/stores/run'
import { isBrushingChanges } from '@/ui/stores/view'
import type { Studio } from '@/ui/studio'

const onCanvas = ({ document }: Studio) => modeOf(document.getState().document).onCanvas
/** Null in the modes that have no canvas. */
const background = (studio: Studio) =>
  onCanvas(studio) ? studio.document.getState().document.background : null
const locked = ({ run }: Studio) => isLocked(run.getState())
const selected = ({ document }: Studio) => {
  const { document: doc, selection } = document.getState()
  return modeOf(doc).onCanvas ? findLayer(doc, selection) : null
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

/** Whether the keys are the brush's. */
const painting = ({ view }: Studio) => view.getState().tool === 'brush'
const BRUSH_STEP = 1.25

/** A layer up or down in the list; while somebody paints, the brush larger or smaller. */
function bracket(studio: Studio, by: 1 | -1): void {
  const { brush } = studio.view.getState()
  if (painting(studio)) studio.view.actions.setBrush({ size: brush.size * BRUSH_STEP ** by })
  else shift(studio, by)
}

function paint(studio: Studio, kind: MaskKind): void {
  const { document: doc } = studio.document.getState()
  if (background(studio) && drawsLayers(doc)) studio.view.actions.paint(kind)
}

/** Escape takes back the smallest thing that is going on. */
function escape(studio: Studio, event: KeyboardEvent): void {
  // Held down it would take back one thing after the other.
  if (event.repeat) return
  const { view, run, actions, canvas } = studio
  if (canvas.cancelGesture()) return
  const { run: current } = run.getState()
  // What is finished is dropped by the button alone.
  if (current.kind === 'running') return current.stopping ? undefined : actions.stop()
  if (isBrushingChanges(view.getState())) return view.actions.setTool('select')
  if (run.getState().staged) return actions.discard()
  if (view.getState().pendingBox) return view.actions.setPendingBox(null)
  if (view.getState().tool !== 'select') return view.actions.setTool('select')
  actions.stepBack()
}

/** Those that work in every mode; `everyShortcut` has the modes' own as well. */
export const SHORTCUTS: Shortcut[] = [
  {
    keys: ['o'],
    shown: ['O'],
    label: 'Open a background',
    group: 'Picture',
    run: (studio) => onCanvas(studio) && studio.actions.openBackground(),
  },
  {
    keys: ['shift+o'],
    shown: ['Shift', 'O'],
    label: 'Add a foreground, a reference or own pictures',
    group: 'Picture',
    run: ({ actions }) => actions.choosePictures(),
  },
  {
    keys: ['mod+s'],
    shown: [MOD, 'S'],
    label: 'Download PNG',
    group: 'Picture',
    whileTyping: true,
    run: ({ actions }) => void actions.download(),
  },
  {
    keys: ['mod+shift+s'],
    shown: [MOD, 'Shift', 'S'],
    label: 'Download Photoshop (.psd)',
    group: 'Picture',
    whileTyping: true,
    run: ({ actions }) => void actions.downloadLayers(),
  },
  {
    keys: ['shift+s'],
    shown: ['Shift', 'S'],
    label: 'Save as project file',
    group: 'Picture',
    run: ({ document, projects }) => void (isBlank(document.getState().document) || projects.save()),
  },
  {
    keys: ['mod+o'],
    shown: [MOD, 'O'],
    label: 'Open a project file',
    group: 'Picture',
    whileTyping: true,
    run: ({ actions }) => actions.openProjects(),
  },
  {
    keys: ['mod+z'],
    shown: [MOD, 'Z'],
    label: 'Undo',
    group: 'Picture',
    whileTyping: 'prompt',
    run: (studio) => locked(studio) || studio.document.actions.undo(),
  },
  {
    keys: ['mod+shift+z', 'mod+y'],
    shown: [MOD, 'Shift', 'Z'],
    label: 'Redo',
    group: 'Picture',
    whileTyping: 'prompt',
    run: (studio) => locked(studio) || studio.document.actions.redo(),
  },
  { keys: ['v'], shown: ['V'], label: 'Select and move', group: 'Canvas', run: tool('select') },
  { keys: ['b'], shown: ['B'], label: 'Draw box', group: 'Canvas', run: tool('box') },
  {
    keys: ['p'],
    shown: ['P'],
    label: 'Paint what is in front',
    group: 'Canvas',
    run: (studio) => paint(studio, 'front'),
  },
  {
    keys: ['g'],
    shown: ['G'],
    label: 'Paint the ground',
    group: 'Canvas',
    run: (studio) => paint(studio, 'ground'),
  },
  {
    keys: ['u'],
    shown: ['U'],
    label: 'Show or hide sun and horizon',
    group: 'Canvas',
    run: ({ view }) => view.actions.setGuides(!view.getState().guides),
  },
  { keys: ['h'], shown: ['H'], label: 'Pan (or hold Space)', group: 'Canvas', run: tool('pan') },
  {
    keys: ['+', '='],
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
    keys: ['shift+ArrowLeft', 'shift+ArrowRight', 'shift+ArrowUp', 'shift+ArrowDown'],
    shown: ['Shift', '←'],
    label: 'Move by 10 px',
    group: 'Layer',
    canvasOnly: true,
    run: nudge,
  },
  {
    keys: [']'],
    shown: [']'],
    label: 'Move up in the list, or a larger brush',
    group: 'Layer',
    run: (studio) => bracket(studio, 1),
  },
  {
    keys: ['['],
    shown: ['['],
    label: 'Move down in the list, or a smaller brush',
    group: 'Layer',
    run: (studio) => bracket(studio, -1),
  },
  {
    keys: ['mod+d'],
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
    label: 'Flip horizontally, or paint and erase',
    group: 'Layer',
    run(studio) {
      const { view } = studio
      if (painting(studio)) return view.actions.setBrush({ erase: !view.getState().brush.erase })
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
    keys: ['f', 'mod+Enter'],
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
      studio.run.getState().staged ? void studio.actions.another() : studio.actions.rollSeed(),
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
    run: ({ actions }) => actions.toggleOverlay(),
  },
  {
    keys: ['d'],
    shown: ['D'],
    label: 'All documents',
    group: 'Picture',
    run: ({ actions }) => actions.openDocuments(),
  },
  {
    keys: ['m'],
    shown: ['M'],
    label: 'Models',
    group: 'Picture',
    run: ({ actions }) => actions.openModels(),
  },
  {
    keys: ['?'],
    shown: ['?'],
    label: 'This list',
    group: 'Picture',
    run: ({ dialogs }) => dialogs.setState({ dialog: { kind: 'shortcuts' } }),
  },
]

/** Whether a press is a shortcut's where the focus is; `press` as ui/keys names it. */
function heard({ whileTyping, canvasOnly }: Shortcut, press: string, target: Element | null): boolean {
  if (target && (isTextField(target) || target.matches('select')) && press !== 'mod+Enter') {
    if (!whileTyping) return false
    // The prompt is part of the document; other fields keep the browser's undo.
    if (whileTyping === 'prompt' && !target.matches('textarea')) return false
  }
  return (
    !canvasOnly || target === null || target === document.body || target.closest('.stage, .layers') !== null
  )
}

/** Listens on the window; returns how to stop. */
export function bindShortcuts(studio: Studio, shortcuts: readonly Shortcut[]): () => void {
  /** The key that shows what was before, by its place: the layout may type something else when it is let go. */
  let peeking: string | null = null
  const press = (event: KeyboardEvent) => {
    if (studio.dialogs.getState().dialog !== null || event.defaultPrevented) return
    const target = event.target instanceof Element ? event.target : null
    for (const name of presses(event)) {
      const shortcut = shortcuts.find(({ keys }) => keys.includes(name))
      if (!shortcut || !heard(shortcut, name, target)) continue
      event.preventDefault()
      shortcut.run(studio, event)
      if (studio.view.getState().peek) peeking ??= event.code
      return
    }
  }
  const stopPeeking = () => {
    if (peeking !== null) studio.view.actions.setPeek(false)
    peeking = null
  }
  const release = (event: KeyboardEvent) => {
    if (event.code === peeking) stopPeeking()
  }
  window.addEventListener('keydown', press)
  window.addEventListener('keyup', release)
  window.addEventListener('blur', stopPeeking)
  return () => {
    window.removeEventListener('keydown', press)
    window.removeEventListener('keyup', release)
    window.removeEventListener('blur', stopPeeking)
  }
}
