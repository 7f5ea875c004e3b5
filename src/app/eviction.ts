import { say } from '@/words/say'
import type { Pixels } from '@/app/pixels/client'
import { assetsOf } from '@/document/queries'
import type { DocumentStore } from '@/document/store'
import type { Autosave } from '@/storage/autosave'
import { onDatabaseClosed } from '@/storage/database'
import type { ToastStore } from '@/ui/stores/toasts'

interface EvictionOptions {
  document: DocumentStore
  toasts: ToastStore
  pixels: Pixels
  autosave: Autosave
}

/**
 * The browser may delete all that was stored while the studio is open: it was short of room, or the user cleared the site's data.
 * The open document is stored again then, with those of its pictures that are in memory.
 */
export function watchEviction({ document, toasts, pixels, autosave }: EvictionOptions): void {
  onDatabaseClosed(() => void storeAgain())

  const storeAgain = async (): Promise<void> => {
    const shown = new Set(assetsOf(document.getState().document).map(({ hash }) => hash))
    const had = await Promise.all([...shown].map((hash) => pixels.has(hash)))
    const isGone = had.some((has) => !has.ok || !has.value)
    let lost = 0
    for (const hash of new Set([...shown, ...document.liveAssets()])) {
      const done = await pixels.persist(hash)
      if (done.ok || !shown.has(hash)) continue
      if (done.problem.code === 'missing-asset') lost++
      else toasts.actions.problem(done.problem)
    }
    // What fails here is told by whoever shows whether all is saved.
    const saved = await autosave.again()
    if (!isGone) return
    const told = say('The browser has deleted what the studio had stored here.')
    if (lost === 0 && saved) toasts.actions.note(`${told} ${say('The open document is stored again.')}`)
    else if (lost > 0)
      toasts.actions.problem({
        code: 'missing-asset',
        message: told,
        hint: say('Pictures of the open document that are gone: {n}. Drop their files in again.', {
          n: lost,
        }),
      })
  }
}
