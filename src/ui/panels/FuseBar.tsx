import { Boxes, ListPlus, RefreshCw, Sparkles, Square } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'

import { readiness } from '@/document/queries'
import { pageModeOf } from '@/ui/modes'
import { PlanNote } from '@/ui/panels/PlanNote'
import { QueueList } from '@/ui/panels/QueueList'
import { useDocument, useModels, useRun, useShelf, useStudio } from '@/ui/studio'
import { useTitled } from '@/ui/useTitled'
import type { RunTask } from '@/ui/stores/run'
import { duration } from '@/ui/duration'
import { say, sayText, type Message } from '@/words/say'

const TASK_WORDS = {
  fuse: 'Fusing',
  sample: 'Sampling pictures',
  pairs: 'Fusing pairs',
  try: 'Trying mixtures',
} as const satisfies Record<RunTask, Message>

const stopWords = ({ stopping, finishing }: { stopping: boolean; finishing: boolean }): string =>
  say(finishing ? 'Drop them, too' : stopping ? 'Stopping …' : 'Stop')

/** Fuse and Stop, with the progress of a run and what waits behind it, or the reason why it cannot start. */
export function FuseBar(): ReactNode {
  const { actions } = useStudio()
  const titled = useTitled()
  const document = useDocument((state) => state.document)
  const engine = useRun((state) => state.engine)
  const run = useRun((state) => state.run)
  const problem = useRun((state) => state.problem)
  const installed = useModels((state) => state.installed)
  const listing = useModels((state) => state.listing)
  const looks = useShelf((state) => state.looks)
  const plan = useRun((state) => state.plan)
  const { reasons, warnings, needsModels } = useMemo(
    () => readiness(document, installed, engine.kind === 'ready' ? engine.info.lacking : [], looks),
    [document, installed, engine, looks],
  )

  const { FuseMore } = pageModeOf(document)
  const tooLarge = plan.kind === 'ready' && plan.plan.verdict === 'too-large'
  const blocked = reasons.length > 0 || tooLarge || engine.kind !== 'ready'

  if (run.kind === 'running') {
    const stage = sayText(run.stage)
    const percent = run.fraction === null ? 0 : Math.round(run.fraction * 100)
    return (
      <div className="fuse-bar">
        <QueueList />
        <div className="progress" data-testid="progress">
          <div className="progress-words">
            <span>{stage}</span>
            <span>
              {run.secondsLeft === null ? '' : say('{time} left', { time: duration(run.secondsLeft) })}
            </span>
          </div>
          <div
            className={run.fraction === null ? 'progress-track unknown' : 'progress-track'}
            role="progressbar"
            aria-label={say(TASK_WORDS[run.task])}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={run.fraction === null ? undefined : percent}
            aria-valuetext={stage}
          >
            <div style={{ width: `${percent}%` }} />
          </div>
        </div>
        <div className="fuse-two">
          <button
            type="button"
            className="button big danger"
            data-testid="stop"
            disabled={run.stopping && !run.finishing}
            title={
              run.finishing ? say('Drops the pictures that are finished, too') : titled(say('Stop'), 'escape')
            }
            onClick={actions.stop}
          >
            <Square aria-hidden="true" /> {stopWords(run)}
          </button>
          <button
            type="button"
            className="button big"
            data-testid="fuse-next"
            aria-disabled={blocked}
            title={
              reasons.length > 0
                ? sayText(reasons[0])
                : say('{fuseNext}: it waits in the queue as it is now', {
                    fuseNext: titled(say('Fuse next'), 'fuse'),
                  })
            }
            onClick={() => {
              if (!blocked) void actions.fuse()
            }}
          >
            <ListPlus aria-hidden="true" /> {say('Fuse next')}
          </button>
        </div>
        {FuseMore && <FuseMore />}
      </div>
    )
  }

  const reason =
    engine.kind === 'starting'
      ? sayText(reasons[0] ?? say('The engine is starting …'))
      : engine.kind === 'failed' || reasons.length === 0
        ? null
        : sayText(reasons[0])
  return (
    <div className="fuse-bar">
      {engine.kind === 'failed' && (
        <div className="inline-problem" role="alert" style={{ marginBottom: 12 }}>
          <strong>{sayText(engine.problem.message)}</strong>
          <p>{sayText(engine.problem.hint)}</p>
          <button type="button" className="button" onClick={actions.restartEngine}>
            <RefreshCw aria-hidden="true" /> {say('Start it again')}
          </button>
        </div>
      )}
      {problem && engine.kind !== 'failed' && (
        <div className="inline-problem" style={{ marginBottom: 12 }}>
          <strong>{sayText(problem.message)}</strong>
          <p>{sayText(problem.hint)}</p>
        </div>
      )}
      <PlanNote />
      <QueueList />
      <button
        type="button"
        className="button big primary"
        data-testid="fuse"
        aria-disabled={blocked}
        aria-describedby="fuse-reason"
        title={titled(say('Fuse'), 'fuse')}
        onClick={() => {
          if (!blocked) void actions.fuse()
        }}
      >
        <Sparkles aria-hidden="true" /> {say('Fuse')}
      </button>
      <p className="reason" id="fuse-reason">
        {needsModels && listing.kind === 'loading'
          ? say('Looking for installed models …')
          : (reason ??
            (warnings.length > 0
              ? sayText(warnings[0])
              : blocked
                ? ''
                : say('Everything is worked out on this device.')))}
      </p>
      {needsModels && listing.kind !== 'loading' && (
        <button type="button" className="button wide" onClick={actions.openModels}>
          <Boxes aria-hidden="true" /> {say('Open Models')}
        </button>
      )}
      {FuseMore && <FuseMore />}
    </div>
  )
}
