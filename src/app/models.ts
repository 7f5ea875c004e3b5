import { transfer, wrap, type Remote } from 'comlink'

import { problemOf, type Problem } from '@/base/errors'
import type {
  ImportEvent,
  ImportRequest,
  Inspection,
  InstalledModel,
  ModelsApi,
  Outcome,
} from '@/worker/protocol'
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
}

const CRASHED: Problem = {
  code: 'internal',
  message: 'The model librarian stopped unexpectedly.',
  hint: 'Installed models are safe. Start the import again: it goes on where it stopped.',
}

/** Owns the worker that imports and keeps weights; it is started again after it has died. */
export function createModelsClient(): ModelsClient {
  let worker: Worker | null = null
  let remote: Remote<ModelsApi> | null = null
  let died: { promise: Promise<never>; reject: (problem: Problem) => void } | null = null
  const imports = new Map<string, (event: ImportEvent) => void>()

  const kill = (problem: Problem) => {
    worker?.terminate()
    worker = null
    remote = null
    const reject = died?.reject
    died = null
    for (const [id, onEvent] of [...imports]) {
      imports.delete(id)
      onEvent({ kind: 'failed', problem })
    }
    reject?.(problem)
  }

  const open = (): { api: Remote<ModelsApi>; dead: Promise<never> } => {
    if (remote && died) return { api: remote, dead: died.promise }
    const started = new Worker(new URL('../worker/modelsWorker.ts', import.meta.url), { type: 'module' })
    const crashed = (detail: string) => {
      if (worker === started) kill({ ...CRASHED, detail })
    }
    started.addEventListener('error', (event) => crashed(event.message || 'the worker could not be loaded'))
    started.addEventListener('messageerror', () => crashed('a message could not be read'))
    worker = started
    remote = wrap<ModelsApi>(started)
    let reject: (problem: Problem) => void = () => undefined
    // The worker's problem is data: it is told as it is.
    const promise = new Promise<never>((_, no) => (reject = (problem) => no(problem)))
    promise.catch(() => undefined)
    died = { promise, reject }
    return { api: remote, dead: promise }
  }

  const outcome = async <T>(call: (api: Remote<ModelsApi>) => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    try {
      const { api, dead } = open()
      return await Promise.race([call(api), dead])
    } catch (error) {
      return { ok: false, problem: asProblem(error) }
    }
  }

  return {
    list: () => outcome((api) => api.list()),
    inspect: (files) => outcome(async (api) => ({ ok: true, value: await api.inspect(files) })),
    importModel(request, onEvent) {
      const { port1, port2 } = new MessageChannel()
      const finish = (event: ImportEvent) => {
        if (event.kind !== 'progress') {
          imports.delete(request.id)
          port1.close()
        }
        onEvent(event)
      }
      imports.set(request.id, finish)
      port1.onmessage = (event: MessageEvent<ImportEvent>) => {
        if (imports.has(request.id)) finish(event.data)
      }
      const { api, dead } = open()
      Promise.race([api.importModel(request, transfer(port2, [port2])), dead]).catch((error: unknown) => {
        if (imports.has(request.id)) finish({ kind: 'failed', problem: asProblem(error) })
      })
    },
    cancelImport(id) {
      open()
        .api.cancelImport(id)
        .catch(() => undefined)
    },
    async verify(id, onEvent) {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = (event: MessageEvent<ImportEvent>) => onEvent(event.data)
      const done = await outcome((api) => api.verify(id, transfer(port2, [port2])))
      port1.close()
      return done
    },
    rename: (id, name, role) => outcome((api) => api.rename(id, name, role)),
    remove: (id) => outcome((api) => api.remove(id)),
    files: (id) => outcome((api) => api.files(id)),
    clearUnfinished: () => outcome((api) => api.clearUnfinished()),
  }
}

function asProblem(error: unknown): Problem {
  const known = error as Partial<Problem> | null
  return known?.code && known.message && known.hint ? (error as Problem) : problemOf(error)
}
