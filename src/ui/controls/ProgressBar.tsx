import type { ReactNode } from 'react'

/** How much of something is done, as a bar; `total` 0: nobody knows. */
export function ProgressBar(props: { label: string; done: number; total: number }): ReactNode {
  const { label, done, total } = props
  const percent = total > 0 ? Math.min(100, Math.round((100 * done) / total)) : 0
  return (
    <div
      className={total > 0 ? 'progress-track' : 'progress-track unknown'}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={total > 0 ? percent : undefined}
    >
      <div style={{ width: `${percent}%` }} />
    </div>
  )
}
