import { areStale } from '@/document/mix/queries'
import { chooseModel } from '@/document/models'
import { NO_MODEL } from '@/schema/modelRef'
import { useBuiltIn } from '@/ui/panels/useBuiltIn'
import { useDocument, useModels } from '@/ui/studio'

/** Whether the drafts are of something else than a fuse would make now. */
export function useStale(): boolean {
  const installed = useModels((state) => state.installed)
  const painter = useBuiltIn('painter2')
  const builtIn = painter ? { name: painter.name, hash: painter.hash, parts: [] } : NO_MODEL
  return useDocument(({ document }) => {
    const { model, missing } = chooseModel(document, builtIn, installed)
    // Before the packs are listed, or where one is gone, nothing can be said of them.
    const isWhole = missing.every(({ need }) => need !== 'required')
    return areStale(document, isWhole ? model : NO_MODEL)
  })
}
