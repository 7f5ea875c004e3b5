import { ChevronDown, ChevronRight, Eye, EyeOff } from 'lucide-react'
import { useState, type CSSProperties, type ReactNode } from 'react'

import { EFFECTS, type EffectName } from '@/base/effects'
import { fuseTargets } from '@/document/layers'
import { setTogether } from '@/document/place/commands'
import { drawsLayers } from '@/document/place/queries'
import { masksOf } from '@/schema/modes/place'
import { togetherOf, type LayerName } from '@/schema/modes/placeLayers'
import { IconButton } from '@/ui/controls/IconButton'
import { percent } from '@/ui/controls/Slider'
import { LayerEye } from '@/ui/place/LayerEye'
import { MASK_NAMES } from '@/ui/place/maskNames'
import { MaskButton, MaskTools, maskWords } from '@/ui/place/MaskTools'
import { isLocked } from '@/ui/stores/run'
import { useDocument, useRun, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

const layerOf = (effect: EffectName): { layer: LayerName; light: number } =>
  effect === 'shadow2' ? { layer: 'shadow', light: 1 } : { layer: effect, light: 0 }

/** What light does to the foregrounds and their ground, as one row of the layers; their sliders are in the settings. */
export function EffectsGroup(): ReactNode {
  const { document } = useStudio()
  const [open, setOpen] = useState(false)
  const shown = useDocument((state) => drawsLayers(state.document) && fuseTargets(state.document).length > 0)
  const scene = useDocument((state) => state.document.scene)
  const busy = useRun(isLocked)
  if (!shown) return null
  const together = togetherOf(scene)
  const effects = EFFECTS.filter((effect) => layerOf(effect).light < scene.lights.length)
  return (
    <li
      className={together.shown ? 'layer-row effects' : 'layer-row effects hidden'}
      data-testid="effects-row"
    >
      <span className="thumb icon">
        {open ? <ChevronDown aria-hidden="true" /> : <ChevronRight aria-hidden="true" />}
      </span>
      <button type="button" className="layer-name" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span>{say('Light and shadow')}</span>
        <small>
          {together.strength < 1
            ? say('{share} of each', { share: percent(together.strength) })
            : say('{count} effects', { count: effects.length })}
        </small>
      </button>
      <IconButton
        small
        icon={together.shown ? Eye : EyeOff}
        disabled={busy}
        label={say(together.shown ? 'Hide light and shadow' : 'Show light and shadow')}
        testId="effects-eye"
        onClick={() => setTogether(document, { shown: !together.shown })}
      />
      {open && (
        <>
          <div className="layer-look">
            <span>{say('Strength')}</span>
            <input
              type="range"
              aria-label={say('Strength of all light and shadow')}
              data-testid="effects-strength"
              min={0}
              max={1}
              step={0.01}
              value={together.strength}
              disabled={busy || !together.shown}
              style={{ '--filled': together.strength } as CSSProperties}
              aria-valuetext={percent(together.strength)}
              onChange={(event) => setTogether(document, { strength: event.target.valueAsNumber })}
            />
            <output>{percent(together.strength)}</output>
          </div>
          <ul className="effects-list" aria-label={say('Effects')}>
            {effects.map((effect) => (
              <EffectRow key={effect} effect={effect} />
            ))}
          </ul>
        </>
      )}
    </li>
  )
}

function EffectRow({ effect }: { effect: EffectName }): ReactNode {
  const name = say(MASK_NAMES[effect])
  const words = useDocument(({ document: { scene } }) => {
    const masks = masksOf(scene)
    return maskWords(masks[effect] ? { off: masks.off?.includes(effect) ?? false } : null)
  })
  return (
    <li>
      <div className="effect-row">
        <span>
          {name}
          {words && <small>{words}</small>}
        </span>
        <MaskButton target={effect} testId={`effect-mask-${effect}`} />
        <LayerEye {...layerOf(effect)} name={name} testId="effect" />
      </div>
      <MaskTools target={effect} />
    </li>
  )
}
