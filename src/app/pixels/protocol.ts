/** Everything that crosses between the page and the pixel worker, which decodes, stores and cuts out pictures. */
import type { CutoutGeometry } from '@/layers/volume'
import type { GroundPreview } from '@/app/pixels/ground'
import type { DrawnPicture, FlatPicture, LayerSource } from '@/app/pixels/layered'
import type { FrontPreview } from '@/app/pixels/masks'
import type { Problem } from '@/base/errors'
import type { Mask, Raster, Rect } from '@/base/geometry'
import type { LossyFormat } from '@/base/pictureFormats'
import type { PictureLooks } from '@/base/pictureLooks'
import type { ProjectResult } from '@/project/projectFile'
import type { AssetRef } from '@/schema/common'
import type { FusionDocument } from '@/schema/document'
import type { PlaceRecipe } from '@/schema/modes/place'
import type { Recipe } from '@/schema/recipe'
import type { CutoutMethod } from '@/ui/studio'
import type { Outcome } from '@/worker/protocol'

/** A picture ready for the canvas; its bitmaps are transferred. */
export interface PreparedPicture {
  asset: AssetRef
  /**
   * The picture, then smaller ones, each half as wide and high as the one before; the first has fewer pixels than the asset
   * where that is too large to draw as it is.
   */
  levels: ImageBitmap[]
  /** Bounding box of what is visible and matters, asset px; null when nothing is. */
  content: Rect | null
  /** Boxes around specks that do not matter, asset px. */
  dust: Rect[]
  opaque: boolean
  looks: PictureLooks
  /** Alpha of the picture made small, row-major; for picking. */
  mask: { width: number; height: number; alpha: Uint8Array }
  thumbnail: Blob
}

