import { Dices, Lock, LockOpen } from 'lucide-react'
import type { ReactNode } from 'react'

import { setSetting } from '@/document/commands'
import { IconButton } from '@/ui/controls/IconButton'
import { NumberField } from '@/ui/controls/NumberField'
import { useDocument, useStudio } from '@/ui/studio'

/** The seed, and whether every run gets a new one. */
export function SeedField({ label = 'Seed' }: { label?: string }): ReactNode {
  const { document, actions } = useStudio()
  const seed = useDocument((state) => state.document.settings.seed)
  const random = useDocument((state) => state.document.settings.randomSeed)
  return (
    <div className="control">
      <div className="label">
        <span>{label}</span>
        <span>{random ? 'new for each run' : 'kept'}</span>
      </div>
      <div className="row">
        <div style={{ flex: 1 }}>
          <NumberField
            label={label}
            testId="seed"
            min={0}
            max={4294967295}
            value={seed}
            onCommit={(value) => setSetting(document, 'seed', Math.round(value))}
          />
        </div>
        <IconButton icon={Dices} label="Roll a new seed" shortcut="R" onClick={actions.rollSeed} />
        <IconButton
          icon={random ? LockOpen : Lock}
          label="Keep this seed"
          pressed={!random}
          onClick={() => setSetting(document, 'randomSeed', !random)}
        />
      </div>
    </div>
  )
}
