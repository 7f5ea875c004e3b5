import { Download, RotateCcw, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'

import { IconButton } from '@/ui/controls/IconButton'
import { pageModeOf } from '@/ui/modes'
import { isHeld } from '@/ui/stores/run'
import { madeAt } from '@/ui/stores/shelf'
import { useDocument, useRun, useShelf, useStudio } from '@/ui/studio'
import { useTitled } from '@/ui/useTitled'
import { markWords } from '@/ui/markWords'
import { say, sayText, sayTime, sayTogether } from '@/words/say'

/** As many results are shown at a time. */
const PAGE = 40

/** All results of this browser, newest first; a click stages one again. */
export function ResultsStrip(): ReactNode {
  const studio = useStudio()
  const titled = useTitled()
  const { actions } = studio
  const results = useShelf((state) => state.results)
  // All may be listed, for the gallery; here they come page by page all the same.
  const [room, setRoom] = useState(PAGE)
  const more = useShelf((state) => state.moreResults || state.results.length > room)
  const staged = useRun((state) => state.staged?.resultId ?? null)
  const own = useDocument((state) => pageModeOf(state.document).resultAction)
  const held = useRun(isHeld)
  if (results.length === 0) return null
  return (
    <section className="results" aria-labelledby="results-title">
      <h2 id="results-title">
        <button
          type="button"
          data-testid="gallery-open"
          title={titled(say('All results'), 'gallery')}
          onClick={actions.openGallery}
        >
          {say('Results')}
        </button>
      </h2>
      <ul>
        {results.slice(0, room).map((result) => {
          const when = sayTime(madeAt(result), 'short')
          const name = sayTogether([say('Result of {when}', { when }), markWords(result.recipe)])
          return (
            <li key={result.id} className="result">
              <button
                type="button"
                className="result-open"
                aria-label={say('Show {name}', { name })}
                title={name}
                aria-pressed={staged === result.id}
                disabled={held}
                onClick={() => void actions.stageResult(result.id)}
              >
                <img src={result.thumbnail} alt="" loading="lazy" />
              </button>
              <div className="result-actions">
                {own && (
                  <IconButton
                    small
                    icon={own.icon}
                    label={sayText(own.label)}
                    disabled={held}
                    onClick={() => own.run(studio, result.id)}
                  />
                )}
                <IconButton
                  small
                  icon={RotateCcw}
                  label={say('Restore its recipe')}
                  disabled={held}
                  onClick={() => void actions.restoreResult(result.id)}
                />
                <IconButton
                  small
                  icon={Download}
                  label={say('Download PNG')}
                  onClick={() => void actions.downloadResult(result.id)}
                />
                <IconButton
                  small
                  icon={Trash2}
                  label={say('Delete result')}
                  onClick={() => void actions.deleteResult(result.id)}
                />
              </div>
            </li>
          )
        })}
        {more && (
          <OlderResults
            shown={Math.min(room, results.length)}
            onMore={() => {
              setRoom(room + PAGE)
              if (results.length < room + PAGE) void actions.moreResults()
            }}
          />
        )}
      </ul>
    </section>
  )
}

/** Shows the next older results once it comes into sight; by keyboard, once it is pressed. */
function OlderResults({ shown, onMore }: { shown: number; onMore(): void }): ReactNode {
  const ref = useRef<HTMLButtonElement>(null)
  const next = useRef(onMore)
  useEffect(() => {
    next.current = onMore
  })
  useEffect(() => {
    if (!ref.current) return
    const watch = new IntersectionObserver(([entry]) => {
      if (entry.isIntersecting) next.current()
    })
    watch.observe(ref.current)
    return () => watch.disconnect()
    // Looked for anew after every page: it may still be in sight.
  }, [shown])
  return (
    <li className="result-more">
      <button type="button" className="button slim" ref={ref} onClick={onMore}>
        {say('Show older')}
      </button>
    </li>
  )
}
