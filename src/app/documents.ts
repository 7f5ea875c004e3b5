import type { Ask } from '@/app/asking'
import type { Library } from '@/app/library'
import type { Pixels } from '@/app/pixels/client'
import { saveFile } from '@/app/saveFile'
import { recallView, rememberView } from '@/app/viewMemory'
import { problemOf } from '@/base/errors'
import { newId } from '@/base/id'
import { replaceDocument, setMode } from '@/document/commands'
import { copyOf, coverOf, isBlank, renameDocument, titleOf, withName } from '@/document/naming'
import type { DocumentStore } from '@/document/store'
import { emptyDocument, type FusionDocument } from '@/schema/document'
import type { Mode } from '@/schema/modes'
import { listAside, removeAside } from '@/storage/aside'
import { createAutosave, type Autosave } from '@/storage/autosave'
import * as storage from '@/storage/documents'
import type { DialogStore } from '@/ui/stores/dialogs'
import type { DocumentsStore } from '@/ui/stores/documents'
import { isHeld, type RunStore } from '@/ui/stores/run'
import type { ShelfStore } from '@/ui/stores/shelf'
import type { ToastStore } from '@/ui/stores/toasts'
import type { ViewStore } from '@/ui/stores/view'
import type { DocumentsService } from '@/ui/studio'
import { saidTitle, sayCopy } from '@/ui/saidTitle'
import { say } from '@/words/say'

interface DocumentsOptions {
  opened: storage.OpenedDocument
  document: DocumentStore
  documents: DocumentsStore
  view: ViewStore
  run: RunStore
  shelf: ShelfStore
  dialogs: DialogStore
  toasts: ToastStore
  pixels: Pixels
  library: Library
  ask: Ask
  /** Puts a staged result back on the shelf. */
  discard(): void
}

const OWN = 'inlay-document'

/** The document that this tab had open before it was reloaded. */
export function recallOwn(): string | null {
  try {
    return sessionStorage.getItem(OWN)
  } catch {
    return null
  }
}

function rememberOwn(id: string): void {
  try {
    sessionStorage.setItem(OWN, id)
  } catch {
    // Private windows may forbid it; a reload then opens the latest document.
  }
}

