import { ChevronDown, ChevronUp, ScanFace, Scissors, Trash2 } from 'lucide-react'
import { useState, type CSSProperties, type ReactNode } from 'react'

import { moveReference, removeReference, setReferenceRole } from '@/document/compose/commands'
import { kleinReferenceSize } from '@/schema/modes/kleinSizes'
import type { ComposeSettings, ListedReference, ReferenceRole } from '@/schema/modes/compose'
import { detectFace, likelyFace } from '@/ui/compose/face'
import { placeholder } from '@/base/placeholders'
import { ReferenceThumb } from '@/ui/compose/ReferenceThumb'
import { colourOf, css } from '@/ui/compose/responseMaps'
import { ROLE_ORDER, ROLES } from '@/ui/compose/roles'
import { IconButton } from '@/ui/controls/IconButton'
import { isHeld, stagedIn } from '@/ui/stores/run'
import { useDocument, useRun, useStudio } from '@/ui/studio'
import { say, sayTogether } from '@/words/say'

const DRAGGED = 'text/x-inlay-reference'

/** With how many pixels, hence at what cost, a reference goes into klein. */
function enteringWords(reference: ListedReference, index: number, settings: ComposeSettings): string {
  const { width, height } = kleinReferenceSize(reference, index, settings)
  return say('Goes in as image {number}, {width} × {height}.', { number: index + 1, width, height })
}

interface ReferenceCardProps {
  reference: ListedReference
  index: number
  count: number
}

/** One reference: what it shows, and how the prompt names it. */
export function ReferenceCard({ reference, index, count }: ReferenceCardProps): ReactNode {
  const { document, modes, cutouts, dialogs, view } = useStudio()
  const held = useRun(isHeld)
  // Its map can be looked at as long as the picture on show was made of it.
  const mapped = useRun((state) => {
    const staged = stagedIn(state, 'compose')
    return staged?.report != null && staged.recipe.references[index]?.asset.hash === reference.asset.hash
  })
  const [over, setOver] = useState(false)
  const { id, asset, role } = reference
  const tag = placeholder(index)
  // The built-in model knows no roles.
  const hasRoles = useDocument(({ document: { composeModel } }) => composeModel !== 'painter')
  const shown = hasRoles ? role : 'subject'
  const entering = useDocument(({ document: { composeModel, compose } }) =>
    composeModel === 'klein' ? enteringWords(reference, index, compose) : null,
  )

  const setRole = async (next: ReferenceRole) => {
    if (next !== 'identity' || reference.face) return setReferenceRole(document, id, next)
    const opened = await cutouts.open(asset.hash)
    const found = opened.ok ? await detectFace(opened.value) : null
    setReferenceRole(document, id, next, found ?? likelyFace(asset))
  }
  const spotlight = (shown: boolean) => {
    if (mapped || !shown) view.actions.setSpotlight(shown ? index : null)
  }
  const look = () => dialogs.setState({ dialog: { kind: 'reference', id } })

  return (
    <li
      className={over ? 'reference-card over' : 'reference-card'}
      style={{ '--colour': css(colourOf(index)) } as CSSProperties}
      data-testid="reference-card"
      draggable={!held}
      onMouseEnter={() => spotlight(true)}
      onMouseLeave={() => spotlight(false)}
      onFocus={() => spotlight(true)}
      onBlur={() => spotlight(false)}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData(DRAGGED, id)
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAGGED)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false)
        const dragged = event.dataTransfer.getData(DRAGGED)
        if (!dragged) return
        event.preventDefault()
        moveReference(document, dragged, index)
      }}
    >
      <button
        type="button"
        className="reference-look"
        aria-label={sayTogether([say('Look at {name}', { name: tag }), asset.name])}
        title={asset.name}
        onClick={look}
      >
        <ReferenceThumb reference={reference} />
      </button>
      <div className="reference-body">
        <div className="reference-head">
          <span className="reference-tag">{tag}</span>
          <IconButton
            small
            icon={ChevronUp}
            label={say('Move {name} up', { name: tag })}
            disabled={held || index === 0}
            onClick={() => moveReference(document, id, index - 1)}
          />
          <IconButton
            small
            icon={ChevronDown}
            label={say('Move {name} down', { name: tag })}
            disabled={held || index === count - 1}
            onClick={() => moveReference(document, id, index + 1)}
          />
          <IconButton
            small
            icon={Trash2}
            label={say('Remove {name}', { name: tag })}
            disabled={held}
            onClick={() => removeReference(document, id)}
          />
        </div>
        {hasRoles && (
          <select
            className="field"
            aria-label={say('What {name} shows', { name: tag })}
            data-testid="reference-role"
            value={role}
            disabled={held}
            onChange={(event) => void setRole(event.target.value as ReferenceRole)}
          >
            {ROLE_ORDER.map((one) => (
              <option key={one} value={one}>
                {say(ROLES[one].name)}
              </option>
            ))}
          </select>
        )}
      </div>
      <p className="hint">
        {say(ROLES[shown].about)}
        {entering && <span data-testid="reference-size"> {entering}</span>}
      </p>
      {shown === 'identity' && (
        <button type="button" className="button slim" disabled={held} onClick={look}>
          <ScanFace aria-hidden="true" /> {say('Frame the face')}
        </button>
      )}
      {(shown === 'subject' || shown === 'tryOn') && (
        <button
          type="button"
          className="button slim"
          disabled={held}
          onClick={() => void modes.compose.cutOut(id)}
        >
          <Scissors aria-hidden="true" /> {say('Cut out')}
        </button>
      )}
    </li>
  )
}
