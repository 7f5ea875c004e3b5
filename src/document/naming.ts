/** What a document is called and shown as in a list. */
import { copyName, nameOfCopy, shorten } from '@/base/names'
import { everyMode } from '@/document/modes'
import { shownAssets } from '@/document/queries'
import type { DocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import { MAX_NAME, type FusionDocument } from '@/schema/document'

/** What a document is called that nothing is known of. */
export const UNTITLED = 'Untitled'
const LONGEST_TITLE = 60

/** The picture that shows best what a document is about; null where it has none. */
export function coverOf(document: FusionDocument): AssetRef | null {
  const result = document.layers.findLast((layer) => layer.kind === 'result' && layer.visible)
  return result?.asset ?? shownAssets(document).at(0) ?? null
}

/** Its name, or what it can be known by: its picture's, a prompt. However long. */
function fullTitleOf(document: FusionDocument): string {
  const picture = shownAssets(document)
    .at(0)
    ?.name.replace(/\.[a-z0-9]+$/i, '')
  const words = everyMode.map((mode) => mode.promptOf(document))
  const found = [document.name, picture ?? '', ...words]
    .map((text) => text.trim())
    .find((text) => text !== '')
  return found ?? UNTITLED
}

/** Its name, or what it can be known by: its picture's, the first words of a prompt. */
export function titleOf(document: FusionDocument): string {
  const title = fullTitleOf(document)
  return title.length > LONGEST_TITLE ? `${shorten(title, LONGEST_TITLE - 1).trimEnd()}…` : title
}

/** Whether nothing has been put into it yet: nothing would be lost with it. */
export const isBlank = (document: FusionDocument): boolean =>
  document.name.trim() === '' &&
  document.background === null &&
  document.layers.length === 0 &&
  everyMode.every((mode) => mode.isEmpty(document) && mode.promptOf(document).trim() === '')

const cleanName = (name: string): string => shorten(name.trim(), MAX_NAME)

/** Gives the open document a name; an empty one takes it back. One undoable step. */
export function renameDocument(store: DocumentStore, name: string): void {
  store.actions.apply('Rename document', (draft) => {
    draft.name = cleanName(name)
  })
}

export const withName = (document: FusionDocument, name: string): FusionDocument => ({
  ...document,
  name: cleanName(name),
})

/** A document of its own with the same content. */
export const copyOf = (document: FusionDocument, id: string, called = copyName): FusionDocument => ({
  ...document,
  id,
  name: nameOfCopy(fullTitleOf(document), MAX_NAME, called),
})
