import type { Pixels } from '@/app/pixels/client'
import type { PreparedPicture } from '@/app/pixels/protocol'
import type { Problem } from '@/base/errors'
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
  /** Frees the pixels of a picture that nothing shows any more. */
  forget(hash: string): void
  /** Forgets pictures that nothing shows any more, and frees their pixels. */
  retain(hashes: Set<string>): void
}

/** Pictures beyond those in use that are kept drawable for undo. */
const SPARE = 8

/** Keeps one drawable per asset: canvases are made once, however often a picture is shown. */
export function createLibrary(pixels: Pixels, shelf: ShelfStore): Library {
  const known = new Map<
    string,
    { drawable: Drawable; bitmap: ImageBitmap; opaque: boolean; thumbnail: Blob }
  >()
  const loading = new Set<string>()
  const listeners = new Set<() => void>()

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
    known.set(asset.hash, { drawable, bitmap, opaque: picture.opaque, thumbnail: picture.thumbnail })
    shelf.setState(({ thumbnails, looks }) => ({
      thumbnails: { ...thumbnails, [asset.hash]: URL.createObjectURL(picture.thumbnail) },
      looks: { ...looks, [asset.hash]: picture.looks },
    }))
    for (const listener of listeners) listener()
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
        void pixels.prepare(asset).then((done) => {
          loading.delete(asset.hash)
          if (done.ok) add(done.value)
          else onMissing(asset, done.problem)
        })
      }
    },
    forget,
    retain(hashes) {
      const spare = [...known.keys()].filter((hash) => !hashes.has(hash))
      for (const hash of spare.slice(0, Math.max(0, spare.length - SPARE))) forget(hash)
    },
  }
}
