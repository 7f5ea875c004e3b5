import type { Importing } from '@/app/importing'
import type { Library } from '@/app/library'
import type { Pixels } from '@/app/pixels/client'
import type { PreparedPicture } from '@/app/pixels/protocol'
import { InlayError, type Problem } from '@/base/errors'
import { addReference, replaceReferenceAsset } from '@/document/fluxCommands'
import type { DocumentStore } from '@/document/store'
import { MAX_REFERENCES } from '@/schema/document'
import type { ToastStore } from '@/ui/stores/toasts'

interface ReferencesOptions {
  document: DocumentStore
  toasts: ToastStore
  pixels: Pixels
  library: Library
  importing: Importing
}

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

  const use = (picture: PreparedPicture): void => {
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
    importing.persist(picture.asset.hash)
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
        if (picture) use(picture)
      }
    },

    async addResult(resultId, name) {
      if (full()) return
      const file = await pixels.resultFile(resultId)
      if (!file.ok) return toasts.actions.problem(file.problem)
      const done = await pixels.importFile(file.value, name)
      if (!done.ok) return toasts.actions.problem(done.problem)
      use(done.value.picture)
    },

    async cutOut(referenceId) {
      const reference = document.getState().document.references.find(({ id }) => id === referenceId)
      if (!reference) return
      const answer = await importing.askCutout(reference.asset.hash, reference.asset.name)
      if (answer.kind !== 'cut') return
      importing.persist(answer.hash)
      replaceReferenceAsset(document, referenceId, { ...reference.asset, hash: answer.hash })
    },
  }
}
