import type { ShortcutId } from '@/ui/keymap'
import type { Studio } from '@/ui/studio'
import type { PlainMessage } from '@/words/say'

export interface Shortcut {
  id: ShortcutId
  label: PlainMessage
  group: 'Picture' | 'Canvas' | 'Layer' | 'Fuse'
  /** Works while somebody types, too; `prompt`: in the prompt alone, other fields have the browser's own. */
  whileTyping?: true | 'prompt'
  /** Only when the focus is on the canvas, on a layer, or nowhere: other controls need the key themselves. */
  canvasOnly?: boolean
  run(studio: Studio, event: KeyboardEvent): void
}
