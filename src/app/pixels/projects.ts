/** Pictures and results on their way into project files and out of them. */
import type { ListedResult, StoredProject } from '@/app/pixels/protocol'
import { encodePng } from '@/assets/png'
import { thumbnail } from '@/assets/resample'
import { InlayError } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { newId } from '@/base/id'
import { openProject } from '@/project/projectFile'
import { readProjectPicture, readProjectResult } from '@/project/projectPictures'
import type { AssetRef } from '@/schema/common'
import type { AssetStore } from '@/storage/assets'
import { storeProject } from '@/storage/projects'

const THUMBNAIL_SIDE = 280

/** The small picture of a result that the history shows. */
export const resultThumbnail = async (raster: Raster): Promise<Blob> =>
  pngOf(thumbnail(raster, THUMBNAIL_SIDE))

/** A result of the history as it is listed; without a star where it does not say. */
export const listed = ({
  id,
  time,
  made,
  recipe,
  thumbnail: picture,
  bytes,
  documentId,
  starred = false,
}: Omit<ListedResult, 'starred'> & { starred?: boolean }): ListedResult => ({
  ...{ id, time, made, recipe, bytes, documentId, starred },
  thumbnail: picture,
})

const pngOf = async (raster: Raster): Promise<Blob> =>
  new Blob([await encodePng(raster)], { type: 'image/png' })

/**
 * A picture as a PNG file whose pixels have been looked at; null where it is gone or damaged.
 * @param unsaved its pixels, where they are in no storage (yet)
 */
export async function pictureFile(
  assets: AssetStore,
  { hash }: AssetRef,
  unsaved: Raster | null,
): Promise<Blob | null> {
  try {
    return unsaved ? await pngOf(unsaved) : await assets.png(hash)
  } catch (error) {
    if (error instanceof InlayError && error.problem.code === 'missing-asset') return null
    throw error
  }
}

/** Checks a project file and stores all of it as a new document, or nothing. @throws what opening and storing do */
export async function storeProjectFile(
  assets: AssetStore,
  file: Blob,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<StoredProject> {
  const project = await openProject(file)
  const document = { ...project.document, id: newId() }
  const pictures = project.pictures.map((picture) => ({
    hash: picture.hash,
    read: async () => (await readProjectPicture(picture)).png,
  }))
  const results = project.results.map((result) => ({
    ...result,
    async read() {
      const { png, raster } = await readProjectResult(result)
      return { png, thumbnail: await resultThumbnail(raster) }
    },
  }))
  const stored = await storeProject(assets, { document, pictures, results }, signal, onProgress)
  return { documentId: document.id, missing: project.missing, results: stored.map(listed) }
}
