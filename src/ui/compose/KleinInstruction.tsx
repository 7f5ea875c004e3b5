import { RotateCcw } from 'lucide-react'
import type { ReactNode } from 'react'

import { setKleinCompose } from '@/document/compose/commands'
import { composeInstruction } from '@/document/compose/instruction'
import { MAX_PROMPT } from '@/schema/common'
import { IconButton } from '@/ui/controls/IconButton'
import { Section } from '@/ui/controls/Section'
import { isHeld } from '@/ui/stores/run'
import { useDocument, useRun, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

/** What klein will read: written of prompt and roles, unless somebody has written it otherwise. */
export function KleinInstruction(): ReactNode {
  const { document } = useStudio()
  const text = useDocument((state) => composeInstruction(state.document))
  const own = useDocument((state) => state.document.kleinCompose.instruction !== null)
  const held = useRun(isHeld)
  return (
    <Section
      title={say('What the model reads')}
      actions={
        own && (
          <IconButton
            small
            icon={RotateCcw}
            label={say('Write it of the prompt again')}
            disabled={held}
            onClick={() => setKleinCompose(document, { instruction: null })}
          />
        )
      }
    >
      <textarea
        className="field instruction"
        dir="auto"
        aria-label={say('What the model reads')}
        data-testid="klein-instruction"
        rows={4}
        maxLength={MAX_PROMPT}
        spellCheck={false}
        readOnly={held}
        value={text}
        onChange={(event) => setKleinCompose(document, { instruction: event.target.value })}
      />
      <p className="hint prompt-hint">
        {say(
          own
            ? 'Yours: prompt and roles no longer change it.'
            : 'Written of the prompt and the roles; references are called by their numbers. You can change it.',
        )}
      </p>
    </Section>
  )
}
