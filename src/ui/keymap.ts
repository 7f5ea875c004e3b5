/** The keys of every shortcut before anybody changes them, as ui/keys names presses. */
export const KEYMAP = {
  'open-background': ['o'],
  'add-pictures': ['shift+o'],
  download: ['mod+s'],
  'download-psd': ['mod+shift+s'],
  export: ['shift+e'],
  'save-project': ['shift+s'],
  'open-project': ['mod+o'],
  undo: ['mod+z'],
  redo: ['mod+shift+z', 'mod+y'],
  documents: ['d'],
  gallery: ['shift+r'],
  models: ['m'],
  settings: ['?'],
  select: ['v'],
  box: ['b'],
  'paint-front': ['p'],
  'paint-ground': ['g'],
  guides: ['u'],
  pan: ['h'],
  'zoom-in': ['+', '='],
  'zoom-out': ['-'],
  fit: ['0'],
  'actual-size': ['1'],
  nudge: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'],
  'nudge-far': ['shift+ArrowLeft', 'shift+ArrowRight', 'shift+ArrowUp', 'shift+ArrowDown'],
  up: [']'],
  down: ['['],
  duplicate: ['mod+d'],
  delete: ['Delete', 'Backspace'],
  rename: ['F2'],
  lock: ['k'],
  alone: ['i'],
  merge: ['mod+e'],
  flip: ['x'],
  'cut-out': ['c'],
  mask: ['e'],
  fuse: ['f'],
  'fuse-anywhere': ['mod+Enter'],
  escape: ['Escape'],
  accept: ['a'],
  another: ['r'],
  peek: ['\\'],
  overlay: ['l'],
  changes: ['w'],
  sample: ['s'],
} as const satisfies Record<string, readonly string[]>

export type ShortcutId = keyof typeof KEYMAP

/** Those whose keys cannot be changed: controls listen to them by themselves, or need them. */
const FIXED: readonly ShortcutId[] = ['nudge', 'nudge-far', 'rename', 'escape']
export const isFixed = (id: ShortcutId): boolean => FIXED.includes(id)

export const isShortcutId = (id: string): id is ShortcutId => Object.hasOwn(KEYMAP, id)
