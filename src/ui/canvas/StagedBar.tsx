import { Check, Dices, Download, Eye, Image, Layers, Trash2 } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'

import { modeOf } from '@/document/modes'
import { seedOf } from '@/document/queries'
import { duration } from '@/ui/duration'
import { ownKeys } from '@/ui/keys'
import { stepWords } from '@/ui/recipeWords'
import { useDocument, useRun, useStudio, useView } from '@/ui/studio'
import { useTitled } from '@/ui/useTitled'
import type { FuseStats } from '@/worker/protocol'
import { markWords } from '@/ui/markWords'
import { say } from '@/words/say'

interface StagedBarProps {
  another?: string
  /** What its mode can do with it beside that. */
  more?: ReactNode
}

/** What can be done with a result before it becomes part of the document. */
export function StagedBar({ another = say('Another seed'), more }: StagedBarProps): ReactNode {
  const { actions, view } = useStudio()
  const titled = useTitled()
  const staged = useRun((state) => state.staged)
  const peek = useView((state) => state.peek)
  const hasBackground = useDocument((state) => state.document.background !== null)
  const accept = useRef<HTMLButtonElement>(null)
  // Whoever works by keyboard pressed Fuse, which has gone: the next decision is here.
  useEffect(() => {
    if (document.activeElement === document.body) accept.current?.focus({ preventScroll: true })
  }, [])
  if (!staged) return null
  const toggle = ({ repeat }: KeyboardEvent) => repeat || view.actions.setPeek(!peek)
  const { stats, recipe } = staged
  const { onCanvas, stepsOf } = modeOf(recipe)
  return (
    <div className="floating staged-bar" role="group" aria-label={say('Result')}>
      <p className="staged-words">
        <strong>{capital(markWords(recipe))}</strong>
        <small>{facts(stats, stepsOf(recipe))}</small>
      </p>
      {onCanvas && (
        <button
          type="button"
          className="button quiet"
          aria-pressed={peek}
          title={titled(say('Hold to see before'), 'peek')}
          aria-label={say('Show before')}
          onPointerDown={() => view.actions.setPeek(true)}
          onPointerUp={() => view.actions.setPeek(false)}
          onPointerLeave={() => view.actions.setPeek(false)}
          onKeyDown={ownKeys({ Space: toggle, Enter: toggle })}
        >
          <Eye aria-hidden="true" />
        </button>
      )}
      {more}
      <button
        type="button"
        className="button"
        data-testid="result-discard"
        title={titled(say('Discard'), 'escape')}
        aria-label={say('Discard')}
        onClick={actions.discard}
      >
        <Trash2 aria-hidden="true" /> <span>{say('Discard')}</span>
      </button>
      {(stepsOf(recipe) > 0 || seedOf(recipe) !== null) && (
        <button
          type="button"
          className="button"
          title={titled(another, 'another')}
          aria-label={another}
          data-testid="result-another"
          onClick={() => void actions.another()}
        >
          <Dices aria-hidden="true" /> <span>{another}</span>
        </button>
      )}
      <button
        type="button"
        className="button"
        data-testid="result-download"
        title={titled(say('Download PNG'), 'download')}
        aria-label={say('Download')}
        onClick={() => void actions.download()}
      >
        <Download aria-hidden="true" /> <span>{say('Download')}</span>
      </button>
      {!onCanvas ? (
        <>
          <button
            ref={hasBackground ? undefined : accept}
            type="button"
            className={hasBackground ? 'button' : 'button primary'}
            data-testid="result-background"
            title={say('Make it the background of Place')}
            onClick={() => actions.acceptAs('background')}
          >
            <Image aria-hidden="true" /> <span>{say('Use as background')}</span>
          </button>
          {hasBackground && (
            <button
              ref={accept}
              type="button"
              className="button primary"
              data-testid="result-layer"
              title={titled(say('Add it to Place as a layer'), 'accept')}
              onClick={() => actions.acceptAs('layer')}
            >
              <Layers aria-hidden="true" /> <span>{say('Add as layer')}</span>
            </button>
          )}
        </>
      ) : (
        <button
          ref={accept}
          type="button"
          className="button primary"
          data-testid="result-accept"
          title={titled(say('Accept'), 'accept')}
          onClick={actions.accept}
        >
          <Check aria-hidden="true" /> <span>{say('Accept')}</span>
        </button>
      )}
    </div>
  )
}

/** How long it took and where, as far as that is known; without steps no model ran anywhere. */
function facts(stats: FuseStats | null, steps: number): string {
  if (!stats) return steps > 0 ? stepWords(steps) : ''
  const time = duration(stats.seconds.total)
  if (steps === 0) return time
  return stats.backend === 'webgpu' ? say('{time} on GPU', { time }) : say('{time} on CPU', { time })
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
