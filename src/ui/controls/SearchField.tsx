import { Search } from 'lucide-react'
import type { ReactNode } from 'react'

import { ownKeys } from '@/ui/keys'

interface SearchFieldProps {
  /** For screen readers. */
  label: string
  placeholder: string
  value: string
  testId?: string
  onChange(value: string): void
}

/** Words that something is searched by. */
export function SearchField({ label, placeholder, value, testId, onChange }: SearchFieldProps): ReactNode {
  return (
    <label className="search-field">
      <Search aria-hidden="true" />
      <input
        type="search"
        className="field"
        aria-label={label}
        placeholder={placeholder}
        data-testid={testId}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        // Escape takes the words back before it closes the dialog.
        onKeyDown={ownKeys({ Escape: () => value !== '' && (onChange(''), true) })}
      />
    </label>
  )
}
