import { LEAST_SIDE, type Drawable, type Pixels } from '@/canvas/drawable'

/** Bytes of all masked pictures' pixels; each layer has an equal share. */
export const MASKED_BYTES = 64e6

/** Layers' pictures as their masks show them: one for each layer, for each takes memory of its own. */
export interface MaskedPictures {
  /** So many layers have masks now: they share the memory. */
  share(count: number): void
  /**
   * Drawn anew only when it changes, one of the two has more or fewer pixels, or its share of the memory fits another level.
   * @param mask an opaque grey picture over all of it @param names of both pictures
   */
  of(layerId: string, picture: Drawable, mask: Drawable, names: string): Drawable
  forget(layerId: string): void
}

export function maskedPictures(): MaskedPictures {
  const known = new Map<string, { key: string; drawable: Drawable }>()
  let sharing = 1
  return {
    share: (count) => void (sharing = Math.max(1, count)),
    of(layerId, picture, mask, names) {
      const found = known.get(layerId)
      const level = levelWithin(picture, MASKED_BYTES / sharing)
      const key = `${names} ${level.width} ${mask.levels[0].width}`
      if (found?.key === key) return found.drawable
      const drawable = draw(picture, level, mask)
      known.set(layerId, { key, drawable })
      return drawable
    },
    forget: (layerId) => void known.delete(layerId),
  }
}

/** The largest level whose pixels, with those of all smaller ones, are within so many bytes; the smallest of all where none is. */
const levelWithin = ({ levels }: Drawable, bytes: number): Pixels =>
  levels.find(({ width, height }) => ((width * height * 4) / 3) * 4 <= bytes) ?? levels[levels.length - 1]

function draw(picture: Drawable, image: Pixels, mask: Drawable): Drawable {
  const { width, height } = image
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  const holes = new OffscreenCanvas(mask.width, mask.height)
  const grey = holes.getContext('2d')
  if (!context || !grey) return picture
  grey.drawImage(mask.levels[0], 0, 0, mask.width, mask.height)
  const pixels = grey.getImageData(0, 0, mask.width, mask.height)
  for (let at = 0; at < pixels.data.length; at += 4) pixels.data[at + 3] = pixels.data[at]
  grey.putImageData(pixels, 0, 0)
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0)
  context.globalCompositeOperation = 'destination-in'
  context.drawImage(holes, 0, 0, width, height)
  return { ...picture, levels: halved(canvas), opaque: false }
}

/** A picture, and smaller ones of it, each half as wide and high as the one before. */
function halved(whole: OffscreenCanvas): OffscreenCanvas[] {
  const levels = [whole]
  for (let last = whole; Math.max(last.width, last.height) > LEAST_SIDE; last = levels[levels.length - 1]) {
    const canvas = new OffscreenCanvas(Math.ceil(last.width / 2), Math.ceil(last.height / 2))
    const context = canvas.getContext('2d')
    if (!context) return levels
    context.imageSmoothingQuality = 'high'
    context.drawImage(last, 0, 0, canvas.width, canvas.height)
    levels.push(canvas)
  }
  return levels
}
