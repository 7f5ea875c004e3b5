import { useRef, type ReactNode } from 'react'

import { rename } from '@/document/commands'
import type { Layer } from '@/schema/document'
import { ownKeys } from '@/ui/keys'
import { useStudio } from '@/ui/studio'
import { say } from '@/words/say'

interface LayerNameProps {
  layer: Layer
  /** A few words below the name. */
  about: string
  selected: boolean
  locked: boolean
  editing: boolean
  onEditing(editing: boolean): void
}

/** The name of a layer: a click selects it, a double click or F2 renames it, as does a button of its row. */
export function LayerName(props: LayerNameProps): ReactNode {
  const { layer, about, selected, locked, editing, onEditing } = props
  const { document } = useStudio()
  const field = useRef<HTMLInputElement>(null)

  if (editing)
    return (
      <input
        ref={field}
        className="field layer-rename"
        aria-label={say('New name of {name}', { name: layer.name })}
        defaultValue={layer.name}
        autoFocus
        onFocus={(event) => event.currentTarget.select()}
        onBlur={(event) => {
          rename(document, layer.id, event.currentTarget.value)
          onEditing(false)
        }}
        onKeyDown={ownKeys({
          Enter: () => field.current?.blur(),
          Escape() {
            // A browser may still tell of the lost focus; then nothing is to change.
            if (field.current) field.current.value = layer.name
            onEditing(false)
          },
        })}
      />
    )
  return (
    <button
      type="button"
      className="layer-name"
      aria-pressed={selected}
      title={locked ? undefined : say('Double-click or F2 to rename')}
      onClick={() => document.actions.select(layer.id)}
      onDoubleClick={() => onEditing(!locked)}
      onKeyDown={ownKeys({ F2: () => onEditing(!locked) })}
    >
      <span>{layer.name}</span>
      <small>{about}</small>
    </button>
  )
}
