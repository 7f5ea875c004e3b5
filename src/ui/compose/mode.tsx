import { ImagePlus, Shapes } from 'lucide-react'
import type { ReactNode } from 'react'

import { ComposePanel } from '@/ui/compose/ComposePanel'
import { ComposePrompt } from '@/ui/compose/ComposePrompt'
import { ComposeView } from '@/ui/compose/ComposeView'
import { KleinInstruction } from '@/ui/compose/KleinInstruction'
import { ReferencesPanel } from '@/ui/compose/ReferencesPanel'
import type { PageMode } from '@/ui/mode'
import { PromptField } from '@/ui/prompt/PromptField'
import { assetNames, several, sizeWords } from '@/ui/recipeWords'
import { useDocument } from '@/ui/studio'
import { markWords } from '@/ui/markWords'
import { say, sayTogether } from '@/words/say'

function ComposePanels(): ReactNode {
  const model = useDocument((state) => state.document.composeModel)
  return (
    <>
      {/* The built-in model has words of its own, and no names of references. */}
      {model === 'painter' ? (
        <PromptField placeholder={say('For example: a red owl on a meadow')} />
      ) : (
        <ComposePrompt />
      )}
      {model === 'klein' && <KleinInstruction />}
      <ComposePanel />
    </>
  )
}

export const composeMode: PageMode<'compose'> = {
  icon: Shapes,
  about: 'A new picture from references',
  leftTitle: 'References',
  Left: ReferencesPanel,
  Centre: ComposeView,
  Right: ComposePanels,
  dropTargets: [{ role: 'auto', icon: ImagePlus, title: 'As references', about: 'Of the new picture' }],
  choosesTarget: ({ references }) => references.length > 0,
  shown: 'The new picture is shown.',
  resultAction: {
    icon: ImagePlus,
    label: 'Use as a reference',
    run: ({ modes }, resultId) => void modes.compose.addResult(resultId),
  },
  factsOf: ({ references, klein }) => [
    { name: several('Reference', references.length), text: assetNames(references) },
    ...(klein ? [{ name: say('The model read'), text: klein.instruction }] : []),
  ],
  settingsOf: (recipe) => sayTogether([markWords(recipe), sizeWords(recipe.compose)]),
}
