import type { ReactNode } from 'react'

import type { ForegroundLayer } from '@/schema/document'
import { DustMarks } from '@/ui/controls/DustMarks'
import { useShelf, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

/** Says that a cut-out has dust that does not count for its box, shows where, and takes it away. */
export function DustNote({ layer, locked }: { layer: ForegroundLayer; locked: boolean }): ReactNode {
  const { drawables, actions } = useStudio()
  // A picture is known together with its thumbnail.
  useShelf((state) => state.thumbnails[layer.asset.hash])
  const picture = drawables(layer.asset.hash)
  if (!picture || picture.dust.length === 0) return null
  const { width, height, content, dust } = picture
  const share = (part: number, whole: number) => `${(part / whole) * 100}%`
  return (
    <div className="dust-note" data-testid="dust-note">
      <span className="dust-map" style={{ aspectRatio: `${width} / ${height}` }}>
        <i
          style={{
            left: share(content.x, width),
            top: share(content.y, height),
            width: share(content.width, width),
            height: share(content.height, height),
          }}
        />
        <DustMarks size={picture} dust={dust} />
      </span>
      <span className="hint">
        {say(
          dust.length === 1
            ? '1 speck beside the object, not counted for the box.'
            : '{count} specks beside the object, not counted for the box.',
          { count: dust.length },
        )}
      </span>
      <button
        type="button"
        className="button"
        data-testid="remove-dust"
        disabled={locked}
        onClick={() => void actions.removeDust(layer.id)}
      >
        {say('Remove')}
      </button>
    </div>
  )
}
