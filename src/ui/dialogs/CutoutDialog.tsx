import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'

import type { Problem } from '@/base/errors'
import type { Mask, Raster, Rect } from '@/base/geometry'
import { Dialog } from '@/ui/controls/Dialog'
import { CutoutBusy } from '@/ui/dialogs/CutoutBusy'
import { BoxFields, CornerFields, StrokeFields, type CornerSettings } from '@/ui/dialogs/CutoutFields'
import { CutterFields } from '@/ui/dialogs/CutterFields'
import { CutoutPreview } from '@/ui/dialogs/CutoutPreview'
import { useCutters } from '@/ui/dialogs/useCutters'
import { useStrokes } from '@/ui/dialogs/useStrokes'
import type { CutoutAnswer, DialogState } from '@/ui/stores/dialogs'
import { useStudio, type CutoutMethod, type CutoutStroke } from '@/ui/studio'
import { say, sayText, type PlainMessage } from '@/words/say'

type Kind = 'object' | 'corner' | 'box' | 'keep'

const KINDS: readonly { kind: Kind; label: PlainMessage; about: PlainMessage }[] = [
  { kind: 'object', label: 'Main object', about: 'Is found by itself; paint to add or take away.' },
  {
    kind: 'corner',
    label: 'Plain background',
    about: 'Removes the colour of the corners. Best for studio shots.',
  },
  { kind: 'box', label: 'Draw a box', about: 'Drag a box around the object; its outline is found inside.' },
  { kind: 'keep', label: 'Keep as is', about: 'Uses the whole rectangle.' },
]

/** Quiet time before a preview is made again, ms. */
const SETTLE = 120

