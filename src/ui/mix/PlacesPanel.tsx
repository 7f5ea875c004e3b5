import { SquareDashedMousePointer, X } from 'lucide-react'
import type { CSSProperties, ReactNode } from 'react'
import { useStore } from 'zustand'

import { removePlace } from '@/document/mix/commands'
import { colourOf, css } from '@/ui/compose/responseMaps'
import { IconButton } from '@/ui/controls/IconButton'
import { Section } from '@/ui/controls/Section'
import { nameOf } from '@/ui/mix/words'
import { isHeld } from '@/ui/stores/run'
import { useDocument, useRun, useStudio } from '@/ui/studio'
import { percent } from '@/ui/controls/Slider'
import { say, sayTogether } from '@/words/say'

/** Places of the picture that one object has alone. */
export function PlacesPanel(): ReactNode {
  const { document, modes } = useStudio()
  const { objects, settings, trials } = useDocument((state) => state.document.mix)
  const held = useRun(isHeld)
  const shown = useRun((state) => state.staged !== null)
  const drawing = useStore(modes.mix.store, (state) => state.drawing)
  const { places } = settings
  // They are drawn on a picture.
  if (objects.length < 2 || (trials.list.length === 0 && places.length === 0 && !shown)) return null
  const extra = new Set(places.map(({ object }) => object)).size
  return (
    <Section title={say('Parts')}>
      <div className="stack">
        <div className="row mix-places" role="group" aria-label={say('Draw a place for')}>
          {objects.map((object, index) => (
            <button
              key={object.id}
              type="button"
              className="button slim"
              aria-pressed={drawing === index}
              data-testid="place-draw"
              disabled={held}
              title={say('Draw a box on the picture: there it shall be {name} alone', {
                name: nameOf(object, index),
              })}
              onClick={() => modes.mix.store.setState({ drawing: drawing === index ? null : index })}
            >
              <SquareDashedMousePointer aria-hidden="true" />{' '}
              {say('{name} here', { name: nameOf(object, index) })}
            </button>
          ))}
        </div>
        <ul className="lora-list">
          {places.map(({ object, box }, index) => (
            <li key={index} style={{ '--colour': css(colourOf(object)) } as CSSProperties}>
              <span>
                {sayTogether([
                  objects[object] && nameOf(objects[object], object),
                  `${Math.round(100 * box.width)} × ${percent(box.height)}`,
                ])}
              </span>
              <span />
              <IconButton
                small
                icon={X}
                label={say('Remove place {number}', { number: index + 1 })}
                disabled={held}
                onClick={() => removePlace(document, index)}
              />
            </li>
          ))}
        </ul>
        <p className="hint">
          {drawing !== null
            ? say('Draw a box on the picture.')
            : extra > 0
              ? say(
                  'Fuse follows them, drafts do not show them. Every step of the picture runs {count} times.',
                  { count: extra + 1 },
                )
              : say('A part of the picture that one object shall have alone; beyond the paper.')}
        </p>
      </div>
    </Section>
  )
}
