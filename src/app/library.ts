import type { Pixels } from '@/app/pixels/client'
import { freePixels, type PreparedPicture } from '@/app/pixels/protocol'
import type { Problem } from '@/base/errors'
import { createQueue } from '@/base/queue'
import type { Drawable, DrawableSource } from '@/canvas/drawable'
import type { AssetRef } from '@/schema/common'
import type { ShelfStore } from '@/ui/stores/shelf'

export interface Library {
  drawables: DrawableSource
  onDrawable(listener: () => void): () => void
  /** Makes a decoded picture known to canvas and panels. */
  add(picture: PreparedPicture): void
  /** A small picture of an asset, as far as it has been read. */
  thumbnail(hash: string): Blob | null
  /** Whether every pixel of an asset is opaque, as far as it has been read. */
  isOpaque(hash: string): boolean
  /** Reads what is missing; with `onMissing` for each picture that is not stored any more. */
  load(assets: AssetRef[], onMissing: (asset: AssetRef, problem: Problem) => void): void
  /**
   * The pictures that matter most, the most important first: they have all their pixels as far as there is room, and the
   * first has them always. Where they had been made fewer they are read again.
   */
  prefer(hashes: readonly string[]): void
  /** Bytes of the pixels that are held here. */
  bytes(): number
  /** Frees the pixels of a picture that nothing shows any more. */
  forget(hash: string): void
  /** Says which pictures are in use: of others only a few stay, and give way first. */
  retain(hashes: Set<string>): void
}

/** Pictures beyond those in use that are kept drawable for undo. */
const SPARE = 8

/**
 * Bytes of pixels that are kept drawable; with what the pixel worker holds they are 512 MB. A picture that arrives is
 * there beside them until others have given way.
 */
const MOST_BYTES = 320e6

interface Known {
  asset: AssetRef
  drawable: Drawable
  /** The drawable's. */
  levels: ImageBitmap[]
  /** Bytes as it came; it may have been made smaller since. */
  whole: number
  opaque: boolean
  thumbnail: Blob
}

/**
 * Keeps one drawable per asset: canvases are made once, however often a picture is shown. Where all of them are too many
 * bytes some lose their largest level until they fit: those out of use first, then the largest of those in use, then the
 * preferred ones, the least important first. Once there is room again those in use are read again, whole.
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
  let used: ReadonlySet<string> = new Set()
  let preferred: readonly string[] = []

  /** The higher the more it is spared: 0 out of use, 1 in use, above that preferred. */
  const rankOf = (hash: string): number => {
    const at = preferred.indexOf(hash)
    return at >= 0 ? 1 + preferred.length - at : used.has(hash) ? 1 : 0
  }
  const bytes = (): number => [...known.values()].reduce((sum, one) => sum + bytesOf(one), 0)

  /** Shows a picture's pixels in other numbers. @param levels this one's from now on */
  const redraw = (hash: string, one: Known, levels: ImageBitmap[]): void => {
    known.set(hash, { ...one, drawable: { ...one.drawable, levels }, levels })
    announce()
    freePixels({ levels: one.levels.filter((level) => !levels.includes(level)) })
  }

  const fit = (): void => {
    while (bytes() > MOST_BYTES) {
      const first = [...known]
        .filter(([hash, one]) => hash !== preferred[0] && leastOf(one) < bytesOf(one))
        // Of equals the one that has been here longest.
        .sort(([a, one], [b, other]) => rankOf(a) - rankOf(b) || bytesOf(other) - bytesOf(one))
        .at(0)
      if (!first) return
      const [hash, one] = first
      redraw(hash, one, one.levels.slice(1))
    }
  }

  /** Bytes that a picture may have without another of its rank giving way. */
  const roomFor = (hash: string): number => {
    const rank = rankOf(hash)
    let room = MOST_BYTES
    for (const [other, one] of known)
      if (other !== hash) room -= rankOf(other) < rank ? leastOf(one) : bytesOf(one)
    return room
  }

  /** Makes all fit, then reads again what may be whole, the most important first. */
  const settle = async (): Promise<void> => {
    const tried = new Set<string>()
    const next = (): Known | undefined =>
      [...known]
        .filter(([hash, one]) => !tried.has(hash) && rankOf(hash) > 0 && bytesOf(one) < one.whole)
        .filter(([hash, one]) => hash === preferred[0] || one.whole <= roomFor(hash))
        .sort(([a], [b]) => rankOf(b) - rankOf(a))
        .at(0)?.[1]
    fit()
    for (let blurred = next(); blurred; blurred = next()) {
      const { asset } = blurred
      tried.add(asset.hash)
      const done = await pixels.prepare(asset)
      if (!done.ok) continue
      const one = known.get(asset.hash)
      if (one) redraw(asset.hash, one, done.value.levels)
      else freePixels(done.value)
      fit()
    }
  }

  /** @returns its drawable; all of them may be too many bytes afterwards */
  const keep = (picture: PreparedPicture): Drawable => {
    const { asset, levels, mask, content } = picture
    const found = known.get(asset.hash)
    if (found) {
      freePixels(picture)
      known.delete(asset.hash)
      known.set(asset.hash, found)
      return found.drawable
    }
    const drawable: Drawable = {
      levels,
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
    const { opaque, thumbnail } = picture
    known.set(asset.hash, { asset, drawable, levels, whole: bytesOf(picture), opaque, thumbnail })
    shelf.setState(({ thumbnails, looks }) => ({
      thumbnails: { ...thumbnails, [asset.hash]: URL.createObjectURL(picture.thumbnail) },
      looks: { ...looks, [asset.hash]: picture.looks },
    }))
    announce()
    return drawable
  }

  const forget = (hash: string): void => {
    freePixels({ levels: known.get(hash)?.levels ?? [] })
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
    add(picture) {
      keep(picture)
      // Who adds it has yet to use it: what is in use is spared.
      void inTurn(() => Promise.resolve(fit()))
    },
    thumbnail: (hash) => known.get(hash)?.thumbnail ?? null,
    isOpaque: (hash) => known.get(hash)?.opaque ?? false,
    load(assets, onMissing) {
      for (const asset of assets) {
        if (known.has(asset.hash) || loading.has(asset.hash)) continue
        loading.add(asset.hash)
        void inTurn(async () => {
          const done = await pixels.prepare(asset)
          loading.delete(asset.hash)
          if (!done.ok) return onMissing(asset, done.problem)
          keep(done.value)
          // Before the next one is read.
          fit()
        })
      }
    },
    prefer(hashes) {
      if (hashes.join() === preferred.join()) return
      preferred = hashes
      void inTurn(settle)
    },
    bytes,
    forget(hash) {
      forget(hash)
      void inTurn(settle)
    },
    retain(hashes) {
      used = hashes
      const spare = [...known.keys()].filter((hash) => !hashes.has(hash))
      for (const hash of spare.slice(0, Math.max(0, spare.length - SPARE))) forget(hash)
      void inTurn(settle)
    },
  }
}

const bytesOf = ({ levels }: Pick<Known, 'levels'>): number =>
  levels.reduce((sum, { width, height }) => sum + width * height * 4, 0)

/** Bytes that are left of a picture when it has given way as far as any does: the last level stays. */
const leastOf = ({ levels }: Known): number => bytesOf({ levels: levels.slice(-1) })
