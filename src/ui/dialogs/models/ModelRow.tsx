import { BadgeCheck, FolderOutput, Pencil, Trash2, TriangleAlert } from 'lucide-react'
import { useState, type ReactNode } from 'react'

import type { LoraRole } from '@/schema/pack'
import { bytes } from '@/ui/bytes'
import { IconButton } from '@/ui/controls/IconButton'
import { packWords, rolesOf, roleWords } from '@/families/registry'
import { countWords } from '@/ui/dialogs/models/guide'
import { ProgressBar } from '@/ui/controls/ProgressBar'
import { ownKeys } from '@/ui/keys'
import type { ModelWork } from '@/ui/stores/models'
import { useModels, useRun, useStudio } from '@/ui/studio'
import type { InstalledModel } from '@/worker/protocol'
import { say, sayText, sayTime, sayTogether } from '@/words/say'

type Doing = 'nothing' | 'renaming' | 'removing'

/** An installed pack: what it is, and what can be done with it. */
export function ModelRow({ model }: { model: InstalledModel }): ReactNode {
  const { weights } = useStudio()
  const work = useModels((state): ModelWork | undefined => state.work[model.id])
  const running = useRun((state) => state.run.kind === 'running')
  const [doing, setDoing] = useState<Doing>('nothing')
  const { id, name, problem } = model
  const busy = work?.kind === 'verifying' || work?.kind === 'copying'
  return (
    <li className={problem ? 'model-card problem' : 'model-card'} data-testid="model-row">
      <div className="model-main">
        <div className="model-title">
          {doing === 'renaming' ? (
            <RenameForm model={model} onDone={() => setDoing('nothing')} />
          ) : (
            <strong>{name}</strong>
          )}
          {doing !== 'renaming' && (
            <div className="row tight">
              <IconButton
                small
                icon={Pencil}
                label={say('Rename {name}|model', { name })}
                disabled={busy}
                onClick={() => setDoing('renaming')}
              />
              <IconButton
                small
                icon={BadgeCheck}
                label={say('Verify {name}', { name })}
                disabled={busy}
                onClick={() => void weights.verify(id)}
              />
              <IconButton
                small
                icon={FolderOutput}
                label={say('Save a copy of {name}', { name })}
                disabled={busy}
                onClick={() => void weights.saveCopy(id)}
              />
              <IconButton
                small
                icon={Trash2}
                label={say('Remove {name}|model', { name })}
                disabled={busy || running}
                onClick={() => setDoing('removing')}
              />
            </div>
          )}
        </div>
        {problem && (
          <p className="field-problem">
            <TriangleAlert aria-hidden="true" /> {sayText(problem.message)} {sayText(problem.hint)}
          </p>
        )}
        {work && <WorkLine work={work} />}
        {doing === 'removing' ? (
          <div className="row end" role="group" aria-label={say('Remove {name}?', { name })}>
            <span>{say('Remove it from this browser?')}</span>
            <button type="button" className="button slim" autoFocus onClick={() => setDoing('nothing')}>
              {say('Keep')}
            </button>
            <button type="button" className="button slim danger" onClick={() => void weights.remove(id)}>
              {say('Remove')}
            </button>
          </div>
        ) : (
          <details className="model-facts">
            <summary>{sayTogether([sayText(packWords(model)), model.precision, bytes(model.bytes)])}</summary>
            <dl>
              {model.description && (
                <>
                  <dt>{say('What')}</dt>
                  <dd>{sayText(model.description)}</dd>
                </>
              )}
              <dt>{say('Licence')}</dt>
              <dd>
                {model.licence
                  ? sayText(model.licence)
                  : say('not stated in the files; see where you got them')}
              </dd>
              {model.parameters > 0 && (
                <>
                  <dt>{say('Parameters')}</dt>
                  <dd>{countWords(model.parameters)}</dd>
                </>
              )}
              <dt>{say('Made from')}</dt>
              <dd>{model.files.join(', ')}</dd>
              <dt>{say('Imported')}</dt>
              <dd>{sayTime(model.importedAt, 'medium')}</dd>
              <dt>sha256</dt>
              <dd>
                <code>{model.hash}</code>
              </dd>
            </dl>
          </details>
        )}
      </div>
    </li>
  )
}

function WorkLine({ work }: { work: ModelWork }): ReactNode {
  switch (work.kind) {
    case 'verifying':
    case 'copying': {
      const words = work.kind === 'verifying' ? say('Checking every byte') : say('Copying')
      return (
        <>
          <div className="progress-words">
            <span>{words}</span>
            <span>
              {work.totalBytes > 0 &&
                say('{done} of {total}|bytes', {
                  done: bytes(work.doneBytes),
                  total: bytes(work.totalBytes),
                })}
            </span>
          </div>
          <ProgressBar label={words} done={work.doneBytes} total={work.totalBytes} />
        </>
      )
    }
    case 'verified':
      return (
        <p className="good" role="status">
          <BadgeCheck aria-hidden="true" /> {say('Every byte is as it was imported.')}
        </p>
      )
    case 'failed':
      return (
        <p className="field-problem" role="alert">
          <TriangleAlert aria-hidden="true" /> {sayText(work.problem.message)} {sayText(work.problem.hint)}
        </p>
      )
  }
}

function RenameForm({ model, onDone }: { model: InstalledModel; onDone(): void }): ReactNode {
  const { weights } = useStudio()
  const [name, setName] = useState(model.name)
  const [role, setRole] = useState(model.role)
  const roles = rolesOf(model.base ?? null)
  return (
    <form
      className="rename-form"
      onSubmit={(event) => {
        event.preventDefault()
        const trimmed = name.trim()
        if (trimmed && (trimmed !== model.name || role !== model.role))
          void weights.rename(model.id, trimmed, role)
        onDone()
      }}
      // Escape ends the renaming, not the dialog.
      onKeyDown={ownKeys({ Escape: onDone })}
    >
      <input
        className="field"
        aria-label={say('New name of {name}|model', { name: model.name })}
        autoFocus
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {model.family === 'lora' && roles.length > 1 && (
        <select
          className="field"
          aria-label={say('What {name} is for', { name: model.name })}
          value={role ?? 'other'}
          onChange={(event) => setRole(event.target.value as LoraRole)}
        >
          {roles.map((one) => (
            <option key={one} value={one}>
              {sayText(roleWords(one))}
            </option>
          ))}
        </select>
      )}
      <button type="submit" className="button slim primary">
        {say('Save')}
      </button>
    </form>
  )
}
