import type { DocumentStore } from '@/document/store'
import type { ViewState, ViewStore } from '@/ui/stores/view'
import * as v from 'valibot'

const KEY = 'inlay-view'

const Remembered = v.object({
  documentId: v.string(),
  selection: v.nullable(v.string()),
  fitted: v.boolean(),
  viewport: v.object({ zoom: v.number(), x: v.number(), y: v.number() }),
  tool: v.picklist(['select', 'box', 'pan']),
  stretchBoxes: v.boolean(),
  guides: v.optional(v.boolean(), true),
  sizesFollow: v.optional(v.boolean(), true),
})

/** How the document was last looked at; small and unimportant enough for localStorage. */
export function recallView(documentId: string): { view: Partial<ViewState>; selection: string | null } {
  try {
    const found = v.safeParse(Remembered, JSON.parse(localStorage.getItem(KEY) ?? 'null'))
    if (!found.success || found.output.documentId !== documentId) return { view: {}, selection: null }
    const { selection, fitted, viewport, tool, stretchBoxes, guides, sizesFollow } = found.output
    return { view: { fitted, viewport, tool, stretchBoxes, guides, sizesFollow }, selection }
  } catch {
    return { view: {}, selection: null }
  }
}

/** Remembers the view when the page is left; says nothing where that is forbidden. */
export function rememberView(document: DocumentStore, view: ViewStore): void {
  const { fitted, viewport, tool, stretchBoxes, guides, sizesFollow } = view.getState()
  const { document: doc, selection } = document.getState()
  try {
    localStorage.setItem(
      KEY,
      JSON.stringify({
        documentId: doc.id,
        selection,
        fitted,
        viewport,
        tool,
        stretchBoxes,
        guides,
        sizesFollow,
      }),
    )
  } catch {
    // Private windows may forbid it; the view then starts fitted.
  }
}
