import { useEffect, useRef, useState, type ReactNode } from 'react'

import type { Problem } from '@/base/errors'
import type { Raster, Rect } from '@/base/geometry'
import { Dialog } from '@/ui/controls/Dialog'
import { Slider } from '@/ui/controls/Slider'
import { CutoutPreview } from '@/ui/dialogs/CutoutPreview'
import type { CutoutAnswer, DialogState } from '@/ui/stores/dialogs'
import { useStudio, type CutoutMethod } from '@/ui/studio'
import { specks } from '@/ui/specks'

type Kind = 'corner' | 'box' | 'keep'

const KINDS: { kind: Kind; label: string; about: string }[] = [
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
  const { hash, name, answer } = dialog
  const [kind, setKind] = useState<Kind>('corner')
  const [tolerance, setTolerance] = useState(0.12)
  const [feather, setFeather] = useState(1.5)
  /** px of the asset. */
  const [box, setBox] = useState<Rect | null>(null)
  const [source, setSource] = useState<{ image: Raster; scale: number } | null>(null)
  const [shown, setShown] = useState<{ image: Raster; dust: Rect[] } | null>(null)
  const [clean, setClean] = useState(false)
  const [progress, setProgress] = useState<{ words: string; fraction: number } | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
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

  const method = methodOf(kind, tolerance, feather, box, clean)

  useEffect(() => {
    setProblem(null)
    const wanted = methodOf(kind, tolerance, feather, box, clean)
    if (!source || !wanted) {
      setShown(null)
      return
    }
    const control = new AbortController()
    running.current = control
    const timer = setTimeout(() => {
      if (wanted.kind === 'box') setProgress({ words: 'Finding the outline', fraction: 0 })
      const report = (fraction: number) =>
        wanted.kind === 'box' &&
        !control.signal.aborted &&
        setProgress({ words: 'Finding the outline', fraction })
      void cutouts.preview(hash, wanted, control.signal, report).then((done) => {
        if (control.signal.aborted) return
        setProgress(null)
        if (done.ok) setShown(done.value)
        else setProblem(done.problem)
      })
    }, SETTLE)
    return () => {
      clearTimeout(timer)
      control.abort()
      setProgress(null)
    }
  }, [cutouts, hash, source, kind, tolerance, feather, box, clean])

  const use = async () => {
    if (kind === 'keep') return answer({ kind: 'keep' })
    if (!method) return
    running.current?.abort()
    const control = new AbortController()
    running.current = control
    const words = 'Cutting out at full size'
    setProgress({ words, fraction: 0 })
    const done = await cutouts.apply(hash, method, control.signal, (fraction) =>
      setProgress({ words, fraction }),
    )
    setProgress(null)
    if (done.ok) answer({ kind: 'cut', hash: done.value } satisfies CutoutAnswer)
    else if (done.problem.code !== 'cancelled') setProblem(done.problem)
  }

  const cancelWork = () => {
    running.current?.abort()
    setProgress(null)
    setBox(null)
  }

  return (
    <Dialog
      title="Cut out the object"
      wide
      testId="cutout-dialog"
      onClose={() => answer({ kind: 'cancel' })}
      footer={
        <>
          <span className="hint push">{name} has no transparency.</span>
          <button type="button" className="button" onClick={() => answer({ kind: 'cancel' })}>
            Cancel
          </button>
          <button
            type="button"
            className="button primary"
            data-testid="cutout-use"
            disabled={progress !== null || (kind !== 'keep' && (!method || !source))}
            onClick={() => void use()}
          >
            {kind === 'keep' ? 'Use as is' : 'Use cut-out'}
          </button>
        </>
      }
    >
      <div className="cutout">
        <CutoutPreview
          source={source}
          shown={shown?.image ?? null}
          dust={shown?.dust ?? []}
          drawing={kind === 'box'}
          box={kind === 'box' ? box : null}
          onBox={setBox}
          busy={
            progress && (
              <div className="cutout-busy">
                <div className="progress-words">
                  <span>{progress.words}</span>
                  <span>{Math.round(progress.fraction * 100)} %</span>
                </div>
                <div className="row">
                  <div
                    className="progress-track"
                    style={{ flex: 1 }}
                    role="progressbar"
                    aria-label={progress.words}
                    aria-valuemin={0}
                    aria-valuemax={100}
                    aria-valuenow={Math.round(progress.fraction * 100)}
                  >
                    <div style={{ width: `${progress.fraction * 100}%` }} />
                  </div>
                  <button type="button" className="button" onClick={cancelWork}>
                    Cancel
                  </button>
                </div>
              </div>
            )
          }
        />
        <div className="cutout-side">
          <fieldset className="choices" style={{ margin: 0, padding: 0, border: 0 }}>
            <legend className="visually-hidden">How to cut out</legend>
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
                  <strong>{one.label}</strong>
                  <br />
                  <span className="hint">{one.about}</span>
                </span>
              </label>
            ))}
          </fieldset>
          {kind === 'corner' && (
            <>
              <Slider
                label="Tolerance"
                min={0.01}
                max={0.6}
                step={0.01}
                value={tolerance}
                format={(value) => `${Math.round(value * 100)} %`}
                testId="cutout-tolerance"
                onChange={setTolerance}
              />
              <Slider
                label="Soft edge"
                min={0}
                max={8}
                step={0.5}
                value={feather}
                format={(value) => `${value} px`}
                onChange={setFeather}
              />
            </>
          )}
          {kind !== 'keep' && (clean || (shown?.dust.length ?? 0) > 0) && (
            <label className="check" data-testid="cutout-clean">
              <input type="checkbox" checked={clean} onChange={(event) => setClean(event.target.checked)} />
              {clean ? 'Specks are removed' : `Remove ${specks(shown?.dust.length ?? 0)}`}
            </label>
          )}
          {kind === 'box' && source && <BoxFields source={source} box={box} onBox={setBox} />}
          {problem && (
            <div className="inline-problem" role="alert">
              <strong>{problem.message}</strong>
              <p>{problem.hint}</p>
            </div>
          )}
        </div>
      </div>
    </Dialog>
  )
}

function methodOf(
  kind: Kind,
  tolerance: number,
  feather: number,
  box: Rect | null,
  clean: boolean,
): CutoutMethod | null {
  if (kind === 'corner') return { kind, tolerance, feather, clean }
  return kind === 'box' && box ? { kind, box, clean } : null
}

/** The box by keyboard: a start that is nearly always good enough. */
function BoxFields(props: {
  source: { image: Raster; scale: number }
  box: Rect | null
  onBox(box: Rect | null): void
}): ReactNode {
  const { source, box, onBox } = props
  const width = source.image.width / source.scale
  const height = source.image.height / source.scale
  const inset = { x: width * 0.08, y: height * 0.08, width: width * 0.84, height: height * 0.84 }
  return (
    <div className="row">
      <button type="button" className="button" onClick={() => onBox(inset)}>
        Nearly everything
      </button>
      <button type="button" className="button quiet" disabled={!box} onClick={() => onBox(null)}>
        Clear
      </button>
    </div>
  )
}
