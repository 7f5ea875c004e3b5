import { Maximize2, Minimize2 } from 'lucide-react'
import type { ReactNode } from 'react'

import type { Raster } from '@/base/geometry'
import type { Drawable } from '@/canvas/drawable'
import { ScaledPicture } from '@/ui/align/ScaledPicture'
import { ROLES, scoreWords } from '@/ui/align/words'
import { RasterCanvas } from '@/ui/compose/PictureCanvas'
import type { AlignView } from '@/ui/align/store'
import { useAlign, useAlignService } from '@/ui/align/useAlign'
import { say, sayTogether } from '@/words/say'

interface AlignFigureProps {
  role: AlignView
  /** What it shows, "Seed 7". */
  title: string
  source: Drawable | Raster | null
  overlay: Raster | null
  score: number | null
  /** Where there is no picture. */
  empty: string
  waiting: boolean
}

/** Base, reference or target, with its role and its score; a click shows it large. */
export function AlignFigure(props: AlignFigureProps): ReactNode {
  const { role, title, source, overlay, score, empty, waiting } = props
  const align = useAlignService()
  const large = useAlign((state) => state.large === role)
  const crisp = useAlign((state) => state.crisp)
  const words = ROLES[role]
  const Icon = large ? Minimize2 : Maximize2
  return (
    <figure className={`align-figure ${role}`} data-testid={`align-${role}`}>
      <figcaption>
        <span className="role-badge" aria-hidden="true">
          {words.letter}
        </span>
        <strong>{say(words.name)}</strong>
        <span className="align-start-name">{title}</span>
        {score !== null && (
          <span className="align-score" title={say('How well picture and prompt go together (CLIP score)')}>
            {scoreWords(score)}
          </span>
        )}
      </figcaption>
      {source ? (
        <button
          type="button"
          className="align-picture"
          aria-label={say(large ? 'Show all three pictures' : words.large)}
          aria-pressed={large}
          onClick={() => align.store.setState({ large: large ? null : role })}
        >
          <ScaledPicture source={source} crisp={crisp} label={sayTogether([say(words.name), title])} />
          {overlay && <RasterCanvas raster={overlay} className="align-mask" />}
          <Icon className="align-zoom" aria-hidden="true" />
        </button>
      ) : (
        <div className={waiting ? 'align-picture empty waiting' : 'align-picture empty'}>
          <p>{empty}</p>
        </div>
      )}
    </figure>
  )
}
