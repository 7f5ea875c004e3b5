import { TriangleAlert } from 'lucide-react'
import type { CSSProperties, ReactNode } from 'react'

import { clamp } from '@/base/geometry'
import type { Judgement } from '@/schema/modes/mix'
import { colourOf, css } from '@/ui/compose/responseMaps'
import { failingsOf, imbalanceOf, namedShare, nameOf, scoreDetails } from '@/ui/mix/words'
import { useDocument } from '@/ui/studio'
import { say, sayNumber } from '@/words/say'

/** How much a mixture has of each object, and what is wrong with it. */
export function JudgementView({ judgement, of }: { judgement: Judgement; of: string }): ReactNode {
  const objects = useDocument((state) => state.document.mix.objects)
  return (
    <div className="judgement" data-testid="judgement" title={scoreDetails(judgement, objects)}>
      <p className="judgement-score">
        <span>{of}</span>
        <strong>{sayNumber(judgement.score, 2)}</strong>
      </p>
      {judgement.likeness.map(({ seen, named }, i) => {
        const name = objects[i] ? nameOf(objects[i], i) : say('object')
        return (
          <div key={i} className="judgement-object" style={{ '--colour': css(colourOf(i)) } as CSSProperties}>
            <span className="swatch" />
            <span className="judgement-name">{name}</span>
            <Bar label={say('How {name} looks', { name })} value={seen} />
            <Bar label={say('What {name} is called', { name })} value={namedShare(named, judgement)} />
          </div>
        )
      })}
      <p className="hint">
        {say('Upper bar: looks alike; lower bar: is called so. Imbalance {imbalance}.', {
          imbalance: sayNumber(imbalanceOf(judgement), 2),
        })}
      </p>
      {failingsOf(judgement, objects).map(({ name, advice }) => (
        <p key={name} className="judgement-failing">
          <TriangleAlert aria-hidden="true" />
          <span>
            <strong>{say('{name}.', { name: say(name) })}</strong> {advice}
          </span>
        </p>
      ))}
    </div>
  )
}

function Bar({ label, value }: { label: string; value: number }): ReactNode {
  const share = clamp(value, 0, 1)
  return (
    <span
      className="judgement-bar"
      role="img"
      aria-label={say('{name}: {value}', { name: label, value: sayNumber(value, 2) })}
    >
      <span style={{ width: `${100 * share}%` }} />
    </span>
  )
}
