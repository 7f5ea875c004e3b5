import { Download, Fullscreen, Layers2 } from 'lucide-react'
import { useEffect, useMemo, useState, type ReactNode } from 'react'

import type { Raster } from '@/base/geometry'
import { frameOf } from '@/ui/compose/frame'
import { PictureCanvas, RasterCanvas, useDrawable } from '@/ui/compose/PictureCanvas'
import { placeholder } from '@/base/placeholders'
import {
  colourOf,
  css,
  meanShare,
  paintHeat,
  paintWinners,
  sourcesOf,
  type Source,
} from '@/ui/compose/responseMaps'
import { IconButton } from '@/ui/controls/IconButton'
import type { StagedResult } from '@/ui/stores/run'
import { useStudio, useView } from '@/ui/studio'
import type { ResponseMaps } from '@/worker/protocol'
import { markWords } from '@/ui/markWords'
import { say, sayNumber, sayTogether } from '@/words/say'

/** A composed picture with "who listens to what" over it. */
export function ComposedResult({ staged }: { staged: StagedResult<'compose'> }): ReactNode {
  const { view, modes } = useStudio()
  const picture = useDrawable(staged.asset.hash)
  const response = useView((state) => state.response)
  const spotlight = useView((state) => state.spotlight)
  const [actual, setActual] = useState(false)
  const { report: maps, asset } = staged
  useEffect(() => () => view.actions.setSpotlight(null), [view])

  const overlay = useMemo((): Raster | null => {
    if (!maps) return null
    if (spotlight !== null && (spotlight === 'text' || spotlight < maps.references.length))
      return paintHeat(maps, spotlight)
    return response ? paintWinners(maps) : null
  }, [maps, response, spotlight])

  return (
    <div className={actual ? 'compose-stage actual' : 'compose-stage'}>
      <figure {...frameOf(asset, overlay ? 'mapped' : '')} data-testid="compose-result">
        {picture && (
          <PictureCanvas
            picture={picture}
            width={asset.width}
            height={asset.height}
            label={sayTogether([say('The composed picture'), markWords(staged.recipe)])}
          />
        )}
        {overlay && <RasterCanvas raster={overlay} className="response" />}
      </figure>
      <div className="floating compose-tools" role="group" aria-label={say('How to look at the picture')}>
        <button
          type="button"
          className="button quiet"
          aria-pressed={response}
          disabled={!maps}
          data-testid="response-toggle"
          title={say(
            maps
              ? 'Which part of the picture listens to which reference (L)'
              : 'Response maps are kept until the page is closed; fuse again to see them',
          )}
          onClick={() => view.actions.setResponse(!response)}
        >
          <Layers2 aria-hidden="true" /> {say('Who listens to what')}
        </button>
        <IconButton
          icon={Download}
          label={say('Export the response maps as PNG')}
          disabled={!maps}
          testId="response-export"
          onClick={() => void modes.compose.exportMaps()}
        />
        <IconButton
          icon={Fullscreen}
          label={say(actual ? 'Fit the picture' : 'Show every pixel')}
          pressed={actual}
          onClick={() => setActual(!actual)}
        />
      </div>
      {maps && response && <Legend maps={maps} />}
    </div>
  )
}

/** The sources with their colours; pointing at one shows its own map. */
function Legend({ maps }: { maps: ResponseMaps }): ReactNode {
  const { view } = useStudio()
  const spotlight = useView((state) => state.spotlight)
  const [kept, setKept] = useState<Source | null>(null)
  const point = (source: Source | null) => view.actions.setSpotlight(source ?? kept)
  return (
    <ul className="floating legend" aria-label={say('Sources')}>
      {sourcesOf(maps).map((source) => {
        const name = source === 'text' ? say('Text') : placeholder(source)
        return (
          <li key={source}>
            <button
              type="button"
              className="legend-entry"
              aria-pressed={kept === source}
              data-lit={spotlight === source}
              title={say('Show the map of {name} alone', { name })}
              onMouseEnter={() => point(source)}
              onMouseLeave={() => point(null)}
              onFocus={() => point(source)}
              onBlur={() => point(null)}
              onClick={() => {
                const next = kept === source ? null : source
                setKept(next)
                view.actions.setSpotlight(next)
              }}
            >
              <span className="swatch" style={{ background: css(colourOf(source)) }} />
              {name}
              <small>{sayNumber(100 * meanShare(maps, source), 1)} %</small>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
