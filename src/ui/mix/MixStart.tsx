import { Blend, ImagePlus, Scale, Scissors, Sparkles } from 'lucide-react'
import type { ReactNode } from 'react'

import { ModelsNote } from '@/ui/panels/ModelsNote'
import { useDocument, useShelf, useStudio } from '@/ui/studio'
import { Say } from '@/ui/controls/Say'
import { PasteKeys } from '@/ui/controls/PasteKeys'
import { say } from '@/words/say'

const STEPS = [
  {
    icon: Scissors,
    name: 'Two objects',
    about: 'One on each picture; cut out they are compared more exactly.',
  },
  {
    icon: Scale,
    name: 'Their balance',
    about: 'Drafts are made and scored until both show; you see each of them.',
  },
  {
    icon: Sparkles,
    name: 'One picture',
    about: 'The best mixture at full quality, or the one that you choose.',
  },
] as const

/** Before there are two objects: what to bring, and what will happen. */
export function MixStart({ over, more }: { over: boolean; more: ReactNode }): ReactNode {
  const { actions } = useStudio()
  const objects = useDocument((state) => state.document.mix.objects.length)
  const results = useShelf((state) => state.results.length > 0)
  return (
    <div className="start" data-testid="mix-drop">
      <div className={over ? 'start-hero over' : 'start-hero'}>
        <Blend className="art thin" aria-hidden="true" />
        <h2>
          {say(over ? 'Drop them here' : objects === 1 ? 'Now the second object' : 'Two objects become one')}
        </h2>
        <p>
          {say(
            objects === 1
              ? 'Add the picture of another object. Both will be mixed into a single new one.'
              : 'Add two pictures, each of one object. They are mixed into a single new one that shows both.',
          )}
        </p>
        <div className="row">
          <button type="button" className="button primary big" onClick={actions.choosePictures}>
            <ImagePlus aria-hidden="true" />{' '}
            {say(objects === 1 ? 'Add the second object' : 'Add two objects')}
          </button>
        </div>
        <p className="hint">
          <Say
            text={
              results
                ? 'or drop files here, or paste with {keys}, or take a result from the strip below'
                : 'or drop files here, or paste with {keys}'
            }
            keys={<PasteKeys />}
          />
        </p>
      </div>
      <MixModels />
      <ul className="role-list three" aria-label={say('How it goes')}>
        {STEPS.map(({ icon: Icon, name, about }) => (
          <li key={name}>
            <Icon aria-hidden="true" />
            <strong>{say(name)}</strong>
            <span>{say(about)}</span>
          </li>
        ))}
      </ul>
      {more}
    </div>
  )
}

export function MixModels(): ReactNode {
  return (
    <ModelsNote
      title={say('Mix runs on FLUX.1 with Redux, which you bring.')}
      about={say('They are large, so they do not come with the studio.')}
    />
  )
}
