import type { ReactNode } from 'react'

import { keyName } from '@/ui/bindings'

/** The keys that paste. */
export const PasteKeys = (): ReactNode => (
  <>
    <kbd>{keyName('mod')}</kbd> <kbd>V</kbd>
  </>
)
