import { Check, Circle, CircleDashed } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'

import { modeOf } from '@/document/modes'
import { findPack, type Need, type Requirement } from '@/document/packs'
import { MODES } from '@/schema/modes'
import { bytes } from '@/ui/bytes'
import { PARTS } from '@/families/registry'
import { useDocument, useModels } from '@/ui/studio'

const NEED_WORDS: Record<Need, string> = {
  required: 'needed',
  perPrompt: 'once per prompt',
  recommended: 'recommended',
  optional: 'optional',
}

/** What each mode on imported models is made of, what is there, and where the authors publish the rest. */
export function NeedsList(): ReactNode {
  const document = useDocument((state) => state.document)
  const models = useMemo(
    () =>
      MODES.flatMap((mode) => {
        const { name, packModels } = modeOf({ mode })
        return packModels(document).map(({ title, parts }) => ({
          mode,
          title,
          label: `${name}, ${title}`,
          parts,
        }))
      }),
    [document],
  )
  const [which, setWhich] = useState(() => {
    const now = modeOf(document).modelOf(document)
    const title = now.kind === 'packs' ? now.packs.title : null
    const ofMode = models.flatMap((model, index) =>
      model.mode === document.mode ? [{ ...model, index }] : [],
    )
    return (ofMode.find((model) => model.title === title) ?? ofMode.at(0))?.index ?? 0
  })
  const { parts } = models[which]
  const installed = useModels((state) => state.installed)
  const there = parts.filter(({ kind }) => findPack(installed, kind) !== null).length
  return (
    <section className="models-needs" aria-label="What each mode needs">
      <label className="control">
        <span className="label">What a mode needs</span>
        <select
          className="field"
          data-testid="models-needs"
          value={which}
          onChange={(event) => setWhich(Number(event.target.value))}
        >
          {models.map(({ label }, index) => (
            <option key={label} value={index}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <p className="hint">
        {there} of {parts.length} installed. Open an entry to see where its authors publish it.
      </p>
      <ul className="needs">
        {parts.map((part) => (
          <NeedEntry key={part.kind} part={part} />
        ))}
      </ul>
    </section>
  )
}

function NeedEntry({ part: { kind, need } }: { part: Requirement }): ReactNode {
  const pack = useModels((state) => findPack(state.installed, kind))
  const guide = PARTS[kind].guide
  const Icon = pack ? Check : need === 'required' ? Circle : CircleDashed
  return (
    <li className={pack ? 'need there' : 'need'}>
      <details>
        <summary>
          <Icon aria-hidden="true" />
          <span>
            {guide.name}
            <span className="visually-hidden">{pack ? ', installed' : ', missing'}</span>
          </span>
          <small>{pack ? bytes(pack.bytes) : NEED_WORDS[need]}</small>
        </summary>
        <dl>
          <dt>Where</dt>
          <dd>
            <code>{guide.repository}</code> on Hugging Face
          </dd>
          <dt>Files</dt>
          <dd>
            {guide.files.map((file) => (
              <span key={file} className="guide-file">
                {file}
              </span>
            ))}
          </dd>
          {guide.bytes !== null && (
            <>
              <dt>Size</dt>
              <dd>{bytes(guide.bytes)} to download</dd>
            </>
          )}
          {guide.note && (
            <>
              <dt>Note</dt>
              <dd>{guide.note}</dd>
            </>
          )}
        </dl>
      </details>
    </li>
  )
}
