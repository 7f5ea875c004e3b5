import { Image, Stamp } from 'lucide-react'
import type { ReactNode } from 'react'

import { LIGHT_WORDS } from '@/base/lightWords'
import { CanvasArea } from '@/ui/canvas/CanvasArea'
import type { CentreProps, PageMode } from '@/ui/mode'
import { Section } from '@/ui/controls/Section'
import { percent } from '@/ui/controls/Slider'
import { LayersPanel } from '@/ui/panels/LayersPanel'
import { PromptField } from '@/ui/prompt/PromptField'
import type { Vocabulary } from '@/ui/prompt/words'
import { BrushSettings } from '@/ui/place/BrushSettings'
import { ChangesButton } from '@/ui/place/ChangesButton'
import { KleinWords } from '@/ui/place/KleinWords'
import { KleinVariations } from '@/ui/place/KleinVariations'
import { PlacementPanel } from '@/ui/place/PlacementPanel'
import { SettingsPanel } from '@/ui/place/SettingsPanel'
import { TrySeveral } from '@/ui/place/TrySeveral'
import { VariationStrip } from '@/ui/place/VariationStrip'
import { StartScreen } from '@/ui/place/StartScreen'
import { assetNames, several, stepWords } from '@/ui/recipeWords'
import { isBrushingChanges } from '@/ui/stores/view'
import { useDocument, useView } from '@/ui/studio'
import { markWords } from '@/ui/markWords'
import { say, sayTogether } from '@/words/say'

export const placeMode: PageMode<'place'> = {
  icon: Stamp,
  about: 'A cut-out onto a picture',
  leftTitle: 'Layers',
  Left: LayersPanel,
  Centre: PlaceView,
  Right: PlacePanels,
  FuseMore: TrySeveral,
  dropTargets: [
    { role: 'foreground', icon: Stamp, title: 'As foreground', about: 'A cut-out placed on the picture' },
    {
      role: 'background',
      icon: Image,
      title: 'As background',
      about: 'Replaces the picture below everything',
    },
  ],
  choosesTarget: ({ background }) => background !== null,
  shown: 'The result is shown on the canvas. Accept or discard it.',
  shortcuts: [
    {
      id: 'changes',
      label: 'Show what changed, and brush it away',
      group: 'Fuse',
      run: ({ modes }) => modes.place.toggleChanges(),
    },
  ],
  factsOf: ({ background, foregrounds }) => [
    { name: say('Background'), text: background.name },
    { name: several('Foreground', foregrounds.length), text: assetNames(foregrounds) },
  ],
  settingsOf(recipe) {
    const { flux, klein, scene, steps, strength } = recipe
    const mark = markWords(recipe)
    if (scene) return mark
    const ofStrength = say('strength {share}', { share: percent(strength) })
    const rest = klein
      ? [say('at most {size} px squared', { size: klein.size }), ofStrength]
      : flux
        ? [`${flux.size} px`, say('guidance {guidance}', { guidance: flux.guidance })]
        : [ofStrength]
    return sayTogether([mark, stepWords(steps), ...rest])
  },
}

const LIGHT: Vocabulary = { groups: LIGHT_WORDS, others: 'passed' }
const LIGHTS = ['evening sun from the left', 'noon', 'backlit', 'lamp from the right', 'overcast']

/** What has just come stands where it is seen, however far the panel was scrolled. */
const toView = (node: HTMLElement | null) => node?.scrollIntoView({ block: 'nearest' })

/** Mini 2 reads words of light only, where the light is the photo’s. */
function PlacePanels(): ReactNode {
  const model = useDocument((state) => state.document.placeModel)
  const fromPhoto = useDocument((state) => state.document.scene.source === 'photo')
  const brushing = useView(isBrushingChanges)
  return (
    <>
      {brushing && (
        <div ref={toView}>
          <Section title={say('What changed')}>
            <div className="stack">
              <BrushSettings verbs={[say('Bring back'), say('Brush away')]} />
            </div>
          </Section>
        </div>
      )}
      {model === 'klein' && <KleinWords />}
      {model === 'dreamfuse' && (
        <PromptField placeholder={say('Optional. For example: a red metal cube on a wooden floor')} />
      )}
      {model === 'mini2' && fromPhoto && (
        <PromptField
          placeholder={say('Optional, words of light: evening sun from the left')}
          examples={LIGHTS}
          vocabulary={LIGHT}
        />
      )}
      <PlacementPanel />
      <SettingsPanel />
    </>
  )
}

/** The canvas, or what to begin with. */
function PlaceView({ dragging, more }: CentreProps) {
  const empty = useDocument((state) => state.document.background === null)
  if (!empty)
    return (
      <>
        <CanvasArea more={<ChangesButton />} />
        <VariationStrip />
        <KleinVariations />
      </>
    )
  return (
    <div className="canvas-area">
      <StartScreen over={dragging} more={more} />
    </div>
  )
}
