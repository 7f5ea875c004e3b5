import { ImageOff, Trash2, Upload } from 'lucide-react'
import type { ReactNode } from 'react'

import { removeCandidate, setRole, type AlignRole } from '@/document/align/commands'
import type { Candidate } from '@/schema/modes/align'
import { OTHER_ROLE, ROLES, scoreWords, startWords } from '@/ui/align/words'
import { IconButton } from '@/ui/controls/IconButton'
import { ownKeys } from '@/ui/keys'
import { useShelf, useStudio } from '@/ui/studio'
import { useAlign, useAlignService } from '@/ui/align/useAlign'
import { say, sayTogether } from '@/words/say'

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
  const name = startWords(start)
  const notes = sayTogether([
    name,
    role && say(ROLES[role].within),
    score !== null && say('score {score}', { score: scoreWords(score) }),
    stale && say('made with another prompt or settings'),
  ])
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
        aria-label={notes}
        aria-pressed={role !== null}
        title={say('{notes}. Click: {role}; keys R and B choose too.', {
          notes,
          role: say(ROLES[nextRole].within),
        })}
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
        label={say('Remove {name}', { name })}
        disabled={locked}
        onClick={() => removeCandidate(document, id)}
      />
    </li>
  )
}
