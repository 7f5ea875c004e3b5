import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { createDeletedResults } from '@/app/deletedResults'
import type { Problem } from '@/base/errors'
import type { Recipe } from '@/schema/recipe'
import { createShelfStore, type ShelfItem } from '@/ui/stores/shelf'
import { createToastStore } from '@/ui/stores/toasts'

const recipe = { mode: 'place' } as Recipe
const itemOf = (time: number): ShelfItem => ({
  ...{ id: String(time), time, recipe, bytes: 1, starred: true },
  thumbnail: `blob:${time}`,
})
const failed: Problem = { code: 'storage-failed', message: 'It failed.', hint: 'Try again.' }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Three results, 3 to 1, and a disk that says what it was asked for. */
function studio(answer: (call: string) => Problem | null = () => null) {
  const [shelf, toasts] = [createShelfStore(), createToastStore()]
  shelf.setState({ results: [3, 2, 1].map(itemOf) })
  const calls: string[] = []
  const call = <T>(name: string, value: T) => {
    calls.push(name)
    const problem = answer(name)
    return Promise.resolve(problem ? { ok: false as const, problem } : { ok: true as const, value })
  }
  const drop = vi.fn((ids: readonly string[]) =>
    shelf.setState(({ results, deleted }) => ({
      results: results.filter(({ id }) => !ids.includes(id)),
      deleted: deleted.filter(({ id }) => !ids.includes(id)),
    })),
  )
  const deleted = createDeletedResults({
    ...{ shelf, toasts, results: { drop } },
    pixels: {
      deleteResult: (id) => call(`delete ${id}`, true),
      undeleteResult: (id) => call(`undelete ${id}`, null),
      purgeResult: (id) => call(`purge ${id}`, true),
      removeResult: (id) => call(`remove ${id}`, true),
    },
  })
  const shown = () => shelf.getState().results.map(({ id }) => id)
  const told = () => toasts.getState().toasts.map(({ message }) => message)
  /** As the page does: the toast goes, then what it offers is done. */
  const press = () => {
    const offer = toasts.getState().toasts.find(({ action }) => action)
    if (!offer) return expect.fail('nothing is offered')
    toasts.actions.dismiss(offer.id)
    offer.action?.run()
    return vi.advanceTimersByTimeAsync(0)
  }
  return { shelf, toasts, deleted, calls, drop, shown, told, press }
}

it('a deleted result leaves the list at once, and the disk when its toast goes', async () => {
  const { deleted, calls, shown, told, shelf, drop } = studio()
  const removing = deleted.remove('2')
  expect(shown()).toEqual(['3', '1'])
  expect(told()).toEqual(['The result is deleted.'])
  await removing
  await vi.advanceTimersByTimeAsync(4900)
  expect([calls, drop.mock.calls.length]).toEqual([['delete 2'], 0])
  expect(shelf.getState().deleted).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(200)
  expect(calls).toEqual(['delete 2', 'purge 2'])
  expect([shelf.getState().deleted, told()]).toEqual([[], []])
})

it('Undo brings all of them back, each to its place, and none goes later', async () => {
  const { deleted, calls, shown, told, press, toasts } = studio()
  await deleted.remove('3')
  await vi.advanceTimersByTimeAsync(4000)
  await deleted.remove('1')
  expect(told()).toEqual(['2 results are deleted.'])
  // The first toast's time would be over by now.
  await vi.advanceTimersByTimeAsync(4000)
  expect(calls).toEqual(['delete 3', 'delete 1'])
  await press()
  expect(shown()).toEqual(['3', '2', '1'])
  await vi.advanceTimersByTimeAsync(10_000)
  expect(calls.slice(2)).toEqual(['undelete 3', 'undelete 1'])
  expect(toasts.getState().toasts).toEqual([])
})

it('one whose toast is closed, or that the page leaves behind, goes at once', async () => {
  const { deleted, calls, toasts } = studio()
  await deleted.remove('2')
  toasts.actions.dismiss(toasts.getState().toasts[0].id)
  await vi.advanceTimersByTimeAsync(0)
  expect(calls).toEqual(['delete 2', 'purge 2'])
  await deleted.remove('1')
  await deleted.settle()
  expect(calls.slice(2)).toEqual(['delete 1', 'purge 1'])
  expect(toasts.getState().toasts).toEqual([])
})

it('one that cannot be deleted comes back, and that is told', async () => {
  const { deleted, shown, told, shelf } = studio(() => failed)
  await deleted.remove('2')
  expect(shown()).toEqual(['3', '2', '1'])
  expect(told()).toEqual(['It failed.'])
  expect(shelf.getState().deleted).toEqual([])
})

it('one that cannot be brought back yet is offered again; one that is gone leaves the list', async () => {
  let problem: Problem | null = failed
  const { deleted, shown, shelf, press, told, calls } = studio((call) =>
    call.startsWith('un') ? problem : null,
  )
  await deleted.remove('2')
  await press()
  // The disk has it as deleted: so do the lists.
  expect(shown()).toEqual(['3', '1'])
  expect(told().toSorted()).toEqual(['It failed.', 'The result is deleted.'])
  problem = { ...failed, code: 'missing-asset' }
  await press()
  expect([shown(), shelf.getState().deleted]).toEqual([['3', '1'], []])
  expect(calls).toEqual(['delete 2', 'undelete 2', 'undelete 2'])
})

it('on a full disk, where there is no room for a mark, one goes at once', async () => {
  const { deleted, calls, shown, told, shelf } = studio((call) =>
    call.startsWith('delete') ? { ...failed, code: 'storage-full' } : null,
  )
  await deleted.remove('2')
  expect(calls).toEqual(['delete 2', 'remove 2'])
  expect([shown(), shelf.getState().deleted, told()]).toEqual([['3', '1'], [], []])
})
