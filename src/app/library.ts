import type { Pixels } from '@/app/pixels/client'
import type { PreparedPicture } from '@/app/pixels/protocol'
import type { Problem } from '@/base/errors'
import { createQueue } from '@/base/queue'
import type { Drawable, DrawableSource } from '@/canvas/drawable'
import type { AssetRef } from '@/schema/common'
import type { ShelfStore } from '@/ui/stores/shelf'

export interface Library {
  drawables: DrawableSource
  onDrawable(listener: () => void): () => void
  /** Makes a decoded picture known to canvas and panels. */
  add(picture: PreparedPicture): Drawable
  /** A small picture of an asset, as far as it has been read. */
  thumbnail(hash: string): Blob | null
  /** Whether every pixel of an asset is opaque, as far as it has been read. */
  isOpaque(hash: string): boolean
  /** Reads what is missing; with `onMissing` for each picture that is not stored any more. */
  load(assets: AssetRef[], onMissing: (asset: AssetRef, problem: Problem) => void): void
  /** Has a picture's pixels all there, should they have been made fewer; the others give way. */
  sharpen(asset: AssetRef): void
  /** Bytes of the pixels that are held here. */
  bytes(): number
  /** Frees the pixels of a picture that nothing shows any more. */
  forget(hash: string): void
  /** Forgets pictures that nothing shows any more, and frees their pixels. */
  retain(hashes: Set<string>): void
}

/** Pictures beyond those in use that are kept drawable for undo. */
const SPARE = 8

/** Bytes of pixels that are kept drawable; with what the pixel worker holds they are 512 MB. */
const MOST_BYTES = 320e6
/** Nothing is made smaller than this to keep to it, px of the longer side. */
const LEAST_SIDE = 512

interface Known {
  drawable: Drawable
  bitmap: ImageBitmap
  /** How it came; it may have been made smaller since. */
  proxyScale: number
  opaque: boolean
  thumbnail: Blob
}

/**
 * Keeps one drawable per asset: canvases are made once, however often a picture is shown. Where all of them are too many
 * bytes the largest are halved until they fit; the one that was sharpened last is spared.
 */
export function createLibrary(pixels: Pixels, shelf: ShelfStore): Library {
  const known = new Map<string, Known>()
  const loading = new Set<string>()
  const listeners = new Set<() => void>()
  const announce = () => {
    for (const listener of listeners) listener()
  }
  /** One at a time: all pictures of a large document would not fit into memory together. */
  const inTurn = createQueue()
  let sharpened: string | null = null

  const bytes = (): number => [...known.values()].reduce((sum, one) => sum + bytesOf(one), 0)

  /** Shows a picture's pixels in other numbers. @param bitmap this one's from now on */
  const redraw = (hash: string, one: Known, bitmap: ImageBitmap): void => {
    const drawable = { ...one.drawable, image: bitmap, proxyScale: bitmap.width / one.drawable.width }
    known.set(hash, { ...one, drawable, bitmap })
    announce()
    one.bitmap.close()
  }

  const fit = async (): Promise<void> => {
    while (bytes() > MOST_BYTES) {
      const others = [...known].filter(([hash]) => hash !== sharpened)
      // Of equals the one that has been here longest.
      const largest = others.sort(([, a], [, b]) => bytesOf(b) - bytesOf(a)).at(0)
      if (!largest) return
      const [hash, one] = largest
      if (Math.max(one.bitmap.width, one.bitmap.height) <= LEAST_SIDE) return
      const smaller = await createImageBitmap(one.bitmap, {
        resizeWidth: Math.ceil(one.bitmap.width / 2),
        resizeHeight: Math.ceil(one.bitmap.height / 2),
        resizeQuality: 'high',
      }).catch(() => null)
      const isCurrent = known.get(hash) === one
      if (!smaller && isCurrent) return
      if (smaller && isCurrent) redraw(hash, one, smaller)
      else smaller?.close()
    }
  }

  const add = (picture: PreparedPicture): Drawable => {
    const { asset, bitmap, mask, content } = picture
    const found = known.get(asset.hash)
    if (found) {
      bitmap.close()
      known.delete(asset.hash)
      known.set(asset.hash, found)
      return found.drawable
    }
    const drawable: Drawable = {
      image: bitmap,
      proxyScale: picture.proxyScale,
      width: asset.width,
      height: asset.height,
      opaque: picture.opaque,
      dust: picture.dust,
      content: content ?? { x: 0, y: 0, width: asset.width, height: asset.height },
      opaqueAt(x, y) {
        const column = Math.min(mask.width - 1, Math.max(0, Math.floor((x / asset.width) * mask.width)))
        const row = Math.min(mask.height - 1, Math.max(0, Math.floor((y / asset.height) * mask.height)))
        return mask.alpha[row * mask.width + column] > 24
      },
    }
    const { opaque, proxyScale, thumbnail } = picture
    known.set(asset.hash, { drawable, bitmap, proxyScale, opaque, thumbnail })
    shelf.setState(({ thumbnails, looks }) => ({
      thumbnails: { ...thumbnails, [asset.hash]: URL.createObjectURL(picture.thumbnail) },
      looks: { ...looks, [asset.hash]: picture.looks },
    }))
    announce()
    void inTurn(fit)
    return drawable
  }

  const forget = (hash: string): void => {
    known.get(hash)?.bitmap.close()
    known.delete(hash)
    const { [hash]: address, ...rest } = shelf.getState().thumbnails
    const { [hash]: _, ...looks } = shelf.getState().looks
    if (address) URL.revokeObjectURL(address)
    shelf.setState({ thumbnails: rest, looks })
  }

  return {
    drawables: (hash) => known.get(hash)?.drawable ?? null,
    onDrawable(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    add,
    thumbnail: (hash) => known.get(hash)?.thumbnail ?? null,
    isOpaque: (hash) => known.get(hash)?.opaque ?? false,
    load(assets, onMissing) {
      for (const asset of assets) {
        if (known.has(asset.hash) || loading.has(asset.hash)) continue
        loading.add(asset.hash)
        void inTurn(() => pixels.prepare(asset)).then((done) => {
          loading.delete(asset.hash)
          if (done.ok) add(done.value)
          else onMissing(asset, done.problem)
        })
      }
    },
    sharpen(asset) {
      const { hash } = asset
      sharpened = hash
      const isWhole = () => {
        const one = known.get(hash)
        return !one || one.drawable.proxyScale === one.proxyScale
      }
      if (isWhole()) return
      void inTurn(async () => {
        // Another may be wanted by now.
        if (sharpened !== hash || isWhole()) return
        const done = await pixels.prepare(asset)
        if (!done.ok) return
        const one = known.get(hash)
        if (one) redraw(hash, one, done.value.bitmap)
        else done.value.bitmap.close()
        await fit()
      })
    },
    bytes,
    forget,
    retain(hashes) {
      const spare = [...known.keys()].filter((hash) => !hashes.has(hash))
      for (const hash of spare.slice(0, Math.max(0, spare.length - SPARE))) forget(hash)
    },
  }
}

const bytesOf = ({ bitmap }: Known): number => bitmap.width * bitmap.height * 4
