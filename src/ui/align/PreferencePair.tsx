import { Trash2 } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'

import type { PairPicture, PreferencePair, StoredPair } from '@/schema/preferences'
import { bytes } from '@/ui/bytes'
import { IconButton } from '@/ui/controls/IconButton'
import { useAlignService, usePreferences } from '@/ui/align/useAlign'

/** Which run won, and who said so. */
function verdictOf({ adopted, winner }: PreferencePair): string {
  if (adopted === null) return `nothing scored it, the ${winner} wins`
  return adopted ? 'the target was adopted' : 'the target was not adopted, so the reference wins'
}

function scoresOf({ scores, winner }: PreferencePair): string {
  return scores ? `${scores[winner].toFixed(3)} over ${scores.base.toFixed(3)}` : 'not scored'
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
        aria-label={`Tick the pair of “${recipe.prompt}” for export`}
        checked={chosen}
        onChange={(event) => pairs.choose(id, event.target.checked)}
      />
      <PairThumb pair={pair} which="winner" />
      <PairThumb pair={pair} which="loser" />
      <div className="pair-words" title={`${recipe.prompt}: ${verdictOf(pair)}`}>
        <span>{recipe.prompt}</span>
        <small>{pair.winner === 'target' ? 'Target wins' : 'Reference wins'}</small>
        <small>{scoresOf(pair)}</small>
      </div>
      <IconButton
        small
        icon={Trash2}
        label={`Remove the pair of “${recipe.prompt}”`}
        disabled={busy}
        onClick={() => setRemoving(true)}
      />
      {removing && (
        <div className="row end pair-question" role="group" aria-label="Remove this pair?">
          <span>Remove it, {bytes(stored.bytes)}?</span>
          <button type="button" className="button slim" autoFocus onClick={() => setRemoving(false)}>
            Keep
          </button>
          <button type="button" className="button slim danger" onClick={() => void pairs.remove(id)}>
            Remove
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
  const words = which === 'winner' ? 'Winner' : 'Loser'
  return address ? (
    <img className="pair-thumb" src={address} alt={words} title={words} />
  ) : (
    <span className="pair-thumb" />
  )
}