/** The open document on its way to the disk, and the list of all others. */
export function createDocuments(
  options: DocumentsOptions,
): DocumentsService & { autosave: Autosave; isFree(): boolean } {
  const { opened, document, documents, view, run, shelf, dialogs, toasts, pixels, library } = options
  const current = (): FusionDocument => document.getState().document
  const autosave = createAutosave(document, {
    pictures: () => pixels.storing(),
    onStatus(status) {
      shelf.setState({ save: status.kind })
      if (status.kind === 'failed') toasts.actions.problem(status.problem)
    },
  })
  let release = opened.release
  rememberOwn(opened.document.id)

  /** Runs something that touches storage; what goes wrong is told. */
  const told = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      toasts.actions.problem(problemOf(error))
    }
  }

  /** Another document takes the open one's place: until then its lock is this tab's, but the list would call it another's. */
  let turning: Promise<void> = Promise.resolve()
  const list = (): Promise<void> =>
    told(async () => {
      await autosave.flush()
      const own = current().id
      try {
        const all = await storage.listDocuments(own, toasts.actions.problem)
        for (const { cover } of documents.getState().documents) if (cover) URL.revokeObjectURL(cover)
        const listed = all
          .filter(({ document: one }) => one.id === own || !isBlank(one))
          .map(({ document: one, savedAt, openElsewhere, cover, starred }) => ({
            id: one.id,
            title: titleOf(one),
            name: one.name,
            time: savedAt,
            cover: cover && URL.createObjectURL(cover),
            starred,
            open: one.id === own ? ('here' as const) : openElsewhere ? ('elsewhere' as const) : null,
          }))
        const aside = await listAside()
        documents.setState({ listing: { kind: 'ready' }, documents: listed, aside })
      } catch (error) {
        documents.setState({ listing: { kind: 'failed', problem: problemOf(error) } })
      }
    })

  /** Puts the open document away and shows another, whose lock this tab has and keeps from then on. */
  const show = async (next: FusionDocument, lock: storage.Release): Promise<void> => {
    rememberView(document, view)
    const left = current()
    options.discard()
    replaceDocument(document, next)
    rememberOwn(next.id)
    const letGo = release
    release = lock
    const recalled = recallView(next.id)
    document.actions.select(recalled.selection)
    view.setState({ pendingBox: null, ...recalled.view })
    if (next.background && recalled.view.viewport === undefined) view.actions.fit(next.background)
    await letGo()
    if (isBlank(left)) await storage.deleteDocument(left.id)
  }

  const showNew = async (mode?: Mode): Promise<void> => {
    const fresh = emptyDocument(newId())
    const { backend } = current().settings
    // Nobody else knows the id: where locks are forbidden it is as safe without.
    const lock = await storage.claim(fresh.id).catch(() => null)
    const next = { ...fresh, mode: mode ?? fresh.mode, settings: { ...fresh.settings, backend } }
    await show(next, lock ?? (() => Promise.resolve()))
  }

  /** Whether nothing works on the open document; told where something does. */
  const isFree = (): boolean => {
    const held = isHeld(run.getState())
    if (!held && shelf.getState().importing === 0) return true
    toasts.actions.note(
      held
        ? say('Wait for the run to finish, or stop it, before you turn to another document.')
        : say('Wait until your pictures are open before you turn to another document.'),
    )
    return false
  }

  const giveUp = (): Promise<boolean> =>
    options.ask(false, (answer) => ({ kind: 'unsaved', title: saidTitle(titleOf(current())), answer }))

  /**
   * Whether the open document may be put away, and what becomes of it: it is on the disk, or that failed (which has been
   * told) and `unsaved` lets it go all the same. Null where it stays.
   */
  const part = async (unsaved: () => Promise<boolean>): Promise<'kept' | 'given up' | null> => {
    if (!isFree()) return null
    const kept = (await autosave.flush()) || isBlank(current())
    const may = (kept || (await unsaved())) && isFree()
    return may ? (kept ? 'kept' : 'given up') : null
  }

  const elsewhere = (): void => toasts.actions.note(say('This document is open in another tab.'))
  const gone = (): void => toasts.actions.note(say('This document is no longer in the list.|note'))

  /** A second click on what is being opened waits for the first. */
  let opening: string | null = null
  const open = (id: string): Promise<void> => {
    if (opening === id) return turning
    opening = id
    return (turning = turnTo(id).finally(() => {
      if (opening === id) opening = null
    }))
  }
  const turnTo = (id: string): Promise<void> =>
    told(async () => {
      if (id === current().id || !isFree()) return
      const lock = await storage.claim(id)
      if (!lock) {
        elsewhere()
        return list()
      }
      try {
        const next = await storage.loadDocument(id, toasts.actions.problem)
        if (!next) gone()
        else if (await part(giveUp)) return await show(next, lock)
      } finally {
        if (release !== lock) await lock()
      }
      await list()
    })

  /** Works on a document that is not open here, and that no other tab may have open either. */
  const holding = async (id: string, work: () => Promise<void>): Promise<void> => {
    const lock = await storage.claim(id)
    if (!lock) return elsewhere()
    try {
      await work()
    } finally {
      await lock()
    }
  }

  const change = (id: string, by: (one: FusionDocument) => FusionDocument): Promise<void> =>
    holding(id, async () => {
      const stored = await storage.loadDocument(id, toasts.actions.problem)
      if (stored) await storage.saveDocument(by(stored))
      else gone()
    })

  /** The small picture follows what the document shows. */
  let covered = ''
  const keepCover = (): void => {
    const { id } = current()
    const hash = coverOf(current())?.hash
    const picture = hash === undefined ? null : library.thumbnail(hash)
    if (!picture || covered === `${id}:${hash}`) return
    covered = `${id}:${hash}`
    // A list without a picture is no reason to disturb anybody.
    storage.saveCover(id, picture).catch(() => undefined)
  }
  document.subscribe((state, last) => {
    if (state.document !== last.document) keepCover()
  })
  library.onDrawable(keepCover)

  if (opened.elsewhere)
    toasts.actions.note(
      say('“{title}” is open in another tab, so this tab starts a new document.', {
        title: saidTitle(titleOf(opened.elsewhere)),
      }),
      { label: say('All documents'), run: () => dialogs.setState({ dialog: { kind: 'documents' } }) },
    )

  return {
    autosave,
    isFree,
    store: documents,
    refresh: () => turning.then(list),
    open,
    async startNew(mode) {
      await told(async () => {
        if (isBlank(current())) return mode && setMode(document, mode)
        const parting = await part(giveUp)
        const left = current()
        if (parting) await showNew(mode)
        if (parting === 'kept')
          toasts.actions.note(
            say('“{title}” is kept in the list of documents.', {
              title: saidTitle(titleOf(left)),
            }),
            {
              label: say('Go back to it'),
              run: () => void open(left.id),
            },
          )
      })
    },
    rename: (id, name) =>
      told(async () => {
        if (id === current().id) renameDocument(document, name)
        else await change(id, (one) => withName(one, name))
        await list()
      }),
    duplicate: (id) =>
      told(async () => {
        // Its pictures are on the disk before another document names them.
        await autosave.flush()
        const original =
          id === current().id ? current() : await storage.loadDocument(id, toasts.actions.problem)
        if (original) await storage.duplicateDocument(copyOf(original, newId(), sayCopy), id)
        else gone()
        await list()
      }),
    star: (id, starred) => told(() => storage.starDocument(id, starred)).then(list),
    remove: (id) =>
      told(async () => {
        const { title } = documents.getState().documents.find((one) => one.id === id) ?? { title: '' }
        if (id === current().id) {
          // What cannot be saved cannot be brought back either: it stays.
          if (!(await part(() => Promise.resolve(false)))) return
          await showNew()
        }
        await holding(id, async () => {
          await storage.deleteDocument(id)
          documents.setState({ deleted: { id, title } })
        })
        await list()
      }),
    undelete: () =>
      told(async () => {
        const { deleted } = documents.getState()
        if (deleted) await storage.undeleteDocument(deleted.id)
        documents.setState({ deleted: null })
        await list()
      }),
    downloadAside: (id) =>
      told(async () => {
        const entry = (await listAside()).find((one) => one.id === id)
        if (entry)
          saveFile(new Blob([JSON.stringify(entry, null, 1)]), `inlay-${entry.kind}-${entry.of}.json`)
      }),
    removeAside: (id) => told(() => removeAside(id)).then(list),
  }
}
