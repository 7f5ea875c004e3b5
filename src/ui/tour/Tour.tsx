import { X } from 'lucide-react'
import { useCallback, useEffect, useId, useLayoutEffect, useRef, type ReactNode } from 'react'
import { useStore } from 'zustand'

import { IconButton } from '@/ui/controls/IconButton'
import { ownKeys } from '@/ui/keys'
import { useStudio } from '@/ui/studio'
import { placeBubble } from '@/ui/tour/place'
import { TOUR, type TourStep } from '@/ui/tour/steps'
import { say } from '@/words/say'

/** How long the eye is left on what was just done, ms. */
const PAUSE = 700

/** A bubble that goes from control to control: by its buttons, and when the user does what it speaks of. */
export function Tour(): ReactNode {
  const studio = useStudio()
  const { tour } = studio
  const index = useStore(tour, ({ step }) => step) ?? 0
  const step = TOUR[index]
  const bubble = useRef<HTMLDivElement>(null)
  const ring = useRef<HTMLDivElement>(null)
  const id = useId()
  const go = useCallback(
    (to: number) => tour.setState({ step: to >= 0 && to < TOUR.length ? to : null }),
    [tour],
  )

  // Whoever asked for it has the focus again at the end, unless they have gone elsewhere; the button that offers it goes.
  useEffect(() => {
    const before = document.activeElement
    const node = bubble.current
    node?.querySelector<HTMLElement>('.primary')?.focus()
    return () => {
      const { activeElement: now } = document
      const isLost = now === document.body || node?.contains(now)
      if (!isLost) return
      const stays = before instanceof HTMLElement && before !== document.body && before.isConnected
      const next = stays ? before : document.querySelector<HTMLElement>('[data-testid="home"]')
      next?.focus()
    }
  }, [])

  useEffect(() => {
    const { document: doc, run, dialogs } = studio
    // What was done before the step began does not count: the same again does.
    const began = doc.getState().document
    let was = step.done(studio)
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      const is = step.done(studio)
      if (is && (!was || doc.getState().document !== began)) timer ??= setTimeout(() => go(index + 1), PAUSE)
      was = is
    }
    const stops = [doc.subscribe(look), run.subscribe(look), dialogs.subscribe(look)]
    return () => {
      clearTimeout(timer)
      for (const stop of stops) stop()
    }
  }, [studio, step, index, go])

  useLayoutEffect(() => {
    find(step.targets)?.scrollIntoView({ block: 'nearest' })
    return follow(step, bubble, ring)
  }, [step])

  const last = index === TOUR.length - 1
  return (
    <>
      <div className="tour-ring" ref={ring} aria-hidden="true" />
      <div
        className="tour"
        ref={bubble}
        role="dialog"
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-about`}
        data-testid="tour"
        onKeyDown={ownKeys({ Escape: () => go(-1) })}
      >
        <div className="tour-head">
          <small>{say('{step} of {steps}|tour', { step: index + 1, steps: TOUR.length })}</small>
          <IconButton small icon={X} label={say('End the tour')} onClick={() => go(-1)} />
        </div>
        <div aria-live="polite">
          <h2 id={`${id}-title`}>{say(step.title)}</h2>
          <p id={`${id}-about`}>{say(step.about)}</p>
        </div>
        <div className="row">
          <button type="button" className="button slim" disabled={index === 0} onClick={() => go(index - 1)}>
            {say('Back')}
          </button>
          <button
            type="button"
            className="button slim primary"
            data-testid="tour-next"
            onClick={() => go(index + 1)}
          >
            {say(last ? 'Done' : 'Next|tour')}
          </button>
        </div>
      </div>
    </>
  )
}

/** The first of them that is on the page and has a size. */
function find(targets: readonly string[]): Element | null {
  const found = targets.flatMap((target) => [...document.querySelectorAll(target)])
  return found.find((one) => one.getClientRects().length > 0) ?? null
}

/** Keeps bubble and ring where their target is, whatever moves it. Returns how to stop. */
function follow(
  { targets, above }: TourStep,
  bubble: { current: HTMLElement | null },
  ring: { current: HTMLElement | null },
): () => void {
  let shown = ''
  let frame = 0
  const look = () => {
    frame = requestAnimationFrame(look)
    if (!bubble.current || !ring.current) return
    const rect = find(targets)?.getBoundingClientRect() ?? null
    const size = { width: bubble.current.offsetWidth, height: bubble.current.offsetHeight }
    const screen = { width: window.innerWidth, height: window.innerHeight }
    const at = placeBubble(rect, size, screen, above)
    const key = JSON.stringify([rect, at])
    if (key === shown) return
    shown = key
    bubble.current.style.translate = `${Math.round(at.x)}px ${Math.round(at.y)}px`
    ring.current.hidden = rect === null
    if (!rect) return
    ring.current.style.translate = `${rect.x}px ${rect.y}px`
    ring.current.style.width = `${rect.width}px`
    ring.current.style.height = `${rect.height}px`
  }
  look()
  return () => cancelAnimationFrame(frame)
}
