import { ImagePlus, Layers2 } from 'lucide-react'

import { promptWords } from '@/base/promptWords'
import { startName } from '@/document/align/queries'
import { AlignPanel } from '@/ui/align/AlignPanel'
import { AlignView } from '@/ui/align/AlignView'
import { EXAMPLES } from '@/ui/align/examples'
import { GalleryPanel } from '@/ui/align/GalleryPanel'
import { alignShortcuts } from '@/ui/align/shortcuts'
import { WordsPanel } from '@/ui/align/WordsPanel'
import type { PageMode } from '@/ui/mode'
import { PromptField } from '@/ui/prompt/PromptField'
import { several, sizeWords } from '@/ui/recipeWords'

const PROMPTS = EXAMPLES.map(({ prompt }) => prompt)

export const alignMode: PageMode<'align'> = {
  icon: Layers2,
  about: 'Two pictures, one prompt',
  leftTitle: 'Pictures',
  Left: GalleryPanel,
  Centre: AlignView,
  Right: () => (
    <>
      <PromptField placeholder="For example: the ball above the house" examples={PROMPTS} />
      <WordsPanel />
      <AlignPanel />
    </>
  ),
  dropTargets: [
    { role: 'auto', icon: ImagePlus, title: 'As base or reference', about: 'Followed back to noise' },
  ],
  choosesTarget: () => false,
  shown: 'The target is shown beside base and reference.',
  factsOf({ prompt, words, reference, base }) {
    const all = promptWords(prompt)
    const picked = words.flatMap(({ index }) => all.slice(index, index + 1))
    return [
      { name: 'Reference', text: startName(reference) },
      { name: 'Base', text: startName(base) },
      { name: several('Word', picked.length), text: picked.map(({ text }) => text).join(', ') || 'none' },
    ]
  },
  settingsOf: ({ align }) => sizeWords(align),
  shortcuts: alignShortcuts,
}
