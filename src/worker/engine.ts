/** Job queue, model residency, progress and recovery around the pipelines. */
import { createBackend, type ChosenBackend } from '@/backend/create'
import { fail, InlayError, problemOf, unreachable, type ErrorCode, type Problem } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { probeDevice } from '@/backend/probe'
import { compose } from '@/pipelines/compose'
import type { FluxProgress } from '@/pipelines/fluxModel'
import { loadPlaceModel, place, type PlaceModel, type PlaceProgress } from '@/pipelines/place'
import { placeFlux } from '@/pipelines/placeFlux'
import type { Recipe } from '@/schema/recipe'
import { probeDisk } from '@/storage/probe'
import { openPack, readPack, type OpenPack } from '@/weights/pack'
import { ImportedModels } from '@/worker/importedModels'
import type {
  EngineInfo,
  EngineOptions,
  FuseEvent,
  FuseJob,
  FuseStats,
  MemoryPlan,
  Probe,
  ResponseMaps,
} from '@/worker/protocol'

type Emit = (event: FuseEvent) => void

/** Problems of what was asked for: device and models are as good as before. */
const HARMLESS: ReadonlySet<ErrorCode> = new Set([
  'empty-foreground',
  'bad-box',
  'bad-recipe',
  'missing-asset',
  'unsupported',
])

export class Engine {
  private options: EngineOptions | null = null
  private pack: OpenPack<'mini'> | null = null
  private chosen: ChosenBackend | null = null
  private mini: PlaceModel | null = null
  private readonly imported = new ImportedModels()
  private readonly jobs = new Map<string, AbortController>()
  /** The end of the last queued work; jobs and restarts take turns. */
  private tail: Promise<unknown> = Promise.resolve()

  /** Chooses the backend and reads the manifest; running jobs end first. */
  start(options: EngineOptions): Promise<EngineInfo> {
    for (const job of this.jobs.values()) job.abort()
    return this.queue(async () => {
      await this.stop()
      this.options = options
      this.pack = await openPack(options.modelUrl, 'mini')
      return this.info(await this.backend())
    })
  }

  /** Exactly one of done, cancelled, failed is the last event. */
  async fuse(job: FuseJob, emit: Emit): Promise<void> {
    const abort = new AbortController()
    this.jobs.set(job.id, abort)
    emit({ kind: 'queued' })
    await this.queue(async () => {
      try {
        abort.signal.throwIfAborted()
        await this.run(job, emit, abort.signal)
      } catch (error) {
        if (abort.signal.aborted) emit({ kind: 'cancelled' })
        else emit({ kind: 'failed', problem: await this.afterFailure(error) })
      } finally {
        this.jobs.delete(job.id)
      }
    })
  }

  cancel(jobId: string): void {
    this.jobs.get(jobId)?.abort()
  }

  /** For tests of the recovery: destroys the GPU device under a running or coming job. */
  loseDevice(): Promise<void> {
    this.chosen?.backend.loseDevice()
    return Promise.resolve()
  }

  private async run(job: FuseJob, emit: Emit, signal: AbortSignal): Promise<void> {
    const started = performance.now()
    const pace = new Pace()
    const report = (progress: PlaceProgress | FluxProgress): void =>
      emit(progress.kind === 'step' ? { ...progress, secondsLeft: pace.step(progress) } : pace.rest(progress))
    const { backend } = await this.backend()
    backend.assertAlive()
    const done =
      job.recipe.model.parts.length > 0
        ? await this.runFlux(job, report, signal)
        : await this.runMini(job, emit, report, signal)
    // A lost device lets runs resolve without an error: its results must not be believed.
    backend.assertAlive()
    signal.throwIfAborted()
    const total = (performance.now() - started) / 1000
    emit({
      kind: 'done',
      image: done.image,
      maps: done.maps,
      stats: {
        backend: backend.name,
        seconds: { ...done.seconds, total },
        steps: job.mode === 'compose' ? job.recipe.compose.steps : job.recipe.steps,
        ...backend.memory(),
        modelHash: done.modelHash,
      },
    })
  }

  private async runMini(
    job: FuseJob,
    emit: Emit,
    report: (progress: PlaceProgress) => void,
    signal: AbortSignal,
  ): Promise<Finished> {
    if (job.mode !== 'place')
      return fail(
        'unsupported',
        'The built-in model was not trained to compose.',
        'Import FLUX and DreamO in the model manager.',
      )
    const since = performance.now()
    const net = await this.loadMini(emit, signal)
    const load = (performance.now() - since) / 1000
    const pack = this.pack ?? fail('internal', 'The engine has no model.', 'Reload the page.')
    const { image, seconds } = await place(net, pack.manifest.words, job, report, signal)
    return { image, maps: null, seconds: { load, ...seconds }, modelHash: pack.hash }
  }

