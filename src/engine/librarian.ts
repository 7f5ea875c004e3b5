/** The studio's own librarian, for the time of one question or import. */
import type { Problem } from '@/base/errors'
import { withWorker } from '@/engine/withWorker'
import type { InstalledModel, ModelsApi } from '@/worker/protocol'
import { valueOf, type SupervisedWorker } from '@/worker/supervised'

const LOST: Problem = {
  code: 'internal',
  message: 'The model librarian stopped unexpectedly.',
  hint: 'Run it again: an import goes on where it stopped.',
}

/** Has it while `use` runs. */
export const withLibrarian = <T>(use: (worker: SupervisedWorker<ModelsApi>) => Promise<T>): Promise<T> =>
  withWorker<ModelsApi, T>(
    () => new Worker(new URL('../worker/modelsWorker.ts', import.meta.url), { type: 'module' }),
    LOST,
    use,
  )

/** The models that were imported on this host, in the studio or by the command line. */
export const installedPacks = (): Promise<InstalledModel[]> =>
  withLibrarian(async (worker) => valueOf(await worker.call((models) => models.list())))
