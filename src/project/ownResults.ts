import { assetsOf, recipeAssets } from '@/document/queries'
import type { FusionDocument } from '@/schema/document'
import type { StoredResult } from '@/schema/result'

/**
 * Tells the results of a document from those of others: those that say they were made in it, and those whose pictures are
 * all its own, so that a copy of a document has them too, and what was made before results said where.
 */
export function resultsOf<R extends Pick<StoredResult, 'documentId' | 'recipe'>>(
  document: FusionDocument,
  results: readonly R[],
): R[] {
  const own = new Set(assetsOf(document).map(({ hash }) => hash))
  return results.filter(({ documentId, recipe }) => {
    const pictures = recipeAssets(recipe)
    return documentId === document.id || (pictures.length > 0 && pictures.every(({ hash }) => own.has(hash)))
  })
}
