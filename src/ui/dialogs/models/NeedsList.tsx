import { Check, Circle, CircleDashed } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'

import { modeOf } from '@/document/modes'
import { findPack, type Need, type Requirement } from '@/document/packs'
import { MODES } from '@/schema/modes'
import { bytes } from '@/ui/bytes'
import { Segmented } from '@/ui/controls/Segmented'
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
        return packModels(document).map(({ title, parts }) => ({ mode, label: `${name}, ${title}`, parts }))
      }),
    [document],
  )
  const [which, setWhich] = useState(() =>
    Math.max(
      0,
      models.findIndex(({ mode }) => mode === document.mode),
    ),
  )
  const { parts } = models[which]
  const installed = useModels((state) => state.installed)
  const there = parts.filter(({ kind }) => findPack(installed, kind) !== null).length
  return (
    <section className="models-needs" aria-label="What each mode needs">
      <Segmented
        label="What a mode needs"
        value={which}
        choices={models.map(({ label }, value) => ({ value, label }))}
        hint={`${there} of ${parts.length} installed. Open an entry to see where its authors publish it.`}
        onChange={(value) => setWhich(value)}
      />
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
