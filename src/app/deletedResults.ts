/** Results that were deleted: Undo brings them back as long as a toast offers it, then they go for good. */
import type { Pixels } from '@/app/pixels/client'
import type { Results } from '@/app/results'
import { createQueue } from '@/base/queue'
import type { ShelfStore } from '@/ui/stores/shelf'
import type { ToastAction, ToastStore } from '@/ui/stores/toasts'
import { say } from '@/words/say'

interface DeletedResultsOptions {
  shelf: ShelfStore
  toasts: ToastStore
  pixels: Pick<Pixels, 'deleteResult' | 'undeleteResult' | 'purgeResult' | 'removeResult'>
  results: Pick<Results, 'drop'>
}

export interface DeletedResults {
  /** Takes a result from the lists, and offers to bring it back. */
  remove(id: string): Promise<void>
  /** Brings back all that the shelf has as deleted. */
  undo(): Promise<void>
  /** They go for good, now. */
  settle(): Promise<void>
}

export function createDeletedResults(options: DeletedResultsOptions): DeletedResults {
  const { shelf, toasts, pixels, results } = options
  /** The lists change at once, the disk in the order in which they did. */
  const inTurn = createQueue()
  /** Of the toast that is shown: there is one for all of them. */
  let offered: ToastAction | null = null

  const endOffer = (): void => {
    const last = offered
    offered = null
    if (last) toasts.actions.withdraw(last)
  }

  const offer = (): void => {
    endOffer()
    const { length: n } = shelf.getState().deleted
    if (n === 0) return
    const action: ToastAction = { label: say('Undo'), run: () => void undo() }
    toasts.actions.note(
      n === 1 ? say('The result is deleted.') : say('{n} results are deleted.', { n }),
      action,
    )
    offered = action
  }

  // However the toast went: its time was over, it was closed, others took its place.
  toasts.subscribe(({ toasts: shown }) => {
    const last = offered
    if (!last || shown.some(({ action }) => action === last)) return
    // Undo takes its toast away before it is run.
    queueMicrotask(() => {
      if (offered === last) void settle()
    })
  })

  const settle = async (): Promise<void> => {
    endOffer()
    const ids = shelf.getState().deleted.map(({ id }) => id)
    results.drop(ids)
    for (const id of ids) {
      const done = await inTurn(() => pixels.purgeResult(id))
      // It stays deleted; a sweep takes it later.
      if (!done.ok) toasts.actions.problem(done.problem)
    }
  }

  /** Lists deleted ones again, each in its place. */
  const list = (isMeant: (id: string) => boolean): void =>
    shelf.setState(({ results: listed, deleted }) => ({
      results: [...listed, ...deleted.filter(({ id }) => isMeant(id))].sort((a, b) => b.time - a.time),
      deleted: deleted.filter(({ id }) => !isMeant(id)),
    }))

  /** It is listed once the disk has it again: what is listed but marked as deleted there would go with the next sweep. */
  const undelete = async (id: string): Promise<void> => {
    const done = await inTurn(() => pixels.undeleteResult(id))
    if (done.ok) return list((one) => one === id)
    if (done.problem.code === 'missing-asset') results.drop([id])
    toasts.actions.problem(done.problem)
  }

  /** A mark needs room, which a full disk has not: deleting must work there above all. */
  const removeNow = async (id: string): Promise<void> => {
    const done = await inTurn(() => pixels.removeResult(id))
    if (done.ok) return results.drop([id])
    list((one) => one === id)
    toasts.actions.problem(done.problem)
  }

  const undo = async (): Promise<void> => {
    endOffer()
    await Promise.all(shelf.getState().deleted.map(({ id }) => undelete(id)))
    offer()
  }

  return {
    undo,
    settle,
    async remove(id) {
      shelf.setState(({ results: listed, deleted }) => ({
        results: listed.filter((one) => one.id !== id),
        deleted: [...deleted, ...listed.filter((one) => one.id === id)],
      }))
      offer()
      const done = await inTurn(() => pixels.deleteResult(id))
      if (done.ok && done.value) return
      if (done.ok) results.drop([id])
      else if (done.problem.code === 'storage-full') await removeNow(id)
      else {
        list((one) => one === id)
        toasts.actions.problem(done.problem)
        // A worker that was lost may have marked it before.
        void inTurn(() => pixels.undeleteResult(id))
      }
      offer()
    },
  }
}