  private async runFlux(
    job: FuseJob,
    report: (progress: FluxProgress) => void,
    signal: AbortSignal,
  ): Promise<Finished> {
    const { backend } = await this.backend()
    const models = await this.imported.open(backend, job.recipe, job.memoryBytes)
    const cache = this.imported.prompts
    const modelHash = models.set.transformer.hash
    switch (job.mode) {
      case 'place': {
        const { image, seconds } = await placeFlux(models, job, cache, report, signal)
        return { image, maps: null, seconds, modelHash }
      }
      case 'compose': {
        const { image, seconds, maps } = await compose(models, job, cache, report, signal)
        return { image, maps, seconds, modelHash }
      }
      default:
        return unreachable(job)
    }
  }

  /** How a recipe of imported models would run; does not wait for a running job. */
  async plan(recipe: Recipe, memoryBytes: number): Promise<MemoryPlan> {
    const { backend } = await this.backend()
    const { verdict, residentBytes, streamedBytes, activationBytes, budgetBytes, reason } =
      await this.imported.plan(backend, recipe, memoryBytes)
    return { verdict, residentBytes, streamedBytes, activationBytes, budgetBytes, reason }
  }

  /** Measures the device and the disk, after what is queued. */
  probe(): Promise<Probe> {
    return this.queue(async () => {
      const { backend, adapter } = await this.backend()
      const speed = await probeDevice(backend)
      const diskGBps = await probeDisk()
      this.imported.speed = { ...speed, diskGBps }
      return { backend: backend.name, adapter, ...speed, diskGBps }
    })
  }

  private async loadMini(emit: Emit, signal: AbortSignal): Promise<PlaceModel> {
    const { backend } = await this.backend()
    if (this.mini) return this.mini
    const options = this.options ?? fail('internal', 'The engine was not started.', 'Reload the page.')
    this.pack ??= await openPack(options.modelUrl, 'mini')
    const { manifest } = this.pack
    const source = await readPack(
      this.pack,
      (loadedBytes, totalBytes) => emit({ kind: 'loading', loadedBytes, totalBytes }),
      signal,
    )
    this.mini = await loadPlaceModel(backend, manifest, source)
    return this.mini
  }

  private async backend(): Promise<ChosenBackend> {
    const options = this.options ?? fail('internal', 'The engine was not started.', 'Reload the page.')
    this.chosen ??= await createBackend(options.backend, options.runtimeUrl)
    return this.chosen
  }

  private info({ backend, reason, adapter }: ChosenBackend): EngineInfo {
    const { manifest, hash } = this.pack ?? fail('internal', 'The engine has no model.', 'Reload the page.')
    return {
      backend: backend.name,
      reason,
      adapter,
      model: {
        name: manifest.name,
        hash,
        size: manifest.config.size,
        words: manifest.words,
        defaultSteps: manifest.config.steps,
        licence: manifest.licence,
      },
    }
  }

  /** A failed job may leave a broken device or half-loaded weights: the next job starts from nothing. */
  private async afterFailure(error: unknown): Promise<Problem> {
    let problem = problemOf(error)
    try {
      this.chosen?.backend.assertAlive()
    } catch (lost) {
      problem = problemOf(lost)
    }
    if (!(error instanceof InlayError && HARMLESS.has(problem.code))) await this.stop()
    return problem
  }

  private async stop(): Promise<void> {
    const { mini, chosen } = this
    this.mini = null
    this.chosen = null
    this.pack = null
    try {
      mini?.dispose()
      this.imported.close()
      await chosen?.backend.dispose()
    } catch {
      // The device is gone, and with it all that we would free.
    }
  }

  private queue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(work, work)
    this.tail = result.catch(() => undefined)
    return result
  }
}

/** What every mode gives. */
interface Finished {
  image: Raster
  maps: ResponseMaps | null
  seconds: Omit<FuseStats['seconds'], 'total'>
  modelHash: string
}

/** Seconds left, from the mean length of the steps so far; what lies between steps is not counted. */
class Pace {
  private since = performance.now()
  private spent = 0
  private count = 0

  step({ step, steps }: { step: number; steps: number }): number {
    const now = performance.now()
    this.spent += (now - this.since) / 1000
    this.since = now
    this.count++
    return (this.spent / this.count) * (steps - step)
  }

  rest<T>(progress: T): T {
    this.since = performance.now()
    return progress
  }
}
