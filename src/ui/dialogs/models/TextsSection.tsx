import { FileDown, FileUp, Trash2 } from 'lucide-react'
import { useEffect, useMemo, useRef, type ReactNode } from 'react'

import { findPack } from '@/document/packs'
import { KEPT_BEFOREHAND } from '@/schema/modes/kleinWords'
import { bytes } from '@/ui/bytes'
import { ProgressBar } from '@/ui/controls/ProgressBar'
import { textReaders, type TextReader } from '@/ui/dialogs/models/readers'
import { useModels, useRun, useStudio } from '@/ui/studio'
import type { InstalledModel } from '@/worker/protocol'
import { say } from '@/words/say'

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
      <h3 id="texts-title">{say('Texts for FLUX.2 [klein]')}</h3>
      <div className="model-card">
        <div className="model-main">
          <p>
            {texts.length === 0
              ? say('What the text encoder makes of a text is kept here, so that it reads every text once.')
              : say(
                  texts.length === 1
                    ? '{n} text is kept, {size}: it needs the text encoder no longer.'
                    : '{n} texts are kept, {size}: they need the text encoder no longer.',
                  { n: texts.length, size: bytes(size) },
                )}
          </p>
          {readers.map((reader) => (
            <Reader key={reader.klein?.id ?? reader.encoder?.id} reader={reader} named={readers.length > 1} />
          ))}
          <div className="row end">
            {readers.length === 1 && <ReaderButton reader={readers[0]} />}
            <button type="button" className="button slim" onClick={() => file.current?.click()}>
              <FileUp aria-hidden="true" /> {say('Import')}
            </button>
            <button
              type="button"
              className="button slim"
              data-testid="export-texts"
              disabled={texts.length === 0}
              onClick={() => void weights.exportTexts()}
            >
              <FileDown aria-hidden="true" /> {say('Export')}
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
  const count = { n: missing, total: KEPT_BEFOREHAND.length }
  const name = (klein ?? encoder)?.name ?? ''
  return (
    <>
      <p className="hint" data-testid="kept-instructions">
        {missing > 0
          ? named
            ? say('For “{name}”: {n} of the {total} built-in texts of Place are not kept yet.', {
                name,
                ...count,
              })
            : say('{n} of the {total} built-in texts of Place are not kept yet.', count)
          : named
            ? say('For “{name}”: all built-in texts of Place are kept.', { name })
            : say('All built-in texts of Place are kept.')}
        {missing === 0 && encoder && ' '}
        {missing === 0 &&
          encoder &&
          say('Without words of your own, Place runs without the encoder: removing “{name}” frees {size}.', {
            name: encoder.name,
            size: bytes(encoder.bytes),
          })}
      </p>
      {isKept && (
        <>
          <div className="progress-words">
            <span>{say('Reading the instructions')}</span>
            <span>{say('{n} of {total}|count', { n: Math.floor(keeping.done), total: keeping.total })}</span>
          </div>
          <ProgressBar label={say('Reading the instructions')} done={keeping.done} total={keeping.total} />
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
        {say('Stop')}
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
          title={say('Afterwards the encoder can be removed')}
          onClick={() => void weights.keepInstructions(encoder.hash)}
        >
          {say('Keep the instructions')}
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
      <Trash2 aria-hidden="true" /> {say('Remove the encoder')}
    </button>
  )
}
