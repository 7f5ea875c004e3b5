import { ArrowDown, ArrowUp, GripVertical, Pause, Play, Trash2, X } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'

import { modeOf } from '@/document/modes'
import { IconButton } from '@/ui/controls/IconButton'
import { duration } from '@/ui/duration'
import { pageModeOf } from '@/ui/modes'
import { useRowDrag } from '@/ui/panels/useRowDrag'
import { timeLeft, type QueuedJob } from '@/ui/stores/queue'
import { useRun, useShelf, useStudio } from '@/ui/studio'
import { say, sayTogether } from '@/words/say'

/** What waits behind the run, in an order that can be changed. */
export function QueueList(): ReactNode {
  const { queue } = useStudio()
  const state = useStore(queue.store)
  const run = useRun((now) => now.run)
  const now = useNow()
  const list = useRef<HTMLOListElement>(null)
  /** Whoever moves or removes by keyboard stays where they were. */
  const wish = useRef<{ id: string; what: string } | 'fuse' | null>(null)
  useEffect(() => {
    const focus = wish.current
    wish.current = null
    if (!focus) return
    // The list may be gone.
    if (focus === 'fuse')
      return document.querySelector<HTMLElement>('[data-testid="fuse-next"], [data-testid="fuse"]')?.focus()
    const row = list.current?.querySelector(`[data-job="${focus.id}"]`)
    const wanted = row?.querySelector<HTMLButtonElement>(`[data-what="${focus.what}"] button:not(:disabled)`)
    const other = row?.querySelector<HTMLButtonElement>('button:not(:disabled)')
    const next = wanted ?? other
    next?.focus()
  }, [state.waiting])

  const { drag, press } = useRowDrag(list, queue.move)

  const { current, waiting, paused } = state
  if (waiting.length === 0 && !paused) return null
  const left = timeLeft(state, run, now)
  const move = (id: string, by: number) => {
    wish.current = { id, what: by < 0 ? 'up' : 'down' }
    queue.move(id, by)
  }
  const remove = (index: number) => {
    const next = waiting[index + 1] ?? waiting[index - 1]
    wish.current = next ? { id: next.id, what: 'remove' } : 'fuse'
    queue.remove(waiting[index].id)
  }
  const dragged = waiting.findIndex(({ id }) => id === drag?.id)
  const rowClass = (index: number): string => {
    if (!drag || dragged < 0) return 'queue-row'
    if (index === dragged) return 'queue-row dragged'
    if (index !== drag.to) return 'queue-row'
    return `queue-row drop-${drag.to < dragged ? 'above' : 'below'}`
  }
  return (
    <section className="queue" aria-label={say('Queue')} data-testid="queue">
      <div className="queue-head">
        <h2>{say('Queue')}</h2>
        <span data-testid="queue-left">
          {sayTogether([
            paused
              ? say('pauses')
              : say(waiting.length === 1 ? '{count} waits' : '{count} wait', { count: waiting.length }),
            left !== null && say('about {time} in all', { time: duration(left) }),
          ])}
        </span>
        {paused ? (
          <IconButton
            small
            icon={Play}
            label={say('Go on with the queue')}
            testId="queue-go-on"
            onClick={queue.goOn}
          />
        ) : (
          <IconButton
            small
            icon={Pause}
            label={say('Pause the queue')}
            note={say('What runs ends, nothing new begins')}
            testId="queue-pause"
            onClick={queue.pause}
          />
        )}
        <IconButton
          small
          icon={Trash2}
          label={say('Take out all that wait')}
          testId="queue-clear"
          disabled={waiting.length === 0}
          onClick={queue.clear}
        />
      </div>
      <ol ref={list}>
        {current && (
          <li className="queue-row now" aria-current="step">
            <Row job={current} />
          </li>
        )}
        {waiting.map((job, index) => (
          <li
            key={job.id}
            className={rowClass(index)}
            data-testid="queue-row"
            data-job={job.id}
            onPointerDown={waiting.length > 1 ? press : undefined}
          >
            {waiting.length > 1 && (
              <span className="row-grip" title={say('Drag to another place')}>
                <GripVertical aria-hidden="true" />
              </span>
            )}
            <Row job={job} />
            <span data-what="up">
              <IconButton
                small
                icon={ArrowUp}
                label={say('Make {title} sooner', { title: job.title })}
                disabled={index === 0}
                onClick={() => move(job.id, -1)}
              />
            </span>
            <span data-what="down">
              <IconButton
                small
                icon={ArrowDown}
                label={say('Make {title} later', { title: job.title })}
                disabled={index === waiting.length - 1}
                onClick={() => move(job.id, 1)}
              />
            </span>
            <span data-what="remove">
              <IconButton
                small
                icon={X}
                label={say('Take {title} out of the queue', { title: job.title })}
                onClick={() => remove(index)}
              />
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** A job's picture, what it is called and what makes it. */
function Row({ job }: { job: QueuedJob }): ReactNode {
  const known = useShelf((state) => (job.cover ? state.thumbnails[job.cover.hash] : undefined))
  const picture = job.thumbnail ?? known
  const { icon: Icon } = pageModeOf(job)
  return (
    <>
      {picture ? <img src={picture} alt="" draggable={false} /> : <Icon aria-hidden="true" />}
      <span className="queue-about">
        <span title={job.title} translate="no">
          {job.title}
        </span>
        <small>{sayTogether([modeOf(job).name, job.model])}</small>
      </span>
    </>
  )
}

/** The time, ms since 1970, anew every second. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}
