import { useId, type ReactNode } from 'react'

import type { Sample } from '@/ui/stores/shelf'
import { useShelf } from '@/ui/studio'
import { sayText } from '@/words/say'

interface SamplesProps {
  title: string
  onBegin(sample: Sample): void
}

/** Scenes that come with the studio; nothing where there are none. */
export function Samples({ title, onBegin }: SamplesProps): ReactNode {
  const samples = useShelf((state) => state.samples)
  const importing = useShelf((state) => state.importing > 0)
  const id = useId()
  if (samples.length === 0) return null
  return (
    <section className="samples" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul>
        {samples.map((sample) => (
          <li key={sample.id}>
            <button
              type="button"
              className="sample-card"
              data-testid="sample-card"
              disabled={importing}
              onClick={() => onBegin(sample)}
            >
              <div className="sample-picture">
                <img className="back" src={sample.background} alt="" />
                {/* The first stands for all. */}
                <img className="front" src={sample.foregrounds[0].picture} alt="" />
              </div>
              <span>{sayText(sample.title)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
