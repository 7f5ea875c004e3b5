import type { ReactNode } from 'react'

import { MOD } from '@/ui/platform'

/** The keys that paste. */
export const PasteKeys = (): ReactNode => (
  <>
    <kbd>{MOD}</kbd> <kbd>V</kbd>
  </>
)
