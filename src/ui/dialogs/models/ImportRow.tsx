import { RotateCcw, Square, X } from 'lucide-react'
import type { ReactNode } from 'react'

import { bytes } from '@/ui/bytes'
import { IconButton } from '@/ui/controls/IconButton'
import { ProgressBar } from '@/ui/controls/ProgressBar'
import { duration } from '@/ui/duration'
import type { ImportStage, ImportTask, Unfinished } from '@/ui/stores/models'
import { useStudio } from '@/ui/studio'
import { say, sayText, sayTogether, type Message } from '@/words/say'

const STAGES = {
  download: 'Downloading',
  convert: 'Converting',
  verify: 'Checking',
} as const satisfies Record<ImportStage, Message>

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
    <IconButton
      small
      icon={X}
      label={say('Put {name} away', { name: choice.name })}
      onClick={() => weights.dropImport(id)}
    />
  )
  switch (state.kind) {
    case 'running': {
      const words = say(state.stopping ? 'Stopping|import' : state.stage ? STAGES[state.stage] : 'Waiting')
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
                <Square aria-hidden="true" /> {say('Stop')}
              </button>
            </div>
            <div className="progress-words">
              <span>
                {sayTogether([
                  words,
                  state.totalBytes > 0 &&
                    say('{done} of {total}|bytes', {
                      done: bytes(state.doneBytes),
                      total: bytes(state.totalBytes),
                    }),
                ])}
              </span>
              <span>
                {state.secondsLeft === null
                  ? ''
                  : say('{time} left|time', { time: duration(state.secondsLeft) })}
              </span>
            </div>
            <ProgressBar
              label={say('{stage} {name}|import', { stage: words, name: choice.name })}
              done={state.doneBytes}
              total={state.totalBytes}
            />
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
              {state.doneBytes > 0
                ? say('Stopped. {size} are kept, to go on from.', { size: bytes(state.doneBytes) })
                : say('Stopped.')}
            </p>
          </div>
          {again(say('Go on'))}
          {away}
        </li>
      )
    case 'failed':
      return (
        <li className="model-card problem" data-testid="import-row">
          <div className="model-main" role="alert">
            <strong>
              {choice.name}: {sayText(state.problem.message)}
            </strong>
            <p>{sayText(state.problem.hint)}</p>
            {state.problem.detail && (
              <details>
                <summary>{say('Details|problem')}</summary>
                <pre tabIndex={0}>{state.problem.detail}</pre>
              </details>
            )}
          </div>
          {again(say('Try again'))}
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
          {say('Cut off with {done} of {total} done.', {
            done: bytes(entry.doneBytes),
            total: bytes(entry.totalBytes),
          })}{' '}
          {entry.url === null && say('Drop {files} again to go on.', { files: sayTogether(entry.files) })}
        </p>
      </div>
      {entry.url !== null && (
        <button type="button" className="button slim" onClick={() => weights.resumeUnfinished(entry.id)}>
          <RotateCcw aria-hidden="true" /> {say('Go on')}
        </button>
      )}
      <IconButton
        small
        icon={X}
        label={say('Forget {name}', { name: entry.choice.name })}
        onClick={() => weights.forgetUnfinished(entry.id)}
      />
    </li>
  )
}
