import type { Pixels } from '@/app/pixels/client'
import type { Results } from '@/app/results'
import type { GalleryService } from '@/ui/studio'
import type { SettingsStore } from '@/ui/stores/settings'
import type { ShelfStore } from '@/ui/stores/shelf'
import type { ToastStore } from '@/ui/stores/toasts'
import { say } from '@/words/say'

interface GalleryOptions {
  shelf: ShelfStore
  settings: SettingsStore
  toasts: ToastStore
  pixels: Pixels
  results: Results
}

/** Problems of files that are told; hundreds would hide each other. */
const MOST_TOLD = 3

/** Every result of this browser: all of them listed, stars, files that are taken in, and the limit of what is kept. */
export function createGallery({ shelf, settings, toasts, pixels, results }: GalleryOptions): GalleryService {
  let taking: AbortController | null = null
  /** Once more than the limit is there, the oldest without a star go. */
  const trim = async (): Promise<void> => {
    const { resultsLimit } = settings.getState()
    if (resultsLimit === null) return
    const done = await pixels.trimResults(resultsLimit)
    if (!done.ok) toasts.actions.problem(done.problem)
    else if (done.value.length > 0) results.drop(done.value)
  }
  shelf.subscribe((state, last) => {
    if (state.results[0] && state.results[0].id !== last.results[0]?.id) void trim()
  })
  settings.subscribe((state, last) => {
    if (state.resultsLimit !== last.resultsLimit) void trim()
  })

  return {
    async loadAll() {
      for (let shown = -1; shown !== shelf.getState().results.length;) {
        shown = shelf.getState().results.length
        await results.load()
      }
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
