import type { ReactNode } from 'react'

import { isOfKind } from '@/document/packs'
import type { PartKind } from '@/families/registry'
import { useModels } from '@/ui/studio'
import { say } from '@/words/say'

interface TransformerChoiceProps {
  kind: PartKind
  label: string
  /** Hash of the chosen pack; null: none is. */
  chosen: string | null
  /** Which is taken then, in words. */
  otherwise?: string
  onChange(hash: string | null): void
}

/** Which pack, where several of a kind are installed: their precisions can be compared. */
export function TransformerChoice({
  kind,
  label,
  chosen,
  otherwise = say('The newest'),
  onChange,
}: TransformerChoiceProps): ReactNode {
  const installed = useModels((state) => state.installed)
  const packs = installed.filter((pack) => isOfKind(pack, kind) && !pack.problem)
  if (packs.length < 2) return null
  return (
    <label className="control">
      <span className="label">{label}</span>
      <select
        className="field"
        value={packs.some(({ hash }) => hash === chosen) ? (chosen ?? '') : ''}
        onChange={(event) => onChange(event.target.value || null)}
      >
        <option value="">{otherwise}</option>
        {packs.map(({ id, hash, name, precision }) => (
          <option key={id} value={hash}>
            {name}, {precision}
          </option>
        ))}
      </select>
    </label>
  )
}
