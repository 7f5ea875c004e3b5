import type { Drawable } from '@/canvas/drawable'

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
      const key = `${names} ${picture.proxyScale} ${mask.proxyScale}`
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
  const scale = picture.proxyScale
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)))
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  const holes = new OffscreenCanvas(mask.width, mask.height)
  const grey = holes.getContext('2d')
  if (!context || !grey) return picture
  grey.drawImage(mask.image, 0, 0, mask.width, mask.height)
  const pixels = grey.getImageData(0, 0, mask.width, mask.height)
  for (let at = 0; at < pixels.data.length; at += 4) pixels.data[at + 3] = pixels.data[at]
  grey.putImageData(pixels, 0, 0)
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture.image, 0, 0, width, height)
  context.globalCompositeOperation = 'destination-in'
  context.drawImage(holes, 0, 0, width, height)
  return { ...picture, image: canvas, proxyScale: scale, opaque: false }
}
