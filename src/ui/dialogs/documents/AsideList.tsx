import { Download, Trash2, TriangleAlert } from 'lucide-react'
import { useState, type ReactNode } from 'react'

import { IconButton } from '@/ui/controls/IconButton'
import type { AsideItem } from '@/ui/stores/documents'
import { useStudio } from '@/ui/studio'
import { say, sayText, sayTime } from '@/words/say'

const KIND_WORDS = {
  document: 'A document, set aside {when}',
  result: 'A result, set aside {when}',
} as const

/** What could not be read: kept until somebody can, or the user deletes it. */
export function AsideList({ items }: { items: AsideItem[] }): ReactNode {
  return (
    <section className="aside" aria-labelledby="aside-title">
      <h3 id="aside-title">
        <TriangleAlert aria-hidden="true" /> {say('Set aside')}
      </h3>
      <p className="hint">
        {say(
          'These could not be read, perhaps because a newer version of Inlay wrote them. Nothing of them is lost: download them, and report the detail.',
        )}
      </p>
      <ul>
        {items.map((item) => (
          <AsideRow key={item.id} item={item} />
        ))}
      </ul>
    </section>
  )
}

function AsideRow({ item }: { item: AsideItem }): ReactNode {
  const { documents } = useStudio()
  const [asking, setAsking] = useState(false)
  const when = sayTime(item.time)
  const name = say(KIND_WORDS[item.kind], { when })
  return (
    <li data-testid="aside-row">
      <div>
        <strong>{name}</strong>
        <small>{sayText(item.problem)}</small>
      </div>
      {asking ? (
        <div className="row tight" role="group" aria-label={say('Delete it for good: {name}?', { name })}>
          <button type="button" className="button slim" autoFocus onClick={() => setAsking(false)}>
            {say('Keep')}
          </button>
          <button
            type="button"
            className="button slim danger"
            onClick={() => void documents.removeAside(item.id)}
          >
            {say('Delete for good')}
          </button>
        </div>
      ) : (
        <div className="row tight">
          <IconButton
            small
            icon={Download}
            label={say('Download: {name}', { name })}
            onClick={() => void documents.downloadAside(item.id)}
          />
          <IconButton
            small
            icon={Trash2}
            label={say('Delete: {name}', { name })}
            onClick={() => setAsking(true)}
          />
        </div>
      )}
    </li>
  )
}
