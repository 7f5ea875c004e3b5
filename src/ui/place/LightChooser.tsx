import { Plus, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'

import { addLight, removeLight } from '@/document/place/commands'
import { Segmented } from '@/ui/controls/Segmented'
import { useChosenLight } from '@/ui/place/chosenLight'
import { useDocument, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

const choices = () => [
  { value: 0, label: say('First') },
  { value: 1, label: say('Second') },
]

/** Which light is moved; adds a second one, or takes one away. */
export function LightChooser(): ReactNode {
  const { document, view } = useStudio()
  const count = useDocument((state) => state.document.scene.lights.length)
  const { index } = useChosenLight()
  if (count === 1)
    return (
      <button
        type="button"
        className="button wide"
        data-testid="light-add"
        onClick={() => {
          addLight(document)
          view.actions.setLight(1)
        }}
      >
        <Plus aria-hidden="true" /> {say('Add a second light')}
      </button>
    )
  return (
    <>
      <Segmented
        label={say('Light that is moved')}
        testId="light-chosen"
        value={index}
        choices={choices()}
        onChange={view.actions.setLight}
      />
      <button
        type="button"
        className="button wide"
        data-testid="light-remove"
        onClick={() => {
          removeLight(document, index)
          view.actions.setLight(0)
        }}
      >
        <Trash2 aria-hidden="true" />{' '}
        {say(index === 0 ? 'Remove the first light' : 'Remove the second light')}
      </button>
    </>
  )
}
