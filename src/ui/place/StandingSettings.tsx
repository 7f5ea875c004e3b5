import type { ReactNode } from 'react'

import { setLift, setStands } from '@/document/commands'
import { findLayer } from '@/document/layers'
import { Slider } from '@/ui/controls/Slider'
import { useDocument, useStudio } from '@/ui/studio'
import { say, sayNumber } from '@/words/say'

/** Whether the selected foreground stands on the ground, and how far above it hangs what does not. */
export function StandingSettings(): ReactNode {
  const { document } = useStudio()
  const layer = useDocument((state) => findLayer(state.document, state.selection))
  if (layer?.kind !== 'foreground') return null
  const { id, stands = true, lift = 0, locked } = layer
  return (
    <>
      <label className="check">
        <input
          type="checkbox"
          data-testid="stands"
          checked={stands}
          disabled={locked}
          onChange={(event) => setStands(document, id, event.target.checked)}
        />
        {say('Stands on the ground')}
      </label>
      {!stands && (
        <Slider
          label={say('Lift')}
          testId="lift"
          min={0}
          max={Math.max(3, lift)}
          step={0.05}
          value={lift}
          disabled={locked}
          format={(value) => `${sayNumber(value, 2)} ×`}
          hint={say('How far it hangs above the ground, in its own heights.')}
          onChange={(value) => setLift(document, id, value)}
        />
      )}
    </>
  )
}
