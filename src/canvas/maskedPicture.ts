import { LEAST_SIDE, type Drawable } from '@/canvas/drawable'

/** Layers' pictures as their masks show them: one for each layer, for each takes memory of its own. */
export interface MaskedPictures {
  /**
   * Drawn anew only when it changes, or one of the two has more or fewer pixels.
   * @param mask an opaque grey picture over all of it @param names of both pictures
   */
  of(layerId: string, picture: Drawable, mask: Drawable, names: string): Drawable
  forget(layerId: string): void
}

export function maskedPictures(): MaskedPictures {
  const known = new Map<string, { key: string; drawable: Drawable }>()
  return {
    of(layerId, picture, mask, names) {
      const key = `${names} ${picture.levels[0].width} ${mask.levels[0].width}`
      const found = known.get(layerId)
      if (found?.key === key) return found.drawable
      const drawable = draw(picture, mask)
      known.set(layerId, { key, drawable })
      return drawable
    },
    forget: (layerId) => void known.delete(layerId),
  }
}

function draw(picture: Drawable, mask: Drawable): Drawable {
  const [image] = picture.levels
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
