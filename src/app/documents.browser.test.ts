import { deleteDB } from 'idb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { createAsk } from '@/app/asking'
import { createDocuments } from '@/app/documents'
import type { Library } from '@/app/library'
import type { Pixels } from '@/app/pixels/client'
import { setPrompt } from '@/document/commands'
import { createDocumentStore } from '@/document/store'
import { emptyDocument, type FusionDocument } from '@/schema/document'
import * as storage from '@/storage/documents'
import { createDialogStore } from '@/ui/stores/dialogs'
import { createDocumentsStore } from '@/ui/stores/documents'
import { createRunStore } from '@/ui/stores/run'
import { createShelfStore } from '@/ui/stores/shelf'
import { createToastStore } from '@/ui/stores/toasts'
import { createViewStore } from '@/ui/stores/view'

const written = (id: string, prompt: string): FusionDocument => ({ ...emptyDocument(id), prompt })

describe('the documents of a tab', () => {
  let stop: () => Promise<void> = () => Promise.resolve()
  beforeEach(() => deleteDB('inlay'))
  afterEach(() => {
    vi.restoreAllMocks()
    return stop()
  })

  /** A tab with an empty document. */
  async function openTab() {
    const opened = await storage.openLatest()
    const document = createDocumentStore(opened.document)
    const [view, run, shelf] = [createViewStore({}), createRunStore(), createShelfStore()]
    const [toasts, dialogs] = [createToastStore(), createDialogStore()]
    const service = createDocuments({
      ...{ opened, document, view, run, shelf, toasts, dialogs },
      documents: createDocumentsStore(),
      pixels: { storing: () => null } as Pixels,
      library: { thumbnail: () => null, onDrawable: () => () => undefined } as unknown as Library,
      ask: createAsk(dialogs),
      discard: () => undefined,
    })
    stop = () => {
      service.autosave.stop()
      return opened.release()
    }
    return {
      ...{ document, shelf, dialogs, service },
      now: () => document.getState().document,
      type: (text: string) => setPrompt(document, text),
      told: () => toasts.getState().toasts.map(({ message }) => message),
    }
  }

  /** From now on the disk takes nothing that is put into a store of the database. */
  const fillDisk = (from: string) => {
    const { put } = IDBObjectStore.prototype
    return vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      ...given
    ) {
      if (this.name === from) throw new DOMException('full', 'QuotaExceededError')
      return put.apply(this, given)
    })
  }

  /** The question that is asked, once it is. */
  async function asked(tab: { dialogs: ReturnType<typeof createDialogStore> }) {
    await expect.poll(() => tab.dialogs.getState().dialog?.kind).toBe('unsaved')
    const { dialog } = tab.dialogs.getState()
    if (dialog?.kind !== 'unsaved') throw new Error('nothing is asked')
    return dialog
  }

  it('a new one says that the old one is kept, and it is', async () => {
    const tab = await openTab()
    tab.type('a mug')
    const { id } = tab.now()
    await tab.service.startNew()
    expect(tab.now()).toMatchObject({ prompt: '' })
    expect(tab.told()).toEqual(['“a mug” is kept in the list of documents.'])
    expect((await storage.loadDocument(id))?.prompt).toBe('a mug')
  })

  it('what is changed while it is being put away is kept too', async () => {
    const tab = await openTab()
    tab.type('a mug')
    await tab.service.autosave.flush()
    const { id } = tab.now()
    tab.type('a red mug')
    const { commit } = IDBTransaction.prototype
    vi.spyOn(IDBTransaction.prototype, 'commit').mockImplementationOnce(function (this: IDBTransaction) {
      commit.call(this)
      tab.type('a red mug on a table')
    })
    await tab.service.startNew()
    expect((await storage.loadDocument(id))?.prompt).toBe('a red mug on a table')
  })

  it.each(['startNew', 'open'] as const)('%s asks before it leaves what could not be saved', async (way) => {
    await storage.saveDocument(written('other', 'other'))
    await storage.deleteDocument('other')
    const tab = await openTab()
    await storage.undeleteDocument('other')
    tab.type('saved')
    await tab.service.autosave.flush()
    fillDisk('documents')
    tab.document.actions.begin('Type')
    tab.type('not saved')
    tab.document.actions.commit()
    const mine = tab.now()
    const leave = () => (way === 'open' ? tab.service.open('other') : tab.service.startNew())

    let leaving = leave()
    ;(await asked(tab)).answer(false)
    await leaving
    expect(tab.now()).toBe(mine)
    expect(tab.document.getState().canUndo).toBe(true)
    const free = await storage.claim('other')
    expect(free).not.toBeNull()
    await free?.()

    leaving = leave()
    ;(await asked(tab)).answer(true)
    await leaving
    expect(tab.now().prompt).toBe(way === 'open' ? 'other' : '')
    expect(tab.told().join()).toContain('storage is full')
    expect(tab.told().join()).not.toContain('is kept in the list')
    expect((await storage.loadDocument(mine.id))?.prompt).toBe('saved')
  })

  it('one that cannot be saved is not deleted either', async () => {
    const tab = await openTab()
    fillDisk('documents')
    tab.type('not saved')
    const mine = tab.now()
    await tab.service.remove(mine.id)
    expect(tab.now()).toBe(mine)
    expect(tab.service.store.getState().deleted).toBeNull()
  })

  it('stays while pictures are being opened or a run goes on', async () => {
    const tab = await openTab()
    tab.type('a mug')
    const mine = tab.now()
    tab.shelf.setState({ importing: 1 })
    await tab.service.startNew()
    await tab.service.remove(mine.id)
    expect(tab.now()).toBe(mine)
    expect(tab.told()).toEqual(['Wait until your pictures are open before you turn to another document.'])
    tab.shelf.setState({ importing: 0 })
    await tab.service.startNew()
    expect(tab.now()).not.toBe(mine)
  })

  it('gives every lock back, whatever happens, and says why nothing happened', async () => {
    const tab = await openTab()
    for (const id of ['deleted', 'broken', 'failing']) await storage.saveDocument(written(id, id))
    await storage.deleteDocument('deleted')
    await tab.service.open('deleted')
    await tab.service.rename('deleted', 'New name')
    expect(tab.told()).toEqual(['This document is no longer in the list.'])

    const { get } = IDBObjectStore.prototype
    vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(function (this: IDBObjectStore, key) {
      if (key === 'failing') throw new DOMException('unreadable', 'UnknownError')
      return get.call(this, key)
    })
    await tab.service.open('failing')
    await tab.service.rename('failing', 'New name')
    await tab.service.remove('failing')
    expect(tab.told()).toContain('The document could not be opened.')
    expect(tab.told()).toContain('The document could not be changed.')
    for (const id of ['deleted', 'failing']) {
      const lock = await storage.claim(id)
      expect(lock, id).not.toBeNull()
      await tab.service.open(id)
      expect(tab.told()).toContain('This document is open in another tab.')
      await lock?.()
    }
  })
})
