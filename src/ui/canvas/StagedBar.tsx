import { Check, Dices, Download, Eye, Image, Layers, Trash2 } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'

import { modeOf } from '@/document/modes'
import { resultMark, seedOf } from '@/document/queries'
import { duration } from '@/ui/duration'
import { ownKeys } from '@/ui/keys'
import { useDocument, useRun, useStudio, useView } from '@/ui/studio'
import { useTitled } from '@/ui/useTitled'
import type { FuseStats } from '@/worker/protocol'

interface StagedBarProps {
  another?: string
  /** What its mode can do with it beside that. */
  more?: ReactNode
}

/** What can be done with a result before it becomes part of the document. */
export function StagedBar({ another = 'Another seed', more }: StagedBarProps): ReactNode {
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
    <div className="floating staged-bar" role="group" aria-label="Result">
      <p className="staged-words">
        <strong>{capital(resultMark(recipe))}</strong>
        <small>{facts(stats, stepsOf(recipe))}</small>
      </p>
      {onCanvas && (
        <button
          type="button"
          className="button quiet"
          aria-pressed={peek}
          title={titled('Hold to see before', 'peek')}
          aria-label="Show before"
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
        title={titled('Discard', 'escape')}
        aria-label="Discard"
        onClick={actions.discard}
      >
        <Trash2 aria-hidden="true" /> <span>Discard</span>
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
        title={titled('Download PNG', 'download')}
        aria-label="Download"
        onClick={() => void actions.download()}
      >
        <Download aria-hidden="true" /> <span>Download</span>
      </button>
      {!onCanvas ? (
        <>
          <button
            ref={hasBackground ? undefined : accept}
            type="button"
            className={hasBackground ? 'button' : 'button primary'}
            data-testid="result-background"
            title="Make it the background of Place"
            onClick={() => actions.acceptAs('background')}
          >
            <Image aria-hidden="true" /> <span>Use as background</span>
          </button>
          {hasBackground && (
            <button
              ref={accept}
              type="button"
              className="button primary"
              data-testid="result-layer"
              title={titled('Add it to Place as a layer', 'accept')}
              onClick={() => actions.acceptAs('layer')}
            >
              <Layers aria-hidden="true" /> <span>Add as layer</span>
            </button>
          )}
        </>
      ) : (
        <button
          ref={accept}
          type="button"
          className="button primary"
          data-testid="result-accept"
          title={titled('Accept', 'accept')}
          onClick={actions.accept}
        >
          <Check aria-hidden="true" /> <span>Accept</span>
        </button>
      )}
    </div>
  )
}

/** How long it took and where, as far as that is known; without steps no model ran anywhere. */
function facts(stats: FuseStats | null, steps: number): string {
  if (!stats) return steps > 0 ? `${steps} steps` : ''
  const time = duration(stats.seconds.total)
  return steps > 0 ? `${time} on ${stats.backend === 'webgpu' ? 'GPU' : 'CPU'}` : time
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
