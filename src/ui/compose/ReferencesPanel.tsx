import { ImagePlus } from 'lucide-react'
import type { ReactNode } from 'react'

import { MOST_REFERENCES } from '@/document/compose/queries'
import { ReferenceCard } from '@/ui/compose/ReferenceCard'
import { Section } from '@/ui/controls/Section'
import { isHeld } from '@/ui/stores/run'
import { useDocument, useRun, useShelf, useStudio } from '@/ui/studio'
import { useTitled } from '@/ui/useTitled'
import { say } from '@/words/say'

/** The references of Compose, in the order in which the prompt numbers them. */
export function ReferencesPanel(): ReactNode {
  const { actions } = useStudio()
  const titled = useTitled()
  const references = useDocument((state) => state.document.references)
  const held = useRun(isHeld)
  const importing = useShelf((state) => state.importing > 0)
  const most = useDocument(({ document: { composeModel } }) => MOST_REFERENCES[composeModel])
  const full = references.length >= most
  return (
    <>
      <div className="scroll">
        <Section
          title={say('References')}
          actions={
            <span className="hint">{say('{count} of {most}', { count: references.length, most })}</span>
          }
        >
          {references.length === 0 && (
            <p className="empty-layers">{say('Your reference pictures will be listed here.')}</p>
          )}
          <ol className="references">
            {references.map((reference, index) => (
              <ReferenceCard
                key={reference.id}
                reference={reference}
                index={index}
                count={references.length}
              />
            ))}
          </ol>
        </Section>
      </div>
      <div className="add-buttons">
        <button
          type="button"
          className="button"
          data-testid="reference-add"
          disabled={held || full || importing}
          title={titled(say('Add references'), 'add-pictures')}
          onClick={actions.choosePictures}
        >
          <ImagePlus aria-hidden="true" /> {say(importing ? 'Opening …' : 'Add references')}
        </button>
      </div>
    </>
  )
}
