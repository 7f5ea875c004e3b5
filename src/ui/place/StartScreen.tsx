import { FolderOpen, Footprints } from 'lucide-react'
import type { ReactNode } from 'react'

import { Logo } from '@/ui/controls/Logo'
import { Samples } from '@/ui/start/Samples'
import { useSettings, useShelf, useStudio } from '@/ui/studio'
import { Say } from '@/ui/controls/Say'
import { PasteKeys } from '@/ui/controls/PasteKeys'
import { say } from '@/words/say'

/** What is shown while there is no background: a place to drop one, and scenes to try. */
export function StartScreen({ over, more }: { over: boolean; more: ReactNode }): ReactNode {
  const { actions } = useStudio()
  const offered = useSettings((state) => !state.toured)
  const importing = useShelf((state) => state.importing > 0)
  return (
    <div className="start" data-testid="drop-zone">
      <div className={over ? 'start-hero over' : 'start-hero'}>
        <Logo className="art" />
        <h2>{say(over ? 'Drop it here' : 'Put anything into any picture')}</h2>
        <p>
          {say(
            'Drop a background, place a cut-out on it and press Fuse: light, shadow and contact are made to fit. Everything stays on this device.',
          )}
        </p>
        <div className="row">
          <button
            type="button"
            className="button primary big"
            data-testid="open-background"
            disabled={importing}
            onClick={actions.openBackground}
          >
            <FolderOpen aria-hidden="true" /> {say(importing ? 'Opening …' : 'Open a background')}
          </button>
        </div>
        <p className="hint">
          <Say text="or drop a file here, or paste one with {keys}" keys={<PasteKeys />} />
        </p>
        {offered && (
          <button
            type="button"
            className="button quiet"
            data-testid="tour-start"
            onClick={() => void actions.startTour()}
          >
            <Footprints aria-hidden="true" /> {say('Show me around')}
          </button>
        )}
      </div>
      <Samples title={say('Or start from a scene')} onBegin={(sample) => void actions.loadSample(sample)} />
      {more}
    </div>
  )
}
