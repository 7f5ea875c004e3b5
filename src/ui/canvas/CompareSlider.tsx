import { ChevronsLeftRight } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'

import { percent } from '@/ui/controls/Slider'
import { ownKeys } from '@/ui/keys'
import { useStudio } from '@/ui/studio'
import { say } from '@/words/say'

/** How far a key moves the divider, parts of the background's width. */
const STEPS: Record<string, number> = {
  ArrowLeft: -0.02,
  ArrowRight: 0.02,
  ArrowDown: -0.02,
  ArrowUp: 0.02,
  PageDown: -0.1,
  PageUp: 0.1,
  Home: -1,
  End: 1,
}

/**
 * The divider between before (left) and after (right). It follows zoom and pan without React: the
 * view store moves the elements, the scene clips the result at the same place.
 */
export function CompareSlider(): ReactNode {
  const { document, view } = useStudio()
  const slider = useRef<HTMLDivElement>(null)
  const before = useRef<HTMLSpanElement>(null)
  const after = useRef<HTMLSpanElement>(null)

  useEffect(() => {
    const follow = () => {
      const { viewport, screen, divider, peek } = view.getState()
      const size = document.getState().document.background
      const element = slider.current
      if (!size || !element || !before.current || !after.current) return
      const edge = (part: number) => viewport.x + part * size.width * viewport.zoom
      const inside = (x: number) => Math.min(screen.width, Math.max(0, x))
      const top = Math.max(0, viewport.y)
      const bottom = Math.min(screen.height, viewport.y + size.height * viewport.zoom)
      element.style.transform = `translateX(${inside(edge(divider))}px)`
      element.style.setProperty('--top', `${top}px`)
      element.style.setProperty('--height', `${Math.max(0, bottom - top)}px`)
      element.style.visibility = peek ? 'hidden' : 'visible'
      element.setAttribute('aria-valuenow', String(Math.round(divider * 100)))
      element.setAttribute('aria-valuetext', say('{share} before', { share: percent(divider) }))
      before.current.style.top = after.current.style.top = `${top + 10}px`
      before.current.style.left = `${inside(edge(0)) + 10}px`
      after.current.style.right = `${screen.width - inside(edge(1)) + 10}px`
      before.current.style.opacity = divider > 0.12 ? '1' : '0'
      after.current.style.opacity = divider < 0.88 && !peek ? '1' : '0'
    }
    follow()
    return view.subscribe(follow)
  }, [document, view])

  const keys = Object.fromEntries(
    Object.entries(STEPS).map(([key, step]) => [
      key,
      () => view.actions.setDivider(view.getState().divider + step),
    ]),
  )

  const toPointer = (clientX: number) => {
    const area = slider.current?.parentElement?.getBoundingClientRect()
    const size = document.getState().document.background
    const { viewport } = view.getState()
    if (area && size) view.actions.setDivider((clientX - area.left - viewport.x) / viewport.zoom / size.width)
  }

  return (
    <>
      <span className="compare-label" ref={before}>
        {say('Before')}
      </span>
      <span className="compare-label" ref={after}>
        {say('After')}
      </span>
      <div
        ref={slider}
        className="compare"
        role="slider"
        tabIndex={0}
        aria-label={say('Before and after')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={50}
        data-testid="compare-slider"
        onPointerDown={(event) => {
          if (event.button !== 0) return
          event.currentTarget.setPointerCapture(event.pointerId)
          event.currentTarget.focus()
          toPointer(event.clientX)
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) toPointer(event.clientX)
        }}
        onKeyDown={ownKeys(keys)}
      >
        <span className="grip" aria-hidden="true">
          <ChevronsLeftRight size={20} />
        </span>
      </div>
    </>
  )
}
