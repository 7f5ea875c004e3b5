import { Grid3x3, Square, SquareDashed } from 'lucide-react'
import { useMemo, type CSSProperties, type ReactNode } from 'react'

import type { Raster } from '@/base/geometry'
import type { AlignRole } from '@/document/align/commands'
import { candidateIn, sameStart } from '@/document/align/queries'
import type { AlignRecipe, Candidate } from '@/schema/modes/align'
import { AlignFigure } from '@/ui/align/AlignFigure'
import { AlignStart } from '@/ui/align/AlignStart'
import { maskAt, paintMask } from '@/ui/align/maps'
import { StepSlider } from '@/ui/align/StepSlider'
import { useAlignStaged, useReferenceMaps } from '@/ui/align/useMaps'
import { verdictOf, startWords } from '@/ui/align/words'
import { StagedBar } from '@/ui/canvas/StagedBar'
import { useDrawable } from '@/ui/compose/PictureCanvas'
import { IconButton } from '@/ui/controls/IconButton'
import { isMaking, stepIn } from '@/ui/stores/run'
import type { CentreProps } from '@/ui/mode'
import { useDocument, useRun } from '@/ui/studio'
import { useAlign, useAlignService } from '@/ui/align/useAlign'
import { say } from '@/words/say'

/** The middle of the studio in Align: base, reference and target side by side. */
export function AlignView({ dragging, more }: CentreProps): ReactNode {
  const candidates = useDocument((state) => state.document.align.candidates.length)
  const staged = useAlignStaged()
  const making = useRun(isMaking)
  const nothing = candidates === 0 && !staged && !making
  return (
    <div className="canvas-area align-area">
      {nothing || dragging ? <AlignStart over={dragging} more={more} /> : <Trio />}
      {!making && staged && <StagedBar another={say('Another base')} />}
    </div>
  )
}

/** A role's picture of the gallery: the chosen one, or the one that the run on show began with. */
function useRole(role: AlignRole): { candidate: Candidate | null; title: string } {
  const part = useDocument((state) => state.document.align)
  const staged = useAlignStaged()
  return useMemo(() => {
    const recipe = staged?.recipe ?? null
    const candidate = recipe
      ? (part.candidates.find(({ start }) => sameStart(start, recipe[role])) ?? null)
      : candidateIn(part, part[role])
    const start = recipe?.[role] ?? candidate?.start
    return { candidate, title: start ? startWords(start) : '' }
  }, [part, staged, role])
}

function Trio(): ReactNode {
  const staged = useAlignStaged()
  const frame = useRun((state) => stepIn(state, 'align'))
  const task = useRun((state) => (state.run.kind === 'running' && state.run.here ? state.run.task : null))
  const fusing = task === 'fuse' || task === 'pairs'
  const large = useAlign((state) => state.large)
  const step = useAlign((state) => state.step)
  const base = useRole('base')
  const reference = useRole('reference')
  const basePicture = useDrawable(base.candidate?.asset?.hash ?? '')
  const referencePicture = useDrawable(reference.candidate?.asset?.hash ?? '')
  const targetPicture = useDrawable(staged?.asset.hash ?? '')
  const masks = useMasks()

  const own = useDocument((state) => state.document.align.settings)
  const size = staged?.asset ?? own

  const record = staged?.report ?? null
  // A run shows its own pictures as it goes; a finished one can be walked through step by step.
  const shown = frame ?? (record && step !== null ? record.frames[step] : undefined)
  const scores = record?.scores
  return (
    <div className="align-stage">
      <div
        className={large ? 'align-trio one' : 'align-trio'}
        style={{ '--ratio': size.width / size.height } as CSSProperties}
      >
        {(large === null || large === 'base') && (
          <AlignFigure
            role="base"
            title={base.title}
            source={shown?.base ?? record?.base ?? basePicture}
            overlay={null}
            score={frame ? null : (scores?.base ?? base.candidate?.score ?? null)}
            empty={say(
              base.candidate
                ? 'Not made yet: press Fuse, or sample it.'
                : 'Choose a picture whose look you like.',
            )}
            waiting={fusing}
          />
        )}
        {(large === null || large === 'reference') && (
          <AlignFigure
            role="reference"
            title={reference.title}
            source={shown?.reference ?? record?.reference ?? referencePicture}
            overlay={masks.reference}
            score={frame ? null : (scores?.reference ?? reference.candidate?.score ?? null)}
            empty={say(
              reference.candidate
                ? 'Not made yet: press Fuse, or sample it.'
                : 'Choose a picture that does what the prompt says.',
            )}
            waiting={fusing}
          />
        )}
        {(large === null || large === 'target') && (
          <AlignFigure
            role="target"
            title=""
            source={shown?.target ?? targetPicture}
            overlay={masks.target}
            score={frame ? null : (scores?.target ?? null)}
            empty={say(
              fusing
                ? 'Coming …'
                : 'Fuse makes it: the base’s look, with the reference’s region of the words.',
            )}
            waiting={fusing}
          />
        )}
      </div>
      <div className="align-below">
        {task === null && <StepSlider />}
        <LookButtons />
      </div>
      {!fusing && <Verdict />}
    </div>
  )
}

