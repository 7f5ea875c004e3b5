import { ImagePlus, ScanFace, Shapes, Shirt, SwatchBook, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

import type { ComposeModel, ReferenceRole } from '@/schema/modes/compose'
import { pictureSize } from '@/document/compose/queries'
import { frameOf } from '@/ui/compose/frame'
import { ROLE_ORDER, ROLES } from '@/ui/compose/roles'
import { ModelsNote } from '@/ui/panels/ModelsNote'
import { useDocument, useShelf, useStudio } from '@/ui/studio'
import { Say } from '@/ui/controls/Say'
import { PasteKeys } from '@/ui/controls/PasteKeys'
import { type Message, say } from '@/words/say'

const ICONS: Record<ReferenceRole, LucideIcon> = {
  subject: Shapes,
  identity: ScanFace,
  style: SwatchBook,
  tryOn: Shirt,
}

/** Before there is a picture: what to bring, and the shape that it will have. */
export function ComposeStart({ over, more }: { over: boolean; more: ReactNode }): ReactNode {
  const { actions } = useStudio()
  const references = useDocument((state) => state.document.references.length)
  const results = useShelf((state) => state.results.length > 0)
  const described = useDocument((state) => state.document.composePrompt.trim() !== '')
  const size = useDocument((state) => pictureSize(state.document))
  const model = useDocument((state) => state.document.composeModel)
  if (references > 0 && !over)
    return (
      <div className="compose-stage with-note">
        <div {...frameOf(size, 'empty')}>
          <p>
            <strong>
              {size.width} × {size.height}
            </strong>
            {say(described ? 'Press Fuse to make it.' : 'Describe the new picture, then press Fuse.')}
          </p>
        </div>
        <Models />
      </div>
    )
  return (
    <div className="start" data-testid="compose-drop">
      <div className={over ? 'start-hero over' : 'start-hero'}>
        <Shapes className="art thin" aria-hidden="true" />
        <h2>{say(over ? 'Drop them here' : 'A new picture from your references')}</h2>
        <p>{say(WANTED[model])}</p>
        <div className="row">
          <button type="button" className="button primary big" onClick={actions.choosePictures}>
            <ImagePlus aria-hidden="true" /> {say('Add references')}
          </button>
        </div>
        <p className="hint">
          <Say
            text={
              results
                ? 'or drop files here, or paste with {keys}, or take a result from the strip below'
                : 'or drop files here, or paste with {keys}'
            }
            keys={<PasteKeys />}
          />
        </p>
      </div>
      <Models />
      {model !== 'painter' && <Roles />}
      {more}
    </div>
  )
}

function Roles(): ReactNode {
  return (
    <ul className="role-list" aria-label={say('What a reference can be')}>
      {ROLE_ORDER.map((role) => {
        const Icon = ICONS[role]
        return (
          <li key={role}>
            <Icon aria-hidden="true" />
            <strong>{say(ROLES[role].name)}</strong>
            <span>{say(ROLES[role].about)}</span>
          </li>
        )
      })}
    </ul>
  )
}

const WANTED = {
  dreamo: 'Add up to nine pictures, say what each one shows, and describe the picture that you want.',
  klein: 'Add up to four pictures, say what each one shows, and describe the picture that you want.',
  painter: 'Add up to three pictures, and describe the picture that you want.',
} as const satisfies Record<ComposeModel, Message>

const RUNS_ON = {
  dreamo:
    'Compose runs on FLUX.1-dev with DreamO, which you bring. FLUX.2 [klein] is smaller and faster: see Model.',
  klein: 'Compose runs on FLUX.2 [klein], which you bring.',
} as const satisfies Record<Exclude<ComposeModel, 'painter'>, Message>

function Models(): ReactNode {
  const model = useDocument((state) => state.document.composeModel)
  if (model === 'painter') return null
  return (
    <ModelsNote
      title={say(RUNS_ON[model])}
      about={say('They are large, so they do not come with the studio.')}
    />
  )
}
