import type { Raster, Rect, Size } from '@/base/geometry'

/** Chromium's detector of faces, where it is switched on. */
interface FaceDetection {
  new (options: { fastMode: boolean; maxDetectedFaces: number }): {
    detect(image: ImageBitmapSource): Promise<{ boundingBox: DOMRectReadOnly }[]>
  }
}

/** How much wider than the found face the crop is: hair and chin belong to it. */
const ROOM = 1.6

/** A square about the same centre, kept inside the picture as far as it fits. */
export function squareIn(box: Rect, picture: Size): Rect {
  const side = Math.min(Math.max(box.width, box.height), picture.width, picture.height)
  const keep = (middle: number, length: number) => Math.min(length - side, Math.max(0, middle - side / 2))
  return {
    x: keep(box.x + box.width / 2, picture.width),
    y: keep(box.y + box.height / 2, picture.height),
    width: side,
    height: side,
  }
}

/** Where a face mostly is: in the middle of the upper part. */
export function likelyFace({ width, height }: Size): Rect {
  const side = Math.min(width, height) * 0.5
  return squareIn(
    { x: (width - side) / 2, y: height / 3 - side / 2, width: side, height: side },
    { width, height },
  )
}

/** A square around the largest face that the browser finds, px of the asset; null where it finds or can find none. */
export async function detectFace({ image, scale }: { image: Raster; scale: number }): Promise<Rect | null> {
  const detector = (globalThis as { FaceDetector?: FaceDetection }).FaceDetector
  if (!detector) return null
  try {
    const pixels = new ImageData(image.data, image.width, image.height)
    const faces = await new detector({ fastMode: false, maxDetectedFaces: 5 }).detect(
      await createImageBitmap(pixels),
    )
    const largest = faces
      .map(({ boundingBox }) => boundingBox)
      .reduce<DOMRectReadOnly | null>(
        (best, box) => (best && best.width * best.height >= box.width * box.height ? best : box),
        null,
      )
    if (!largest) return null
    const side = (Math.max(largest.width, largest.height) * ROOM) / scale
    const [x, y] = [(largest.x + largest.width / 2) / scale, (largest.y + largest.height / 2) / scale]
    return squareIn(
      { x: x - side / 2, y: y - side / 2, width: side, height: side },
      { width: image.width / scale, height: image.height / scale },
    )
  } catch {
    // The interface may be there without a detector behind it.
    return null
  }
}
