import type { Pixels } from '@/app/pixels/client'
import type { ListedResult } from '@/app/pixels/protocol'
import type { Results } from '@/app/results'
import type { GalleryService } from '@/ui/studio'
import type { SettingsStore } from '@/ui/stores/settings'
import type { ShelfStore } from '@/ui/stores/shelf'
import type { ToastStore } from '@/ui/stores/toasts'

interface GalleryOptions {
  shelf: ShelfStore
  settings: SettingsStore
  toasts: ToastStore
  pixels: Pixels
  results: Results
}

/** Every result of this browser: all of them listed, stars, files that are taken in, and the limit of what is kept. */
export function createGallery({ shelf, settings, toasts, pixels, results }: GalleryOptions): GalleryService {
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

    async take(files) {
      const taken: ListedResult[] = []
      let known = 0
      for (const file of files) {
        const done = await pixels.importResult(file, file.name)
        if (!done.ok)
          toasts.actions.problem({ ...done.problem, message: `${file.name}: ${done.problem.message}` })
        else if (done.value) taken.unshift(done.value)
        else known += 1
      }
      results.list(taken)
      const words = [
        taken.length > 0 && `${taken.length} taken into the results.`,
        known > 0 && `${known} there already.`,
      ].filter(Boolean)
      if (words.length > 0) toasts.actions.note(words.join(' '))
    },
  }
}
