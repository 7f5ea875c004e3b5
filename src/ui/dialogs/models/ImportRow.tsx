import { RotateCcw, Square, X } from 'lucide-react'
import type { ReactNode } from 'react'

import { bytes } from '@/ui/bytes'
import { IconButton } from '@/ui/controls/IconButton'
import { ProgressBar } from '@/ui/controls/ProgressBar'
import { duration } from '@/ui/duration'
import type { ImportStage, ImportTask, Unfinished } from '@/ui/stores/models'
import { useStudio } from '@/ui/studio'

const STAGES: Record<ImportStage, string> = {
  download: 'Downloading',
  convert: 'Converting',
  verify: 'Checking',
}

/** An import on its way, stopped or failed. */
export function ImportRow({ task }: { task: ImportTask }): ReactNode {
  const { weights } = useStudio()
  const { id, choice, state } = task
  const again = (label: string) => (
    <button type="button" className="button slim" onClick={() => weights.resumeImport(id)}>
      <RotateCcw aria-hidden="true" /> {label}
    </button>
  )
  const away = (
    <IconButton small icon={X} label={`Put ${choice.name} away`} onClick={() => weights.dropImport(id)} />
  )
  switch (state.kind) {
    case 'running': {
      const words = state.stopping ? 'Stopping' : state.stage ? STAGES[state.stage] : 'Waiting'
      return (
        <li className="model-card" data-testid="import-row">
          <div className="model-main">
            <div className="model-title">
              <strong>{choice.name}</strong>
              <button
                type="button"
                className="button slim"
                disabled={state.stopping}
                onClick={() => weights.stopImport(id)}
              >
                <Square aria-hidden="true" /> Stop
              </button>
            </div>
            <div className="progress-words">
              <span>
                {words}
                {state.totalBytes > 0 && `, ${bytes(state.doneBytes)} of ${bytes(state.totalBytes)}`}
              </span>
              <span>{state.secondsLeft === null ? '' : `${duration(state.secondsLeft)} left`}</span>
            </div>
            <ProgressBar label={`${words} ${choice.name}`} done={state.doneBytes} total={state.totalBytes} />
          </div>
        </li>
      )
    }
    case 'stopped':
      return (
        <li className="model-card" data-testid="import-row">
          <div className="model-main">
            <strong>{choice.name}</strong>
            <p className="hint">
              Stopped. {state.doneBytes > 0 && `${bytes(state.doneBytes)} are kept, to go on from.`}
            </p>
          </div>
          {again('Go on')}
          {away}
        </li>
      )
    case 'failed':
      return (
        <li className="model-card problem" data-testid="import-row">
          <div className="model-main" role="alert">
            <strong>
              {choice.name}: {state.problem.message}
            </strong>
            <p>{state.problem.hint}</p>
            {state.problem.detail && (
              <details>
                <summary>Details</summary>
                <pre tabIndex={0}>{state.problem.detail}</pre>
              </details>
            )}
          </div>
          {again('Try again')}
          {away}
        </li>
      )
  }
}

/** An import that an earlier session has left half done. */
export function UnfinishedRow({ entry }: { entry: Unfinished }): ReactNode {
  const { weights } = useStudio()
  return (
    <li className="model-card" data-testid="unfinished-row">
      <div className="model-main">
        <strong>{entry.choice.name}</strong>
        <p className="hint">
          Cut off with {bytes(entry.doneBytes)} of {bytes(entry.totalBytes)} done.{' '}
          {entry.url === null && `Drop ${entry.files.join(', ')} again to go on.`}
        </p>
      </div>
      {entry.url !== null && (
        <button type="button" className="button slim" onClick={() => weights.resumeUnfinished(entry.id)}>
          <RotateCcw aria-hidden="true" /> Go on
        </button>
      )}
      <IconButton
        small
        icon={X}
        label={`Forget ${entry.choice.name}`}
        onClick={() => weights.forgetUnfinished(entry.id)}
      />
    </li>
  )
}
