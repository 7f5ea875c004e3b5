import { ChevronRight } from 'lucide-react'
import { useId, type ReactNode } from 'react'

import { fuseTargets } from '@/document/layers'
import { setKleinPlace } from '@/document/place/commands'
import { MAX_PROMPT } from '@/schema/common'
import { INSTRUCTIONS } from '@/schema/modes/kleinWords'
import { kleinText } from '@/schema/modes/placeKlein'
import { Section } from '@/ui/controls/Section'
import { PromptField } from '@/ui/prompt/PromptField'
import { useDocument, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

/** What klein is told: the user's words, where there are some, and the instruction that comes of them. */
export function KleinWords(): ReactNode {
  const { document } = useStudio()
  const doc = useDocument((state) => state.document)
  const id = useId()
  const targets = fuseTargets(doc)
  const texts = [
    ...new Set(
      (targets.length > 0 ? targets : [{}]).map((one) => kleinText(doc.kleinPlace, one, doc.prompt)),
    ),
  ]
  const fixed = texts.every((text) => INSTRUCTIONS.includes(text))
  return (
    <>
      <PromptField placeholder={say('Optional. What is placed: a red metal cube')} />
      <Section title={say('Instruction')}>
        <div className="stack">
          <div className="control">
            <label className="label" htmlFor={id}>
              {say('The scene, in your words')}
            </label>
            <textarea
              id={id}
              dir="auto"
              className="field instruction"
              rows={3}
              maxLength={MAX_PROMPT}
              data-testid="klein-scene"
              placeholder={say('Optional. What the whole picture shows, in 30 to 80 words')}
              value={doc.kleinPlace.scene}
              onChange={(event) => setKleinPlace(document, { scene: event.target.value })}
            />
          </div>
          <details className="advanced" data-testid="klein-instruction">
            <summary>
              <ChevronRight aria-hidden="true" />{' '}
              {say(fixed ? 'The built-in instruction' : 'An instruction with your words')}
            </summary>
            {texts.map((text) => (
              <p key={text} className="hint">
                {text}
              </p>
            ))}
          </details>
          <p className="hint under">
            {say(
              fixed
                ? 'Once it has been read, it runs without the text encoder.'
                : 'New words need the text encoder, or a text that was kept.',
            )}
          </p>
        </div>
      </Section>
    </>
  )
}
