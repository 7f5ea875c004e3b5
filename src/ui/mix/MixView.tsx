import type { ReactNode } from 'react'

import { madeSize, nearestTrial } from '@/document/mix/queries'
import type { MixTrial } from '@/schema/modes/mix'
import { StagedBar } from '@/ui/canvas/StagedBar'
import { frameOf } from '@/ui/compose/frame'
import { PictureCanvas, useDrawable } from '@/ui/compose/PictureCanvas'
import { PlacesLayer } from '@/ui/mix/PlacesLayer'
import { MixModels, MixStart } from '@/ui/mix/MixStart'
import { useStale } from '@/ui/mix/useStale'
import { sharesWords, trialAt } from '@/ui/mix/words'
import { isMaking, stagedIn } from '@/ui/stores/run'
import type { CentreProps } from '@/ui/mode'
import { useDocument, useRun } from '@/ui/studio'
import { Say } from '@/ui/controls/Say'
import { say, sayTogether } from '@/words/say'

/** The middle of the studio in Mix: the picture, or the draft that is nearest to it. */
export function MixView({ dragging, more }: CentreProps): ReactNode {
  const staged = useRun((state) => stagedIn(state, 'mix'))
  const making = useRun(isMaking)
  const objects = useDocument((state) => state.document.mix.objects.length)
  return (
    <div className="canvas-area compose-area">
      {making ? (
        <Developing />
      ) : staged ? (
        <Stage>
          <Picture
            hash={staged.asset.hash}
            label={sayTogether([say('The mixture'), sharesWords(staged.recipe.point, staged.recipe.objects)])}
            testId="mix-result"
          />
        </Stage>
      ) : objects < 2 || dragging ? (
        <MixStart over={dragging} more={more} />
      ) : (
        <Draft />
      )}
      {!making && staged && <StagedBar />}
    </div>
  )
}

function Stage({ children }: { children: ReactNode }): ReactNode {
  return <div className="compose-stage">{children}</div>
}

const square = (side: number) => ({ width: side, height: side })

interface PictureProps {
  hash: string
  label: string
  testId: string
}

function Picture({ hash, label, testId }: PictureProps): ReactNode {
  const picture = useDrawable(hash)
  return (
    <figure {...frameOf(picture ?? square(1024))} data-testid={testId}>
      {picture && (
        <PictureCanvas picture={picture} width={picture.width} height={picture.height} label={label} />
      )}
      <PlacesLayer />
    </figure>
  )
}

/** While something runs: the last preview, else the last draft. */
function Developing(): ReactNode {
  const preview = useRun((state) => state.previews.at(-1) ?? null)
  const mix = useDocument((state) => state.document.mix)
  const { objects, trials } = mix
  const last = trials.list.at(-1) ?? null
  const size = square(madeSize(mix))
  if (preview)
    return (
      <Stage>
        <div {...frameOf(size)}>
          <PictureCanvas
            picture={preview.picture}
            width={preview.picture.width}
            height={preview.picture.height}
            label={say('The picture so far')}
          />
        </div>
      </Stage>
    )
  if (last)
    return (
      <Stage>
        <Picture
          hash={last.asset.hash}
          label={sayTogether([say('The last draft'), sharesWords(last.point, objects)])}
          testId="mix-draft"
        />
      </Stage>
    )
  return (
    <Stage>
      <div {...frameOf(size, 'waiting')} />
    </Stage>
  )
}

/** The draft that is nearest to what is chosen, or what there is to do. */
function Draft(): ReactNode {
  const mix = useDocument((state) => state.document.mix)
  const { objects, trials, point } = mix
  const size = madeSize(mix)
  const stale = useStale()
  const nearest = stale ? null : nearestTrial(trials.list, point)
  if (!nearest)
    return (
      <div className="compose-stage with-note">
        <div {...frameOf(square(size), 'empty')}>
          <p>
            <strong>
              {size} × {size}
            </strong>
            {say('Press Fuse to mix them.')}
          </p>
        </div>
        <MixModels />
      </div>
    )
  return (
    <Stage>
      <Picture
        hash={nearest.asset.hash}
        label={sayTogether([say('A draft'), sharesWords(nearest.point, objects)])}
        testId="mix-draft"
      />
      <p className="floating mix-note" data-testid="mix-note">
        <DraftWords nearest={nearest} exact={trialAt(trials.list, point) !== null} size={size} />
      </p>
    </Stage>
  )
}

function DraftWords({
  nearest,
  exact,
  size,
}: {
  nearest: MixTrial
  exact: boolean
  size: number
}): ReactNode {
  const objects = useDocument((state) => state.document.mix.objects)
  return (
    <Say
      text="{draft}: {shares}, {small} px. Fuse makes it at {large} px."
      draft={<strong>{say(exact ? 'Draft' : 'Nearest draft')}</strong>}
      shares={sharesWords(nearest.point, objects)}
      small={nearest.asset.width}
      large={size}
    />
  )
}
