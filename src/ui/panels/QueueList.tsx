import { ArrowDown, ArrowUp, Pause, Play, Trash2, X } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'

import { modeOf } from '@/document/modes'
import { IconButton } from '@/ui/controls/IconButton'
import { duration } from '@/ui/duration'
import { pageModeOf } from '@/ui/modes'
import { timeLeft, type QueuedJob } from '@/ui/stores/queue'
import { useRun, useShelf, useStudio } from '@/ui/studio'

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
  return (
    <section className="queue" aria-label="Queue" data-testid="queue">
      <div className="queue-head">
        <h2>Queue</h2>
        <span data-testid="queue-left">
          {[
            paused ? 'pauses' : `${waiting.length} ${waiting.length === 1 ? 'waits' : 'wait'}`,
            left !== null && `about ${duration(left)} in all`,
          ]
            .filter(Boolean)
            .join(', ')}
        </span>
        {paused ? (
          <IconButton
            small
            icon={Play}
            label="Go on with the queue"
            testId="queue-go-on"
            onClick={queue.goOn}
          />
        ) : (
          <IconButton
            small
            icon={Pause}
            label="Pause the queue"
            note="What runs ends, nothing new begins"
            testId="queue-pause"
            onClick={queue.pause}
          />
        )}
        <IconButton
          small
          icon={Trash2}
          label="Take out all that wait"
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
          <li key={job.id} className="queue-row" data-testid="queue-row" data-job={job.id}>
            <Row job={job} />
            <span data-what="up">
              <IconButton
                small
                icon={ArrowUp}
                label={`Make ${job.title} sooner`}
                disabled={index === 0}
                onClick={() => move(job.id, -1)}
              />
            </span>
            <span data-what="down">
              <IconButton
                small
                icon={ArrowDown}
                label={`Make ${job.title} later`}
                disabled={index === waiting.length - 1}
                onClick={() => move(job.id, 1)}
              />
            </span>
            <span data-what="remove">
              <IconButton
                small
                icon={X}
                label={`Take ${job.title} out of the queue`}
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
      {picture ? <img src={picture} alt="" /> : <Icon aria-hidden="true" />}
      <span className="queue-about">
        <span title={job.title} translate="no">
          {job.title}
        </span>
        <small>{[modeOf(job).name, job.model].filter(Boolean).join(', ')}</small>
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
