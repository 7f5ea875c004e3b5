import { useState, type ReactNode } from 'react'

import { Dialog } from '@/ui/controls/Dialog'
import { AddWeights } from '@/ui/dialogs/models/AddWeights'
import { DeviceProbe } from '@/ui/dialogs/models/DeviceProbe'
import { FoundCard } from '@/ui/dialogs/models/FoundCard'
import { ImportRow, UnfinishedRow } from '@/ui/dialogs/models/ImportRow'
import { ModelRow } from '@/ui/dialogs/models/ModelRow'
import { NeedsList } from '@/ui/dialogs/models/NeedsList'
import { OfflineSection } from '@/ui/dialogs/models/OfflineSection'
import { StorageBar } from '@/ui/dialogs/models/StorageBar'
import { TextsSection } from '@/ui/dialogs/models/TextsSection'
import { useModels, useStudio } from '@/ui/studio'
import { droppedFiles } from '@/ui/weightFiles'
import { say, sayText } from '@/words/say'

/** Everything about imported weights: what is needed, what is there, and how to bring it. */
export function ModelsDialog({ onClose }: { onClose(): void }): ReactNode {
  const { weights } = useStudio()
  const [over, setOver] = useState(false)
  return (
    <Dialog
      title={say('Models')}
      size="large"
      testId="models-dialog"
      onClose={onClose}
      footer={<StorageBar />}
    >
      <div
        className="models"
        onDragEnter={() => setOver(true)}
        onDragOver={(event) => event.preventDefault()}
        onDragLeave={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
        }}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          void droppedFiles(event.dataTransfer).then((files) => weights.inspect(files))
        }}
      >
        <div className="models-left">
          <DeviceProbe />
          <OfflineSection />
          <NeedsList />
        </div>
        <div className="models-right">
          <AddWeights over={over} />
          <Incoming />
          <Installed />
          <TextsSection />
        </div>
      </div>
    </Dialog>
  )
}

/** Groups that wait for the user's word, imports on their way, and those of earlier sessions. */
function Incoming(): ReactNode {
  const { weights } = useStudio()
  const found = useModels((state) => state.found)
  const tasks = useModels((state) => state.tasks)
  const unfinished = useModels((state) => state.unfinished)
  const ready = found.filter((group) => group.found.ok)
  const earlier = unfinished.filter(({ id }) => !tasks.some((task) => task.id === id))
  if (found.length + tasks.length + earlier.length === 0) return null
  const leftovers = earlier.length > 0 || tasks.some(({ state }) => state.kind !== 'running')
  return (
    <section aria-label={say('Imports')} aria-live="polite">
      {ready.length > 1 && (
        <div className="row end import-all">
          <span>{say('{n} models found.', { n: ready.length })}</span>
          <button
            type="button"
            className="button primary"
            data-testid="models-import-all"
            onClick={() => ready.forEach(({ id }) => weights.importFound(id))}
          >
            {say('Import all')}
          </button>
        </div>
      )}
      <ul className="model-list">
        {found.map((group) => (
          <FoundCard key={group.id} group={group} />
        ))}
        {tasks.map((task) => (
          <ImportRow key={task.id} task={task} />
        ))}
        {earlier.map((entry) => (
          <UnfinishedRow key={entry.id} entry={entry} />
        ))}
      </ul>
      {leftovers && (
        <button type="button" className="button quiet slim" onClick={() => void weights.clearUnfinished()}>
          {say('Free the space of unfinished imports')}
        </button>
      )}
    </section>
  )
}

function Installed(): ReactNode {
  const installed = useModels((state) => state.installed)
  const listing = useModels((state) => state.listing)
  return (
    <section aria-labelledby="installed-title">
      <h3 id="installed-title">{say('Installed')}</h3>
      {listing.kind === 'failed' ? (
        <div className="inline-problem" role="alert">
          <strong>{sayText(listing.problem.message)}</strong>
          <p>{sayText(listing.problem.hint)}</p>
        </div>
      ) : installed.length === 0 ? (
        <p className="empty-layers">
          {listing.kind === 'loading'
            ? say('Looking …')
            : say('Nothing yet. What is built in needs nothing from here.')}
        </p>
      ) : (
        <ul className="model-list">
          {installed.map((model) => (
            <ModelRow key={model.id} model={model} />
          ))}
        </ul>
      )}
    </section>
  )
}
