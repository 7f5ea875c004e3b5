import type { DeletedResults } from '@/app/deletedResults'
import type { Pixels } from '@/app/pixels/client'
import type { Results } from '@/app/results'
import { oldestBeyond } from '@/base/oldestBeyond'
import { createQueue } from '@/base/queue'
import { bytes } from '@/ui/bytes'
import type { DialogStore } from '@/ui/stores/dialogs'
import type { GalleryService } from '@/ui/studio'
import type { SettingsStore } from '@/ui/stores/settings'
import type { ShelfStore } from '@/ui/stores/shelf'
import type { ToastAction, ToastStore } from '@/ui/stores/toasts'
import { say } from '@/words/say'

interface GalleryOptions {
  shelf: ShelfStore
  settings: SettingsStore
  toasts: ToastStore
  dialogs: DialogStore
  pixels: Pick<Pixels, 'trimResults' | 'starResult' | 'resultFile' | 'importResults' | 'progressPort'>
  results: Pick<Results, 'load' | 'list' | 'drop'>
  deleted: Pick<DeletedResults, 'undo'>
}

export interface Gallery extends GalleryService {
  /** Pictures were made: the limit holds. */
  onMade(): Promise<void>
  /** Results came from files: none goes for that, but where they are more than the limit the user is asked. */
  onTaken(): Promise<void>
}

/** Problems of files that are told; hundreds would hide each other. */
const MOST_TOLD = 3

/** Every result of this browser: all of them listed, stars, files that are taken in, and the limit of what is kept. */
export function createGallery(options: GalleryOptions): Gallery {
  const { shelf, settings, toasts, dialogs, pixels, results, deleted } = options
  let taking: AbortController | null = null
  /** Leads from a toast to the question what is to go. */
  let offered: ToastAction | null = null
  /** Two at once would each tell of the same results. */
  const inTurn = createQueue()

  /** Once more than the limit is there, the oldest without a star go, and that is told. */
  const trim = (): Promise<void> =>
    inTurn(async () => {
      const { resultsLimit } = settings.getState()
      shelf.setState({ overLimit: false })
      if (resultsLimit === null) return
      const done = await pixels.trimResults(resultsLimit)
      if (!done.ok) return toasts.actions.problem(done.problem)
      const { length: n } = done.value
      if (n === 0) return
      results.drop(done.value)
      const limit = bytes(resultsLimit)
      toasts.actions.note(
        n === 1
          ? say('The oldest result without a star was deleted, to keep at most {limit}.', { limit })
          : say('The {n} oldest results without a star were deleted, to keep at most {limit}.', { n, limit }),
      )
    })

  const loadAll = async (): Promise<void> => {
    for (let shown = -1; shown !== shelf.getState().results.length;) {
      shown = shelf.getState().results.length
      await results.load()
    }
  }

  const ask = async (): Promise<void> => {
    const { resultsLimit } = settings.getState()
    if (resultsLimit === null) return
    await loadAll()
    const { results: listed } = shelf.getState()
    if (oldestBeyond(listed, resultsLimit).length === 0) return
    shelf.setState({ overLimit: true })
    // An open gallery asks by itself.
    if (dialogs.getState().dialog?.kind === 'gallery') return
    const kept = listed.reduce((sum, one) => sum + (one.starred ? 0 : one.bytes), 0)
    const sizes = { over: bytes(kept - resultsLimit), limit: bytes(resultsLimit) }
    if (offered) toasts.actions.withdraw(offered)
    offered = { label: say('Decide now'), run: () => dialogs.setState({ dialog: { kind: 'gallery' } }) }
    toasts.actions.offer(
      say(
        'Results without a star take {over} more than the {limit} that you keep. The oldest go once a picture is made.',
        sizes,
      ),
      offered,
    )
  }
  const onTaken = (): Promise<void> => inTurn(ask)
  shelf.subscribe((state, last) => {
    if (last.overLimit && !state.overLimit && offered) toasts.actions.withdraw(offered)
  })

  return {
    loadAll,
    onTaken,
    onMade: trim,
    undelete: deleted.undo,

    async setLimit(resultsLimit) {
      settings.setState({ resultsLimit })
      await trim()
    },

    async star(id, starred) {
      const done = await pixels.starResult(id, starred)
      if (!done.ok) return toasts.actions.problem(done.problem)
      shelf.setState((state) => ({
        results: state.results.map((one) => (one.id === id ? { ...one, starred } : one)),
      }))
    },

    async picture(id) {
      const file = await pixels.resultFile(id)
      if (file.ok) return file.value
      toasts.actions.problem(file.problem)
      return null
    },

    async take(files) {
      if (taking) return toasts.actions.note(say('Wait until the other files are taken in, or stop that.'))
      const { signal } = (taking = new AbortController())
      const tell = (fraction: number) => shelf.setState({ taking: { fraction, stopping: signal.aborted } })
      tell(0)
      const done = await pixels.importResults(files, pixels.progressPort(signal, tell))
      taking = null
      shelf.setState({ taking: null })
      if (!done.ok) return toasts.actions.problem(done.problem)
      const { results: taken, known, plain, problems } = done.value
      results.list(taken)
      if (taken.length > 0) void onTaken()
      const words = [
        taken.length > 0 && say('{n} taken into the results.', { n: taken.length }),
        known > 0 && say('{n} there already.', { n: known }),
        plain > 0 && say('{n} without a recipe left out.', { n: plain }),
      ].filter(Boolean)
      if (words.length > 0) toasts.actions.note(words.join(' '))
      for (const problem of problems.slice(0, MOST_TOLD)) toasts.actions.problem(problem)
    },
    stopTaking() {
      taking?.abort()
      shelf.setState((state) => ({ taking: state.taking && { ...state.taking, stopping: true } }))
    },
  }
}
