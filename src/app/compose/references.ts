import type { AppServices } from '@/app/services'
import type { PreparedPicture } from '@/app/pixels/protocol'
import { InlayError, type Problem } from '@/base/errors'
import { addReference, replaceReferenceAsset } from '@/document/compose/commands'
import { MAX_REFERENCES } from '@/schema/modes/compose'

type ReferencesOptions = Pick<AppServices, 'document' | 'toasts' | 'pixels' | 'library' | 'importing'>

export interface References {
  /** Pictures from files, as far as there is room. */
  add(files: File[]): Promise<void>
  /** A stored result. */
  addResult(resultId: string, name: string): Promise<void>
  cutOut(referenceId: string): Promise<void>
}

const FULL: Problem = {
  code: 'bad-document',
  message: `Compose takes at most ${MAX_REFERENCES} references.`,
  hint: 'Remove one first.',
}

/** From files and results to references of Compose. */
export function createReferences(options: ReferencesOptions): References {
  const { document, toasts, pixels, library, importing } = options

  const use = async (picture: PreparedPicture): Promise<void> => {
    if (!picture.content) {
      picture.bitmap.close()
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
      addReference(document, picture.asset)
    } catch (error) {
      if (error instanceof InlayError) toasts.actions.problem(error.problem)
      else throw error
    }
  }

  const full = (): boolean => {
    const at = document.getState().document.references.length >= MAX_REFERENCES
    if (at) toasts.actions.problem(FULL)
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

    async cutOut(referenceId) {
      const reference = document.getState().document.references.find(({ id }) => id === referenceId)
      if (!reference) return
      const answer = await importing.askCutout(reference.asset.hash, reference.asset.name)
      if (answer.kind !== 'cut') return
      await importing.persist(answer.hash)
      replaceReferenceAsset(document, referenceId, { ...reference.asset, hash: answer.hash })
    },
  }
}
