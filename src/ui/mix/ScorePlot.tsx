import type { ReactNode } from 'react'

import { samePoint } from '@/document/mix/queries'
import { worthOf, type MixPoint, type MixTrial } from '@/schema/modes/mix'
import { sharesWords } from '@/ui/mix/words'
import { useDocument } from '@/ui/studio'
import { percent } from '@/ui/controls/Slider'
import { say, sayNumber } from '@/words/say'

const [WIDTH, HEIGHT] = [288, 116]
const FRAME = { left: 30, right: 8, top: 10, bottom: 22 }

interface ScorePlotProps {
  trials: readonly MixTrial[]
  chosen: MixPoint
  canChoose(point: MixPoint): boolean
  onChoose(point: MixPoint): void
}

/** Scores against the second object's share; drafts with another strength in the noise are rings. */
export function ScorePlot({ trials, chosen, canChoose, onChoose }: ScorePlotProps): ReactNode {
  const objects = useDocument((state) => state.document.mix.objects)
  const dots = trials.flatMap(({ point, judgement }) =>
    judgement ? [{ point, x: point.shares[1], y: worthOf(judgement) }] : [],
  )
  if (dots.length === 0) return null
  const across = scaleOf([0.4, 0.6, ...dots.map(({ x }) => x)], FRAME.left, WIDTH - FRAME.right)
  const up = scaleOf(padded(dots.map(({ y }) => y)), HEIGHT - FRAME.bottom, FRAME.top)
  const base = HEIGHT - FRAME.bottom
  const line = dots
    .filter(({ point }) => isPlain(point))
    .toSorted((a, b) => a.x - b.x)
    .map(({ x, y }) => `${across.at(x)},${up.at(y)}`)
  return (
    <svg
      className="score-plot"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="group"
      aria-label={say('Scores of the drafts')}
    >
      <line x1={FRAME.left} x2={WIDTH - FRAME.right} y1={base} y2={base} className="axis" />
      {[up.low, up.high].map((value) => (
        <text key={value} x={FRAME.left - 5} y={up.at(value) + 3.5} textAnchor="end">
          {sayNumber(value, 2)}
        </text>
      ))}
      {(
        [
          [across.low, 'start'],
          [(across.low + across.high) / 2, 'middle'],
          [across.high, 'end'],
        ] as const
      ).map(([value, anchor]) => (
        <text key={value} x={across.at(value)} y={HEIGHT - 7} textAnchor={anchor}>
          {percent(value)}
        </text>
      ))}
      <polyline points={line.join(' ')} />
      {dots.map(({ point, x, y }) => (
        <circle
          key={JSON.stringify(point)}
          cx={across.at(x)}
          cy={up.at(y)}
          r={samePoint(point, chosen) ? 5.5 : 4}
          className={`${isPlain(point) ? '' : 'ring'}${samePoint(point, chosen) ? ' chosen' : ''}`}
          data-testid="score-dot"
          aria-disabled={!canChoose(point)}
          onClick={() => canChoose(point) && onChoose(point)}
        >
          <title>
            {say('{name}: {value}', { name: sharesWords(point, objects), value: sayNumber(y, 3) })}
          </title>
        </circle>
      ))}
    </svg>
  )
}

const isPlain = ({ strengths }: MixPoint): boolean => strengths.every((strength) => strength === 1)

/** Room around values that are all alike. */
function padded(values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const room = Math.max(0.02, (high - low) * 0.1)
  return [low - room, high + room]
}

function scaleOf(values: readonly number[], from: number, to: number) {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return { low, high, at: (value: number) => from + ((value - low) / (high - low)) * (to - from) }
}