/** Frees the pixels of a picture that is not going to be shown. */
export const freePixels = ({ levels }: Pick<PreparedPicture, 'levels'>): void => {
  for (const level of levels) level.close()
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

/** Layers made one, but for those that lie wholly beside the picture. */
export interface MergedPicture extends Pick<FlatPicture, 'beside'> {
  picture: PreparedPicture
}

/** A result of the history as it is listed. */
export interface ListedResult {
  id: string
  /** By this they are in order. */
  time: number
  /** When it was made, where that was elsewhere. */
  made?: number
  recipe: Recipe
  thumbnail: Blob
  /** Of its PNG. */
  bytes: number
  /** Kept whatever the limit. */
  starred: boolean
  /** The document that it was made in, where that is known. */
  documentId?: string
}

/** Some of the history of results. */
export interface ListedPage {
  results: ListedResult[]
  /** `before` of the next page; null at the end. */
  next: number | null
  /** How many could not be read and were set aside. */
  broken: number
}

/** A project that has been stored. */
export interface StoredProject {
  documentId: string
  /** How many pictures it lacks that it names. */
  missing: number
  /** Those that are new here, newest first. */
  results: ListedResult[]
}

/** What became of files that were to be results. */
export interface TakenResults {
  /** Newest first. */
  results: ListedResult[]
  /** How many the history had already. */
  known: number
  /** How many are no PNG with a recipe. */
  plain: number
  /** What else was wrong, by file. */
  problems: Problem[]
}

export interface PixelApi {
  /** Decodes a file; the pixels stay in the worker until `persist` has stored them. */
  importFile(file: Blob, name: string): Promise<Outcome<ImportedPicture>>
  /** Takes over the pictures that a result's file carries along, until `persist` has stored them; their hashes. */
  importCarried(file: Blob): Promise<Outcome<string[]>>
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
  /** The document as it stands, as PNG. */
  flatten(drawn: DrawnPicture): Promise<Outcome<Blob>>
  /** The same as a picture of its own, to be stored by `persist`. @param ground what gives it its 16 bits, as `encodeDeep`'s */
  merge(drawn: DrawnPicture, name: string, ground: AssetRef | null): Promise<Outcome<MergedPicture>>
  /** A picture's PNG in another format. Aborting gives `cancelled`. @param quality 0..1 */
  encodeAs(png: Blob, format: LossyFormat, quality: number, progress: MessagePort): Promise<Outcome<Blob>>
  /** Whether a picture has 16 bits a channel. */
  hasDeep(asset: AssetRef): Promise<Outcome<boolean>>
  /** A picture's PNG with the 16 bits of the background that it was made of. Aborting gives `cancelled`. */
  encodeDeep(png: Blob, ground: AssetRef | null, progress: MessagePort): Promise<Outcome<Blob>>
  /** A picture with its layers, as a Photoshop document. */
  encodeLayers(source: LayerSource): Promise<Outcome<Blob>>

  /** A preview of Place's layers; null where the recipe has none. @param shapes as a drawn picture's @param draft coarser */
  previewGround(
    recipe: PlaceRecipe,
    shapes: readonly (CutoutGeometry | null)[],
    draft: boolean,
  ): Promise<Outcome<GroundPreview | null>>

  /** A small picture of the objects in a recipe's light; null where it draws no layers. @param shapes as a drawn picture's */
  previewLit(recipe: PlaceRecipe, shapes: readonly (CutoutGeometry | null)[]): Promise<Outcome<Blob | null>>

  /** What stands before the objects of a recipe; null where nothing is painted. */
  previewFront(recipe: PlaceRecipe): Promise<Outcome<FrontPreview | null>>

  /** Keeps a mask as a picture, coarser where it would be too large; to be stored by `persist`. */
  takeMask(mask: Mask, name: string): Promise<Outcome<PreparedPicture>>
  /** A stroke moved onto the edges of the photo that it was painted over. */
  snapStroke(photo: AssetRef, stroke: Mask): Promise<Outcome<Mask>>

  /** What differs between a photo and what was made of it; both stay at hand until `closeChanges`. */
  openChanges(before: AssetRef, made: AssetRef): Promise<Outcome<Mask>>
  /**
   * The made picture with the photo's own pixels where a mask says so, and that mask as it is stored, together with what
   * an earlier one has taken back of the made picture already.
   */
  takeBack(
    away: Mask,
    earlier: Mask | null,
    name: string,
  ): Promise<Outcome<{ picture: PreparedPicture; mask: AssetRef }>>
  closeChanges(): Promise<Outcome<null>>

  cutoutOpen(hash: string): Promise<Outcome<{ image: Raster; scale: number }>>
  cutoutPreview(
    hash: string,
    method: CutoutMethod,
    progress: MessagePort,
  ): Promise<Outcome<{ image: Raster; dust: Rect[] }>>
  cutoutApply(hash: string, method: CutoutMethod, progress: MessagePort): Promise<Outcome<PreparedPicture>>

  /** A picture without its dust, as another asset. */
  removeDust(hash: string): Promise<Outcome<PreparedPicture>>

  /** The PNG of a result with its recipe inside. */
  encodeResult(asset: AssetRef, recipe: Recipe): Promise<Outcome<Blob>>
  /** Encodes and stores a result of a document; its entry in the history. */
  addResult(asset: AssetRef, recipe: Recipe, documentId: string): Promise<Outcome<ListedResult>>
  /** Results that were made before a time, newest first. */
  listResults(before?: number): Promise<Outcome<ListedPage>>
  resultFile(id: string): Promise<Outcome<Blob>>
  /** Takes a result from the list, until it is brought back or purged; false where there was none. */
  deleteResult(id: string): Promise<Outcome<boolean>>
  undeleteResult(id: string): Promise<Outcome<null>>
  /** Removes for good one that is deleted. */
  purgeResult(id: string): Promise<Outcome<boolean>>
  removeResult(id: string): Promise<Outcome<boolean>>
  starResult(id: string, starred: boolean): Promise<Outcome<null>>
  /** Removes the oldest without a star until such take at most so many bytes; the ids of those that went. */
  trimResults(bytes: number): Promise<Outcome<string[]>>
  /** Takes PNGs that carry their recipes into the history, as they are; stopped, it keeps what it has. */
  importResults(files: readonly File[], progress: MessagePort): Promise<Outcome<TakenResults>>
  /** A picture as a PNG file whose pixels have been looked at; null where it is gone or damaged. */
  pictureFile(asset: AssetRef): Promise<Outcome<Blob | null>>
  /** The results of a document, newest first. */
  resultsOf(document: FusionDocument): Promise<Outcome<ProjectResult[]>>
  /** Stores all of a project file as a new document, or nothing of it. */
  storeProject(file: Blob, progress: MessagePort): Promise<Outcome<StoredProject>>
  /** Bytes of the decoded pictures that the worker keeps at hand. */
  held(): Promise<Outcome<number>>
  /** Deletes what nothing stored names, where no other tab is open; `live` is what only this tab can name. */
  sweep(live: string[]): Promise<Outcome<null>>
}

/** On the port of long work: the worker sends fractions 0..1, the page sends 'abort'. */
export type ProgressMessage = number | 'abort'
