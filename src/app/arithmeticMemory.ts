import { Arithmetic } from '@/schema/common'
import * as v from 'valibot'

const KEY = 'inlay-arithmetic'

/** How exactly this browser's GPU computes; not part of a document, which opens on other devices too. */
export function recallArithmetic(): Arithmetic {
  try {
    const found = v.safeParse(Arithmetic, localStorage.getItem(KEY))
    return found.success ? found.output : 'exact'
  } catch {
    return 'exact'
  }
}

export function rememberArithmetic(arithmetic: Arithmetic): void {
  try {
    localStorage.setItem(KEY, arithmetic)
  } catch {
    // Private windows may forbid it; the setting then lasts as long as the page.
  }
}
