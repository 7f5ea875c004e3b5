import { Trash2 } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'

import type { PairPicture, PreferencePair, StoredPair } from '@/schema/preferences'
import { bytes } from '@/ui/bytes'
import { IconButton } from '@/ui/controls/IconButton'
import { useAlignService, usePreferences } from '@/ui/align/useAlign'
import { say } from '@/words/say'
import { scoreWords } from '@/ui/align/words'

/** Which run won, and who said so. */
function verdictOf({ adopted, winner }: PreferencePair): string {
  if (adopted === null)
    return say(
      winner === 'target' ? 'nothing scored it, the target wins' : 'nothing scored it, the reference wins',
    )
  return say(adopted ? 'the target was adopted' : 'the target was not adopted, so the reference wins')
}

function scoresOf({ scores, winner }: PreferencePair): string {
  return scores
    ? say('{winner} over {base}', { winner: scoreWords(scores[winner]), base: scoreWords(scores.base) })
    : say('not scored')
}

/** A kept pair: winner and loser, what they score, and whether it is ticked for export. */
export function PreferencePairRow({ stored }: { stored: StoredPair }): ReactNode {
  const { pairs } = useAlignService()
  const { pair } = stored
  const { id, recipe } = pair
  const chosen = usePreferences((state) => state.chosen.has(id))
  const busy = usePreferences(({ transfer }) => transfer.kind === 'exporting')
  const [removing, setRemoving] = useState(false)
  return (
    <li className="pair-row" data-testid="pair-row">
      <input
        type="checkbox"
        aria-label={say('Tick the pair of “{prompt}” for export', { prompt: recipe.prompt })}
        checked={chosen}
        onChange={(event) => pairs.choose(id, event.target.checked)}
      />
      <PairThumb pair={pair} which="winner" />
      <PairThumb pair={pair} which="loser" />
      <div className="pair-words" title={`${recipe.prompt}: ${verdictOf(pair)}`}>
        <span>{recipe.prompt}</span>
        <small>{say(pair.winner === 'target' ? 'Target wins' : 'Reference wins')}</small>
        <small>{scoresOf(pair)}</small>
      </div>
      <IconButton
        small
        icon={Trash2}
        label={say('Remove the pair of “{prompt}”', { prompt: recipe.prompt })}
        disabled={busy}
        onClick={() => setRemoving(true)}
      />
      {removing && (
        <div className="row end pair-question" role="group" aria-label={say('Remove this pair?')}>
          <span>{say('Remove it, {size}?', { size: bytes(stored.bytes) })}</span>
          <button type="button" className="button slim" autoFocus onClick={() => setRemoving(false)}>
            {say('Keep')}
          </button>
          <button type="button" className="button slim danger" onClick={() => void pairs.remove(id)}>
            {say('Remove')}
          </button>
        </div>
      )}
    </li>
  )
}

function PairThumb({ pair, which }: { pair: PreferencePair; which: PairPicture }): ReactNode {
  const { pairs } = useAlignService()
  const { id } = pair
  const [address, setAddress] = useState<string | null>(null)
  useEffect(() => {
    let current: string | null = null
    let gone = false
    void pairs.picture(id, which).then((file) => {
      if (gone || !file) return
      current = URL.createObjectURL(file)
      setAddress(current)
    })
    return () => {
      gone = true
      if (current) URL.revokeObjectURL(current)
    }
  }, [pairs, id, which])
  const words = say(which === 'winner' ? 'Winner' : 'Loser')
  return address ? (
    <img className="pair-thumb" src={address} alt={words} title={words} />
  ) : (
    <span className="pair-thumb" />
  )
}
