import type { CSSProperties, ReactNode } from 'react'

import { BLEND_MODES, type BlendMode } from '@/base/look'
import { setBlend, setOpacity } from '@/document/layerCommands'
import type { Layer } from '@/schema/document'
import { percent } from '@/ui/controls/Slider'
import { useStudio } from '@/ui/studio'
import { say, type Message } from '@/words/say'

export const BLEND_NAMES = {
  normal: 'Normal',
  multiply: 'Multiply',
  screen: 'Screen',
  overlay: 'Overlay',
  color: 'Colour',
  luminosity: 'Luminosity',
} as const satisfies Record<BlendMode, Message>

/** How a layer is mixed with what lies below it. */
export function LayerLook({ layer, busy }: { layer: Layer; busy: boolean }): ReactNode {
  const { document } = useStudio()
  const { id, name, opacity = 1, blend = 'normal', locked = false } = layer
  return (
    <div className="layer-look">
      <select
        className="field"
        aria-label={say('Blend mode of {name}', { name })}
        title={say('How its colours mix with what is below')}
        data-testid="layer-blend"
        value={blend}
        disabled={busy || locked}
        onChange={(event) => {
          const chosen = BLEND_MODES.find((mode) => mode === event.target.value)
          if (chosen) setBlend(document, id, chosen)
        }}
      >
        {BLEND_MODES.map((mode) => (
          <option key={mode} value={mode}>
            {say(BLEND_NAMES[mode])}
          </option>
        ))}
      </select>
      <input
        type="range"
        aria-label={say('Opacity of {name}', { name })}
        title={say('Opacity')}
        data-testid="layer-opacity"
        min={0}
        max={1}
        step={0.01}
        value={opacity}
        disabled={busy || locked}
        style={{ '--filled': opacity } as CSSProperties}
        aria-valuetext={percent(opacity)}
        onChange={(event) => setOpacity(document, id, event.target.valueAsNumber)}
      />
      <output>{percent(opacity)}</output>
    </div>
  )
}
