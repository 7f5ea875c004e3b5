import type { Importing } from '@/app/importing'
import { persistStorage } from '@/app/persist'
import type { Pixels } from '@/app/pixels/client'
import type { StoredProject } from '@/app/pixels/protocol'
import type { Results } from '@/app/results'
import { saveStream } from '@/app/saveStream'
import { InlayError, problemOf } from '@/base/errors'
import { fileStem } from '@/base/names'
import { titleOf } from '@/document/naming'
import type { DocumentStore } from '@/document/store'
import { writeProject } from '@/project/projectFile'
import type { FusionDocument } from '@/schema/document'
import { loadDocument } from '@/storage/documents'
import type { DocumentsStore } from '@/ui/stores/documents'
import type { ToastStore } from '@/ui/stores/toasts'
import type { ProjectsService } from '@/ui/studio'
import type { Outcome } from '@/worker/protocol'
import { saidTitle } from '@/ui/saidTitle'
import { say } from '@/words/say'

interface ProjectsOptions {
  document: DocumentStore
  documents: DocumentsStore
  toasts: ToastStore
  pixels: Pixels
  importing: Importing
  results: Results
  /** Whether the open document may be left; told where it may not. */
  isFree(): boolean
  /** Results came with a project. */
  onTaken(): void
  /** Turns to another document. */
  open(id: string): Promise<void>
}

const WRITTEN = {
  title: 'The project file',
  safe: 'the document is still kept here',
  id: 'inlay-projects',
}
const WRITER = `Inlay ${String(import.meta.env.VITE_INLAY_VERSION)}`

const pictures = (count: number): string => (count === 1 ? '1 picture' : `${count} pictures`)

const valueOf = <T>(done: Outcome<T>): T => {
  if (!done.ok) throw new InlayError(done.problem)
  return done.value
}

/** Documents with all that belongs to them, to files of the user's and back. */
export function createProjects(options: ProjectsOptions): ProjectsService {
  const { document, documents, toasts, pixels, importing, results } = options
  const current = (): FusionDocument => document.getState().document
  let abort: AbortController | null = null

  /** Runs a save or an opening, one at a time; what goes wrong is told. */
  const during = async (
    kind: 'saving' | 'opening',
    title: string,
    work: (signal: AbortSignal, onProgress: (fraction: number) => void) => Promise<void>,
  ): Promise<void> => {
    if (abort) return toasts.actions.note(say('Wait until the other project is done, or stop it.'))
    const { signal } = (abort = new AbortController())
    const tell = (fraction: number) =>
      documents.setState({ transfer: { kind, title, fraction, stopping: signal.aborted } })
    tell(0)
    try {
      await work(signal, tell)
    } catch (error) {
      if (signal.aborted)
        toasts.actions.note(
          kind === 'saving' ? say('Stopped. Nothing was written.') : say('Stopped. Nothing was stored.'),
        )
      else toasts.actions.problem(problemOf(error))
    } finally {
      abort = null
      documents.setState({ transfer: null })
    }
  }

  /** The open document as it is now, another as it was saved. */
  const find = async (id: string): Promise<FusionDocument | null> =>
    id === current().id ? current() : loadDocument(id, toasts.actions.problem)

  const titleBy = (id: string): string =>
    id === current().id
      ? titleOf(current())
      : (documents.getState().documents.find((one) => one.id === id)?.title ?? '')

  const tellMissing = (title: string, count: number): void => {
    if (count > 0)
      toasts.actions.problem({
        code: 'missing-asset',
        message: `“${title}” lacks ${pictures(count)} that this browser no longer had when it was saved.`,
        hint: 'All else of it is there. Where you still have those files, drop them in and save it again.',
      })
  }

  const openOne = async (file: File): Promise<void> => {
    let stored: StoredProject | null = null
    await importing.busy(() =>
      during('opening', file.name, async (signal, onProgress) => {
        stored = valueOf(await pixels.storeProject(file, pixels.progressPort(signal, onProgress)))
      }),
    )
    if (stored) await show(stored)
  }

  const show = async (stored: StoredProject): Promise<void> => {
    void persistStorage()
    results.list(stored.results)
    await options.open(stored.documentId)
    const here = current().id === stored.documentId
    toasts.actions.note(
      here
        ? say('“{title}” is opened from its project file.', { title: saidTitle(titleOf(current())) })
        : say('The project is in the list of documents.'),
    )
    tellMissing(here ? titleOf(current()) : 'The project', stored.missing)
    if (stored.results.length > 0) options.onTaken()
  }

  return {
    async save(id = current().id) {
      const title = titleBy(id)
      const name = `${fileStem(title) || 'document'}.inlay`
      await during('saving', title, async (signal, onProgress) => {
        let missing = 0
        const counted = (blob: Blob | null): Blob | null => {
          if (!blob) missing++
          return blob
        }
        async function* write() {
          const saved = await find(id)
          if (!saved) throw new InlayError(GONE)
          yield* writeProject(
            {
              writer: WRITER,
              document: saved,
              results: valueOf(await pixels.resultsOf(saved)),
              openPicture: async (asset) => counted(valueOf(await pixels.pictureFile(asset))),
              async openResult(result) {
                const file = await pixels.resultFile(result)
                return counted(file.ok ? file.value : null)
              },
            },
            signal,
            (done, total) => onProgress(done / total),
          )
        }
        if (!(await saveStream(name, WRITTEN, write))) return
        toasts.actions.note(say('“{title}” is saved as project file.', { title }))
        tellMissing(title, missing)
      })
    },

    async open(files) {
      for (const file of files) if (options.isFree()) await openOne(file)
    },

    stop() {
      const { transfer } = documents.getState()
      if (!abort || !transfer) return
      abort.abort()
      documents.setState({ transfer: { ...transfer, stopping: true } })
    },
  }
}

const GONE = {
  code: 'missing-asset',
  message: 'This document is no longer in the list.',
  hint: 'Another tab may have deleted it; its list of documents can bring it back.',
} as const
