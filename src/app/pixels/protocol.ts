/** Everything that crosses between the page and the pixel worker, which decodes, stores and cuts out pictures. */
import type { Problem } from '@/base/errors'
import type { Raster, Rect } from '@/base/geometry'
import type { AssetRef } from '@/schema/common'
import type { Recipe } from '@/schema/recipe'
import type { CutoutMethod } from '@/ui/studio'
import type { Outcome } from '@/worker/protocol'

/** A picture ready for the canvas; the bitmap is transferred. */
export interface PreparedPicture {
  asset: AssetRef
  bitmap: ImageBitmap
  /** Bitmap px per asset px; below 1 where the picture is too large to draw as it is. */
  proxyScale: number
  /** Bounding box of what is visible, asset px; null when nothing is. */
  content: Rect | null
  opaque: boolean
  /** Alpha of the picture made small, row-major; for picking. */
  mask: { width: number; height: number; alpha: Uint8Array }
  thumbnail: Blob
}

export interface ImportedPicture {
  picture: PreparedPicture
  /** What was done to the picture, in sentences for the user. */
  notes: string[]
  /** What made it, where the file carries that. */
  recipe: Recipe | null
  /** The file carries a recipe that cannot be read. */
  recipeProblem: Problem | null
}

/** A result of the history as it is listed. */
export interface ListedResult {
  id: string
  time: number
  recipe: Recipe
  thumbnail: Blob
}

export interface PixelApi {
  /** Decodes a file; the pixels stay in the worker until `persist` has stored them. */
  importFile(file: Blob, name: string): Promise<Outcome<ImportedPicture>>
  /** The same for pixels that are here already (transferred). */
  importRaster(raster: Raster, name: string): Promise<Outcome<PreparedPicture>>
  /** Reads a stored picture for the canvas. */
  prepare(asset: AssetRef): Promise<Outcome<PreparedPicture>>
  /** Writes an imported picture to storage; on failure it stays in memory. */
  persist(hash: string): Promise<Outcome<null>>
  /** Says that an import was not used after all; without this its pixels would stay in memory. */
  forget(hash: string): Promise<Outcome<null>>
  has(hash: string): Promise<Outcome<boolean>>
  /** A copy of the pixels, transferred to the page. */
  raster(asset: AssetRef): Promise<Outcome<Raster>>
  /** Foregrounds pasted over a base picture; the document as it stands, as PNG. */
  flatten(base: AssetRef, recipe: Recipe | null): Promise<Outcome<Blob>>

  cutoutOpen(hash: string): Promise<Outcome<{ image: Raster; scale: number }>>
  cutoutPreview(hash: string, method: CutoutMethod, progress: MessagePort): Promise<Outcome<Raster>>
  cutoutApply(hash: string, method: CutoutMethod, progress: MessagePort): Promise<Outcome<PreparedPicture>>

  /** The PNG of a result with its recipe inside. */
  encodeResult(asset: AssetRef, recipe: Recipe): Promise<Outcome<Blob>>
  /** Encodes and stores a result; its entry in the history. */
  addResult(asset: AssetRef, recipe: Recipe): Promise<Outcome<ListedResult>>
  listResults(): Promise<Outcome<ListedResult[]>>
  resultFile(id: string): Promise<Outcome<Blob>>
  removeResult(id: string): Promise<Outcome<boolean>>
}

/** On a cut-out's port: the worker sends fractions 0..1, the page sends 'abort'. */
export type CutoutMessage = number | 'abort'
