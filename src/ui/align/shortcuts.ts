import type { Shortcut } from '@/ui/shortcut'

export const alignShortcuts: readonly Shortcut[] = [
  {
    id: 'sample',
    label: 'Sample pictures (Align)',
    group: 'Fuse',
    run: ({ modes }) => void modes.align.sample(),
  },
]
