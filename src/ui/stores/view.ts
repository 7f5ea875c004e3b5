import { createStore, type StoreApi } from 'zustand/vanilla'

import { clamp, type Mask, type Rect, type Size } from '@/base/geometry'
import type { SceneFront } from '@/canvas/front'
import type { SceneGround } from '@/canvas/ground'
import { centred, fitViewport, keepInSight, zoomAt, zoomStop, type Viewport } from '@/canvas/viewport'
import type { MaskTarget } from '@/document/place/masks'
import type { Source } from '@/ui/compose/responseMaps'
import type { ToolName } from '@/canvas/tools/tool'

/** What the brush paints: a mask of the document, or what a staged result changed. */
type BrushKind = MaskTarget | 'changes'

export interface Brush {
  kind: BrushKind
  /** Diameter, as a share of the background's longer side. */
  size: number
  /** Share of the radius that is fully covered. */
  hardness: number
  erase: boolean
  /** Strokes are moved onto the photo's edges. */
  snap: boolean
  /** What the mask of an effect or a layer hides is tinted. */
  overlay: boolean
}

/** Smallest and largest brush. */
const BRUSH_SIZES = [0.005, 0.3] as const

export interface ViewState {
  tool: ToolName
  viewport: Viewport
  /** The picture is shown whole and stays so when the window changes. */
  fitted: boolean
  /** Size of the canvas, css px. */
  screen: Size
  /** A drawn box that waits for the next foreground, background px. */
  pendingBox: Rect | null
  /** Foregrounds put into a drawn box fill it instead of fitting inside. */
  stretchBoxes: boolean
  /** What is moved along the ground grows and shrinks with its distance. */
  sizesFollow: boolean
  /** Where the before/after divider stands, 0..1 of the background's width. */
  divider: number
  /** Shows the picture without the staged result while a key or button is held. */
  peek: boolean
  /** What the foregrounds do to the ground where layers are drawn, of the background's aspect. */
  ground: SceneGround | null
  /** What stands before the objects, as it is painted. */
  front: SceneFront | null
  /** Whether sun and horizon can be seen and dragged on the canvas. */
  guides: boolean
  /** Which of the lights dial and handles move; where there is only one, that. */
  light: number
  brush: Brush
  /** The mask that the brush is for, while it is in use. */
  painted: Mask | null
  /** Whether the response maps of a composed picture lie over it. */
  response: boolean
  /** The one source whose map is looked at, while its card or its chip is pointed at. */
  spotlight: Source | null
}

/** What somebody looks at and through what; nothing of it is part of the document. */
export interface ViewStore extends StoreApi<ViewState> {
  readonly actions: {
    setTool(tool: ToolName): void
    /** Takes the brush for a mask: on what is everywhere at first it erases. */
    paint(kind: MaskTarget): void
    /** Takes the brush for what a staged result changed, which it erases at first, or puts it down. */
    brushChanges(on: boolean): void
    setBrush(change: Partial<Brush>): void
    setGuides(shown: boolean): void
    setLight(index: number): void
    look(viewport: Viewport, content: Size): void
    fit(content: Size): void
    /** 1 = one background px per css px. */
    zoomTo(zoom: number, content: Size): void
    zoomBy(direction: 1 | -1, content: Size): void
    resize(screen: Size, content: Size | null): void
    setPendingBox(box: Rect | null): void
    setStretchBoxes(stretch: boolean): void
    setSizesFollow(follow: boolean): void
    setDivider(position: number): void
    setPeek(peek: boolean): void
    setResponse(shown: boolean): void
    setSpotlight(source: Source | null): void
  }
}

/** Whether the brush is on what a staged result changed: then it lies on the canvas, locked as that is otherwise. */
export const isBrushingChanges = ({ tool, brush }: Pick<ViewState, 'tool' | 'brush'>): boolean =>
  tool === 'brush' && brush.kind === 'changes'

export function createViewStore(initial: Partial<ViewState> = {}): ViewStore {
  const store = createStore<ViewState>(() => ({
    tool: 'select',
    viewport: { zoom: 1, x: 0, y: 0 },
    fitted: true,
    screen: { width: 1, height: 1 },
    pendingBox: null,
    stretchBoxes: false,
    sizesFollow: true,
    divider: 0.5,
    peek: false,
    ground: null,
    front: null,
    guides: true,
    light: 0,
    brush: { kind: 'front', size: 0.05, hardness: 0.7, erase: false, snap: false, overlay: true },
    painted: null,
    response: false,
    spotlight: null,
    ...initial,
  }))
  const { getState, setState } = store
  const middle = () => ({ x: getState().screen.width / 2, y: getState().screen.height / 2 })
  const look = (viewport: Viewport, content: Size) =>
    setState({ viewport: keepInSight(viewport, content, getState().screen), fitted: false })

  const actions: ViewStore['actions'] = {
    setTool: (tool) => setState({ tool }),
    paint: (kind) =>
      setState(({ brush }) => ({
        tool: 'brush',
        brush: { ...brush, kind, erase: brush.kind === kind ? brush.erase : kind !== 'front' },
      })),
    brushChanges: (on) =>
      setState(({ brush }) =>
        on
          ? { tool: 'brush', brush: { ...brush, kind: 'changes', erase: true } }
          : { tool: 'select', brush: { ...brush, kind: 'front', erase: false } },
      ),
    setBrush: (change) =>
      setState(({ brush: { size, ...brush } }) => ({
        brush: { ...brush, ...change, size: clamp(change.size ?? size, ...BRUSH_SIZES) },
      })),
    setGuides: (guides) => setState({ guides }),
    setLight: (light) => setState({ light }),
    look,
    fit: (content) => setState({ viewport: fitViewport(content, getState().screen), fitted: true }),
    zoomTo(zoom, content) {
      const { viewport, screen } = getState()
      const next = zoomAt(viewport, middle(), zoom)
      const small = content.width * zoom <= screen.width && content.height * zoom <= screen.height
      look(small ? centred(content, screen, zoom) : next, content)
    },
    zoomBy: (direction, content) =>
      look(zoomAt(getState().viewport, middle(), zoomStop(getState().viewport.zoom, direction)), content),
    resize(screen, content) {
      setState({ screen })
      if (content && getState().fitted) actions.fit(content)
      else if (content) setState({ viewport: keepInSight(getState().viewport, content, screen) })
    },
    setPendingBox: (pendingBox) => setState({ pendingBox }),
    setStretchBoxes: (stretchBoxes) => setState({ stretchBoxes }),
    setSizesFollow: (sizesFollow) => setState({ sizesFollow }),
    setDivider: (position) => setState({ divider: Math.min(1, Math.max(0, position)) }),
    setPeek: (peek) => setState({ peek }),
    setResponse: (response) => setState({ response }),
    setSpotlight: (spotlight) => setState({ spotlight }),
  }
  return Object.assign(store, { actions })
}
