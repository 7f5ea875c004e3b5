import { Scissors, Trash2 } from 'lucide-react'
import type { CSSProperties, ReactNode } from 'react'

import { MAX_LABEL } from '@/base/mixWords'
import { removeObject, setLabel } from '@/document/mix/commands'
import type { ListedObject } from '@/schema/modes/mix'
import { AssetThumb } from '@/ui/compose/AssetThumb'
import { colourOf, css } from '@/ui/compose/responseMaps'
import { IconButton } from '@/ui/controls/IconButton'
import { isHeld } from '@/ui/stores/run'
import { useRun, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

/** An object: its picture, and what it is called. */
export function ObjectCard({ object, index }: { object: ListedObject; index: number }): ReactNode {
  const { document, modes } = useStudio()
  const held = useRun(isHeld)
  const { id, asset, label } = object
  const letter = 'ABCD'[index]
  return (
    <li
      className="reference-card"
      style={{ '--colour': css(colourOf(index)) } as CSSProperties}
      data-testid="object-card"
    >
      <span title={asset.name}>
        <AssetThumb hash={asset.hash} />
      </span>
      <div className="reference-body">
        <div className="reference-head">
          <span className="reference-tag">{letter}</span>
          <IconButton
            small
            icon={Scissors}
            label={say('Cut {name} out', { name: letter })}
            disabled={held}
            onClick={() => void modes.mix.cutOut(id)}
          />
          <IconButton
            small
            icon={Trash2}
            label={say('Remove {name}', { name: letter })}
            disabled={held}
            onClick={() => removeObject(document, id)}
          />
        </div>
        <input
          className="field"
          type="text"
          aria-label={say('What {name} is', { name: letter })}
          data-testid="object-label"
          placeholder={say('What is it?')}
          maxLength={MAX_LABEL}
          value={label}
          disabled={held}
          onChange={(event) => setLabel(document, id, event.target.value)}
        />
      </div>
    </li>
  )
}
