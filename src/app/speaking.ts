import { problemOf } from '@/base/errors'
import type { SettingsStore } from '@/ui/stores/settings'
import type { ToastStore } from '@/ui/stores/toasts'
import { languageOf } from '@/words/languages'
import { language, say, setLanguage } from '@/words/say'

/**
 * Has the page speak the language that is set, and the document say which it is. Ends once it does. What the browser
 * speaks is asked at the start alone: the page is drawn anew in another language, and nobody has asked for that.
 */
export async function keepLanguage(settings: SettingsStore, toasts: ToastStore): Promise<void> {
  const apply = async () => {
    const chosen = settings.getState().language
    await setLanguage(chosen === 'system' ? languageOf(navigator.languages) : chosen).catch(
      (error: unknown) =>
        toasts.actions.problem(
          {
            code: 'network',
            message: 'The language could not be loaded.',
            hint: 'Look at the connection, then try again.',
            detail: problemOf(error).detail ?? '',
          },
          { label: say('Try again'), run: () => void apply() },
        ),
    )
    window.document.documentElement.lang = language.getState()
  }
  settings.subscribe((state, last) => {
    if (state.language !== last.language) void apply()
  })
  await apply()
}
