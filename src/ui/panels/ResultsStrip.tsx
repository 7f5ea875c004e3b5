import { Download, ImagePlus, RotateCcw, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'

import { resultMark } from '@/document/queries'
import { IconButton } from '@/ui/controls/IconButton'
import { useDocument, useRun, useShelf, useStudio } from '@/ui/studio'

/** All results of this browser, newest first; a click stages one again. */
export function ResultsStrip(): ReactNode {
  const { actions } = useStudio()
  const results = useShelf((state) => state.results)
  const staged = useRun((state) => state.staged?.resultId ?? null)
  const composing = useDocument((state) => state.document.mode === 'compose')
  const running = useRun((state) => state.run.kind === 'running')
  if (results.length === 0) return null
  return (
    <section className="results" aria-labelledby="results-title">
      <h2 id="results-title">Results</h2>
      <ul>
        {results.map((result) => {
          const when = new Date(result.time).toLocaleString([], { dateStyle: 'short', timeStyle: 'short' })
          const name = `Result of ${when}, ${resultMark(result.recipe)}`
          return (
            <li key={result.id} className="result">
              <button
                type="button"
                className="result-open"
                aria-label={`Show ${name}`}
                title={name}
                aria-pressed={staged === result.id}
                disabled={running}
                onClick={() => void actions.stageResult(result.id)}
              >
                <img src={result.thumbnail} alt="" />
              </button>
              <div className="result-actions">
                {composing && (
                  <IconButton
                    small
                    icon={ImagePlus}
                    label="Use as a reference"
                    disabled={running}
                    onClick={() => void actions.referenceFromResult(result.id)}
                  />
                )}
                <IconButton
                  small
                  icon={RotateCcw}
                  label="Restore its recipe"
                  disabled={running}
                  onClick={() => void actions.restoreResult(result.id)}
                />
                <IconButton
                  small
                  icon={Download}
                  label="Download PNG"
                  onClick={() => void actions.downloadResult(result.id)}
                />
                <IconButton
                  small
                  icon={Trash2}
                  label="Delete result"
                  onClick={() => void actions.deleteResult(result.id)}
                />
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