/** The words' region over the reference and what was fused over the target. */
function useMasks(): { reference: Raster | null; target: Raster | null } {
  const staged = useAlignStaged()
  const frame = useRun((state) => stepIn(state, 'align'))
  const shown = useAlign((state) => state.mask)
  const step = useAlign((state) => state.step)
  const words = useDocument((state) => state.document.align.words)
  const settings = useDocument((state) => state.document.align.settings)
  const maps = useReferenceMaps()
  return useMemo(() => {
    const none = { reference: null, target: null }
    if (!shown) return none
    // While it runs, what it takes over just now.
    if (frame) {
      const { width, height } = frame.reference
      const cells = frame.mask?.length ?? 0
      const columns = Math.round(Math.sqrt((cells * width) / height))
      return { ...none, reference: frame.mask && paintMask(frame.mask, cells / columns, columns) }
    }
    const record = staged?.report ?? null
    const grid = record?.maps ?? maps
    if (!grid) return none
    const { rows, columns } = grid
    const fused = record && step !== null ? (record.frames[step]?.mask ?? null) : null
    const target = fused && paintMask(fused, rows, columns)
    // What would be fused now; a finished run is left plain until something of that is changed.
    const recipe = staged?.recipe ?? null
    const asItWas = recipe !== null && sameMask(recipe, { words, align: settings })
    if (asItWas) return { reference: target, target }
    if (!maps || words.length === 0) return { reference: null, target }
    return { reference: paintMask(maskAt(maps, step, words, settings), maps.rows, maps.columns), target }
  }, [shown, frame, staged, step, words, settings, maps])
}

type MaskRule = Pick<AlignRecipe, 'words' | 'align'>

const sameMask = (a: MaskRule, b: MaskRule): boolean =>
  JSON.stringify([a.words, a.align.union]) === JSON.stringify([b.words, b.align.union])

/** Mask and pixels on or off. */
function LookButtons(): ReactNode {
  const align = useAlignService()
  const mask = useAlign((state) => state.mask)
  const crisp = useAlign((state) => state.crisp)
  return (
    <div className="row" role="group" aria-label={say('How to look at the pictures')}>
      <IconButton
        icon={mask ? SquareDashed : Square}
        label={say('Show the words’ region')}
        shortcut="overlay"
        pressed={mask}
        testId="align-mask"
        onClick={() => align.store.setState({ mask: !mask })}
      />
      <IconButton
        icon={Grid3x3}
        label={say('Show single pixels')}
        pressed={crisp}
        onClick={() => align.store.setState({ crisp: !crisp })}
      />
    </div>
  )
}

/** Whether the target is as aligned as was asked for. */
function Verdict(): ReactNode {
  const staged = useAlignStaged()
  if (!staged) return null
  const verdict = staged.report && verdictOf(staged.report, staged.recipe.align.adoption)
  if (!staged.report)
    return (
      <p className="align-verdict" data-testid="align-verdict">
        {say('Steps and scores are kept until the page is closed; fuse again to see them.')}
      </p>
    )
  if (!verdict)
    return (
      <p className="align-verdict" data-testid="align-verdict">
        {say('No scorer is installed, so nothing says which picture fits the prompt best. You do.')}
      </p>
    )
  return (
    <p
      className={verdict.adopted ? 'align-verdict adopted' : 'align-verdict refused'}
      data-testid="align-verdict"
    >
      <strong>{verdict.title}</strong> {verdict.detail}
    </p>
  )
}
