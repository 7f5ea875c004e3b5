import { printedKeys } from '@/ui/bindings'
import type { ShortcutId } from '@/ui/keymap'
import { useSettings } from '@/ui/studio'

/** Makes tooltips that name a shortcut's keys as they are bound now: "Undo (Ctrl+Z)". */
export function useTitled(): (text: string, id: ShortcutId) => string {
  const bound = useSettings(({ keys }) => keys)
  return (text, id) => {
    const keys = printedKeys(id, bound)
    return keys ? `${text} (${keys})` : text
  }
}
