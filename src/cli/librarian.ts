/** Models for a run of the command line: files that the script has put into the page's file input become packs. */
import { transfer } from 'comlink'

import { InlayError, type Problem } from '@/base/errors'
import { newId } from '@/base/id'
import type { ImportEvent, ImportRequest, InstalledModel, ModelsApi } from '@/worker/protocol'
import { superviseWorker, type SupervisedWorker } from '@/worker/supervised'

const LOST: Problem = {
  code: 'internal',
  message: 'The model librarian stopped unexpectedly.',
  hint: 'Run it again: the import goes on where it stopped.',
}

/** The files, in the order in which the script gave them. */
export const givenFiles = (): File[] => [
  ...(document.querySelector<HTMLInputElement>('input[type=file]')?.files ?? []),
]

/** Has the studio's librarian while `use` runs. */
export async function withLibrarian<T>(use: (worker: SupervisedWorker<ModelsApi>) => Promise<T>): Promise<T> {
  const worker = superviseWorker<ModelsApi>({
    start: () => new Worker(new URL('../worker/modelsWorker.ts', import.meta.url), { type: 'module' }),
    crashed: LOST,
    hung: LOST,
    silenceMs: 120_000,
  })
  try {
    return await use(worker)
  } finally {
    worker.kill(LOST)
  }
}

/** @throws as the import */
export function importFiles(
  worker: SupervisedWorker<ModelsApi>,
  files: File[],
  choice: Pick<ImportRequest, 'precision' | 'name' | 'role' | 'part'>,
  note: (line: string) => void,
): Promise<InstalledModel> {
  const job = { id: newId(), source: { kind: 'files' as const, files }, ...choice }
  return new Promise((resolve, reject) =>
    worker.follow<ImportEvent>(
      (models, port) => models.importModel(job, transfer(port, [port])),
      (event) => {
        switch (event.kind) {
          case 'progress':
            return note(`${choice.name}: ${event.stage} ${event.doneBytes} of ${event.totalBytes} bytes`)
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
