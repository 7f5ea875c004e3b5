import { Download } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'

import { modeOf } from '@/document/modes'
import { lacksLayers } from '@/document/place/files'
import { Dialog } from '@/ui/controls/Dialog'
import { Segmented } from '@/ui/controls/Segmented'
import { percent, Slider } from '@/ui/controls/Slider'
import { EXPORT_FORMATS, type ExportFormat } from '@/ui/stores/settings'
import { useDocument, useRun, useSettings, useStudio } from '@/ui/studio'
import { say, type PlainMessage } from '@/words/say'

const FORMATS: Readonly<Record<ExportFormat, { label: string; hint: PlainMessage }>> = {
  png: {
    label: 'PNG',
    hint: 'Every pixel as it is. A result’s recipe goes along: dropped back, it restores all settings.',
  },
  jpeg: {
    label: 'JPEG',
    hint: 'Opens everywhere; what is transparent becomes white. The recipe does not go along: keep a PNG to build on.',
  },
  webp: {
    label: 'WebP',
    hint: 'Smaller than JPEG, and keeps transparency. The recipe does not go along: keep a PNG to build on.',
  },
  avif: {
    label: 'AVIF',
    hint: 'The smallest; takes a while. The recipe does not go along: keep a PNG to build on.',
  },
  psd: { label: 'PSD', hint: 'With its layers, for Photoshop and its kin. A result’s recipe goes along.' },
}
const DEPTH =
  'Files hold 8 bits a channel, as the studio does. A PNG may hold 16 where the background came as a whole 16-bit PNG of at most 40 megapixels, in colours that the studio converts by itself.'
const LOOKING = 'Looking whether the background has 16 bits a channel …'
const DEPTHS = {
  8: 'What 16 bits hold beyond that is rounded away.',
  16: 'Where nothing changed the background keeps its 16 bits exactly; what changed has the fineness of 8. The file is about twice as large.',
} as const

/** The picture in a format of the user's choice. */
export function ExportDialog({ onClose }: { onClose(): void }): ReactNode {
  const { actions, settings } = useStudio()
  const onCanvas = useDocument((state) => modeOf(state.document).onCanvas)
  const last = useSettings((state) => state.exportFormat)
  const quality = useSettings((state) => state.exportQuality)
  const wantsDeep = useSettings((state) => state.exportDeep)
  // Another picture may come while the dialog is open: one that was still being read, a result of the queue.
  const background = useDocument((state) => state.document.background)
  const staged = useRun((state) => state.staged)
  const lacks = useDocument((state) => lacksLayers(state.document, staged?.recipe ?? null))
  /** Null: not known yet. */
  const [canBeDeep, setCanBeDeep] = useState<boolean | null>(null)
  const [busy, setBusy] = useState(false)
  const control = useRef(new AbortController())
  useEffect(() => () => control.current.abort(), [])
  useEffect(() => {
    let isLatest = true
    void actions.canExportDeep().then((can) => isLatest && setCanBeDeep(can))
    return () => void (isLatest = false)
  }, [actions, background, staged])
  // Beside the canvas nothing has layers.
  const formats = EXPORT_FORMATS.filter((one) => onCanvas || one !== 'psd')
  const format = formats.includes(last) ? last : 'jpeg'
  const lossy = format === 'png' || format === 'psd' ? null : format
  const depthIsChosen = format === 'png' && canBeDeep
  const shownDeep = depthIsChosen && wantsDeep

  const save = async () => {
    control.current = new AbortController()
    const { signal } = control.current
    setBusy(true)
    const deep = format === 'png' && wantsDeep && (await actions.canExportDeep())
    if (signal.aborted) return
    if (format === 'png' && !deep) void actions.download()
    if (format === 'psd') void actions.downloadLayers()
    if (!lossy && !deep) return onClose()
    const done = await (lossy ? actions.exportAs(lossy, quality, signal) : actions.exportDeep(signal))
    setBusy(false)
    if (done) onClose()
  }

  return (
    <Dialog
      title={say('Export')}
      testId="export-dialog"
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            {say(busy ? 'Stop' : 'Cancel')}
          </button>
          <button
            type="button"
            className="button primary"
            data-testid="export-save"
            disabled={busy}
            onClick={() => void save()}
          >
            <Download aria-hidden="true" /> {say(busy ? 'Writing …' : 'Download')}
          </button>
        </>
      }
    >
      <div className="stack">
        <Segmented<ExportFormat>
          label={say('Format')}
          testId="export-format"
          value={format}
          choices={formats.map((value) => ({ value, label: FORMATS[value].label }))}
          disabled={busy}
          hint={say(FORMATS[format].hint)}
          onChange={(exportFormat) => settings.setState({ exportFormat })}
        />
        {format === 'psd' && lacks && (
          <p className="hint" data-testid="export-lacks">
            {say('What is hidden, lies beside the picture or is covered by a result is not in the file.')}
          </p>
        )}
        {lossy && (
          <Slider
            label={say('Quality')}
            testId="export-quality"
            min={0.1}
            max={1}
            step={0.01}
            value={quality}
            format={percent}
            disabled={busy}
            onChange={(exportQuality) => settings.setState({ exportQuality })}
          />
        )}
        {depthIsChosen ? (
          <Segmented<8 | 16>
            label={say('Bits a channel')}
            testId="export-depth"
            value={shownDeep ? 16 : 8}
            choices={[
              { value: 8, label: '8' },
              { value: 16, label: '16' },
            ]}
            disabled={busy}
            hint={say(DEPTHS[shownDeep ? 16 : 8])}
            onChange={(depth) => settings.setState({ exportDeep: depth === 16 })}
          />
        ) : (
          <p className="hint">{say(format === 'png' && canBeDeep === null ? LOOKING : DEPTH)}</p>
        )}
      </div>
    </Dialog>
  )
}
