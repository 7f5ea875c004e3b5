import { useState, type CSSProperties, type PointerEvent, type ReactNode } from 'react'
import { useStore } from 'zustand'

import { clamp } from '@/base/geometry'
import { addPlace } from '@/document/mix/commands'
import type { MixPlace } from '@/schema/modes/mix'
import { colourOf, css } from '@/ui/compose/responseMaps'
import { nameOf } from '@/ui/mix/words'
import { useDocument, useStudio } from '@/ui/studio'

type Point = readonly [x: number, y: number]

/** The places of objects over the picture; another one is drawn here. */
export function PlacesLayer(): ReactNode {
  const { document, modes } = useStudio()
  const { objects, settings } = useDocument((state) => state.document.mix)
  const drawing = useStore(modes.mix.store, (state) => state.drawing)
  const [drawn, setDrawn] = useState<{ from: Point; to: Point } | null>(null)
  const at = ({ currentTarget, clientX, clientY }: PointerEvent): Point => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect()
    return [clamp((clientX - left) / width, 0, 1), clamp((clientY - top) / height, 0, 1)]
  }
  const places =
    drawing !== null && drawn ? [...settings.places, { object: drawing, box: boxOf(drawn) }] : settings.places
  return (
    <div
      className={drawing === null ? 'places' : 'places drawing'}
      data-testid="mix-places"
      onPointerDown={(event) => {
        if (drawing === null) return
        event.currentTarget.setPointerCapture(event.pointerId)
        setDrawn({ from: at(event), to: at(event) })
      }}
      onPointerMove={(event) => drawn && setDrawn({ ...drawn, to: at(event) })}
      onPointerUp={() => {
        if (drawing !== null && drawn) addPlace(document, { object: drawing, box: boxOf(drawn) })
        setDrawn(null)
        modes.mix.store.setState({ drawing: null })
      }}
      onPointerCancel={() => setDrawn(null)}
    >
      {places.map(({ object, box }, index) => (
        <span
          key={index}
          className="place"
          style={
            {
              '--colour': css(colourOf(object)),
              left: `${100 * box.x}%`,
              top: `${100 * box.y}%`,
              width: `${100 * box.width}%`,
              height: `${100 * box.height}%`,
            } as CSSProperties
          }
        >
          {objects[object] && nameOf(objects[object], object)}
        </span>
      ))}
    </div>
  )
}

const boxOf = ({ from, to }: { from: Point; to: Point }): MixPlace['box'] => ({
  x: Math.min(from[0], to[0]),
  y: Math.min(from[1], to[1]),
  width: Math.abs(to[0] - from[0]),
  height: Math.abs(to[1] - from[1]),
})
