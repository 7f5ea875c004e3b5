import { problemOf } from '@/base/errors'
import type { SettingsStore } from '@/ui/stores/settings'
import type { ToastStore } from '@/ui/stores/toasts'
import { languageOf } from '@/words/languages'
import { language, setLanguage } from '@/words/say'

/** Has the page speak the language that is set, and the document say which it is. Ends once it does. */
export async function keepLanguage(settings: SettingsStore, toasts: ToastStore): Promise<void> {
  const apply = async () => {
    const chosen = settings.getState().language
    const wanted = chosen === 'system' ? languageOf(navigator.languages) : chosen
    if (wanted === language.getState()) return
    await setLanguage(wanted).catch((error: unknown) => toasts.actions.problem(problemOf(error)))
    window.document.documentElement.lang = language.getState()
  }
  settings.subscribe((state, last) => {
    if (state.language !== last.language) void apply()
  })
  window.addEventListener('languagechange', () => void apply())
  await apply()
}
