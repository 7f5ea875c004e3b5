import { Check, Circle, CircleDashed } from 'lucide-react'
import { useState, type ReactNode } from 'react'

import {
  dreamfuseParts,
  dreamoParts,
  findPack,
  sdParts,
  type Need,
  type Requirement,
} from '@/document/models'
import type { Mode } from '@/schema/document'
import { bytes } from '@/ui/bytes'
import { Segmented } from '@/ui/controls/Segmented'
import { GUIDES } from '@/ui/dialogs/models/guide'
import { useDocument, useModels } from '@/ui/studio'

type Which = 'dreamfuse' | 'dreamo' | 'sd'

const WHICH: Record<Mode, Which> = { place: 'dreamfuse', compose: 'dreamo', align: 'sd' }

const NEED_WORDS: Record<Need, string> = {
  required: 'needed',
  perPrompt: 'once per prompt',
  recommended: 'recommended',
  optional: 'optional',
}

/** What each mode on imported models is made of, what is there, and where the authors publish the rest. */
export function NeedsList(): ReactNode {
  const mode = useDocument((state) => state.document.mode)
  const preset = useDocument((state) => state.document.preset)
  const turbo = useDocument((state) => state.document.fluxPlace.turbo)
  const [which, setWhich] = useState<Which>(WHICH[mode])
  const partsOf: Record<Which, () => Requirement[]> = {
    dreamfuse: () => dreamfuseParts(turbo),
    dreamo: () => dreamoParts(preset),
    sd: sdParts,
  }
  const parts = partsOf[which]()
  const installed = useModels((state) => state.installed)
  const there = parts.filter(({ kind }) => findPack(installed, kind) !== null).length
  return (
    <section className="models-needs" aria-label="What each mode needs">
      <Segmented
        label="What a mode needs"
        value={which}
        choices={[
          { value: 'dreamfuse', label: 'Place, DreamFuse' },
          { value: 'dreamo', label: `Compose, DreamO ${preset.version}` },
          { value: 'sd', label: 'Align, SD 2.1' },
        ]}
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
  const guide = GUIDES[kind]
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
