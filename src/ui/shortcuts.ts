import type { ToolName } from '@/canvas/tools/tool'
import { modeOf } from '@/document/modes'
import { isBlank } from '@/document/naming'
import { drawsLayers } from '@/document/place/queries'
import type { MaskKind } from '@/schema/modes/place'
import { keysOf, typesText } from '@/ui/bindings'
import { isTextField } from '@/ui/fields'
import { presses } from '@/ui/keys'
import { LAYER_SHORTCUTS } from '@/ui/layerShortcuts'
import type { Shortcut } from '@/ui/shortcut'
import { isLocked } from '@/ui/stores/run'
import { isBrushingChanges } from '@/ui/stores/view'
import type { Studio } from '@/ui/studio'

const onCanvas = ({ document }: Studio) => modeOf(document.getState().document).onCanvas
/** Null in the modes that have no canvas. */
const background = (studio: Studio) =>
  onCanvas(studio) ? studio.document.getState().document.background : null
const locked = ({ run }: Studio) => isLocked(run.getState())
const tool = (name: ToolName) => (studio: Studio) => studio.view.actions.setTool(name)

function paint(studio: Studio, kind: MaskKind): void {
  const { document: doc } = studio.document.getState()
  if (background(studio) && drawsLayers(doc)) studio.view.actions.paint(kind)
}

/** Held down it is pressed once. */
const fuse = ({ actions }: Studio, event: KeyboardEvent) => void (event.repeat || actions.fuse())

/** Escape takes back the smallest thing that is going on. */
function escape(studio: Studio, event: KeyboardEvent): void {
  // Held down it would take back one thing after the other.
  if (event.repeat) return
  const { view, run, actions, canvas, tour } = studio
  if (canvas.cancelGesture()) return
  if (tour.getState().step !== null) return tour.setState({ step: null })
  if (isBrushingChanges(view.getState())) return view.actions.setTool('select')
  if (run.getState().staged) return actions.discard()
  if (view.getState().pendingBox) return view.actions.setPendingBox(null)
  if (view.getState().tool !== 'select') return view.actions.setTool('select')
  const { run: current } = run.getState()
  // What is finished is dropped by the button alone.
  if (current.kind === 'running') return current.stopping ? undefined : actions.stop()
  actions.stepBack()
}

