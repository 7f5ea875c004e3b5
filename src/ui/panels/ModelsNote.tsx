import { Boxes } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'

import { modelReadiness } from '@/document/models'
import { useDocument, useModels, useStudio } from '@/ui/studio'
import { say, sayText } from '@/words/say'

/** What a mode on imported models still needs; nothing where all is installed. @param title on what it runs @param about why */
export function ModelsNote({ title, about }: { title: string; about: string }): ReactNode {
  const { actions } = useStudio()
  const document = useDocument((state) => state.document)
  const installed = useModels((state) => state.installed)
  const listing = useModels((state) => state.listing)
  const reasons = useMemo(() => modelReadiness(document, installed).reasons, [document, installed])
  if (reasons.length === 0 || listing.kind === 'loading') return null
  return (
    <div className="models-note">
      <Boxes aria-hidden="true" />
      <p>
        <strong>{title}</strong>
        {about} {sayText(reasons[0])}
      </p>
      <button type="button" className="button" onClick={actions.openModels}>
        {say('Open Models')}
      </button>
    </div>
  )
}
