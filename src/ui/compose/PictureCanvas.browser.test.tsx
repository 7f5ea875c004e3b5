import { act, useLayoutEffect, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, it } from 'vitest'

import { opaqueDrawable, type Drawable } from '@/canvas/drawable'
import { PictureCanvas, useDrawable } from '@/ui/compose/PictureCanvas'
import { StudioProvider, type Studio } from '@/ui/studio'

const SIDE = 8

async function bitmapOf(colour: string): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(SIDE, SIDE)
  const context = canvas.getContext('2d') ?? expect.fail('no context')
  context.fillStyle = colour
  context.fillRect(0, 0, SIDE, SIDE)
  return createImageBitmap(canvas)
}

it('shows a picture whose pixels were swapped and freed before it could listen, and each time after', async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
  let bitmap = await bitmapOf('#ff0000')
  let picture: Drawable = opaqueDrawable(bitmap)
  const listeners = new Set<() => void>()
  const swap = (next: ImageBitmap) => {
    const old = bitmap
    bitmap = next
    picture = opaqueDrawable(bitmap)
    for (const listener of listeners) listener()
    old.close()
  }
  const studio = {
    drawables: () => picture,
    onDrawable(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  } as unknown as Studio
  function Shown(): ReactNode {
    const drawable = useDrawable('one')
    return drawable && <PictureCanvas picture={drawable} width={SIDE} height={SIDE} />
  }
  const [green, blue] = [await bitmapOf('#00ff00'), await bitmapOf('#0000ff')]
  function Meanwhile(): ReactNode {
    useLayoutEffect(() => swap(green), [])
    return null
  }
  const place = document.body.appendChild(document.createElement('div'))
  const root = createRoot(place)
  const colour = () => [
    ...(place.querySelector('canvas')?.getContext('2d')?.getImageData(2, 2, 1, 1).data ?? []),
  ]
  act(() =>
    root.render(
      <StudioProvider value={studio}>
        <Shown />
        <Meanwhile />
      </StudioProvider>,
    ),
  )
  expect(colour()).toEqual([0, 255, 0, 255])
  act(() => swap(blue))
  expect(colour()).toEqual([0, 0, 255, 255])
  act(() => root.unmount())
  place.remove()
})
