import { useEffect, useLayoutEffect, useRef, useSyncExternalStore, type ReactNode } from 'react'

import type { Raster, Rect } from '@/base/geometry'
import { pixelsFor, type Drawable } from '@/canvas/drawable'
import { useStudio } from '@/ui/studio'

/**
 * The drawable of an asset, as soon as it is there. Its pixels may be freed when it changes: draw them in a layout effect,
 * which never runs with those of before.
 */
export function useDrawable(hash: string): Drawable | null {
  const { drawables, onDrawable } = useStudio()
  return useSyncExternalStore(onDrawable, () => drawables(hash))
}

interface PictureCanvasProps {
  picture: Drawable
  /** The part to show, px of the asset; the whole picture without it. */
  part?: Rect
  /** Size of the canvas, px. */
  width: number
  height: number
  /** For screen readers; without it the canvas is mere decoration. */
  label?: string
  className?: string
}

/** A picture, or a part of it, drawn to fill a canvas. */
export function PictureCanvas({
  picture,
  part,
  width,
  height,
  label,
  className,
}: PictureCanvasProps): ReactNode {
  const ref = useRef<HTMLCanvasElement>(null)
  useLayoutEffect(() => {
    const context = ref.current?.getContext('2d')
    if (!context) return
    const from = part ?? { x: 0, y: 0, width: picture.width, height: picture.height }
    const { image, scale } = pixelsFor(picture, Math.max(width / from.width, height / from.height))
    context.clearRect(0, 0, width, height)
    context.imageSmoothingQuality = 'high'
    const [x, y] = [from.x * scale.x, from.y * scale.y]
    context.drawImage(image, x, y, from.width * scale.x, from.height * scale.y, 0, 0, width, height)
  }, [picture, part, width, height])
  const role = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label }
  return <canvas ref={ref} width={width} height={height} className={className} {...role} />
}

/** Plain pixels on a canvas of their own size; the style sheet stretches it. */
export function RasterCanvas({ raster, className }: { raster: Raster; className?: string }): ReactNode {
  const ref = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    ref.current?.getContext('2d')?.putImageData(new ImageData(raster.data, raster.width, raster.height), 0, 0)
  }, [raster])
  return (
    <canvas ref={ref} width={raster.width} height={raster.height} className={className} aria-hidden="true" />
  )
}
