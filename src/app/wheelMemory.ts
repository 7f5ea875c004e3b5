import type { WheelUse } from '@/canvas/wheel'
import type { ViewStore } from '@/ui/stores/view'

const KEY = 'inlay-wheel'
const USES: readonly WheelUse[] = ['auto', 'zoom', 'pan']

/** What scrolling does on the canvas, in this browser. */
export function recallWheel(): WheelUse {
  try {
    return USES.find((use) => use === localStorage.getItem(KEY)) ?? 'auto'
  } catch {
    return 'auto'
  }
}

/** Remembers the setting whenever it changes. */
export function rememberWheel(view: ViewStore): void {
  view.subscribe(({ wheel }, last) => {
    if (wheel === last.wheel) return
    try {
      localStorage.setItem(KEY, wheel)
    } catch {
      // Private windows may forbid it; the setting then lasts as long as the page.
    }
  })
}
