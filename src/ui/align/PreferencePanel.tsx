import { Bookmark, FileInput, FolderOutput, Square, TriangleAlert } from 'lucide-react'
import { useState, type ReactNode } from 'react'

import { PreferencePairRow } from '@/ui/align/PreferencePair'
import { bytes } from '@/ui/bytes'
import { Section } from '@/ui/controls/Section'
import { ProgressBar } from '@/ui/controls/ProgressBar'
import type { PairTransfer } from '@/ui/align/preferencesStore'
import { useAlignService, usePreferences } from '@/ui/align/useAlign'

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
      title="Preference pairs"
      actions={
        <span className="hint" data-testid="pair-count">
          {kept.length === 0 ? 'none yet' : `${kept.length}, ${bytes(size)}`}
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
            Show {Math.min(PORTION, kept.length - shown)} more
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
          A pair tells training which of two pictures fits the prompt better. Align, then keep the result
          here.
        </p>
      )
    case 'ready':
      return (
        <>
          {offer.judged ? (
            <KeepButton label="Keep this pair" onClick={() => void pairs.keep()} />
          ) : (
            <div className="pair-buttons" role="group" aria-label="Keep this pair">
              <p className="hint">
                Nothing scores these pictures. To keep them, say which wins over the base.
              </p>
              <KeepButton label="Target wins" onClick={() => void pairs.keep('target')} />
              <KeepButton label="Reference wins" onClick={() => void pairs.keep('reference')} />
            </div>
          )}
          {!offer.better && (
            <p className="hint">
              The winner scores no better than the base: look whether this pair teaches right.
            </p>
          )}
        </>
      )
    case 'keeping':
      return <KeepButton label="Keeping …" />
    case 'kept':
      return <KeepButton label="This pair is kept" />
    case 'refused':
      return (
        <p className="hint" data-testid="pair-refused">
          {offer.problem.message} {offer.problem.hint}
        </p>
      )
    case 'failed':
      return (
        <>
          <Trouble problem={offer.problem} />
          <KeepButton label="Try again" onClick={() => void pairs.keep(offer.winner)} />
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
    <label className="check" title="Of every alignment whose winner scores above the base">
      <input
        type="checkbox"
        data-testid="keep-pairs"
        checked={automatic}
        onChange={(event) => pairs.setAutomatic(event.target.checked)}
      />
      Keep pairs automatically
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
    const words = transfer.kind === 'exporting' ? 'Exporting' : 'Bringing back'
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
          <Square aria-hidden="true" /> {transfer.stopping ? 'Stopping …' : 'Stop'}
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
          <FolderOutput aria-hidden="true" /> {chosen > 0 ? `Export ${chosen}` : 'Export all'}
        </button>
        <label className="button slim" title="Brings back the pairs of an exported archive">
          <FileInput aria-hidden="true" /> Bring back
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
  return kind === 'exporting' ? `${bytes(done)} of ${bytes(total)}` : `${done} of ${total}`
}

function Trouble({ problem }: { problem: { message: string; hint: string } }): ReactNode {
  return (
    <p className="field-problem" role="alert">
      <TriangleAlert aria-hidden="true" /> {problem.message} {problem.hint}
    </p>
  )
}
