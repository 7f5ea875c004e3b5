import { ArrowDownUp, ImagePlus } from 'lucide-react'
import type { ReactNode } from 'react'

import { swapObjects } from '@/document/mix/commands'
import { MAX_OBJECTS } from '@/schema/modes/mix'
import { IconButton } from '@/ui/controls/IconButton'
import { Section } from '@/ui/controls/Section'
import { ObjectCard } from '@/ui/mix/ObjectCard'
import { isHeld } from '@/ui/stores/run'
import { useDocument, useRun, useShelf, useStudio } from '@/ui/studio'
import { useTitled } from '@/ui/useTitled'
import { say } from '@/words/say'

/** The objects of Mix. */
export function ObjectsPanel(): ReactNode {
  const { actions, document } = useStudio()
  const titled = useTitled()
  const objects = useDocument((state) => state.document.mix.objects)
  const held = useRun(isHeld)
  const importing = useShelf((state) => state.importing > 0)
  const full = objects.length >= MAX_OBJECTS
  return (
    <>
      <div className="scroll">
        <Section
          title={say('Objects')}
          actions={
            objects.length === 2 && (
              <IconButton
                small
                icon={ArrowDownUp}
                label={say('Swap both objects')}
                disabled={held}
                onClick={() => swapObjects(document)}
              />
            )
          }
        >
          {objects.length === 0 && <p className="empty-layers">{say('Your objects will be listed here.')}</p>}
          <ol className="references">
            {objects.map((object, index) => (
              <ObjectCard key={object.id} object={object} index={index} />
            ))}
          </ol>
          {objects.length > 2 && (
            <p className="hint mix-hint">
              {say(
                'More than two objects go beyond the paper: you choose their shares, no search finds them.',
              )}
            </p>
          )}
        </Section>
      </div>
      <div className="add-buttons">
        <button
          type="button"
          className="button"
          data-testid="object-add"
          disabled={held || full || importing}
          title={titled(say('Add objects'), 'add-pictures')}
          onClick={actions.choosePictures}
        >
          <ImagePlus aria-hidden="true" /> {say(importing ? 'Opening …' : 'Add objects')}
        </button>
      </div>
    </>
  )
}
