import { Bookmark, FileInput, FolderOutput, Square, TriangleAlert } from 'lucide-react'
import { useState, type ReactNode } from 'react'

import { PreferencePairRow } from '@/ui/align/PreferencePair'
import { bytes } from '@/ui/bytes'
import { Section } from '@/ui/controls/Section'
import { ProgressBar } from '@/ui/controls/ProgressBar'
import type { PairTransfer } from '@/ui/align/preferencesStore'
import { useAlignService, usePreferences } from '@/ui/align/useAlign'
import { say, sayNumber, sayText, sayTogether } from '@/words/say'

/** Rows that are shown before somebody asks for more. */
const PORTION = 20

/** Pairs for preference training: keeping, listing, exporting. */
export function PreferencePanel(): ReactNode {
  const kept = usePreferences((state) => state.pairs)
  const listing = usePreferences((state) => state.listing)
  const [shown, setShown] = useState(PORTION)
  const size = kept.reduce((sum, pair) => sum + pair.bytes, 0)
  return (
    <Section
      title={say('Preference pairs')}
      actions={
        <span className="hint" data-testid="pair-count">
          {kept.length === 0 ? say('none yet') : sayTogether([sayNumber(kept.length), bytes(size)])}
        </span>
      }
    >
      <div className="pairs">
        <Offer />
        <Automatic />
        {listing.kind === 'failed' && <Trouble problem={listing.problem} />}
        {kept.length > 0 && (
          <ul className="pair-list">
            {kept.slice(0, shown).map((stored) => (
              <PreferencePairRow key={stored.pair.id} stored={stored} />
            ))}
          </ul>
        )}
        {kept.length > shown && (
          <button type="button" className="button slim" onClick={() => setShown(shown + PORTION)}>
            {say('Show {count} more', { count: Math.min(PORTION, kept.length - shown) })}
          </button>
        )}
        <Transfer />
      </div>
    </Section>
  )
}

/** What can be kept of the result on show. */
function Offer(): ReactNode {
  const { pairs } = useAlignService()
  const offer = usePreferences((state) => state.offer)
  switch (offer.kind) {
    case 'none':
      return (
        <p className="hint">
          {say(
            'A pair tells training which of two pictures fits the prompt better. Align, then keep the result here.',
          )}
        </p>
      )
    case 'ready':
      return (
        <>
          {offer.judged ? (
            <KeepButton label={say('Keep this pair')} onClick={() => void pairs.keep()} />
          ) : (
            <div className="pair-buttons" role="group" aria-label={say('Keep this pair')}>
              <p className="hint">
                {say('Nothing scores these pictures. To keep them, say which wins over the base.')}
              </p>
              <KeepButton label={say('Target wins')} onClick={() => void pairs.keep('target')} />
              <KeepButton label={say('Reference wins')} onClick={() => void pairs.keep('reference')} />
            </div>
          )}
          {!offer.better && (
            <p className="hint">
              {say('The winner scores no better than the base: look whether this pair teaches right.')}
            </p>
          )}
        </>
      )
    case 'keeping':
      return <KeepButton label={say('Keeping …')} />
    case 'kept':
      return <KeepButton label={say('This pair is kept')} />
    case 'refused':
      return (
        <p className="hint" data-testid="pair-refused">
          {sayText(offer.problem.message)} {sayText(offer.problem.hint)}
        </p>
      )
    case 'failed':
      return (
        <>
          <Trouble problem={offer.problem} />
          <KeepButton label={say('Try again')} onClick={() => void pairs.keep(offer.winner)} />
        </>
      )
  }
}

function KeepButton({ label, onClick }: { label: string; onClick?: () => void }): ReactNode {
  return (
    <button type="button" className="button" data-testid="keep-pair" disabled={!onClick} onClick={onClick}>
      <Bookmark aria-hidden="true" /> {label}
    </button>
  )
}

function Automatic(): ReactNode {
  const { pairs } = useAlignService()
  const automatic = usePreferences((state) => state.automatic)
  return (
    <label className="check" title={say('Of every alignment whose winner scores above the base')}>
      <input
        type="checkbox"
        data-testid="keep-pairs"
        checked={automatic}
        onChange={(event) => pairs.setAutomatic(event.target.checked)}
      />
      {say('Keep pairs automatically')}
    </label>
  )
}

/** Export and import, and how far they are. */
function Transfer(): ReactNode {
  const { pairs } = useAlignService()
  const transfer = usePreferences((state) => state.transfer)
  const count = usePreferences((state) => state.pairs.length)
  const chosen = usePreferences((state) => state.chosen.size)
  if (transfer.kind === 'exporting' || transfer.kind === 'importing') {
    const words = say(transfer.kind === 'exporting' ? 'Exporting' : 'Bringing back')
    return (
      <>
        <div className="progress-words">
          <span>{words}</span>
          <span>{amountOf(transfer)}</span>
        </div>
        <ProgressBar label={words} done={transfer.done} total={transfer.total} />
        <button
          type="button"
          className="button slim danger"
          disabled={transfer.stopping}
          onClick={() => pairs.stopTransfer()}
        >
          <Square aria-hidden="true" /> {say(transfer.stopping ? 'Stopping …' : 'Stop')}
        </button>
      </>
    )
  }
  return (
    <>
      {transfer.kind === 'failed' && <Trouble problem={transfer.problem} />}
      <div className="pair-buttons">
        <button
          type="button"
          className="button slim"
          data-testid="export-pairs"
          disabled={count === 0}
          onClick={() => void pairs.exportPairs()}
        >
          <FolderOutput aria-hidden="true" />{' '}
          {chosen > 0 ? say('Export {count}', { count: chosen }) : say('Export all')}
        </button>
        <label className="button slim" title={say('Brings back the pairs of an exported archive')}>
          <FileInput aria-hidden="true" /> {say('Bring back')}
          <input
            type="file"
            className="visually-hidden"
            accept=".zip"
            data-testid="import-pairs"
            onChange={(event) => {
              const [file] = event.target.files ?? []
              event.target.value = ''
              if (file) void pairs.importArchive(file)
            }}
          />
        </label>
      </div>
    </>
  )
}

function amountOf({ kind, done, total }: Extract<PairTransfer, { total: number }>): string {
  return kind === 'exporting'
    ? say('{done} of {total}', { done: bytes(done), total: bytes(total) })
    : say('{done} of {total}', { done, total })
}

function Trouble({ problem }: { problem: { message: string; hint: string } }): ReactNode {
  return (
    <p className="field-problem" role="alert">
      <TriangleAlert aria-hidden="true" /> {sayText(problem.message)} {sayText(problem.hint)}
    </p>
  )
}