/** Those that work in every mode; `everyShortcut` has the modes' own as well. */
export const SHORTCUTS: Shortcut[] = [
  {
    id: 'open-background',
    label: 'Open a background',
    group: 'Picture',
    run: (studio) => onCanvas(studio) && studio.actions.openBackground(),
  },
  {
    id: 'add-pictures',
    label: 'Add a foreground, a reference or own pictures',
    group: 'Picture',
    run: ({ actions }) => actions.choosePictures(),
  },
  {
    id: 'download',
    label: 'Download PNG',
    group: 'Picture',
    whileTyping: true,
    run: ({ actions }) => void actions.download(),
  },
  {
    id: 'download-psd',
    label: 'Download Photoshop (.psd)',
    group: 'Picture',
    whileTyping: true,
    run: ({ actions }) => void actions.downloadLayers(),
  },
  {
    id: 'export',
    label: 'Export as JPEG, WebP, AVIF …',
    group: 'Picture',
    run: (studio) =>
      (background(studio) ?? studio.run.getState().staged) &&
      studio.dialogs.setState({ dialog: { kind: 'export' } }),
  },
  {
    id: 'save-project',
    label: 'Save as project file',
    group: 'Picture',
    run: ({ document, projects }) => void (isBlank(document.getState().document) || projects.save()),
  },
  {
    id: 'open-project',
    label: 'Open a project file',
    group: 'Picture',
    whileTyping: true,
    run: ({ actions }) => actions.openProjects(),
  },
  {
    id: 'undo',
    label: 'Undo',
    group: 'Picture',
    whileTyping: 'prompt',
    run: (studio) => locked(studio) || studio.document.actions.undo(),
  },
  {
    id: 'redo',
    label: 'Redo',
    group: 'Picture',
    whileTyping: 'prompt',
    run: (studio) => locked(studio) || studio.document.actions.redo(),
  },
  { id: 'select', label: 'Select and move', group: 'Canvas', run: tool('select') },
  { id: 'box', label: 'Draw box', group: 'Canvas', run: tool('box') },
  {
    id: 'paint-front',
    label: 'Paint what is in front',
    group: 'Canvas',
    run: (studio) => paint(studio, 'front'),
  },
  {
    id: 'paint-ground',
    label: 'Paint the ground',
    group: 'Canvas',
    run: (studio) => paint(studio, 'ground'),
  },
  {
    id: 'guides',
    label: 'Show or hide sun and horizon',
    group: 'Canvas',
    run: ({ view }) => view.actions.setGuides(!view.getState().guides),
  },
  { id: 'pan', label: 'Pan (or hold Space)', group: 'Canvas', run: tool('pan') },
  {
    id: 'zoom-in',
    label: 'Zoom in',
    group: 'Canvas',
    run(studio) {
      const size = background(studio)
      if (size) studio.view.actions.zoomBy(1, size)
    },
  },
  {
    id: 'zoom-out',
    label: 'Zoom out',
    group: 'Canvas',
    run(studio) {
      const size = background(studio)
      if (size) studio.view.actions.zoomBy(-1, size)
    },
  },
  {
    id: 'fit',
    label: 'Fit the picture',
    group: 'Canvas',
    run(studio) {
      const size = background(studio)
      if (size) studio.view.actions.fit(size)
    },
  },
  {
    id: 'actual-size',
    label: 'Zoom to 100 %',
    group: 'Canvas',
    run(studio) {
      const size = background(studio)
      if (size) studio.view.actions.zoomTo(1, size)
    },
  },
  ...LAYER_SHORTCUTS,
  {
    id: 'fuse',
    label: 'Fuse',
    group: 'Fuse',
    run: fuse,
  },
  {
    id: 'fuse-anywhere',
    label: 'Fuse, also while typing',
    group: 'Fuse',
    whileTyping: true,
    run: fuse,
  },
  {
    id: 'escape',
    label: 'Stop, discard, or step back',
    group: 'Fuse',
    whileTyping: true,
    run: escape,
  },
  {
    id: 'accept',
    label: 'Accept the result',
    group: 'Fuse',
    run: (studio) => studio.run.getState().staged && studio.actions.accept(),
  },
  {
    id: 'another',
    label: 'Another seed, or another base',
    group: 'Fuse',
    run: (studio) =>
      studio.run.getState().staged ? void studio.actions.another() : studio.actions.rollSeed(),
  },
  {
    id: 'peek',
    label: 'Hold to see before',
    group: 'Fuse',
    run: ({ view, run }) => run.getState().staged && view.actions.setPeek(true),
  },
  {
    id: 'overlay',
    label: 'Who listens to what, or the words’ region',
    group: 'Fuse',
    run: ({ actions }) => actions.toggleOverlay(),
  },
  {
    id: 'documents',
    label: 'All documents',
    group: 'Picture',
    run: ({ actions }) => actions.openDocuments(),
  },
  {
    id: 'gallery',
    label: 'All results',
    group: 'Picture',
    run: ({ actions }) => actions.openGallery(),
  },
  {
    id: 'models',
    label: 'Models',
    group: 'Picture',
    run: ({ actions }) => actions.openModels(),
  },
  {
    id: 'settings',
    label: 'Settings, with this list',
    group: 'Picture',
    run: ({ actions }) => actions.openSettings(),
  },
]

/** Whether a shortcut is meant where the focus is. */
function heard({ whileTyping, canvasOnly }: Shortcut, press: string, target: Element | null): boolean {
  if (target && (isTextField(target) || target.matches('select'))) {
    if (!whileTyping || typesText(press)) return false
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
    const { keys: bound } = studio.settings.getState()
    for (const name of presses(event)) {
      const shortcut = shortcuts.find(({ id }) => keysOf(id, bound).includes(name))
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
