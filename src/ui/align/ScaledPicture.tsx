import { useLayoutEffect, useMemo, useRef, type ReactNode } from 'react'

import type { Raster } from '@/base/geometry'
import type { Drawable } from '@/canvas/drawable'

/** Pictures are drawn at least so large, px, so that small ones look smooth on any screen. */
const DRAWN_SIDE = 768

interface ScaledPictureProps {
  source: Drawable | Raster
  /** Pixels as squares. */
  crisp: boolean
  label: string
}

/** A picture on a canvas of a multiple of its size; the style sheet fits it into its place. */
export function ScaledPicture({ source, crisp, label }: ScaledPictureProps): ReactNode {
  const ref = useRef<HTMLCanvasElement>(null)
  const image = useMemo(() => ('levels' in source ? source.levels[0] : onCanvas(source)), [source])
  const scale = Math.max(1, Math.ceil(DRAWN_SIDE / Math.max(source.width, source.height)))
  const [width, height] = [source.width * scale, source.height * scale]
  useLayoutEffect(() => {
    const context = ref.current?.getContext('2d')
    if (!context) return
    context.clearRect(0, 0, width, height)
    context.imageSmoothingEnabled = !crisp
    context.imageSmoothingQuality = 'high'
    context.drawImage(image, 0, 0, width, height)
  }, [image, crisp, width, height])
  return <canvas ref={ref} width={width} height={height} role="img" aria-label={label} />
}

function onCanvas({ data, width, height }: Raster): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0)
  return canvas
}
