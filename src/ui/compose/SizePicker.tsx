import type { ReactNode } from 'react'

import { setCompose } from '@/document/compose/commands'
import { AREAS, choiceOf, SHAPES, sizeOf } from '@/ui/compose/sizes'
import { NumberField } from '@/ui/controls/NumberField'
import { Section } from '@/ui/controls/Section'
import { Segmented } from '@/ui/controls/Segmented'
import { useDocument, useStudio } from '@/ui/studio'
import { say, sayTogether } from '@/words/say'

/** Shapes as pictures of themselves, and how large. */
export function SizePicker(): ReactNode {
  const { document } = useStudio()
  const width = useDocument((state) => state.document.compose.width)
  const height = useDocument((state) => state.document.compose.height)
  const choice = choiceOf({ width, height })
  const side = choice?.side ?? nearestArea(width, height)
  return (
    <Section
      title={say('Picture')}
      actions={
        <span className="hint">
          {width} × {height}
        </span>
      }
    >
      <div className="stack">
        <div className="shapes" role="radiogroup" aria-label={say('Shape')}>
          {SHAPES.map(({ label, name, ratio }) => (
            <label key={label} title={sayTogether([label, say(name)])}>
              <input
                type="radio"
                name="compose-shape"
                aria-label={sayTogether([label, say(name)])}
                checked={choice?.ratio === ratio}
                onChange={() => setCompose(document, sizeOf(ratio, side))}
              />
              <span className="shape" style={shapeStyle(ratio)} />
              <span>{label}</span>
            </label>
          ))}
        </div>
        <Segmented
          label={say('Size')}
          value={choice?.side ?? null}
          choices={AREAS.map((value) => ({
            value,
            label: value === 512 ? say('{size}, draft', { size: value }) : String(value),
            title: say('About {size} × {size} pixels', { size: value }),
          }))}
          onChange={(value) => setCompose(document, sizeOf(choice?.ratio ?? width / height, value))}
        />
      </div>
    </Section>
  )
}

const shapeStyle = (ratio: number) => {
  const scale = 20 / Math.sqrt(Math.max(ratio, 1 / ratio))
  return { width: scale * Math.sqrt(ratio), height: scale / Math.sqrt(ratio) }
}

const nearestArea = (width: number, height: number): number =>
  AREAS.reduce((best, side) =>
    Math.abs(side - Math.sqrt(width * height)) < Math.abs(best - Math.sqrt(width * height)) ? side : best,
  )

/** Width and height to the pixel. */
export function ExactSize(): ReactNode {
  const { document } = useStudio()
  const width = useDocument((state) => state.document.compose.width)
  const height = useDocument((state) => state.document.compose.height)
  return (
    <div className="grid-2">
      <NumberField
        mark={say('W|width')}
        label={say('Width, pixels, in steps of 16')}
        min={256}
        max={2048}
        multipleOf={16}
        value={width}
        onCommit={(value) => setCompose(document, { width: value })}
      />
      <NumberField
        mark={say('H|height')}
        label={say('Height, pixels, in steps of 16')}
        min={256}
        max={2048}
        multipleOf={16}
        value={height}
        onCommit={(value) => setCompose(document, { height: value })}
      />
    </div>
  )
}
