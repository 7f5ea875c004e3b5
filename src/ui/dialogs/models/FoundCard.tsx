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

const fileWords = (files: File[]): string =>
  files.length === 1 ? files[0].name : `${files[0].name} and ${files.length - 1} more`

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
        <strong>{message}</strong>
        <p>{hint}</p>
        <p className="hint">{fileWords(group.files)}</p>
        {detail && (
          <details>
            <summary>Details</summary>
            <pre tabIndex={0}>{detail}</pre>
          </details>
        )}
      </div>
      <IconButton small icon={X} label="Put away" onClick={dismiss} />
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
          <strong>{inspection.description}</strong>
          <IconButton small icon={X} label="Put away" onClick={onDismiss} />
        </div>
        <p className="hint">
          {fileWords(group.files)}, {bytes(inspection.sourceBytes)}
          {inspection.parameters > 0 && `, ${countWords(inspection.parameters)} parameters`}
        </p>
        {inspection.notes.map((note) => (
          <p key={note} className="hint" data-testid="models-note">
            {note}
          </p>
        ))}
        <div className="grid-2">
          <label className="control">
            <span className="label">Name</span>
            <input
              className="field"
              maxLength={200}
              value={name}
              onChange={(event) => set({ name: event.target.value })}
            />
          </label>
          {inspection.family === 'lora' && roles.length > 1 && (
            <label className="control">
              <span className="label">It is for</span>
              <select
                className="field"
                value={role ?? 'other'}
                onChange={(event) => set({ role: event.target.value as LoraRole })}
              >
                {roles.map((one) => (
                  <option key={one} value={one}>
                    {roleWords(one)}
                  </option>
                ))}
              </select>
            </label>
          )}
        </div>
        {question && (
          <label className="control">
            <span className="label">{question.words}</span>
            <select
              className="field"
              data-testid="models-question"
              value={answer ?? question.usual}
              onChange={(event) => set({ answer: Number(event.target.value) })}
            >
              {question.answers.map((words, index) => (
                <option key={words} value={index}>
                  {words}
                </option>
              ))}
            </select>
          </label>
        )}
        {choices.length > 1 && (
          <Segmented
            label="Keep large weights as"
            value={precision}
            choices={choices.map(({ value, label }) => ({
              value,
              label: `${label}, ${bytes(inspection.packBytes[value] ?? 0)}`,
            }))}
            hint={
              precision === 'q4'
                ? 'Smallest and quickest; slightly coarser.'
                : precision === 'q8'
                  ? 'Hardly to be told from the original.'
                  : 'As exact as published files mostly are.'
            }
            onChange={(value) => set({ precision: value })}
          />
        )}
        {inspection.resumableBytes > 0 && (
          <p className="hint">
            {bytes(inspection.resumableBytes)} are done already; the import goes on there.
          </p>
        )}
        {free !== null && free < size - inspection.resumableBytes && (
          <p className="field-problem" role="alert">
            The browser gives this studio {bytes(Math.max(0, free))} more; this takes {bytes(size)}.
          </p>
        )}
        <div className="row end">
          <span className="hint">{bytes(size)} on disk</span>
          <button
            type="button"
            className="button primary"
            data-testid="models-import"
            onClick={() => weights.importFound(group.id)}
          >
            {inspection.resumableBytes > 0 ? 'Go on' : 'Import'}
          </button>
        </div>
      </div>
    </li>
  )
}
