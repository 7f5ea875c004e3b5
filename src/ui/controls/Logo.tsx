import type { ReactNode } from 'react'

/** The mark: a diamond of lighter wood inlaid into a darker square. */
export function Logo({ className }: { className?: string }): ReactNode {
  return (
    <svg className={className} viewBox="0 0 32 32" aria-hidden="true">
      <rect x="2" y="2" width="28" height="28" rx="8" fill="#2a241b" />
      <rect x="2.5" y="2.5" width="27" height="27" rx="7.5" fill="none" stroke="#fff" strokeOpacity="0.09" />
      <path d="M16 6.5 25.5 16 16 25.5 6.5 16z" fill="#e8ad55" />
      <path d="M16 6.5 25.5 16H16z" fill="#f6d49a" />
      <path d="M16 25.5 6.5 16H16z" fill="#b9782a" />
    </svg>
  )
}
