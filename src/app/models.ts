import { transfer } from 'comlink'

import type { Problem } from '@/base/errors'
import type {
  ImportEvent,
  ImportRequest,
  Inspection,
  InstalledModel,
  KeptText,
  ModelsApi,
  Outcome,
} from '@/worker/protocol'
import { superviseWorker } from '@/worker/supervised'
import type { LoraRole } from '@/schema/pack'

/** The second worker as the page sees it: like `ModelsApi`, but every failure is an outcome. */
export interface ModelsClient {
  list(): Promise<Outcome<InstalledModel[]>>
  inspect(files: File[]): Promise<Outcome<{ files: File[]; found: Outcome<Inspection> }[]>>
  /** Events arrive in order; the last is done, cancelled or failed. */
  importModel(request: ImportRequest, onEvent: (event: ImportEvent) => void): void
  cancelImport(id: string): void
  verify(id: string, onEvent: (event: ImportEvent) => void): Promise<Outcome<null>>
  rename(id: string, name: string, role: LoraRole | null): Promise<Outcome<InstalledModel>>
  remove(id: string): Promise<Outcome<null>>
  files(id: string): Promise<Outcome<{ name: string; file: File }[]>>
  clearUnfinished(): Promise<Outcome<number>>
  texts(): Promise<Outcome<KeptText[]>>
  exportTexts(): Promise<Outcome<Blob>>
  importTexts(file: File): Promise<Outcome<number>>
}

const CRASHED: Problem = {
  code: 'internal',
  message: 'The model librarian stopped unexpectedly.',
  hint: 'Installed models are safe. Start the import again: it goes on where it stopped.',
}

const HUNG: Problem = { ...CRASHED, message: 'The model librarian did not answer any more.' }

/** Weights are converted in pieces of a few megabytes, files read in between. */
const SILENCE_MS = 60_000

/** The worker that imports and keeps weights; it is started again after it has died. */
export function createModelsClient(): ModelsClient {
  const worker = superviseWorker<ModelsApi>({
    start: () => new Worker(new URL('../worker/modelsWorker.ts', import.meta.url), { type: 'module' }),
    crashed: CRASHED,
    hung: HUNG,
    silenceMs: SILENCE_MS,
  })
  return {
    list: () => worker.call((api) => api.list()),
    inspect: (files) => worker.tell((api) => api.inspect(files)),
    importModel: (request, onEvent) =>
      worker.follow<ImportEvent>((api, port) => api.importModel(request, transfer(port, [port])), onEvent),
    cancelImport: (id) => void worker.tell((api) => api.cancelImport(id)),
    async verify(id, onEvent) {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = (event: MessageEvent<ImportEvent>) => onEvent(event.data)
      const done = await worker.call((api) => api.verify(id, transfer(port2, [port2])))
      port1.close()
      return done
    },
    rename: (id, name, role) => worker.call((api) => api.rename(id, name, role)),
    remove: (id) => worker.call((api) => api.remove(id)),
    files: (id) => worker.call((api) => api.files(id)),
    texts: () => worker.call((api) => api.texts()),
    exportTexts: () => worker.call((api) => api.exportTexts()),
    importTexts: (file) => worker.call((api) => api.importTexts(file)),
    clearUnfinished: () => worker.call((api) => api.clearUnfinished()),
  }
}
