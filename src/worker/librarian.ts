/** Imports and keeps weights: `ModelsApi` over the importer and the registry, errors as data. */
import { problemOf } from '@/base/errors'
import { createQueue } from '@/base/queue'
import { KEPT_BEFOREHAND } from '@/schema/modes/kleinWords'
import type { LoraRole } from '@/schema/pack'
import { fileBytes } from '@/weights/formats/bytes'
import { withDownload } from '@/weights/import/download'
import { importModel, importParts } from '@/weights/import/importer'
import type { AdapterTarget } from '@/weights/lora/adapterFit'
import { inspectFiles } from '@/weights/import/inspect'
import {
  clearUnfinished,
  filesOf,
  installedTargets,
  listInstalled,
  removeInstalled,
  renameInstalled,
  verifyInstalled,
  type InstalledInfo,
} from '@/weights/packs/installed'
import { createTextStore } from '@/weights/texts/keptTexts'
import type { ImportEvent, ImportRequest, Outcome } from '@/worker/protocol'

type Emit = (event: ImportEvent) => void
type ProgressEvent = Extract<ImportEvent, { kind: 'progress' }>
type Progress = Omit<ProgressEvent, 'kind'>

/** Events per second are bounded: a shard's progress comes in thousands of pieces. */
const EVENT_EVERY_MS = 100

export class Librarian {
  private readonly running = new Map<string, AbortController>()
  /** Imports take turns: two at once would only share the disk and twice the memory. */
  private readonly inTurn = createQueue()
  private readonly kept = createTextStore('texts', KEPT_BEFOREHAND)
  /** Models that were looked at: an adapter that is dropped after its model fits it before that is imported. */
  private readonly seen: AdapterTarget[] = []

  list = () => outcome(() => listInstalled())
  rename = (id: string, name: string, role: LoraRole | null) => outcome(() => renameInstalled(id, name, role))
  files = (id: string) => outcome(() => filesOf(id))
  clearUnfinished = () => outcome(() => clearUnfinished())
  texts = () => outcome(() => this.kept.list())
  exportTexts = () => outcome(() => this.kept.exportAll())
  importTexts = (file: File) => outcome(() => this.kept.importFrom(file))
  inspect = (files: File[]) => inspectFiles(files, this.seen)

  remove(id: string): Promise<Outcome<null>> {
    return outcome(async () => {
      await removeInstalled(id)
      return null
    })
  }

  verify(id: string, emit: Emit): Promise<Outcome<null>> {
    const tell = throttled(emit)
    return outcome(async () => {
      await verifyInstalled(id, (doneBytes, totalBytes) =>
        tell({ kind: 'progress', stage: 'verify', doneBytes, totalBytes, secondsLeft: null }),
      )
      return null
    })
  }

  /** Exactly one of done, cancelled, failed is the last event. */
  async importModel(request: ImportRequest, emit: Emit): Promise<void> {
    const abort = new AbortController()
    this.running.set(request.id, abort)
    try {
      const work = () => this.run(request, emit, abort.signal)
      const [model, ...others] = await this.inTurn(work, abort.signal)
      emit({ kind: 'done', model, others })
    } catch (error) {
      emit(abort.signal.aborted ? { kind: 'cancelled' } : { kind: 'failed', problem: problemOf(error) })
    } finally {
      this.running.delete(request.id)
    }
  }

  cancelImport(id: string): void {
    this.running.get(id)?.abort()
  }

  /** The imported packs; several where a downloaded file holds several networks, which nobody could choose from. */
  private async run(
    request: ImportRequest,
    emit: Emit,
    signal: AbortSignal,
  ): Promise<[InstalledInfo, ...InstalledInfo[]]> {
    const { source, precision, name, role, part, answer } = request
    const tell = throttled(emit)
    const onProgress = (progress: Progress) => tell({ kind: 'progress', ...progress })
    const options = { precision, name, role, part, answer, signal, onProgress }
    if (source.kind === 'files')
      return [
        await importModel(
          source.files.map((file) => fileBytes(file, file.name)),
          options,
        ),
      ]
    const { url, sha256 } = source
    // Nobody has looked into the file yet.
    const targets = await installedTargets()
    return withDownload(url, { sha256, signal, onProgress }, (file) =>
      importParts([file], { ...options, targets }),
    )
  }
}

async function outcome<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    return { ok: false, problem: problemOf(error) }
  }
}

/** Passes progress on at most ten times a second, and always the end of a stage. */
function throttled(emit: Emit): (event: ProgressEvent) => void {
  let last = -Infinity
  return (event) => {
    const now = performance.now()
    if (now - last < EVENT_EVERY_MS && event.doneBytes < event.totalBytes) return
    last = now
    emit(event)
  }
}
