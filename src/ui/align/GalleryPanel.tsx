import { Images, RefreshCw, Trash2, Upload } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'

import { clearCandidates, setSampleCount, type AlignRole } from '@/document/align/commands'
import { byScore, isStale } from '@/document/align/queries'
import { modelReadiness } from '@/document/models'
import { MAX_CANDIDATES, type AlignPart, type Candidate } from '@/schema/modes/align'
import { CandidateTile } from '@/ui/align/CandidateTile'
import { PreferencePanel } from '@/ui/align/PreferencePanel'
import { PairsSection } from '@/ui/align/PairsSection'
import { reconstructionWords, ROLES, startWords } from '@/ui/align/words'
import { IconButton } from '@/ui/controls/IconButton'
import { NumberField } from '@/ui/controls/NumberField'
import { Section } from '@/ui/controls/Section'
import { Segmented } from '@/ui/controls/Segmented'
import { useDocument, useModels, useRun, useShelf, useStudio } from '@/ui/studio'
import { useTitled } from '@/ui/useTitled'
import { useAlign, useAlignService } from '@/ui/align/useAlign'
import { say, sayText } from '@/words/say'

const roleOf = ({ base, reference }: AlignPart, id: string): AlignRole | null =>
  id === reference ? 'reference' : id === base ? 'base' : null

/** The pictures to choose base and reference from. */
export function GalleryPanel(): ReactNode {
  return (
    <>
      <div className="scroll">
        <Gallery />
        <PairsSection />
        <PreferencePanel />
      </div>
      <SampleButtons />
    </>
  )
}

function Gallery(): ReactNode {
  const { document } = useStudio()
  const align = useAlignService()
  const part = useDocument((state) => state.document.align)
  const running = useRun((state) => state.run.kind === 'running')
  // While more are sampled those that are there can be chosen.
  const locked = useRun(({ run }) => run.kind === 'running' && run.holds && run.task !== 'sample')
  const nextRole = useAlign((state) => state.nextRole)
  const maps = useAlign((state) => state.maps)
  const sorted = useMemo(() => byScore(part.candidates), [part.candidates])
  // Another prompt, a restored recipe, or attention that a reload has forgotten.
  const old = sorted.filter((one) => !one.asset || isStale(part, one) || !maps[one.id])
  return (
    <Section
      title={say('Pictures')}
      actions={
        <>
          <span className="hint" data-testid="candidate-count">
            {sorted.length}
          </span>
          <IconButton
            small
            icon={Trash2}
            label={say('Remove all pictures')}
            disabled={running || sorted.length === 0}
            testId="candidates-clear"
            onClick={() => clearCandidates(document)}
          />
        </>
      }
    >
      {sorted.length === 0 ? (
        <p className="empty-layers">{say('What you sample will be listed here, best first.')}</p>
      ) : (
        <div className="stack">
          <Segmented
            label={say('A click chooses the')}
            testId="next-role"
            value={nextRole}
            choices={(['reference', 'base'] as const).map((value) => ({
              value,
              label: say(ROLES[value].name),
            }))}
            hint={say(ROLES[nextRole].about)}
            onChange={(value) => align.store.setState({ nextRole: value })}
          />
          <ol className="candidates" aria-label={say('Pictures, best first')}>
            {sorted.map((candidate) => (
              <CandidateTile
                key={candidate.id}
                candidate={candidate}
                role={roleOf(part, candidate.id)}
                stale={isStale(part, candidate)}
                locked={locked}
              />
            ))}
          </ol>
          <OwnPictures candidates={sorted} />
          {old.length > 0 && !running && <OldPictures candidates={old} />}
        </div>
      )}
    </Section>
  )
}

/** How well the user's own pictures come back from noise. */
function OwnPictures({ candidates }: { candidates: Candidate[] }): ReactNode {
  const own = candidates.filter(({ reconstruction }) => reconstruction !== null)
  if (own.length === 0) return null
  return (
    <ul className="own-pictures" aria-label={say('Own pictures')}>
      {own.map(({ id, start, reconstruction }) => (
        <li key={id} data-testid="reconstruction">
          <Upload aria-hidden="true" />
          <p>
            <strong>{startWords(start)}</strong> {reconstructionWords(reconstruction ?? 0)}
          </p>
        </li>
      ))}
    </ul>
  )
}

/** Pictures that are not what the seeds would give now. */
function OldPictures({ candidates }: { candidates: Candidate[] }): ReactNode {
  const align = useAlignService()
  const count = candidates.length
  const unmade = candidates.every(({ asset }) => asset === null)
  return (
    <div className="candidates-old">
      <p className="hint">
        {unmade
          ? say(count === 1 ? 'One picture has yet to be made.' : '{count} pictures have yet to be made.', {
              count,
            })
          : say(
              count === 1
                ? 'One picture was made with another prompt, other settings or in another session: what the words look at in them is not known.'
                : '{count} pictures were made with another prompt, other settings or in another session: what the words look at in them is not known.',
              { count },
            )}
      </p>
      <button
        type="button"
        className="button slim"
        data-testid="sample-again"
        onClick={() => void align.sampleAgain(candidates.map(({ id }) => id))}
      >
        <RefreshCw aria-hidden="true" /> {say(unmade ? 'Sample them' : 'Sample again')}
      </button>
    </div>
  )
}

/** How many seeds to sample, and the way for own pictures. */
function SampleButtons(): ReactNode {
  const { document, actions } = useStudio()
  const titled = useTitled()
  const align = useAlignService()
  const doc = useDocument((state) => state.document)
  const installed = useModels((state) => state.installed)
  const running = useRun((state) => state.run.kind === 'running')
  const ready = useRun((state) => state.engine.kind === 'ready')
  const importing = useShelf((state) => state.importing > 0)
  const { prompt, count, candidates } = doc.align
  const missing = modelReadiness(doc, installed).reasons
  const why = !ready
    ? say('The engine is starting.')
    : missing.length > 0
      ? sayText(missing[0])
      : prompt.trim() === ''
        ? say('Write a prompt first.')
        : candidates.length >= MAX_CANDIDATES
          ? say('The gallery holds at most {most} pictures: remove some first.', { most: MAX_CANDIDATES })
          : null
  const blocked = running || importing || why !== null
  return (
    <div className="add-buttons">
      <div className="sample-row">
        <NumberField
          label={say('How many pictures to sample')}
          testId="sample-count"
          min={1}
          max={32}
          multipleOf={1}
          value={count}
          onCommit={(value) => setSampleCount(document, value)}
        />
        <button
          type="button"
          className="button"
          data-testid="sample"
          disabled={blocked}
          title={why ?? titled(say('Make pictures of new seeds'), 'sample')}
          onClick={() => void align.sample()}
        >
          <Images aria-hidden="true" /> {say(candidates.length > 0 ? 'Sample more' : 'Sample')}
        </button>
      </div>
      <button
        type="button"
        className="button"
        data-testid="own-pictures"
        disabled={blocked}
        title={why ?? say('Follow pictures of yours back to noise, so that they can be base or reference')}
        onClick={actions.choosePictures}
      >
        <Upload aria-hidden="true" /> {say(importing ? 'Opening …' : 'Use your own pictures')}
      </button>
      <p className="hint">{say('Own pictures are our addition: the paper knows seeds only.')}</p>
    </div>
  )
}
