import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

/** Settings that most people never need, folded away. */
export function Advanced({ children }: { children: ReactNode }): ReactNode {
  return (
    <details className="advanced">
      <summary>
        <ChevronRight aria-hidden="true" /> Advanced
      </summary>
      <div className="stack">{children}</div>
    </details>
  )
}
