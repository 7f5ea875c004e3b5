import { useEffect, useRef, useState, type ReactNode } from 'react'

import type { Mask, Raster, Rect } from '@/base/geometry'
import { rectBetween } from '@/canvas/placement'
import type { Point } from '@/canvas/viewport'
import { DustMarks } from '@/ui/controls/DustMarks'
import { StrokeLayer, type StrokeBrush } from '@/ui/dialogs/StrokeLayer'
import { say } from '@/words/say'

interface CutoutPreviewProps {
  /** The picture made small; `scale` is its px per px of the asset. */
  source: { image: Raster; scale: number } | null
  /** The cut-out to look at instead. */
  shown: Raster | null
  /** Specks in it, px of `shown`. */
  dust?: Rect[]
  /** Whether dragging draws a box. */
  drawing: boolean
  /** px of the asset. */
  box: Rect | null
  /** Boxes are drawn as squares. */
  square?: boolean
  /** On white instead of a checkerboard. */
  white?: boolean
  /** Strokes can be painted with it; what is cut away is shown faintly. */
  brush?: StrokeBrush | null
  busy: ReactNode
  onBox(box: Rect): void
  onStroke?(stroke: Mask, keep: boolean): void
}

/** The picture on a checkerboard, on which a box can be drawn or strokes be painted. */
export function CutoutPreview(props: CutoutPreviewProps): ReactNode {
  const { source, shown, dust = [], drawing, box, square, white, brush, busy, onBox, onStroke } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const behind = useRef<HTMLCanvasElement>(null)
  const start = useRef<Point | null>(null)
  /** The box being drawn, px of the asset. */
  const [draft, setDraft] = useState<Rect | null>(null)
  const raster = shown ?? source?.image ?? null

  useEffect(() => {
    if (canvas.current && raster) show(canvas.current, raster)
  }, [raster])
  const faint = brush && shown ? (source?.image ?? null) : null
  useEffect(() => {
    if (behind.current && faint) show(behind.current, faint)
  }, [faint])

  /** Pointer -> px of the asset, kept inside the picture. */
  const at = (event: React.PointerEvent): Point => {
    const bounds = event.currentTarget.getBoundingClientRect()
    const width = (source?.image.width ?? 1) / (source?.scale ?? 1)
    const height = (source?.image.height ?? 1) / (source?.scale ?? 1)
    const inside = (part: number) => Math.min(1, Math.max(0, part))
    return {
      x: inside((event.clientX - bounds.left) / bounds.width) * width,
      y: inside((event.clientY - bounds.top) / bounds.height) * height,
    }
  }

  const between = (from: Point, to: Point): Rect => {
    const drawn = rectBetween(from, to)
    if (!square) return drawn
    const side = Math.max(drawn.width, drawn.height)
    return {
      x: to.x < from.x ? from.x - side : from.x,
      y: to.y < from.y ? from.y - side : from.y,
      width: side,
      height: side,
    }
  }
  const outline = draft ?? box
  const size = source
    ? { width: source.image.width / source.scale, height: source.image.height / source.scale }
    : null
  return (
    <div className={white ? 'cutout-view white' : 'cutout-view'}>
      <div className={drawing ? 'cutout-stage drawing' : 'cutout-stage'}>
        {faint && <canvas ref={behind} className="cutout-behind" aria-hidden />}
        <canvas
          ref={canvas}
          role="img"
          aria-label={say(shown ? 'The cut-out on a checkerboard' : 'The picture')}
          style={{ maxHeight: 'min(420px, 56vh)' }}
          onPointerDown={(event) => {
            if (!drawing) return
            event.currentTarget.setPointerCapture(event.pointerId)
            start.current = at(event)
          }}
          onPointerMove={(event) => {
            if (start.current) setDraft(between(start.current, at(event)))
          }}
          onPointerUp={(event) => {
            const from = start.current
            start.current = null
            setDraft(null)
            if (!from) return
            const drawn = between(from, at(event))
            if (drawn.width > 4 && drawn.height > 4) onBox(drawn)
          }}
          onPointerCancel={() => {
            start.current = null
            setDraft(null)
          }}
        />
        {shown && <DustMarks size={shown} dust={dust} />}
        {brush && size && onStroke && (
          <StrokeLayer picture={size} brush={brush} answer={shown} onStroke={onStroke} />
        )}
        {outline && size && (
          <div
            className="cutout-box"
            style={{
              left: `${(outline.x / size.width) * 100}%`,
              top: `${(outline.y / size.height) * 100}%`,
              width: `${(outline.width / size.width) * 100}%`,
              height: `${(outline.height / size.height) * 100}%`,
            }}
          />
        )}
      </div>
      {busy}
    </div>
  )
}

function show(canvas: HTMLCanvasElement, { data, width, height }: Raster): void {
  canvas.width = width
  canvas.height = height
  canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0)
}
