import { ImagePlus, Shapes } from 'lucide-react'

import { resultMark } from '@/document/queries'
import { ComposePanel } from '@/ui/compose/ComposePanel'
import { ComposePrompt } from '@/ui/compose/ComposePrompt'
import { ComposeView } from '@/ui/compose/ComposeView'
import { ReferencesPanel } from '@/ui/compose/ReferencesPanel'
import type { PageMode } from '@/ui/mode'
import { assetNames, several, sizeWords } from '@/ui/recipeWords'

export const composeMode: PageMode<'compose'> = {
  icon: Shapes,
  about: 'A new picture from references',
  leftLabel: 'Mode and references',
  Left: ReferencesPanel,
  Centre: ComposeView,
  Right: () => (
    <>
      <ComposePrompt />
      <ComposePanel />
    </>
  ),
  dropTargets: [{ role: 'auto', icon: ImagePlus, title: 'As references', about: 'Of the new picture' }],
  choosesTarget: ({ references }) => references.length > 0,
  shown: 'The new picture is shown.',
  resultAction: {
    icon: ImagePlus,
    label: 'Use as a reference',
    run: ({ modes }, resultId) => void modes.compose.addResult(resultId),
  },
  factsOf: ({ references }) => [
    { name: several('Reference', references.length), text: assetNames(references) },
  ],
  settingsOf: (recipe) => `${resultMark(recipe)}, ${sizeWords(recipe.compose)}`,
}