/** Turns an opaque picture into a cut-out, with a look at the result on a checkerboard. */
export function CutoutDialog({ dialog }: { dialog: Extract<DialogState, { kind: 'cutout' }> }): ReactNode {
  const { cutouts } = useStudio()
  const cutters = useCutters()
  const { cutter, refuse } = cutters
  const { hash, name, answer } = dialog
  const [kind, setKind] = useState<Kind>('object')
  const [found, setFound] = useState<{ cutter: string | null; object: Mask } | null>(null)
  const object = found?.cutter === cutter ? found.object : null
  const { strokes, ...painting } = useStrokes()
  const [corner, setCorner] = useState({ tolerance: 0.12, feather: 1.5 })
  /** px of the asset. */
  const [box, setBox] = useState<Rect | null>(null)
  const [source, setSource] = useState<{ image: Raster; scale: number } | null>(null)
  const [shown, setShown] = useState<{ image: Raster; dust: Rect[] } | null>(null)
  const [clean, setClean] = useState(false)
  /** `giveUp`: what Cancel takes back beside the work. */
  const [busy, setBusy] = useState<{ words: string; fraction: number | null; giveUp(): void } | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  /** Why the main object could not be found; the other ways stay. */
  const [unfound, setUnfound] = useState<Problem | null>(null)
  const running = useRef<AbortController | null>(null)

  useEffect(() => {
    let gone = false
    void cutouts.open(hash).then((done) => {
      if (gone) return
      if (done.ok) setSource(done.value)
      else setProblem(done.problem)
    })
    return () => {
      gone = true
      running.current?.abort()
    }
  }, [cutouts, hash])

  // What cannot be found leads to the way that needs no network, unless another has been chosen meanwhile.
  useEffect(() => {
    if (kind !== 'object' || object || !source) return
    const control = new AbortController()
    setUnfound(null)
    const giveUp = () => setKind('corner')
    setBusy({ words: say('Looking for the main object'), fraction: null, giveUp })
    running.current = control
    void cutouts.find(hash, cutter, control.signal).then((done) => {
      if (control.signal.aborted) return
      setBusy(null)
      if (done.ok) return setFound({ cutter, object: done.value })
      // Without somebody's own network there is the built-in one.
      if (cutter !== null) return refuse(cutter, done.problem)
      setUnfound(done.problem)
      giveUp()
    })
    return () => {
      control.abort()
      setBusy(null)
    }
  }, [cutouts, hash, kind, cutter, refuse, object, source])

  const method = useMethod(kind, object, strokes, corner, box, clean)
  const undo = painting.undo

  useEffect(() => {
    setProblem(null)
    if (!source || !method) {
      setShown(null)
      return
    }
    const control = new AbortController()
    running.current = control
    const report = (fraction: number) => {
      if (control.signal.aborted || method.kind === 'corner') return
      const giveUp = () => {
        if (method.kind === 'box') setBox(null)
        else if (method.kind === 'object' && method.strokes.length > 0) undo()
        else setKind('corner')
      }
      setBusy({ words: say('Finding the outline'), fraction, giveUp })
    }
    const timer = setTimeout(() => {
      report(0)
      void cutouts.preview(hash, method, control.signal, report).then((done) => {
        if (control.signal.aborted) return
        setBusy(null)
        if (done.ok) return setShown(done.value)
        setShown(null)
        setProblem(done.problem)
      })
    }, SETTLE)
    return () => {
      clearTimeout(timer)
      control.abort()
      setBusy(null)
    }
  }, [cutouts, hash, source, method, undo])

  const use = async () => {
    if (kind === 'keep') return answer({ kind: 'keep' })
    if (!method) return
    running.current?.abort()
    const control = new AbortController()
    running.current = control
    const report = (fraction: number) =>
      setBusy({ words: say('Cutting out at full size'), fraction, giveUp: () => undefined })
    report(0)
    const done = await cutouts.apply(hash, method, control.signal, report)
    setBusy(null)
    if (done.ok) answer({ kind: 'cut', hash: done.value } satisfies CutoutAnswer)
    else if (done.problem.code !== 'cancelled') setProblem(done.problem)
  }

  const specks = shown?.dust.length ?? 0
  const cancelWork = () => {
    running.current?.abort()
    setBusy(null)
    busy?.giveUp()
  }

  return (
    <Dialog
      title={say('Cut out the object')}
      wide
      testId="cutout-dialog"
      onClose={() => answer({ kind: 'cancel' })}
      footer={
        <>
          <span className="hint push">{say('{name} has no transparency.', { name })}</span>
          <button type="button" className="button" onClick={() => answer({ kind: 'cancel' })}>
            {say('Cancel')}
          </button>
          <button
            type="button"
            className="button primary"
            data-testid="cutout-use"
            disabled={busy !== null || (kind !== 'keep' && (!method || !source))}
            onClick={() => void use()}
          >
            {say(kind === 'keep' ? 'Use as is' : 'Use cut-out')}
          </button>
        </>
      }
    >
      <div className="cutout" onKeyDown={kind === 'object' ? painting.onKeyDown : undefined}>
        <CutoutPreview
          source={source}
          shown={shown?.image ?? null}
          dust={shown?.dust ?? []}
          drawing={kind === 'box'}
          box={kind === 'box' ? box : null}
          brush={method?.kind === 'object' ? painting.brush : null}
          onBox={setBox}
          onStroke={painting.paint}
          busy={busy && <CutoutBusy words={busy.words} fraction={busy.fraction} onCancel={cancelWork} />}
        />
        <div className="cutout-side">
          <fieldset className="choices" style={{ margin: 0, padding: 0, border: 0 }}>
            <legend className="visually-hidden">{say('How to cut out')}</legend>
            {KINDS.map((one) => (
              <label key={one.kind} className="check" style={{ alignItems: 'flex-start' }}>
                <input
                  type="radio"
                  name="cutout-kind"
                  checked={kind === one.kind}
                  data-testid={`cutout-${one.kind}`}
                  data-first-focus={kind === one.kind ? '' : undefined}
                  onChange={() => setKind(one.kind)}
                />
                <span>
                  <strong>{say(one.label)}</strong>
                  <br />
                  <span className="hint">{say(one.about)}</span>
                </span>
              </label>
            ))}
          </fieldset>
          {kind === 'object' && <CutterFields {...cutters} />}
          {unfound && (
            <div className="inline-problem" role="alert" data-testid="cutout-unfound">
              <strong>{say('The main object could not be found by itself.')}</strong>
              <p>
                {sayText(unfound.message)} {sayText(unfound.hint)} {say('The other ways work without it.')}
              </p>
            </div>
          )}
          {method?.kind === 'object' && (
            <StrokeFields
              brush={painting.brush}
              strokes={strokes.length}
              undone={painting.undone.length}
              onBrush={painting.setBrush}
              onUndo={painting.undo}
              onRedo={painting.redo}
            />
          )}
          {kind === 'corner' && <CornerFields settings={corner} onChange={setCorner} />}
          {kind !== 'keep' && (clean || specks > 0) && (
            <label className="check" data-testid="cutout-clean">
              <input type="checkbox" checked={clean} onChange={(event) => setClean(event.target.checked)} />
              {clean
                ? say('Specks are removed')
                : say(specks === 1 ? 'Remove 1 speck' : 'Remove {count} specks', { count: specks })}
            </label>
          )}
          {kind === 'box' && source && <BoxFields source={source} box={box} onBox={setBox} />}
          {problem && (
            <div className="inline-problem" role="alert">
              <strong>{sayText(problem.message)}</strong>
              <p>{sayText(problem.hint)}</p>
            </div>
          )}
        </div>
      </div>
    </Dialog>
  )
}

/** What the settings add up to; null while something is missing. The same until something changes. */
function useMethod(
  kind: Kind,
  object: Mask | null,
  strokes: readonly CutoutStroke[],
  corner: CornerSettings,
  box: Rect | null,
  clean: boolean,
): CutoutMethod | null {
  return useMemo(() => {
    if (kind === 'object') return object && { kind, object, strokes, clean }
    if (kind === 'corner') return { kind, ...corner, clean }
    return kind === 'box' && box ? { kind, box, clean } : null
  }, [kind, object, strokes, corner, box, clean])
}
