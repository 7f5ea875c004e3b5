import { FileWarning, X } from 'lucide-react'
import type { ReactNode } from 'react'

import type { LoraRole } from '@/schema/pack'
import { bytes } from '@/ui/bytes'
import { IconButton } from '@/ui/controls/IconButton'
import { Segmented } from '@/ui/controls/Segmented'
import { PRECISIONS } from '@/ui/dialogs/models/AddWeights'
import { rolesOf, roleWords } from '@/families/registry'
import { countWords } from '@/ui/dialogs/models/guide'
import type { FoundGroup, ImportChoice } from '@/ui/stores/models'
import { useModels, useStudio } from '@/ui/studio'
import type { Inspection } from '@/worker/protocol'
import { say, sayText, sayTogether } from '@/words/say'

const fileWords = (files: File[]): string =>
  files.length === 1
    ? files[0].name
    : say('{name} and {n} more', { name: files[0].name, n: files.length - 1 })

/** A group of dropped files: what it is, how to keep it, or what is wrong with it. */
export function FoundCard({ group }: { group: FoundGroup }): ReactNode {
  const { weights } = useStudio()
  const dismiss = () => weights.dismiss(group.id)
  if (group.found.ok) {
    const { value, choice } = group.found
    return <Importable group={group} inspection={value} choice={choice} onDismiss={dismiss} />
  }
  const { message, hint, detail } = group.found.problem
  return (
    <li className="model-card problem" data-testid="models-refused">
      <FileWarning aria-hidden="true" />
      <div className="model-main" role="alert">
        <strong>{sayText(message)}</strong>
        <p>{sayText(hint)}</p>
        <p className="hint">{fileWords(group.files)}</p>
        {detail && (
          <details>
            <summary>{say('Details|problem')}</summary>
            <pre tabIndex={0}>{detail}</pre>
          </details>
        )}
      </div>
      <IconButton small icon={X} label={say('Put away')} onClick={dismiss} />
    </li>
  )
}

interface ImportableProps {
  group: FoundGroup
  inspection: Inspection
  choice: ImportChoice
  onDismiss(): void
}

function Importable({ group, inspection, choice, onDismiss }: ImportableProps): ReactNode {
  const { weights } = useStudio()
  const storage = useModels((state) => state.storage)
  const { name, precision, role, answer } = choice
  const { question } = inspection
  const set = (change: Partial<ImportChoice>) => weights.choose(group.id, { ...choice, ...change })
  const choices = PRECISIONS.filter(({ value }) => inspection.packBytes[value] !== undefined)
  const roles = rolesOf(inspection.base)
  const size = inspection.packBytes[precision] ?? inspection.bytesAsPublished
  const free =
    storage.quotaBytes !== null && storage.usedBytes !== null ? storage.quotaBytes - storage.usedBytes : null
  return (
    <li className="model-card found" data-testid="models-found">
      <div className="model-main">
        <div className="model-title">
          <strong>{sayText(inspection.description)}</strong>
          <IconButton small icon={X} label={say('Put away')} onClick={onDismiss} />
        </div>
        <p className="hint">
          {sayTogether([
            fileWords(group.files),
            bytes(inspection.sourceBytes),
            inspection.parameters > 0 &&
              say('{count} parameters', { count: countWords(inspection.parameters) }),
          ])}
        </p>
        {inspection.notes.map((note) => (
          <p key={note} className="hint" data-testid="models-note">
            {sayText(note)}
          </p>
        ))}
        <div className="grid-2">
          <label className="control">
            <span className="label">{say('Name')}</span>
            <input
              className="field"
              maxLength={200}
              value={name}
              onChange={(event) => set({ name: event.target.value })}
            />
          </label>
          {inspection.family === 'lora' && roles.length > 1 && (
            <label className="control">
              <span className="label">{say('It is for')}</span>
              <select
                className="field"
                value={role ?? 'other'}
                onChange={(event) => set({ role: event.target.value as LoraRole })}
              >
                {roles.map((one) => (
                  <option key={one} value={one}>
                    {sayText(roleWords(one))}
                  </option>
                ))}
              </select>
            </label>
          )}
        </div>
        {question && (
          <label className="control">
            <span className="label">{sayText(question.words)}</span>
            <select
              className="field"
              data-testid="models-question"
              value={answer ?? question.usual}
              onChange={(event) => set({ answer: Number(event.target.value) })}
            >
              {question.answers.map((words, index) => (
                <option key={words} value={index}>
                  {sayText(words)}
                </option>
              ))}
            </select>
          </label>
        )}
        {choices.length > 1 && (
          <Segmented
            label={say('Keep large weights as')}
            value={precision}
            choices={choices.map(({ value, label }) => ({
              value,
              label: sayTogether([say(label), bytes(inspection.packBytes[value] ?? 0)]),
            }))}
            hint={
              precision === 'q4'
                ? say('Smallest and quickest; slightly coarser.')
                : precision === 'q8'
                  ? say('Hardly to be told from the original.')
                  : say('As exact as published files mostly are.')
            }
            onChange={(value) => set({ precision: value })}
          />
        )}
        {inspection.resumableBytes > 0 && (
          <p className="hint">
            {say('{size} are done already; the import goes on there.', {
              size: bytes(inspection.resumableBytes),
            })}
          </p>
        )}
        {free !== null && free < size - inspection.resumableBytes && (
          <p className="field-problem" role="alert">
            {say('The browser gives this studio {free} more; this takes {size}.', {
              free: bytes(Math.max(0, free)),
              size: bytes(size),
            })}
          </p>
        )}
        <div className="row end">
          <span className="hint">{say('{size} on disk', { size: bytes(size) })}</span>
          <button
            type="button"
            className="button primary"
            data-testid="models-import"
            onClick={() => weights.importFound(group.id)}
          >
            {inspection.resumableBytes > 0 ? say('Go on') : say('Import')}
          </button>
        </div>
      </div>
    </li>
  )
}
