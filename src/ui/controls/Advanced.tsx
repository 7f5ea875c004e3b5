import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { say } from '@/words/say'

/** Settings that most people never need, folded away. */
export function Advanced({ children }: { children: ReactNode }): ReactNode {
  return (
    <details className="advanced">
      <summary>
        <ChevronRight aria-hidden="true" /> {say('Advanced')}
      </summary>
      <div className="stack">{children}</div>
    </details>
  )
}
