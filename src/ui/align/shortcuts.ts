import type { Shortcut } from '@/ui/shortcut'

export const alignShortcuts: readonly Shortcut[] = [
  {
    keys: ['s'],
    shown: ['S'],
    label: 'Sample pictures (Align)',
    group: 'Fuse',
    run: ({ modes }) => void modes.align.sample(),
  },
]
