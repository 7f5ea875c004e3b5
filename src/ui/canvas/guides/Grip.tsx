import { useCallback, useEffect, useRef, type CSSProperties, type PointerEvent, type ReactNode } from 'react'

import type { Point } from '@/canvas/viewport'
import { ownKeys } from '@/ui/keys'
import { useStudio } from '@/ui/studio'

interface GripProps {
  /** css px from the canvas' top-left corner. */
  at: Point
  label: string
  /** Of what it sets. */
  value: { now: number; min: number; max: number; text: string }
  /** What undo calls a drag. */
  step: string
  testId: string
  className: string
  /** The pointer stands here, where the grip's middle was caught; css px as `at`. */
  onDrag(point: Point): void
  /** Arrow keys: -1, 0 or 1 to the right and up, ten times that with Shift. */
  onNudge(right: number, up: number): void
  /** A drag begins. */
  onGrab?(): void
  children?: ReactNode
}

/** A handle over the canvas: dragged it changes the document live, all of it one step; Escape takes that back. */
export function Grip(props: GripProps): ReactNode {
  const { at, label, value, step, testId, className, onDrag, onNudge, onGrab, children } = props
  const { document } = useStudio()
  const element = useRef<HTMLDivElement>(null)
  /** From the pointer to the grip's middle, while a drag goes on. */
  const held = useRef<Point | null>(null)

  const place = (event: PointerEvent<HTMLDivElement>): Point => {
    const area = event.currentTarget.parentElement?.getBoundingClientRect()
    return { x: event.clientX - (area?.left ?? 0), y: event.clientY - (area?.top ?? 0) }
  }
  const cancel = () => {
    if (!held.current) return false
    held.current = null
    document.actions.cancel()
    return true
  }
  const end = useCallback(() => {
    if (!held.current) return
    held.current = null
    document.actions.commit()
  }, [document])
  // A key may put the handles away, or a run begin, in the middle of a drag.
  useEffect(() => end, [end])
  const nudges = Object.fromEntries(
    [1, 10].flatMap((by) => {
      const shift = by === 10 ? 'shift+' : ''
      return [
        [`${shift}ArrowLeft`, () => onNudge(-by, 0)],
        [`${shift}ArrowRight`, () => onNudge(by, 0)],
        [`${shift}ArrowUp`, () => onNudge(0, by)],
        [`${shift}ArrowDown`, () => onNudge(0, -by)],
      ]
    }),
  )

  // A wheel over a handle is meant for the picture below; React's own listener could not keep the page from scrolling.
  useEffect(() => {
    const grip = element.current
    const pass = (event: WheelEvent) => {
      event.preventDefault()
      grip?.closest('.canvas-area')?.querySelector('.stage')?.dispatchEvent(new WheelEvent('wheel', event))
    }
    grip?.addEventListener('wheel', pass, { passive: false })
    return () => grip?.removeEventListener('wheel', pass)
  }, [])

  return (
    <div
      ref={element}
      className={`guide-grip ${className}`}
      style={{ '--x': `${at.x}px`, '--y': `${at.y}px` } as CSSProperties}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={value.min}
      aria-valuemax={value.max}
      aria-valuenow={value.now}
      aria-valuetext={value.text}
      title={label}
      data-testid={testId}
      onKeyDown={ownKeys({ ...nudges, Escape: cancel })}
      onPointerDown={(event) => {
        if (event.button !== 0 || !event.isPrimary) return
        event.currentTarget.setPointerCapture(event.pointerId)
        const pointer = place(event)
        held.current = { x: at.x - pointer.x, y: at.y - pointer.y }
        document.actions.begin(step)
        onGrab?.()
      }}
      onPointerMove={(event) => {
        if (!held.current || !event.currentTarget.hasPointerCapture(event.pointerId)) return
        const pointer = place(event)
        onDrag({ x: pointer.x + held.current.x, y: pointer.y + held.current.y })
      }}
      onPointerCancel={cancel}
      onLostPointerCapture={end}
    >
      {children}
      <output aria-hidden="true">{value.text}</output>
    </div>
  )
}
