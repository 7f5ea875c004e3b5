import { Blend, ImagePlus } from 'lucide-react'

import { DraftsPanel } from '@/ui/mix/DraftsPanel'
import { BalancePanel, MixPrompt, MixSettingsPanel } from '@/ui/mix/MixPanel'
import { MixView } from '@/ui/mix/MixView'
import { PlacesPanel } from '@/ui/mix/PlacesPanel'
import { ObjectsPanel } from '@/ui/mix/ObjectsPanel'
import { sharesWords } from '@/ui/mix/words'
import type { PageMode } from '@/ui/mode'
import { assetNames, several, stepWords } from '@/ui/recipeWords'
import { markWords } from '@/ui/markWords'
import { say, sayTogether } from '@/words/say'

export const mixMode: PageMode<'mix'> = {
  icon: Blend,
  about: 'Two objects become one',
  leftTitle: 'Objects',
  Left: ObjectsPanel,
  Centre: MixView,
  Right: () => (
    <>
      <BalancePanel />
      <DraftsPanel />
      <PlacesPanel />
      <MixPrompt />
      <MixSettingsPanel />
    </>
  ),
  dropTargets: [{ role: 'auto', icon: ImagePlus, title: 'As objects', about: 'To be mixed' }],
  choosesTarget: ({ mix }) => mix.objects.length >= 2,
  shown: 'The mixture is shown.',
  resultAction: {
    icon: ImagePlus,
    label: 'Use as an object',
    run: ({ modes }, resultId) => void modes.mix.addResult(resultId),
  },
  factsOf: ({ objects, point, search }) => [
    { name: several('Object', objects.length), text: assetNames(objects) },
    { name: say('Balance'), text: sayTogether([sharesWords(point, objects), search && say('found')]) },
  ],
  settingsOf: (recipe) =>
    sayTogether([markWords(recipe), `${recipe.mix.size} × ${recipe.mix.size}`, stepWords(recipe.mix.steps)]),
}
