import { FileDown, FileUp, Trash2 } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'

import { findPack, fitting } from '@/document/packs'
import { KEPT_BEFOREHAND } from '@/schema/modes/kleinWords'
import { bytes } from '@/ui/bytes'
import { ByteBar } from '@/ui/dialogs/models/ImportRow'
import { useModels, useRun, useStudio } from '@/ui/studio'

/** Texts that FLUX.2 [klein] needs its encoder for no longer, and what removing it would free. */
export function TextsSection(): ReactNode {
  const { weights } = useStudio()
  const texts = useModels((state) => state.texts)
  const keeping = useModels((state) => state.keeping)
  const klein = useModels((state) => findPack(state.installed, 'klein'))
  const encoder = useModels((state) => findPack(fitting(state.installed, klein), 'qwen3'))
  const tokenizer = useModels((state) => findPack(state.installed, 'qwenTokenizer'))
  const running = useRun((state) => state.run.kind === 'running')
  const file = useRef<HTMLInputElement>(null)
  useEffect(() => void weights.loadTexts(), [weights])
  if (!klein && !encoder && texts.length === 0) return null

  // What another klein reads, this one cannot.
  const width = klein?.textWidth
  const kept = new Set(texts.filter((one) => !width || one.width === width).map(({ text }) => text))
  const missing = KEPT_BEFOREHAND.filter((text) => !kept.has(text)).length
  const size = texts.reduce((sum, one) => sum + one.bytes, 0)
  return (
    <section aria-labelledby="texts-title" data-testid="kept-texts">
      <h3 id="texts-title">Texts for FLUX.2 [klein]</h3>
      <div className="model-card">
        <div className="model-main">
          <p>
            {texts.length === 0
              ? 'What the text encoder makes of a text is kept here, so that it reads every text once.'
              : `${texts.length} ${texts.length === 1 ? 'text is' : 'texts are'} kept, ${bytes(size)}: they need the text encoder no longer.`}
          </p>
          <p className="hint" data-testid="kept-instructions">
            {missing > 0
              ? `${missing} of the ${KEPT_BEFOREHAND.length} built-in texts of Place are not kept yet.`
              : 'All built-in texts of Place are kept.'}
            {missing === 0 &&
              encoder &&
              ` Without words of your own, Place runs without the encoder: removing “${encoder.name}” frees ${bytes(encoder.bytes)}.`}
          </p>
          {keeping && (
            <>
              <div className="progress-words">
                <span>Reading the instructions</span>
                <span>
                  {Math.floor(keeping.done)} of {keeping.total}
                </span>
              </div>
              <ByteBar label="Reading the instructions" done={keeping.done} total={keeping.total} />
            </>
          )}
          <div className="row end">
            {keeping ? (
              <button type="button" className="button slim" onClick={weights.stopKeeping}>
                Stop
              </button>
            ) : (
              missing > 0 &&
              encoder &&
              tokenizer && (
                <button
                  type="button"
                  className="button slim primary"
                  data-testid="keep-instructions"
                  disabled={running}
                  title="Afterwards the encoder can be removed"
                  onClick={() => void weights.keepInstructions()}
                >
                  Keep the instructions
                </button>
              )
            )}
            {missing === 0 && encoder && !keeping && (
              <button
                type="button"
                className="button slim"
                data-testid="remove-encoder"
                disabled={running}
                onClick={() => void weights.remove(encoder.id)}
              >
                <Trash2 aria-hidden="true" /> Remove the encoder
              </button>
            )}
            <button type="button" className="button slim" onClick={() => file.current?.click()}>
              <FileUp aria-hidden="true" /> Import
            </button>
            <button
              type="button"
              className="button slim"
              data-testid="export-texts"
              disabled={texts.length === 0}
              onClick={() => void weights.exportTexts()}
            >
              <FileDown aria-hidden="true" /> Export
            </button>
          </div>
          <input
            ref={file}
            type="file"
            accept=".safetensors"
            hidden
            data-testid="import-texts"
            onChange={(event) => {
              const [chosen] = event.currentTarget.files ?? []
              if (chosen) void weights.importTexts(chosen)
              event.currentTarget.value = ''
            }}
          />
        </div>
      </div>
    </section>
  )
}
