import { Check, Dices, Download, Eye, Image, Layers, Trash2 } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'

import { resultMark } from '@/document/queries'
import type { Recipe } from '@/schema/recipe'
import { duration } from '@/ui/duration'
import { MOD } from '@/ui/platform'
import { useDocument, useRun, useStudio, useView } from '@/ui/studio'

/** What can be done with a result before it becomes part of the document. */
export function StagedBar(): ReactNode {
  const { actions, view } = useStudio()
  const staged = useRun((state) => state.staged)
  const peek = useView((state) => state.peek)
  const hasBackground = useDocument((state) => state.document.background !== null)
  const accept = useRef<HTMLButtonElement>(null)
  // Whoever works by keyboard pressed Fuse, which has gone: the next decision is here.
  useEffect(() => {
    if (document.activeElement === document.body) accept.current?.focus({ preventScroll: true })
  }, [])
  if (!staged) return null
  const { stats, recipe } = staged
  const composed = recipe.mode !== 'place'
  const another = recipe.mode === 'align' ? 'Another base' : 'Another seed'
  return (
    <div className="floating staged-bar" role="group" aria-label="Result">
      <p className="staged-words">
        <strong>{capital(resultMark(recipe))}</strong>
        <small>
          {stats
            ? `${duration(stats.seconds.total)} on ${stats.backend === 'webgpu' ? 'GPU' : 'CPU'}`
            : `${stepsOf(recipe)} steps`}
        </small>
      </p>
      {!composed && (
        <button
          type="button"
          className="button quiet"
          aria-pressed={peek}
          title="Hold to see before (\)"
          aria-label="Show before"
          onPointerDown={() => view.actions.setPeek(true)}
          onPointerUp={() => view.actions.setPeek(false)}
          onPointerLeave={() => view.actions.setPeek(false)}
          onKeyDown={(event) => {
            if (event.key !== ' ' && event.key !== 'Enter') return
            event.preventDefault()
            if (!event.repeat) view.actions.setPeek(!peek)
          }}
        >
          <Eye aria-hidden="true" />
        </button>
      )}
      <button
        type="button"
        className="button"
        data-testid="result-discard"
        title="Discard (Esc)"
        aria-label="Discard"
        onClick={actions.discard}
      >
        <Trash2 aria-hidden="true" /> <span>Discard</span>
      </button>
      <button
        type="button"
        className="button"
        title={`${another} (R)`}
        aria-label={another}
        data-testid="result-another"
        onClick={() => void actions.anotherSeed()}
      >
        <Dices aria-hidden="true" /> <span>{another}</span>
      </button>
      <button
        type="button"
        className="button"
        data-testid="result-download"
        title={`Download PNG (${MOD}+S)`}
        aria-label="Download"
        onClick={() => void actions.download()}
      >
        <Download aria-hidden="true" /> <span>Download</span>
      </button>
      {composed ? (
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
              title="Add it to Place as a layer (A)"
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
          title="Accept (A)"
          onClick={actions.accept}
        >
          <Check aria-hidden="true" /> <span>Accept</span>
        </button>
      )}
    </div>
  )
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

function stepsOf(recipe: Recipe): number {
  switch (recipe.mode) {
    case 'place':
      return recipe.steps
    case 'compose':
      return recipe.compose.steps
    case 'align':
      return recipe.align.steps
  }
}
