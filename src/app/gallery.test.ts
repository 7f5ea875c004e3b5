import { expect, it } from 'vitest'

import { createGallery } from '@/app/gallery'
import type { Recipe } from '@/schema/recipe'
import { createDialogStore } from '@/ui/stores/dialogs'
import { createSettingsStore } from '@/ui/stores/settings'
import { createShelfStore, type ShelfItem } from '@/ui/stores/shelf'
import { createToastStore } from '@/ui/stores/toasts'

const itemOf = (time: number): ShelfItem => ({
  ...{ id: String(time), time, recipe: { mode: 'place' } as Recipe, bytes: 4e8, starred: false },
  thumbnail: '',
})

/** Three results of 400 MB are listed, older ones still have to be read; kept is a gigabyte. */
function studio(older: ShelfItem[] = [], limit: number | null = 1e9) {
  const [shelf, toasts, dialogs] = [createShelfStore(), createToastStore(), createDialogStore()]
  const settings = createSettingsStore()
  settings.setState({ resultsLimit: limit })
  shelf.setState({ results: [5, 4, 3].map(itemOf) })
  const trimmed: number[] = []
  let taken: ShelfItem[] = []
  const put = (change: (results: ShelfItem[]) => ShelfItem[]) =>
    shelf.setState(({ results }) => ({ results: change(results) }))
  const gallery = createGallery({
    ...{ shelf, settings, toasts, dialogs },
    pixels: {
      trimResults(bytes) {
        trimmed.push(bytes)
        return Promise.resolve({ ok: true, value: trimmed.length === 1 ? ['3'] : [] })
      },
      importResults: () =>
        Promise.resolve({
          ok: true,
          value: {
            results: taken.map((one) => ({ ...one, thumbnail: new Blob() })),
            known: 0,
            plain: 0,
            problems: [],
          },
        }),
      progressPort: () => new MessageChannel().port1,
      starResult: () => Promise.reject(new Error('not asked for')),
      resultFile: () => Promise.reject(new Error('not asked for')),
    },
    results: {
      load() {
        put((results) => [...results, ...older.splice(0)])
        return Promise.resolve()
      },
      list: (newest) => put((results) => [...newest.map(({ time }) => itemOf(time)), ...results]),
      drop: (ids) => put((results) => results.filter(({ id }) => !ids.includes(id))),
    },
    deleted: { undo: () => Promise.resolve() },
  })
  const told = () => toasts.getState().toasts.map(({ message }) => message)
  const take = async (items: ShelfItem[]) => {
    taken = items
    await gallery.take([])
    // What follows is not waited for.
    await new Promise((resolve) => setTimeout(resolve))
  }
  return { shelf, toasts, dialogs, settings, gallery, trimmed, told, take, put }
}

it('making pictures keeps the limit, and tells how many went, once', async () => {
  const { gallery, trimmed, told, shelf } = studio()
  await Promise.all([gallery.onMade(), gallery.onMade()])
  expect(trimmed).toEqual([1e9, 1e9])
  expect(shelf.getState().results.map(({ id }) => id)).toEqual(['5', '4'])
  expect(told()).toEqual(['The oldest result without a star was deleted, to keep at most 1.0 GB.'])
})

it('taking in takes nothing away: how much is over the limit is told once, and leads to the question', async () => {
  const { gallery, trimmed, told, take, shelf, dialogs, toasts, settings } = studio([itemOf(2)])
  await take([itemOf(7), itemOf(6)])
  expect(trimmed).toEqual([])
  // What had not been read yet counts, too.
  expect(shelf.getState().results).toHaveLength(6)
  expect(told()).toEqual([
    '2 taken into the results.',
    'Results without a star take 1.4 GB more than the 1.0 GB that you keep. The oldest go once a picture is made.',
  ])
  expect(shelf.getState().overLimit).toBe(true)
  toasts.getState().toasts[1].action?.run()
  expect(dialogs.getState().dialog).toEqual({ kind: 'gallery' })
  await gallery.setLimit(1e10)
  expect(settings.getState().resultsLimit).toBe(1e10)
  expect(shelf.getState().overLimit).toBe(false)
  expect(told().filter((message) => message.includes('that you keep'))).toEqual([])
})

it('an open gallery asks by itself, and within the limit nobody is asked', async () => {
  const { take, told, dialogs, shelf, put, gallery } = studio()
  dialogs.setState({ dialog: { kind: 'gallery' } })
  await take([itemOf(6)])
  expect([told(), shelf.getState().overLimit]).toEqual([['1 taken into the results.'], true])
  shelf.setState({ overLimit: false })
  put((results) => results.map((one) => ({ ...one, starred: true })))
  await gallery.onTaken()
  expect(shelf.getState().overLimit).toBe(false)
  const free = studio([], null)
  await free.take([itemOf(6)])
  await free.gallery.onMade()
  expect([free.shelf.getState().overLimit, free.trimmed]).toEqual([false, []])
})
