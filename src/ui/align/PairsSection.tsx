import { ListChecks } from 'lucide-react'
import { useState, type ReactNode } from 'react'

import { pairsOf, type PairRule } from '@/document/align/queries'
import { Section } from '@/ui/controls/Section'
import { Segmented } from '@/ui/controls/Segmented'
import { useDocument, useRun } from '@/ui/studio'
import { useAlignService } from '@/ui/align/useAlign'
import { type Message, say } from '@/words/say'

const HINTS = {
  paper: 'The better half as references, the worse half as bases, one each.',
  code: 'The best quarter twice as references, the worse half as bases.',
} as const satisfies Record<PairRule, Message>

/** A target for every pair of the gallery: how the paper makes its training data. */
export function PairsSection(): ReactNode {
  const align = useAlignService()
  const part = useDocument((state) => state.document.align)
  const running = useRun((state) => state.run.kind === 'running')
  const [rule, setRule] = useState<PairRule>('paper')
  const count = pairsOf(part.candidates, rule).length
  if (count < 2) return null
  const wordless = part.words.length === 0 && part.settings.fusion !== 'whole'
  return (
    <Section title={say('Pairs')}>
      <div className="stack">
        <Segmented<PairRule>
          label={say('Drawn from the gallery')}
          value={rule}
          choices={[
            { value: 'paper', label: say('As the paper') },
            { value: 'code', label: say('As its code') },
          ]}
          hint={say(HINTS[rule])}
          onChange={setRule}
        />
        <button
          type="button"
          className="button"
          data-testid="make-pairs"
          disabled={running || wordless}
          title={wordless ? say('Pick words under the prompt first.') : undefined}
          onClick={() => void align.makePairs(rule)}
        >
          <ListChecks aria-hidden="true" /> {say('Fuse all {count} pairs', { count })}
        </button>
      </div>
    </Section>
  )
}
