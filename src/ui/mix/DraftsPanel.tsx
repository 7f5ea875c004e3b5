import type { ReactNode } from 'react'

import { choosePoint } from '@/document/mix/commands'
import { bestTrial, samePoint } from '@/document/mix/queries'
import type { MixPoint, MixTrial } from '@/schema/modes/mix'
import { PictureCanvas, useDrawable } from '@/ui/compose/PictureCanvas'
import { Section } from '@/ui/controls/Section'
import { JudgementView } from '@/ui/mix/JudgementView'
import { ScorePlot } from '@/ui/mix/ScorePlot'
import { useStale } from '@/ui/mix/useStale'
import { sharesWords, trialAt } from '@/ui/mix/words'
import { isHeld, stagedIn } from '@/ui/stores/run'
import { useDocument, useRun, useStudio } from '@/ui/studio'
import { say, sayNumber, sayTogether } from '@/words/say'

const THUMB = 128

/** All drafts with their scores; a click chooses one. */
export function DraftsPanel(): ReactNode {
  const { document } = useStudio()
  const { objects, trials, point } = useDocument((state) => state.document.mix)
  const stale = useStale()
  const held = useRun(isHeld)
  const staged = useRun((state) => stagedIn(state, 'mix'))
  const { list } = trials
  const judgement = staged ? (staged.report?.judgement ?? null) : (trialAt(list, point)?.judgement ?? null)
  if (list.length === 0 && !judgement) return null
  const best = bestTrial(list)
  /** One of more or fewer objects cannot be chosen. */
  const canChoose = (at: MixPoint) => !held && at.shares.length === objects.length
  return (
    <Section title={say('Drafts')} actions={<span className="hint">{list.length}</span>}>
      <div className="stack">
        {list.some((one) => one.point.shares.length === 2) && (
          <ScorePlot
            trials={list}
            chosen={point}
            canChoose={canChoose}
            onChoose={(at) => choosePoint(document, at)}
          />
        )}
        {list.length > 0 && (
          <div className={stale ? 'draft-grid stale' : 'draft-grid'} role="group" aria-label={say('Drafts')}>
            {list.map((trial) => (
              <DraftTile
                key={trial.asset.hash + JSON.stringify(trial.point)}
                trial={trial}
                chosen={samePoint(trial.point, point)}
                best={trial === best}
                disabled={!canChoose(trial.point)}
                onChoose={() => choosePoint(document, trial.point)}
              />
            ))}
          </div>
        )}
        {stale && (
          <p className="hint">
            {say('Of other pictures, words, settings or models; new ones take their place.')}
          </p>
        )}
        {judgement && (
          <JudgementView judgement={judgement} of={say(staged ? 'This picture' : 'This draft')} />
        )}
      </div>
    </Section>
  )
}

interface DraftTileProps {
  trial: MixTrial
  chosen: boolean
  best: boolean
  disabled: boolean
  onChoose(): void
}

function DraftTile({ trial, chosen, best, disabled, onChoose }: DraftTileProps): ReactNode {
  const objects = useDocument((state) => state.document.mix.objects)
  const picture = useDrawable(trial.asset.hash)
  const score = trial.judgement ? sayNumber(trial.judgement.score, 2) : null
  const words = sayTogether([
    sharesWords(trial.point, objects),
    score !== null && say('score {score}', { score }),
    best && say('the best'),
  ])
  return (
    <button
      type="button"
      className={best ? 'draft best' : 'draft'}
      data-testid="draft"
      aria-pressed={chosen}
      aria-label={say('Draft: {words}', { words })}
      title={words}
      disabled={disabled}
      onClick={onChoose}
    >
      {picture && <PictureCanvas picture={picture} width={THUMB} height={THUMB} />}
      {score !== null && <span>{score}</span>}
    </button>
  )
}
