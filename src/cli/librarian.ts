/** Models for a run of the command line: files that the script has put into the page's file input become packs. */
import { transfer } from 'comlink'

import { InlayError } from '@/base/errors'
import { newId } from '@/base/id'
import type { ImportEvent, ImportRequest, InstalledModel, ModelsApi } from '@/worker/protocol'
import type { SupervisedWorker } from '@/worker/supervised'

/** The files, in the order in which the script gave them. */
export const givenFiles = (): File[] => [
  ...(document.querySelector<HTMLInputElement>('input[type=file]')?.files ?? []),
]

type Choice = Pick<ImportRequest, 'precision' | 'name' | 'role' | 'part' | 'answer'>

/** @param note takes progress as lines for the terminal @throws as the import */
export const importFiles = (
  worker: SupervisedWorker<ModelsApi>,
  files: File[],
  choice: Choice,
  note: (line: string) => void,
): Promise<InstalledModel> =>
  followImport(worker, files, choice, ({ stage, doneBytes, totalBytes }) =>
    note(`${choice.name}: ${stage} ${doneBytes} of ${totalBytes} bytes`),
  )

/** @throws as the import */
export function followImport(
  worker: SupervisedWorker<ModelsApi>,
  files: File[],
  choice: Choice,
  onProgress: (event: Extract<ImportEvent, { kind: 'progress' }>) => void,
): Promise<InstalledModel> {
  const job = { id: newId(), source: { kind: 'files' as const, files }, ...choice }
  return new Promise((resolve, reject) =>
    worker.follow<ImportEvent>(
      (models, port) => models.importModel(job, transfer(port, [port])),
      (event) => {
        switch (event.kind) {
          case 'progress':
            return onProgress(event)
          case 'done':
            return resolve(event.model)
          case 'cancelled':
            return reject(new Error('the import was cancelled'))
          case 'failed':
            return reject(new InlayError(event.problem))
        }
      },
    ),
  )
}
