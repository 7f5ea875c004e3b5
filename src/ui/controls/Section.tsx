import { useId, type ReactNode } from 'react'

interface SectionProps {
  title: string
  /** Buttons at the right of the title. */
  actions?: ReactNode
  children: ReactNode
}

/** A titled part of a panel. */
export function Section({ title, actions, children }: SectionProps): ReactNode {
  const id = useId()
  return (
    <section className="section" aria-labelledby={id}>
      <div className="section-head">
        <h2 id={id}>{title}</h2>
        {actions && <div className="row">{actions}</div>}
      </div>
      {children}
    </section>
  )
}
