import type { PointerEvent, ReactNode } from 'react'

import { lightFrom } from '@/canvas/lightGuides'
import type { PlaceScene } from '@/schema/modes/place'
import { ownKeys } from '@/ui/keys'
import { say } from '@/words/say'

type Direction = Pick<PlaceScene['lights'][number], 'azimuthDegrees' | 'elevationDegrees'>

interface LightDialProps extends Direction {
  label: string
  testId?: string
  /** A drag begins and ends; all of it is one step back. */
  onDrag(phase: 'begin' | 'end'): void
  onChange(direction: Direction): void
}

const STEP = 5
/** Share of the dial's radius at which a light on the horizon stands. */
const RIM = 0.86

const FROM = [
  'from the right, {degrees} degrees high',
  'from the right, behind, {degrees} degrees high',
  'from behind, {degrees} degrees high',
  'from the left, behind, {degrees} degrees high',
  'from the left, {degrees} degrees high',
  'from the left, in front, {degrees} degrees high',
  'from the front, {degrees} degrees high',
  'from the right, in front, {degrees} degrees high',
] as const

/**
 * The sky seen from below the object: the middle is straight above, the rim the horizon, the upper half behind the object.
 * The sun is dragged; arrow keys turn and raise it.
 */
export function LightDial({
  azimuthDegrees,
  elevationDegrees,
  label,
  testId,
  onDrag,
  onChange,
}: LightDialProps): ReactNode {
  const radius = (RIM * (90 - elevationDegrees)) / 90
  const angle = (azimuthDegrees * Math.PI) / 180
  const sun = { x: 50 + 50 * radius * Math.cos(angle), y: 50 - 50 * radius * Math.sin(angle) }

  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const bounds = event.currentTarget.getBoundingClientRect()
    const x = ((event.clientX - bounds.left) / bounds.width) * 2 - 1
    const y = 1 - ((event.clientY - bounds.top) / bounds.height) * 2
    const from = Math.min(1, Math.hypot(x, y) / RIM)
    const azimuth = from < 0.02 ? azimuthDegrees : (Math.atan2(y, x) * 180) / Math.PI
    onChange(lightFrom(azimuth, 90 * (1 - from)))
  }
  const turn = (degrees: number) => () => onChange(lightFrom(azimuthDegrees + degrees, elevationDegrees))
  const raise = (degrees: number) => () => onChange(lightFrom(azimuthDegrees, elevationDegrees + degrees))

  return (
    <div className="control">
      <div className="label">
        <span>{label}</span>
        <output>{say('{degrees}° high', { degrees: elevationDegrees })}</output>
      </div>
      <div
        className="light-dial"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={360}
        aria-valuenow={azimuthDegrees}
        aria-valuetext={say(fromSide(azimuthDegrees), { degrees: elevationDegrees })}
        data-testid={testId}
        onKeyDown={ownKeys({
          ArrowLeft: turn(STEP),
          ArrowRight: turn(-STEP),
          ArrowUp: raise(STEP),
          ArrowDown: raise(-STEP),
        })}
        onPointerDown={(event) => {
          if (event.button !== 0) return
          event.currentTarget.setPointerCapture(event.pointerId)
          onDrag('begin')
          drag(event)
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) drag(event)
        }}
        onLostPointerCapture={() => onDrag('end')}
      >
        <svg viewBox="0 0 100 100" aria-hidden="true">
          <circle className="sky" cx="50" cy="50" r={50 * RIM} />
          <circle className="ring" cx="50" cy="50" r={(50 * RIM * 2) / 3} />
          <circle className="ring" cx="50" cy="50" r={(50 * RIM) / 3} />
          <line className="beam" x1="50" y1="50" x2={sun.x} y2={sun.y} />
          <line className="cast" x1="50" y1="50" x2={100 - sun.x} y2={100 - sun.y} />
          <rect className="thing" x="46" y="46" width="8" height="8" rx="2" />
          <circle className="sun" cx={sun.x} cy={sun.y} r="6" />
        </svg>
      </div>
    </div>
  )
}

const fromSide = (azimuth: number): (typeof FROM)[number] => FROM[Math.round(azimuth / 45) % FROM.length]
