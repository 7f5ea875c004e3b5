import type { Drawable } from '@/canvas/drawable'

/** Longer side of a masked picture, px: the canvas shows no more, and each takes memory of its own. */
const SIDE = 2048
const KEPT = 8

const known = new Map<string, Drawable>()

/** A picture as its layer's mask shows it. @param mask an opaque grey picture over all of it @param key of both */
export function maskedPicture(picture: Drawable, mask: Drawable, key: string): Drawable {
  const found = known.get(key)
  known.delete(key)
  const made = found ?? draw(picture, mask)
  known.set(key, made)
  for (const old of [...known.keys()].slice(0, -KEPT)) known.delete(old)
  return made
}

function draw(picture: Drawable, mask: Drawable): Drawable {
  const scale = Math.min(picture.proxyScale, SIDE / Math.max(picture.width, picture.height))
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
