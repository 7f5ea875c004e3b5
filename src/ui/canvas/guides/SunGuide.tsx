import { useRef, useSyncExternalStore, type ReactNode } from 'react'

import { clamp, type Size } from '@/base/geometry'
import {
  azimuthAt,
  domeOver,
  isFar,
  lightAt,
  lightFrom,
  meridianOf,
  onDome,
  rimOf,
  type Dome,
  type LightDirection,
} from '@/canvas/lightGuides'
import { placedBounds } from '@/canvas/placement'
import { toDocument, toScreen, type Point, type Viewport } from '@/canvas/viewport'
import { fuseTargets } from '@/document/layers'
import { setScene } from '@/document/place/commands'
import { Grip } from '@/ui/canvas/guides/Grip'
import { GuideLine } from '@/ui/canvas/guides/GuideLine'
import { useChosenLight } from '@/ui/place/chosenLight'
import { degrees } from '@/ui/numbers'
import { useDocument, useStudio, useView } from '@/ui/studio'
import { say } from '@/words/say'

/** Half the rim's width, css px: what it has beside the object, and of its height; at least; of the canvas at most. */
const BESIDE = 48
const OVER = 0.8
const LEAST = 80
const MOST = 0.4
/** What the rim leaves free at the canvas' lower edge, css px. */
const MARGIN = 36

/** The dome of light around the selected foreground: its suns are dragged over it, its rim turned. */
export function SunGuide({ picture }: { picture: Size }): ReactNode {
  const { document, view: viewStore, drawables, onDrawable } = useStudio()
  const view = useView((state) => state.viewport)
  const screen = useView((state) => state.screen)
  const camera = useDocument((state) => state.document.scene.camera)
  const lights = useDocument((state) => state.document.scene.lights)
  const { index, light } = useChosenLight()
  const layer = useDocument((state) => fuseTargets(state.document).find(({ id }) => id === state.selection))
  const drawable = useSyncExternalStore(onDrawable, () => layer && drawables(layer.asset.hash))
  const far = useRef(false)
  if (!layer || !drawable) return null

  const bounds = placedBounds(drawable.content, layer)
  // What hangs has its foot on the ground below.
  const lift = layer.stands === false ? (layer.lift ?? 0) : 0
  const foot = { x: bounds.x + bounds.width / 2, y: bounds.y + bounds.height * (1 + lift) }
  const shown = (point: Point) => toScreen(view, point)
  const wide = Math.max((bounds.width / 2) * view.zoom + BESIDE, bounds.height * view.zoom * OVER)
  const most = clamp(wide, LEAST, Math.max(LEAST, MOST * Math.min(screen.width, screen.height)))
  const reach = { most: most / view.zoom, least: LEAST / view.zoom }
  const below = Math.max(1, screen.height - MARGIN - shown(foot).y)
  const dome = domeOver(camera, picture, foot, reach, below / view.zoom)
  const change = (moved: number, direction: LightDirection) =>
    setScene(document, 'Move light', (scene) => {
      Object.assign(scene.lights[moved], direction)
    })
  const turned = degrees(Math.round(light.azimuthDegrees))

  return (
    <>
      <DomeLines dome={dome} light={light} view={view} screen={screen} />
      <Grip
        at={shown(onDome(dome, light.azimuthDegrees, 0))}
        label={say('Turn the light')}
        value={{ now: light.azimuthDegrees, min: 0, max: 360, text: turned }}
        step="Move light"
        testId="guide-turn"
        className="turn"
        onDrag={(point) =>
          change(index, lightFrom(azimuthAt(dome, toDocument(view, point)), light.elevationDegrees))
        }
        onNudge={(right, up) =>
          change(index, lightFrom(light.azimuthDegrees + up - right, light.elevationDegrees))
        }
      />
      {lights.map(({ azimuthDegrees, elevationDegrees }, at) => (
        <Grip
          key={at}
          at={shown(onDome(dome, azimuthDegrees, elevationDegrees))}
          label={at === 0 ? say('Sun: whence and how high') : say('Second light: whence and how high')}
          value={{
            now: elevationDegrees,
            min: 0,
            max: 90,
            text: say('{azimuth}, {elevation} high', {
              azimuth: degrees(Math.round(azimuthDegrees)),
              elevation: degrees(Math.round(elevationDegrees)),
            }),
          }}
          step="Move light"
          testId={at === 0 ? 'guide-sun' : 'guide-sun2'}
          className={at === index ? 'sun' : 'sun other'}
          onGrab={() => {
            viewStore.actions.setLight(at)
            far.current = isFar(dome, lights[at])
          }}
          onDrag={(point) => change(at, lightAt(dome, toDocument(view, point), far.current, lights[at]))}
          onNudge={(right, up) => {
            viewStore.actions.setLight(at)
            change(
              at,
              up === 0
                ? lightFrom(azimuthDegrees - right, elevationDegrees)
                : lightFrom(azimuthDegrees, elevationDegrees + up),
            )
          }}
        >
          <SunIcon />
        </Grip>
      ))}
    </>
  )
}

interface DomeLinesProps {
  dome: Dome
  light: LightDirection
  view: Viewport
  screen: Size
}

function DomeLines({ dome, light, view, screen }: DomeLinesProps): ReactNode {
  const { azimuthDegrees, elevationDegrees } = light
  const line = (points: Point[]) => points.map((point) => toScreen(view, point))
  return (
    <svg className="guide-lines sun" width={screen.width} height={screen.height} aria-hidden="true">
      <defs>
        <Fading id="guide-rim-line" />
        <Fading id="guide-rim-halo" />
      </defs>
      <g className="rim">
        <GuideLine points={line(rimOf(dome))} />
      </g>
      <GuideLine points={line(meridianOf(dome, azimuthDegrees, elevationDegrees, 90))} faint />
      <GuideLine points={line(meridianOf(dome, azimuthDegrees, 0, elevationDegrees))} />
    </svg>
  )
}

/** From the rim's far side to its near one. */
const Fading = ({ id }: { id: string }): ReactNode => (
  <linearGradient id={id} x2="0" y2="1">
    <stop offset="0.15" stopOpacity="0.4" />
    <stop offset="0.75" stopOpacity="1" />
  </linearGradient>
)

const RAYS = Array.from({ length: 8 }, (_, ray) => (ray * Math.PI) / 4)

/** A sun that is seen on every picture: light on a dark rim. */
function SunIcon(): ReactNode {
  const rays = RAYS.map((angle) => {
    const [x, y] = [Math.cos(angle), Math.sin(angle)]
    return `M${10 * x} ${10 * y}L${13.5 * x} ${13.5 * y}`
  }).join('')
  return (
    <svg viewBox="-16 -16 32 32" aria-hidden="true">
      <path className="halo" d={rays} />
      <circle className="halo" r="7" />
      <path className="rays" d={rays} />
      <circle className="disc" r="7" />
    </svg>
  )
}
