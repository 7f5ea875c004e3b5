import { describe, expect, it } from 'vitest'

import { createImporting } from '@/app/importing'
import type { Library } from '@/app/library'
import type { Pixels } from '@/app/pixels/client'
import type { ImportedPicture, PreparedPicture } from '@/app/pixels/protocol'
import { createDocumentStore } from '@/document/store'
import { emptyDocument } from '@/schema/document'
import { createDialogStore } from '@/ui/stores/dialogs'
import { createModelsStore } from '@/ui/stores/models'
import { createShelfStore } from '@/ui/stores/shelf'
import { createToastStore } from '@/ui/stores/toasts'
import { createViewStore } from '@/ui/stores/view'
import type { Outcome } from '@/worker/protocol'

const later = () => new Promise((resolve) => setTimeout(resolve, 5))

function picture(name: string, opaque: boolean): PreparedPicture {
  const size = { width: 40, height: 30 }
  return {
    asset: { hash: name.padEnd(64, '0'), name, ...size },
    levels: [],
    content: { x: 0, y: 0, ...size },
    dust: [],
    opaque,
    looks: { flat: 0, bright: 255, glassy: 0 },
    mask: { width: 1, height: 1, alpha: new Uint8Array([255]) },
    thumbnail: new Blob(),
  }
}

/** The worker's answers by a file's name: "opaque…" asks, "refused…" fails, "lost…" rejects, "thrown…" throws. */
function importFile(_file: Blob, name: string): Promise<Outcome<ImportedPicture>> {
  if (name.startsWith('thrown')) throw new Error('thrown')
  return later().then(() => {
    if (name.startsWith('lost')) throw new Error('the worker crashed')
    if (name.startsWith('refused'))
      return { ok: false, problem: { code: 'bad-image', message: `${name} is bad`, hint: 'x' } }
    const value = { picture: picture(name, name.startsWith('opaque')), notes: [], recipe: null }
    return { ok: true, value: { ...value, recipeProblem: null } }
  })
}

function studio() {
  const document = createDocumentStore(emptyDocument('test'))
  const [dialogs, toasts, shelf] = [createDialogStore(), createToastStore(), createShelfStore()]
  const done = () => Promise.resolve({ ok: true, value: null })
  const state = { free: true }
  const importing = createImporting({
    ...{ document, dialogs, toasts, shelf },
    view: createViewStore(),
    models: createModelsStore({ memoryGB: 4, measured: false } as never, []),
    pixels: { importFile, persist: done, forget: done } as unknown as Pixels,
    library: { add: () => undefined, drawables: () => null } as unknown as Library,
    makeFree: () => state.free,
  })
  const drop = (...names: string[]) =>
    importing.importFiles(
      names.map((name) => new File(['x'], name)),
      'auto',
    )
  const names = () => document.getState().document.layers.map(({ name }) => name)
  return { document, dialogs, toasts, shelf, importing, drop, names, state }
}

describe('imports', () => {
  it('take turns in the order of the drops, whatever fails on the way', async () => {
    const { document, toasts, shelf, drop, names } = studio()
    const drops = [
      drop('room', 'a'),
      drop('refused', 'b'),
      drop('lost'),
      drop('thrown', 'c'),
      drop('d', 'refused again', 'e'),
    ]
    expect(shelf.getState().importing).toBe(10)
    await Promise.all(drops)
    expect(document.getState().document.background?.name).toBe('room')
    expect(names()).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(shelf.getState().importing).toBe(0)
    expect(toasts.getState().toasts.map(({ kind }) => kind)).toContain('problem')
  })

  it('ask one at a time, and a dialog that is pushed aside counts as closed', async () => {
    const { dialogs, shelf, drop, names } = studio()
    await drop('room')
    const drops = [drop('opaque one'), drop('opaque two'), drop('opaque three'), drop('last')]
    for (const name of ['opaque one', 'opaque two', 'opaque three']) {
      while (dialogs.getState().dialog === null) await later()
      const { dialog } = dialogs.getState()
      if (dialog?.kind !== 'cutout') throw new Error('no question')
      expect(dialog.name).toBe(name)
      await later()
      expect(dialogs.getState().dialog).toBe(dialog)
      if (name === 'opaque two') {
        dialogs.setState({ dialog: { kind: 'models' } })
        await later()
        dialogs.setState({ dialog: null })
      } else dialog.answer({ kind: 'keep' })
    }
    await Promise.all(drops)
    expect(names()).toEqual(['opaque one', 'opaque three', 'last'])
    expect(shelf.getState().importing).toBe(0)
  })

  it('leave a document alone that a run has taken meanwhile', async () => {
    const { drop, names, state, document } = studio()
    await drop('room')
    const late = drop('late')
    state.free = false
    await late
    expect(names()).toEqual([])
    state.free = true
    await drop('in time')
    expect([names(), document.getState().inGesture]).toEqual([['in time'], false])
  })

  it('leave no gesture open when the document is full', async () => {
    const { drop, names, document, toasts } = studio()
    await drop('room', ...Array.from({ length: 201 }, (_, i) => `layer ${i}`))
    expect([names().length, document.getState().inGesture]).toEqual([200, false])
    expect(toasts.getState().toasts.at(-1)?.message).toMatch(/at most 200/)
  })
})
