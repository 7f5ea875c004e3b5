import type { Studio } from '@/ui/studio'

export interface Shortcut {
  /** As ui/keys names presses; none where a control listens by itself. */
  keys: string[]
  /** As the sheet shows it; each inner list is pressed together. */
  shown: string[]
  label: string
  group: 'Picture' | 'Canvas' | 'Layer' | 'Fuse'
  /** Works while somebody types, too; `prompt`: in the prompt alone, other fields have the browser's own. */
  whileTyping?: true | 'prompt'
  /** Only when the focus is on the canvas, on a layer, or nowhere: other controls need the key themselves. */
  canvasOnly?: boolean
  run(studio: Studio, event: KeyboardEvent): void
}
