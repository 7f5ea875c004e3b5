import { FolderOpen } from 'lucide-react'
import type { ReactNode } from 'react'

import { Logo } from '@/ui/controls/Logo'
import { MOD } from '@/ui/platform'
import { useShelf, useStudio } from '@/ui/studio'

/** What is shown while there is no background: a place to drop one, and scenes to try. */
export function StartScreen({ over }: { over: boolean }): ReactNode {
  const { actions } = useStudio()
  const samples = useShelf((state) => state.samples)
  const importing = useShelf((state) => state.importing > 0)
  return (
    <div className="start" data-testid="drop-zone">
      <div className={over ? 'start-hero over' : 'start-hero'}>
        <Logo className="art" />
        <h2>{over ? 'Drop it here' : 'Put anything into any picture'}</h2>
        <p>
          Drop a background, place a cut-out on it and press Fuse: light, shadow and contact are made to fit.
          Everything stays on this device.
        </p>
        <div className="row">
          <button
            type="button"
            className="button primary big"
            data-testid="open-background"
            disabled={importing}
            onClick={actions.openBackground}
          >
            <FolderOpen aria-hidden="true" /> {importing ? 'Opening …' : 'Open a background'}
          </button>
        </div>
        <p className="hint">
          or drop a file here, or paste one with <kbd>{MOD}</kbd> <kbd>V</kbd>
        </p>
      </div>
      {samples.length > 0 && (
        <section className="samples" aria-labelledby="samples-title">
          <h2 id="samples-title">Or start from a scene</h2>
          <ul>
            {samples.map((sample) => (
              <li key={sample.id}>
                <button
                  type="button"
                  className="sample-card"
                  data-testid="sample-card"
                  disabled={importing}
                  onClick={() => void actions.loadSample(sample)}
                >
                  <div className="sample-picture">
                    <img className="back" src={sample.background} alt="" />
                    {/* The first stands for all. */}
                    <img className="front" src={sample.foregrounds[0].picture} alt="" />
                  </div>
                  <span>{sample.title}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
