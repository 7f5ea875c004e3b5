import type { Mask, Rect, Size } from '@/base/geometry'
import type { SceneBrush, ShownStroke } from '@/canvas/painting'
import type { Placement } from '@/canvas/placement'
import type { Guide, SnapTargets } from '@/canvas/snapping'
import type { Point, Viewport } from '@/canvas/viewport'

export type ToolName = 'select' | 'box' | 'pan' | 'brush'

/** One pointer sample as the tools see it. */
export interface ToolPointer {
  /** css px from the canvas' top-left corner. */
  screen: Point
  /** Background px. */
  document: Point
  shift: boolean
  /** Ctrl or Cmd: no snapping while it is held. */
  free: boolean
  /** The other way: the brush erases, a size is kept. */
  alt: boolean
  /** The pen's other end: the brush erases. Absent: false. */
  eraser?: boolean
  /** Of a pen, 0..1; everything else presses fully. */
  pressure: number
}

/** A foreground as the tools see it. */
export interface ToolLayer {
  id: string
  /** Size of its visible content, asset px. */
  content: Size
  placement: Placement
}

/** What changed, so that undo can name it. */
export type PlacementChange = 'move' | 'resize' | 'rotate'

/** What the tools ask of the rest of the studio once a gesture has ended. */
export interface SceneEvents {
  select(id: string | null): void
  place(id: string, placement: Placement, change: PlacementChange): void
  /** A box was drawn, background px. */
  drawBox(box: Rect): void
  /** A stroke was painted on the mask that the brush is for, of that mask's size. */
  paint(stroke: Mask, erase: boolean): void
  /** The user moved or zoomed the view. */
  look(viewport: Viewport): void
}

/** What a tool may see and show while a gesture is going on; nothing here touches the document. */
export interface ToolContext {
  viewport(): Viewport
  /** The foreground under a point (background px), the selected one first. */
  pick(point: Point): ToolLayer | null
  /** What a moving foreground may align with, background px. */
  snapTargets(exceptId: string): SnapTargets
  /** Row of the horizon (background px) at a column, where a foreground's size follows the ground that it stands on. */
  horizonFor(id: string): ((column: number) => number) | null
  showPlacement(id: string, placement: Placement): void
  showGuides(guides: Guide[]): void
  showBox(box: Rect | null): void
  /** The brush that is in use; null where there is none, or its mask is still being read. */
  brush(): SceneBrush | null
  /** The stroke that goes on; null when it has ended. */
  showStroke(shown: ShownStroke | null): void
  /** The brush's ring at a point, background px; null where the pointer is elsewhere. */
  showBrush(point: Point | null): void
  events: SceneEvents
}

/** A small state chart that turns pointer samples into at most one event per gesture. */
export interface Tool {
  down(pointer: ToolPointer): void
  move(pointer: ToolPointer): void
  up(pointer: ToolPointer): void
  /** Escape, a lost pointer or a change of tool: back to idle, nothing changed. Says whether there was anything to undo. */
  cancel(): boolean
  /** css cursor at a point. */
  cursor(pointer: ToolPointer): string
}

/** Pointer travel below which a press is a click, css px. */
export const CLICK_SLOP = 3
