import type { ReactNode } from 'react'

import { pictureSize } from '@/document/compose/queries'
import { ComposedResult } from '@/ui/compose/ComposedResult'
import { frameOf } from '@/ui/compose/frame'
import { ComposeStart } from '@/ui/compose/ComposeStart'
import { PictureCanvas } from '@/ui/compose/PictureCanvas'
import { StagedBar } from '@/ui/canvas/StagedBar'
import { isMaking, stagedIn } from '@/ui/stores/run'
import type { CentreProps } from '@/ui/mode'
import { useDocument, useRun } from '@/ui/studio'
import { say } from '@/words/say'

/** The middle of the studio in Compose: the picture that is being made, or what it needs. */
export function ComposeView({ dragging, more }: CentreProps): ReactNode {
  const staged = useRun((state) => stagedIn(state, 'compose'))
  const making = useRun(isMaking)
  return (
    <div className="canvas-area compose-area">
      {making ? (
        <Developing />
      ) : staged ? (
        <ComposedResult staged={staged} />
      ) : (
        <ComposeStart over={dragging} more={more} />
      )}
      {!making && staged && <StagedBar />}
    </div>
  )
}

/** The frame of the new picture with the last preview in it. */
function Developing(): ReactNode {
  const size = useDocument((state) => pictureSize(state.document))
  const preview = useRun((state) => state.previews.at(-1) ?? null)
  return (
    <div className="compose-stage">
      <div {...frameOf(size, preview ? '' : 'waiting')}>
        {preview && (
          <PictureCanvas
            picture={preview.picture}
            width={preview.picture.width}
            height={preview.picture.height}
            label={say('The picture so far')}
          />
        )}
      </div>
    </div>
  )
}
