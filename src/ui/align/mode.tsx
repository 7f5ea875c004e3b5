import { ImagePlus, Layers2 } from 'lucide-react'

import { promptWords } from '@/base/promptWords'
import { AlignPanel } from '@/ui/align/AlignPanel'
import { AlignView } from '@/ui/align/AlignView'
import { EXAMPLES } from '@/ui/align/examples'
import { GalleryPanel } from '@/ui/align/GalleryPanel'
import { alignShortcuts } from '@/ui/align/shortcuts'
import { WordsPanel } from '@/ui/align/WordsPanel'
import type { PageMode } from '@/ui/mode'
import { PromptField } from '@/ui/prompt/PromptField'
import { several, sizeWords } from '@/ui/recipeWords'
import { say, sayTogether } from '@/words/say'
import { startWords } from '@/ui/align/words'

const PROMPTS = EXAMPLES.map(({ prompt }) => prompt)

export const alignMode: PageMode<'align'> = {
  icon: Layers2,
  about: 'Two pictures, one prompt',
  leftTitle: 'Pictures',
  Left: GalleryPanel,
  Centre: AlignView,
  Right: () => (
    <>
      <PromptField placeholder={say('For example: the ball above the house')} examples={PROMPTS} />
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
      { name: say('Reference'), text: startWords(reference) },
      { name: say('Base'), text: startWords(base) },
      {
        name: several('Word', picked.length),
        text: sayTogether(picked.map(({ text }) => text)) || say('none'),
      },
    ]
  },
  settingsOf: ({ align }) => sizeWords(align),
  shortcuts: alignShortcuts,
}
