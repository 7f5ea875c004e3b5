import { useEffect, useState, type ReactNode } from 'react'

import type { Problem } from '@/base/errors'
import type { Raster, Rect } from '@/base/geometry'
import { setReferenceFace } from '@/document/compose/commands'
import { detectFace, likelyFace, squareIn } from '@/ui/compose/face'
import { placeholder } from '@/base/placeholders'
import { ROLES } from '@/ui/compose/roles'
import { Dialog } from '@/ui/controls/Dialog'
import { Slider } from '@/ui/controls/Slider'
import { CutoutPreview } from '@/ui/dialogs/CutoutPreview'
import { useDocument, useStudio } from '@/ui/studio'
import { say, sayText, sayTogether } from '@/words/say'

const px = (value: number): string => `${value} px`

/** A reference seen large; for identity the face is framed here. */
export function ReferenceDialog({ id, onClose }: { id: string; onClose(): void }): ReactNode {
  const { document, cutouts } = useStudio()
  const references = useDocument((state) => state.document.references)
  const index = references.findIndex((one) => one.id === id)
  const reference = references[index]
  const hash = reference?.asset.hash
  const [source, setSource] = useState<{ image: Raster; scale: number } | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [note, setNote] = useState<string | null>(null)

  useEffect(() => {
    if (!hash) return
    let gone = false
    void cutouts.open(hash).then((done) => {
      if (gone) return
      if (done.ok) setSource(done.value)
      else setProblem(done.problem)
    })
    return () => {
      gone = true
    }
  }, [cutouts, hash])

  if (!reference) return null
  const { asset, role, face } = reference
  const framing = role === 'identity'
  const setFace = (box: Rect | null) => {
    setNote(null)
    setReferenceFace(document, id, box && squareIn(box, asset))
  }
  const suggest = async () => {
    const found = source && (await detectFace(source))
    setFace(found ?? likelyFace(asset))
    setNote(
      say(found ? 'Found by the browser.' : 'A guess: the browser finds no faces. Drag a frame of your own.'),
    )
  }
  const largest = Math.min(asset.width, asset.height)
  return (
    <Dialog
      title={`${placeholder(index)} ${sayText(ROLES[role].name)}`}
      wide
      testId="reference-dialog"
      onClose={onClose}
      footer={
        <>
          <span className="hint push">{sayTogether([asset.name, `${asset.width} × ${asset.height}`])}</span>
          <button type="button" className="button primary" data-first-focus onClick={onClose}>
            {say('Done')}
          </button>
        </>
      }
    >
      <div className={framing ? 'cutout' : 'cutout single'}>
        <CutoutPreview
          source={source}
          shown={null}
          drawing={framing}
          square={framing}
          white={role === 'subject' || role === 'tryOn'}
          box={framing ? face : null}
          busy={null}
          onBox={setFace}
        />
        {framing && (
          <div className="cutout-side">
            <p>{say('Drag a square around the face. Hair belongs to it, shoulders do not.')}</p>
            {face && (
              <>
                <Slider
                  label={say('Size of the frame')}
                  min={Math.min(32, largest)}
                  max={largest}
                  step={1}
                  value={Math.round(face.width)}
                  format={px}
                  onChange={(side) =>
                    setFace({
                      x: face.x + (face.width - side) / 2,
                      y: face.y + (face.height - side) / 2,
                      width: side,
                      height: side,
                    })
                  }
                />
                <Slider
                  label={say('Left and right')}
                  min={0}
                  max={Math.max(1, Math.round(asset.width - face.width))}
                  step={1}
                  value={Math.round(face.x)}
                  format={px}
                  onChange={(x) => setFace({ ...face, x })}
                />
                <Slider
                  label={say('Up and down')}
                  min={0}
                  max={Math.max(1, Math.round(asset.height - face.height))}
                  step={1}
                  value={Math.round(face.y)}
                  format={px}
                  onChange={(y) => setFace({ ...face, y })}
                />
              </>
            )}
            <div className="row">
              <button type="button" className="button" disabled={!source} onClick={() => void suggest()}>
                {say('Suggest')}
              </button>
              <button type="button" className="button quiet" disabled={!face} onClick={() => setFace(null)}>
                {say('Whole picture')}
              </button>
            </div>
            {!face && (
              <p className="hint">{say('Without a frame the whole picture is used, as a subject.')}</p>
            )}
            {note && (
              <p className="hint" role="status">
                {note}
              </p>
            )}
          </div>
        )}
      </div>
      {problem && (
        <div className="inline-problem" role="alert">
          <strong>{sayText(problem.message)}</strong>
          <p>{sayText(problem.hint)}</p>
        </div>
      )}
    </Dialog>
  )
}
