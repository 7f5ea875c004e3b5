import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'

import type { Mask, Size } from '@/base/geometry'
import type { ShownStroke } from '@/canvas/painting'
import { brushTool } from '@/canvas/tools/brushTool'
import type { ToolPointer } from '@/canvas/tools/tool'
import type { Point } from '@/canvas/viewport'
import { say } from '@/words/say'

/** Longer side of a stroke, cells: finer than the network's mask, small enough to send to and fro. */
const STROKE_SIDE = 512
const HARDNESS = 0.8
const KEEP = [60, 200, 110]
const REMOVE = [235, 80, 70]

export interface StrokeBrush {
  /** Of the picture's longer side. */
  size: number
  keep: boolean
}

interface StrokeLayerProps {
  /** The picture that is painted over, px. */
  picture: Size
  brush: StrokeBrush
  /** What the strokes have led to: they are shown until it changes. */
  answer: unknown
  /** A stroke over the whole picture. */
  onStroke(stroke: Mask, keep: boolean): void
}

/** Lies over a picture and takes strokes: green keeps, red removes; Alt is the other, Shift a line from the last place. */
export function StrokeLayer({ picture, brush, answer, onStroke }: StrokeLayerProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [ring, setRing] = useState<Point | null>(null)
  const latest = useRef({ brush, onStroke })
  latest.current = { brush, onStroke }
  const { width, height } = picture
  const cells = useMemo(() => strokeSize({ width, height }), [width, height])

  const tool = useMemo(() => {
    const blank: Mask = { ...cells, values: new Uint8Array(cells.width * cells.height) }
    return brushTool({
      brush: () => ({
        mask: blank,
        picture: { width, height },
        diameter: latest.current.brush.size * Math.max(width, height),
        hardness: HARDNESS,
        erase: !latest.current.brush.keep,
      }),
      showBrush: setRing,
      showStroke: (shown) => shown && canvas.current && draw(canvas.current, shown),
      events: { paint: (stroke, erase) => latest.current.onStroke(stroke, !erase) },
    })
  }, [cells, width, height])

  useEffect(() => clear(canvas.current), [answer])

  /** What paints now; a palm beside a pen is nothing. */
  const painting = useRef<number | null>(null)
  const sample = (event: React.PointerEvent): ToolPointer => {
    const bounds = event.currentTarget.getBoundingClientRect()
    const screen = { x: event.clientX - bounds.left, y: event.clientY - bounds.top }
    return {
      screen,
      document: { x: (screen.x / bounds.width) * width, y: (screen.y / bounds.height) * height },
      shift: event.shiftKey,
      free: event.ctrlKey || event.metaKey,
      alt: event.altKey,
      pressure: event.pointerType === 'pen' ? event.pressure : 1,
    }
  }
  const diameter = (brush.size * Math.max(width, height)) / width
  return (
    <>
      <canvas
        ref={canvas}
        {...cells}
        className="stroke-layer"
        data-testid="stroke-layer"
        // Its keys are the dialog's, so what is painted on takes the focus.
        role="application"
        aria-label={say('Paint to correct the cut-out')}
        tabIndex={0}
        onPointerDown={(event) => {
          if (event.button !== 0 || !event.isPrimary) return
          // A pen takes over from the palm that lay down before it.
          if (painting.current !== null && event.pointerType !== 'pen') return
          painting.current = event.pointerId
          event.currentTarget.setPointerCapture(event.pointerId)
          if (tool.cancel()) clear(canvas.current)
          tool.down(sample(event))
        }}
        onPointerMove={(event) => {
          if (painting.current === null || painting.current === event.pointerId) tool.move(sample(event))
        }}
        onPointerUp={(event) => {
          if (painting.current !== event.pointerId) return
          painting.current = null
          tool.up(sample(event))
        }}
        onPointerCancel={(event) => {
          if (painting.current !== event.pointerId) return
          painting.current = null
          tool.cancel()
          clear(canvas.current)
        }}
        onPointerLeave={() => setRing(null)}
      />
      {ring && (
        <div
          className={brush.keep ? 'stroke-ring' : 'stroke-ring remove'}
          style={{
            left: `${(ring.x / width) * 100}%`,
            top: `${(ring.y / height) * 100}%`,
            width: `${diameter * 100}%`,
          }}
        />
      )}
    </>
  )
}

function strokeSize({ width, height }: Size): Size {
  const scale = Math.min(1, STROKE_SIDE / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

function draw(canvas: HTMLCanvasElement, { stroke, erase, touched }: ShownStroke): void {
  if (!touched) return
  const { x, y, width, height } = touched
  const context = canvas.getContext('2d')
  if (!context) return
  const picture = context.getImageData(x, y, width, height)
  for (let i = 0; i < width * height; i++) {
    const value = stroke.values[(y + Math.floor(i / width)) * stroke.width + x + (i % width)]
    if (value > 0) picture.data.set([...(erase ? REMOVE : KEEP), Math.round(value * 0.6)], 4 * i)
  }
  context.putImageData(picture, x, y)
}

const clear = (canvas: HTMLCanvasElement | null): void =>
  canvas?.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height)
