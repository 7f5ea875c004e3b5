import { freePixels, type PreparedPicture } from '@/app/pixels/protocol'
import type { AppServices } from '@/app/services'
import { InlayError, type Problem } from '@/base/errors'
import type { AssetRef } from '@/schema/common'

type Options = Pick<AppServices, 'toasts' | 'pixels' | 'library' | 'importing'>

/** A mode's own list of pictures in the document. */
interface Listed {
  isFull(): boolean
  /** What is told where it is full. */
  full: Problem
  /** @throws InlayError where that cannot be */
  add(asset: AssetRef): void
  assetOf(id: string): AssetRef | null
  /** Another picture of the same thing, after a cut-out. */
  replace(id: string, asset: AssetRef): void
}

export interface PictureList {
  /** Pictures from files, as far as there is room. */
  add(files: File[]): Promise<void>
  /** A stored result. */
  addResult(resultId: string, name: string): Promise<void>
  cutOut(id: string): Promise<void>
}

/** From files and results to the pictures that a mode lists. */
export function createPictureList(
  { toasts, pixels, library, importing }: Options,
  listed: Listed,
): PictureList {
  const use = async (picture: PreparedPicture): Promise<void> => {
    if (!picture.content) {
      freePixels(picture)
      void pixels.forget(picture.asset.hash)
      toasts.actions.problem({
        code: 'empty-foreground',
        message: 'This picture is fully transparent.',
        hint: 'Choose a picture with something visible in it.',
        detail: picture.asset.name,
      })
      return
    }
    library.add(picture)
    await importing.persist(picture.asset.hash)
    try {
      listed.add(picture.asset)
    } catch (error) {
      if (error instanceof InlayError) toasts.actions.problem(error.problem)
      else throw error
    }
  }

  const full = (): boolean => {
    const at = listed.isFull()
    if (at) toasts.actions.problem(listed.full)
    return at
  }

  return {
    async add(files) {
      for (const file of files) {
        if (full()) return
        const picture = await importing.readPicture(file)
        if (picture) await use(picture)
      }
    },

    async addResult(resultId, name) {
      if (full()) return
      const file = await pixels.resultFile(resultId)
      if (!file.ok) return toasts.actions.problem(file.problem)
      const done = await pixels.importFile(file.value, name)
      if (!done.ok) return toasts.actions.problem(done.problem)
      await use(done.value.picture)
    },

    async cutOut(id) {
      const asset = listed.assetOf(id)
      if (!asset) return
      const answer = await importing.askCutout(asset.hash, asset.name)
      if (answer.kind !== 'cut') return
      await importing.persist(answer.hash)
      listed.replace(id, { ...asset, hash: answer.hash })
    },
  }
}
