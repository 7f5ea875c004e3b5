import { Check, Circle, CircleDashed } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'

import { modeOf } from '@/document/modes'
import { findPack, type Need, type Requirement } from '@/document/packs'
import { MODES } from '@/schema/modes'
import { bytes } from '@/ui/bytes'
import { Say } from '@/ui/controls/Say'
import { PARTS } from '@/families/registry'
import { useDocument, useModels } from '@/ui/studio'
import { say, sayText, sayTogether, type Message } from '@/words/say'

const NEED_WORDS = {
  required: 'needed',
  perPrompt: 'once per prompt',
  recommended: 'recommended',
  optional: 'optional',
} as const satisfies Record<Need, Message>

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
          label: sayTogether([name, sayText(title)]),
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
    <section className="models-needs" aria-label={say('What each mode needs')}>
      <label className="control">
        <span className="label">{say('What a mode needs')}</span>
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
        {say('{n} of {total} installed. Open an entry to see where its authors publish it.', {
          n: there,
          total: parts.length,
        })}
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
            {sayText(guide.name)}
            <span className="visually-hidden">{pack ? say(', installed') : say(', missing')}</span>
          </span>
          <small>{pack ? bytes(pack.bytes) : say(NEED_WORDS[need])}</small>
        </summary>
        <dl>
          <dt>{say('Where')}</dt>
          <dd>
            <Say text="{repository} on Hugging Face" repository={<code>{guide.repository}</code>} />
          </dd>
          <dt>{say('Files')}</dt>
          <dd>
            {guide.files.map((file) => (
              <span key={file} className="guide-file">
                {sayText(file)}
              </span>
            ))}
          </dd>
          {guide.bytes !== null && (
            <>
              <dt>{say('Size')}</dt>
              <dd>{say('{size} to download', { size: bytes(guide.bytes) })}</dd>
            </>
          )}
          {guide.note && (
            <>
              <dt>{say('Note')}</dt>
              <dd>{sayText(guide.note)}</dd>
            </>
          )}
        </dl>
      </details>
    </li>
  )
}
