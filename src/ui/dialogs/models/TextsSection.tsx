import { FileDown, FileUp, Trash2 } from 'lucide-react'
import { useEffect, useMemo, useRef, type ReactNode } from 'react'

import { findPack } from '@/document/packs'
import { KEPT_BEFOREHAND } from '@/schema/modes/kleinWords'
import { bytes } from '@/ui/bytes'
import { ProgressBar } from '@/ui/controls/ProgressBar'
import { textReaders, type TextReader } from '@/ui/dialogs/models/readers'
import { useModels, useRun, useStudio } from '@/ui/studio'
import type { InstalledModel } from '@/worker/protocol'

/** Texts that FLUX.2 [klein] needs its encoder for no longer, and what removing it would free. */
export function TextsSection(): ReactNode {
  const { weights } = useStudio()
  const texts = useModels((state) => state.texts)
  const installed = useModels((state) => state.installed)
  const readers = useMemo(() => textReaders(installed, texts), [installed, texts])
  const file = useRef<HTMLInputElement>(null)
  useEffect(() => void weights.loadTexts(), [weights])
  if (readers.length === 0 && texts.length === 0) return null

  const size = texts.reduce((sum, one) => sum + one.bytes, 0)
  return (
    <section aria-labelledby="texts-title" data-testid="kept-texts">
      <h3 id="texts-title">Texts for FLUX.2 [klein]</h3>
      <div className="model-card">
        <div className="model-main">
          <p>
            {texts.length === 0
              ? 'What the text encoder makes of a text is kept here, so that it reads every text once.'
              : texts.length === 1
                ? `1 text is kept, ${bytes(size)}: it needs the text encoder no longer.`
                : `${texts.length} texts are kept, ${bytes(size)}: they need the text encoder no longer.`}
          </p>
          {readers.map((reader) => (
            <Reader key={reader.klein?.id ?? reader.encoder?.id} reader={reader} named={readers.length > 1} />
          ))}
          <div className="row end">
            {readers.length === 1 && <ReaderButton reader={readers[0]} />}
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

interface ReaderProps {
  reader: TextReader<InstalledModel>
  /** Whether there are several, so that it has to be said which one. */
  named: boolean
}

/** How many of the built-in texts one size of klein can do without its encoder, and what can be done about the rest. */
function Reader({ reader: { klein, encoder, missing }, named }: ReaderProps): ReactNode {
  const keeping = useModels((state) => state.keeping)
  const isKept = keeping !== null && keeping.encoder === encoder?.hash
  const subject = named ? `For “${(klein ?? encoder)?.name}”: ` : ''
  const count =
    missing > 0
      ? `${missing} of the ${KEPT_BEFOREHAND.length} built-in texts of Place are not kept yet.`
      : `${subject ? 'all' : 'All'} built-in texts of Place are kept.`
  return (
    <>
      <p className="hint" data-testid="kept-instructions">
        {subject + count}
        {missing === 0 &&
          encoder &&
          ` Without words of your own, Place runs without the encoder: removing “${encoder.name}” frees ${bytes(encoder.bytes)}.`}
      </p>
      {isKept && (
        <>
          <div className="progress-words">
            <span>Reading the instructions</span>
            <span>
              {Math.floor(keeping.done)} of {keeping.total}
            </span>
          </div>
          <ProgressBar label="Reading the instructions" done={keeping.done} total={keeping.total} />
        </>
      )}
      {named && (
        <div className="row end">
          <ReaderButton reader={{ klein, encoder, missing }} />
        </div>
      )}
    </>
  )
}

/** Reads the built-in texts, stops that, or removes the encoder that is needed no longer. */
function ReaderButton({ reader: { encoder, missing } }: Pick<ReaderProps, 'reader'>): ReactNode {
  const { weights } = useStudio()
  const keeping = useModels((state) => state.keeping)
  const tokenizer = useModels((state) => findPack(state.installed, 'qwenTokenizer'))
  const busy = useRun((state) => state.run.kind === 'running') || keeping !== null
  if (!encoder) return null
  if (keeping?.encoder === encoder.hash)
    return (
      <button type="button" className="button slim" onClick={weights.stopKeeping}>
        Stop
      </button>
    )
  if (missing > 0)
    return (
      tokenizer && (
        <button
          type="button"
          className="button slim primary"
          data-testid="keep-instructions"
          disabled={busy}
          title="Afterwards the encoder can be removed"
          onClick={() => void weights.keepInstructions(encoder.hash)}
        >
          Keep the instructions
        </button>
      )
    )
  return (
    <button
      type="button"
      className="button slim"
      data-testid="remove-encoder"
      disabled={busy}
      onClick={() => void weights.remove(encoder.id)}
    >
      <Trash2 aria-hidden="true" /> Remove the encoder
    </button>
  )
}
