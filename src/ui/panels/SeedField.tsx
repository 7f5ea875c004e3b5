import { Dices, Lock, LockOpen } from 'lucide-react'
import type { ReactNode } from 'react'

import { setSetting } from '@/document/commands'
import { IconButton } from '@/ui/controls/IconButton'
import { TypedField } from '@/ui/controls/TypedField'
import { takeSeed } from '@/ui/panels/typedSeed'
import { useDocument, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

interface SeedFieldProps {
  label?: string
  /** Whether every run may get a new one. */
  perRun?: boolean
}

/** The seed, and whether every run gets a new one. */
export function SeedField({ label = say('Seed'), perRun = true }: SeedFieldProps): ReactNode {
  const { document, actions } = useStudio()
  const seed = useDocument((state) => state.document.settings.seed)
  const random = useDocument((state) => state.document.settings.randomSeed)
  return (
    <div className="control">
      <div className="label">
        <span>{label}</span>
        {perRun && <span>{random ? say('new for each run') : say('kept')}</span>}
      </div>
      <div className="row">
        <div style={{ flex: 1 }}>
          <TypedField
            label={label}
            testId="seed"
            inputMode="numeric"
            value={seed}
            take={(text) => {
              const taken = takeSeed(text)
              if (taken.seed !== null && taken.seed !== seed) setSetting(document, 'seed', taken.seed)
              return { shown: taken.seed ?? seed, note: taken.note }
            }}
          />
        </div>
        <IconButton
          icon={Dices}
          label={say('Roll a new seed')}
          shortcut="another"
          onClick={actions.rollSeed}
        />
        {perRun && (
          <IconButton
            icon={random ? LockOpen : Lock}
            label={say('Keep this seed')}
            pressed={!random}
            onClick={() => setSetting(document, 'randomSeed', !random)}
          />
        )}
      </div>
    </div>
  )
}
