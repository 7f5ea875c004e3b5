import { TriangleAlert } from 'lucide-react'
import type { CSSProperties, ReactNode } from 'react'

import { clamp } from '@/base/geometry'
import type { Judgement } from '@/schema/modes/mix'
import { colourOf, css } from '@/ui/compose/responseMaps'
import { failingsOf, imbalanceOf, namedShare, nameOf, scoreDetails } from '@/ui/mix/words'
import { useDocument } from '@/ui/studio'

/** How much a mixture has of each object, and what is wrong with it. */
export function JudgementView({ judgement, of }: { judgement: Judgement; of: string }): ReactNode {
  const objects = useDocument((state) => state.document.mix.objects)
  return (
    <div className="judgement" data-testid="judgement" title={scoreDetails(judgement, objects)}>
      <p className="judgement-score">
        <span>{of}</span>
        <strong>{judgement.score.toFixed(2)}</strong>
      </p>
      {judgement.likeness.map(({ seen, named }, i) => {
        const name = objects[i] ? nameOf(objects[i], i) : 'object'
        return (
          <div key={i} className="judgement-object" style={{ '--colour': css(colourOf(i)) } as CSSProperties}>
            <span className="swatch" />
            <span className="judgement-name">{name}</span>
            <Bar label={`How ${name} looks`} value={seen} />
            <Bar label={`What ${name} is called`} value={namedShare(named, judgement)} />
          </div>
        )
      })}
      <p className="hint">
        Upper bar: looks alike; lower bar: is called so. Imbalance {imbalanceOf(judgement).toFixed(2)}.
      </p>
      {failingsOf(judgement, objects).map(({ name, advice }) => (
        <p key={name} className="judgement-failing">
          <TriangleAlert aria-hidden="true" />
          <span>
            <strong>{name}.</strong> {advice}
          </span>
        </p>
      ))}
    </div>
  )
}

function Bar({ label, value }: { label: string; value: number }): ReactNode {
  const share = clamp(value, 0, 1)
  return (
    <span className="judgement-bar" role="img" aria-label={`${label}: ${value.toFixed(2)}`}>
      <span style={{ width: `${100 * share}%` }} />
    </span>
  )
}
