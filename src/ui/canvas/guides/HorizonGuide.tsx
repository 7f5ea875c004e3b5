import { ArrowDown, ArrowUp, ChevronsUpDown, RotateCw } from 'lucide-react'
import { useRef, type ReactNode } from 'react'

import { clamp, intersect, type Size } from '@/base/geometry'
import { horizonFrom, horizonRow, tiltFrom, tiltThrough } from '@/canvas/lightGuides'
import { toDocument, toScreen, visibleRect, type Point } from '@/canvas/viewport'
import { setScene } from '@/document/place/commands'
import { Grip } from '@/ui/canvas/guides/Grip'
import { GuideLine } from '@/ui/canvas/guides/GuideLine'
import { percent } from '@/ui/controls/Slider'
import { degrees } from '@/ui/numbers'
import { useDocument, useStudio, useView } from '@/ui/studio'
import { say } from '@/words/say'

/** How far the grips stand inside what is seen of the picture, css px. */
const INSET = 22

/** The horizon over the background: its right end moves it, its left end tilts it. */
export function HorizonGuide({ picture }: { picture: Size }): ReactNode {
  const { document } = useStudio()
  const view = useView((state) => state.viewport)
  const screen = useView((state) => state.screen)
  const camera = useDocument((state) => state.document.scene.camera)
  /** Where the horizon was when its grip was caught, which may stand elsewhere: css px, share of the height. */
  const caught = useRef({ y: 0, horizon: 0 })
  const seen = intersect({ x: 0, y: 0, ...picture }, visibleRect(view, screen))
  if (!seen) return null

  const corner = toScreen(view, seen)
  const area = { ...corner, width: seen.width * view.zoom, height: seen.height * view.zoom }
  const rowAt = (x: number) => {
    const column = toDocument(view, { x, y: 0 }).x
    return toScreen(view, { x: column, y: horizonRow(camera, picture, column) }).y
  }
  const inset = Math.min(INSET, area.width / 4, area.height / 4)
  const [left, right] = [area.x + inset, area.x + area.width - inset]
  const [top, bottom] = [area.y + inset, area.y + area.height - inset]
  const inArea = (y: number) => y >= area.y && y <= area.y + area.height
  const row = rowAt(right)
  const grip: Point = { x: right, y: clamp(row, top, bottom) }
  const move = (horizon: number) =>
    setScene(document, 'Move horizon', (scene) => {
      scene.camera.horizon = horizonFrom(horizon)
    })
  const tilt = (degrees: number) =>
    setScene(document, 'Tilt horizon', (scene) => {
      scene.camera.tiltDegrees = degrees
    })
  const line = [area.x, area.x + area.width].map((x) => ({ x: x - area.x, y: rowAt(x) - area.y }))
  const Icon = inArea(row) ? ChevronsUpDown : row < area.y ? ArrowUp : ArrowDown

  return (
    <>
      <svg
        className="guide-lines"
        style={{ left: area.x, top: area.y }}
        width={area.width}
        height={area.height}
        aria-hidden="true"
      >
        <GuideLine points={line} dashed />
      </svg>
      {inArea(rowAt(left)) && (
        <Grip
          at={{ x: left, y: rowAt(left) }}
          label={say('Tilt the horizon')}
          value={{ now: camera.tiltDegrees, min: -20, max: 20, text: degrees(camera.tiltDegrees) }}
          step="Tilt horizon"
          testId="guide-tilt"
          className="horizon tilts"
          onDrag={(point) => tilt(tiltThrough(camera, picture, toDocument(view, point)))}
          onNudge={(along, up) => tilt(tiltFrom(camera.tiltDegrees + (along + up) / 2))}
        >
          <RotateCw aria-hidden="true" />
        </Grip>
      )}
      <Grip
        at={grip}
        label={say('Move the horizon')}
        value={{
          now: camera.horizon * 100,
          min: -50,
          max: 120,
          text: say('Horizon {share}', { share: percent(camera.horizon) }),
        }}
        step="Move horizon"
        testId="guide-horizon"
        className="horizon moves"
        onGrab={() => {
          caught.current = { y: grip.y, horizon: camera.horizon }
        }}
        onDrag={({ y }) => move(caught.current.horizon + (y - caught.current.y) / view.zoom / picture.height)}
        onNudge={(_, up) => move(camera.horizon - up * 0.005)}
      >
        <Icon aria-hidden="true" />
      </Grip>
    </>
  )
}
