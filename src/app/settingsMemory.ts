import type { Bindings } from '@/ui/bindings'
import { isShortcutId } from '@/ui/keymap'
import {
  CONTRASTS,
  EXPORT_FORMATS,
  THEMES,
  USUAL_QUALITY,
  type Settings,
  type SettingsStore,
} from '@/ui/stores/settings'
import { LANGUAGES } from '@/words/languages'
import * as v from 'valibot'

const KEY = 'inlay-settings'
/** Where what scrolling does was kept before there were other settings. */
const OLD_WHEEL = 'inlay-wheel'

const Presses = v.array(v.string())
const Wheel = v.picklist(['auto', 'zoom', 'pan'])
/** What is not understood, say of a later version, is left out; the rest holds. */
const Remembered = v.object({
  language: v.fallback(v.picklist(['system', ...LANGUAGES]), 'system'),
  theme: v.fallback(v.picklist(THEMES), 'system'),
  contrast: v.fallback(v.picklist(CONTRASTS), 'system'),
  wheel: v.fallback(Wheel, 'auto'),
  resultsLimit: v.fallback(v.nullable(v.pipe(v.number(), v.minValue(1e8))), null),
  toured: v.fallback(v.boolean(), false),
  exportFormat: v.fallback(v.picklist(EXPORT_FORMATS), 'jpeg'),
  exportQuality: v.fallback(v.pipe(v.number(), v.minValue(0.1), v.maxValue(1)), USUAL_QUALITY),
  exportDeep: v.fallback(v.boolean(), true),
  keys: v.fallback(v.record(v.string(), v.unknown()), {}),
})

/** The settings of this browser. */
export function recallSettings(): Partial<Settings> {
  try {
    const kept = localStorage.getItem(KEY)
    if (kept === null) return { wheel: v.parse(v.fallback(Wheel, 'auto'), localStorage.getItem(OLD_WHEEL)) }
    const { keys, ...rest } = v.parse(Remembered, JSON.parse(kept))
    const bound = Object.entries(keys).filter(([id, presses]) => isShortcutId(id) && v.is(Presses, presses))
    return { ...rest, keys: Object.fromEntries(bound) as Bindings }
  } catch {
    return {}
  }
}

/** Remembers them whenever they change, and takes over what another tab remembers. */
export function rememberSettings(settings: SettingsStore): void {
  let hearing = false
  window.addEventListener('storage', ({ key }) => {
    if (key !== KEY) return
    hearing = true
    settings.setState(recallSettings())
    hearing = false
  })
  settings.subscribe((state) => {
    if (hearing) return
    try {
      localStorage.setItem(KEY, JSON.stringify(state))
      localStorage.removeItem(OLD_WHEEL)
    } catch {
      // Private windows may forbid it; they then last as long as the page.
    }
  })
}
