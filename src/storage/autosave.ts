import { problemOf, type Problem } from '@/base/errors'
import type { FusionDocument } from '@/schema/document'
import { saveDocument } from '@/storage/documents'

/** What autosave needs of the document store. */
interface DocumentSource {
  getState(): Watched
  subscribe(listener: (state: Watched, last: Watched) => void): () => void
}
interface Watched {
  document: FusionDocument
  /** Grows with every new undoable step. */
  revision: number
  inGesture: boolean
}

export type SaveStatus = { kind: 'saved' } | { kind: 'pending' } | { kind: 'failed'; problem: Problem }

export interface AutosaveOptions {
  /** Milliseconds between two saves while a step goes on. */
  everyMs?: number
  /** Pictures that are on their way to the disk, null where none is: a document never gets there before them. */
  pictures?: () => Promise<void> | null
  onStatus?: (status: SaveStatus) => void
}

export interface Autosave {
  /**
   * Saves now what is not saved yet, and what is changed meanwhile; says whether all of it is on the disk. Never throws:
   * a failure is a status, and the next change tries again.
   */
  flush(): Promise<boolean>
  /** Saves the document again though it was: the disk has lost it. */
  again(): Promise<boolean>
  /** Stops watching; saves nothing more. */
  stop(): void
}

/**
 * Saves a step when it begins, while it goes on (a drag, typing), and when it ends, so that a crash costs at most the
 * step that was being made. Saves are not waited for: the database keeps their order.
 */
export function createAutosave(store: DocumentSource, options: AutosaveOptions = {}): Autosave {
  const { everyMs = 200, pictures, onStatus } = options
  /** The newest document that is on the disk or on its way there. */
  let sent: FusionDocument | null = store.getState().document
  let sending: Promise<boolean> = Promise.resolve(true)
  let waiting: Promise<boolean> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let sentAt = -Infinity
  let stopped = false

  const send = async (document: FusionDocument): Promise<boolean> => {
    try {
      await saveDocument(document)
      if (store.getState().document === document) onStatus?.({ kind: 'saved' })
      return true
    } catch (error) {
      if (sent === document) sent = null
      onStatus?.({ kind: 'failed', problem: problemOf(error) })
      return false
    }
  }

  /** Hands the document over as it is now; whether it gets to the disk. */
  const push = (): Promise<boolean> => {
    clearTimeout(timer)
    timer = undefined
    const { document } = store.getState()
    if (document === sent) return sending
    if (stopped) return Promise.resolve(false)
    const unstored = pictures?.()
    if (unstored)
      return (waiting ??= unstored.then(() => {
        waiting = null
        return push()
      }))
    sent = document
    sentAt = performance.now()
    return (sending = send(document))
  }

  const unsubscribe = store.subscribe(({ document, revision, inGesture }, last) => {
    if (document === sent) return
    if (document !== last.document) onStatus?.({ kind: 'pending' })
    if (revision !== last.revision || inGesture !== last.inGesture) void push()
    else timer ??= setTimeout(() => void push(), Math.max(0, sentAt + everyMs - performance.now()))
  })
  const flush = async (): Promise<boolean> => {
    for (;;) {
      const { document } = store.getState()
      if (!(await push())) return false
      if (store.getState().document === document) return true
    }
  }
  return {
    flush,
    again() {
      sent = null
      return flush()
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
      unsubscribe()
    },
  }
}
