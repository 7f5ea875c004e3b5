import { ImageOff, Trash2, Upload } from 'lucide-react'
import type { ReactNode } from 'react'

import { removeCandidate, setRole, type AlignRole } from '@/document/align/commands'
import { startName } from '@/document/align/queries'
import type { Candidate } from '@/schema/modes/align'
import { OTHER_ROLE, ROLES, scoreWords } from '@/ui/align/words'
import { IconButton } from '@/ui/controls/IconButton'
import { ownKeys } from '@/ui/keys'
import { useShelf, useStudio } from '@/ui/studio'
import { useAlign, useAlignService } from '@/ui/align/useAlign'

interface CandidateTileProps {
  candidate: Candidate
  role: AlignRole | null
  /** Made with another prompt or settings. */
  stale: boolean
  locked: boolean
}

/** A picture of the gallery; a click gives it the next role, the keys R and B give one at once. */
export function CandidateTile({ candidate, role, stale, locked }: CandidateTileProps): ReactNode {
  const { document } = useStudio()
  const align = useAlignService()
  const nextRole = useAlign((state) => state.nextRole)
  const thumbnail = useShelf((state) =>
    candidate.asset ? state.thumbnails[candidate.asset.hash] : undefined,
  )
  const { id, start, score } = candidate
  const name = startName(start)
  const notes = [
    name,
    ...(role ? [ROLES[role].name.toLowerCase()] : []),
    ...(score === null ? [] : [`score ${scoreWords(score)}`]),
    ...(stale ? ['made with another prompt or settings'] : []),
  ]
  const give = (given: AlignRole) => {
    setRole(document, given, id)
    align.store.setState({ nextRole: OTHER_ROLE[given] })
  }
  const remove = () => {
    if (!locked) removeCandidate(document, id)
  }
  return (
    <li className={['candidate', role ?? '', stale ? 'stale' : ''].join(' ')} data-testid="candidate">
      <button
        type="button"
        className="candidate-pick"
        aria-label={notes.join(', ')}
        aria-pressed={role !== null}
        title={`${notes.join(', ')}. Click: ${ROLES[nextRole].name.toLowerCase()}; keys R and B choose too.`}
        disabled={locked}
        onClick={() => give(nextRole)}
        onKeyDown={ownKeys({
          r: () => give('reference'),
          b: () => give('base'),
          Delete: remove,
          Backspace: remove,
        })}
      >
        {thumbnail ? <img src={thumbnail} alt="" /> : <ImageOff aria-hidden="true" />}
        {role && (
          <span className="role-badge" aria-hidden="true">
            {ROLES[role].letter}
          </span>
        )}
        <span className="candidate-score" aria-hidden="true">
          {start.kind === 'picture' && <Upload />}
          {score === null ? name : scoreWords(score)}
        </span>
      </button>
      <IconButton
        small
        icon={Trash2}
        label={`Remove ${name}`}
        disabled={locked}
        onClick={() => removeCandidate(document, id)}
      />
    </li>
  )
}
