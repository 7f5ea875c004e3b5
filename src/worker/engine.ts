/** Job queue, model residency, progress and recovery around the pipelines. */
import { createBackend, type ChosenBackend } from '@/backend/create'
import { fail, InlayError, problemOf, unreachable, type ErrorCode, type Problem } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { probeDevice } from '@/backend/probe'
import { align } from '@/pipelines/align'
import { sampleGallery } from '@/pipelines/alignGallery'
import type { AlignModel } from '@/pipelines/alignModel'
import type { AlignProgress } from '@/pipelines/alignSession'
import { compose } from '@/pipelines/compose'
import type { FluxProgress } from '@/pipelines/fluxModel'
import { loadPainter } from '@/pipelines/painterModel'
import { loadPlaceModel, place, type PlaceModel, type PlaceProgress } from '@/pipelines/place'
import { placeFlux } from '@/pipelines/placeFlux'
import type { BuiltInFamily } from '@/schema/pack'
import type { AlignSettings, ModelRef, Recipe } from '@/schema/recipe'
import { probeDisk } from '@/storage/probe'
import { openPack, readPack, type OpenPack } from '@/weights/pack'
import { ImportedModels } from '@/worker/importedModels'
import type {
  AlignJob,
  AlignRecord,
  ComposeJob,
  EngineInfo,
  EngineOptions,
  FuseEvent,
  FuseJob,
  FuseStats,
  MemoryPlan,
  PlaceJob,
  Probe,
  ResponseMaps,
  SampleEvent,
  SampleJob,
} from '@/worker/protocol'

type Emit<E> = (event: E) => void
/** What jobs of every kind may announce. */
type Common = Extract<FuseEvent, SampleEvent>
type Progress = PlaceProgress | FluxProgress | AlignProgress

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
  private packs: { [F in BuiltInFamily]: OpenPack<F> } | null = null
  private chosen: ChosenBackend | null = null
  private mini: PlaceModel | null = null
  private painter: AlignModel | null = null
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
      await this.openPacks()
      return this.info(await this.backend())
    })
  }

  /** Exactly one of done, cancelled, failed is the last event. */
  fuse(job: FuseJob, emit: Emit<FuseEvent>): Promise<void> {
    return this.job(job.id, emit, (signal) => this.runFuse(job, emit, signal))
  }

  /** The same for the making of candidates. */
  sample(job: SampleJob, emit: Emit<SampleEvent>): Promise<void> {
    return this.job(job.id, emit, (signal) => this.runSample(job, emit, signal))
  }

  private async job(
    id: string,
    emit: Emit<Common>,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const abort = new AbortController()
    this.jobs.set(id, abort)
    emit({ kind: 'queued' })
    await this.queue(async () => {
      try {
        abort.signal.throwIfAborted()
        await work(abort.signal)
      } catch (error) {
        if (abort.signal.aborted) emit({ kind: 'cancelled' })
        else emit({ kind: 'failed', problem: await this.afterFailure(error) })
      } finally {
        this.jobs.delete(id)
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

  private async runFuse(job: FuseJob, emit: Emit<FuseEvent>, signal: AbortSignal): Promise<void> {
    const started = performance.now()
    const report = paced<Progress>(emit)
    const { backend } = await this.backend()
    backend.assertAlive()
    const done = await this.runMode(job, emit, report, signal)
    // A lost device lets runs resolve without an error: its results must not be believed.
    backend.assertAlive()
    signal.throwIfAborted()
    const total = (performance.now() - started) / 1000
    emit({
      kind: 'done',
      image: done.image,
      maps: done.maps ?? null,
      align: done.align ?? null,
      stats: {
        backend: backend.name,
        seconds: { ...done.seconds, total },
        steps: done.steps,
        ...backend.memory(),
        modelHash: done.modelHash,
      },
    })
  }

  private runMode(
    job: FuseJob,
    emit: Emit<FuseEvent>,
    report: Emit<Progress>,
    signal: AbortSignal,
  ): Promise<Finished> {
    switch (job.mode) {
      case 'place':
        return job.recipe.model.parts.length > 0
          ? this.placeFlux(job, report, signal)
          : this.placeMini(job, emit, report, signal)
      case 'compose':
        return this.compose(job, report, signal)
      case 'align':
        return this.align(job, emit, report, signal)
      default:
        return unreachable(job)
    }
  }

  private async placeMini(
    job: PlaceJob,
    emit: Emit<Common>,
    report: Emit<Progress>,
    signal: AbortSignal,
  ): Promise<Finished> {
    const since = performance.now()
    const net = await this.loadMini(emit, signal)
    const load = (performance.now() - since) / 1000
    const { mini } = await this.openPacks()
    const { image, seconds } = await place(net, mini.manifest.words, job, report, signal)
    const { steps } = job.recipe
    return { image, seconds: { load, ...seconds }, steps, modelHash: mini.hash }
  }

  private async placeFlux(job: PlaceJob, report: Emit<Progress>, signal: AbortSignal): Promise<Finished> {
    const { backend } = await this.backend()
    const models = await this.imported.flux(backend, job.recipe, job.memoryBytes)
    const { image, seconds } = await placeFlux(models, job, this.imported.prompts, report, signal)
    return { image, seconds, steps: job.recipe.steps, modelHash: models.set.transformer.hash }
  }

  private async compose(job: ComposeJob, report: Emit<Progress>, signal: AbortSignal): Promise<Finished> {
    if (job.recipe.model.parts.length === 0)
      fail(
        'unsupported',
        'The built-in model was not trained to compose.',
        'Import FLUX and DreamO in the model manager.',
      )
    const { backend } = await this.backend()
    const models = await this.imported.flux(backend, job.recipe, job.memoryBytes)
    const { image, seconds, maps } = await compose(models, job, this.imported.prompts, report, signal)
    const { steps } = job.recipe.compose
    return { image, maps, seconds, steps, modelHash: models.set.transformer.hash }
  }

  private async align(
    job: AlignJob,
    emit: Emit<Common>,
    report: Emit<Progress>,
    signal: AbortSignal,
  ): Promise<Finished> {
    const model = await this.alignModel(job.recipe, job.memoryBytes, emit, signal)
    const { image, seconds, record } = await align(model, job, { onProgress: report, signal })
    return { image, align: record, seconds, steps: job.recipe.align.steps, modelHash: model.hash }
  }

  private async runSample(job: SampleJob, emit: Emit<SampleEvent>, signal: AbortSignal): Promise<void> {
    const started = performance.now()
    const { backend } = await this.backend()
    backend.assertAlive()
    const model = await this.alignModel(job.recipe, job.memoryBytes, emit, signal)
    const report = paced<AlignProgress>(emit)
    await sampleGallery(model, job, { onProgress: report, signal }, (candidate) => {
      backend.assertAlive()
      emit({ kind: 'candidate', candidate })
    })
    backend.assertAlive()
    signal.throwIfAborted()
    emit({ kind: 'done', seconds: (performance.now() - started) / 1000 })
  }

  private async alignModel(
    recipe: { model: ModelRef; align: AlignSettings },
    memoryBytes: number | undefined,
    emit: Emit<Common>,
    signal: AbortSignal,
  ): Promise<AlignModel> {
    const { backend } = await this.backend()
    if (recipe.model.parts.length > 0) return this.imported.sd(backend, recipe, memoryBytes)
    if (this.painter) return this.painter
    const { painter } = await this.openPacks()
    const source = await readPack(painter, loading(emit), signal)
    this.painter = await loadPainter(backend, painter.manifest, painter.hash, source)
    return this.painter
  }

  /** How a recipe of imported models would run; does not wait for a running job. */
  async plan(recipe: Recipe, memoryBytes: number): Promise<MemoryPlan> {
    const { backend } = await this.backend()
    return this.imported.plan(backend, recipe, memoryBytes)
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

  private async loadMini(emit: Emit<Common>, signal: AbortSignal): Promise<PlaceModel> {
    const { backend } = await this.backend()
    if (this.mini) return this.mini
    const { mini } = await this.openPacks()
    const source = await readPack(mini, loading(emit), signal)
    this.mini = await loadPlaceModel(backend, mini.manifest, source)
    return this.mini
  }

  /** The manifests of the built-in models. */
  private async openPacks() {
    const { modelUrl, painterUrl } =
      this.options ?? fail('internal', 'The engine was not started.', 'Reload the page.')
    this.packs ??= {
      mini: await openPack(modelUrl, 'mini'),
      painter: await openPack(painterUrl, 'painter'),
    }
    return this.packs
  }

  private async backend(): Promise<ChosenBackend> {
    const options = this.options ?? fail('internal', 'The engine was not started.', 'Reload the page.')
    this.chosen ??= await createBackend(options.backend, options.runtimeUrl)
    return this.chosen
  }

  private info({ backend, reason, adapter }: ChosenBackend): EngineInfo {
    const { mini, painter } = this.packs ?? fail('internal', 'The engine has no model.', 'Reload the page.')
    const facts = <M extends { name: string; licence: string; config: { size: number }; words: string[] }>({
      manifest: { name, licence, words, config },
      hash,
    }: {
      manifest: M
      hash: string
    }) => ({ name, hash, size: config.size, words, licence })
    return {
      backend: backend.name,
      reason,
      adapter,
      model: { ...facts(mini), defaultSteps: mini.manifest.config.steps },
      painter: facts(painter),
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
    const { mini, painter, chosen } = this
    this.mini = null
    this.painter = null
    this.chosen = null
    this.packs = null
    try {
      mini?.dispose()
      painter?.dispose()
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
  maps?: ResponseMaps | null
  align?: AlignRecord
  steps: number
  seconds: Omit<FuseStats['seconds'], 'total'>
  modelHash: string
}

const loading =
  (emit: Emit<Common>) =>
  (loadedBytes: number, totalBytes: number): void =>
    emit({ kind: 'loading', loadedBytes, totalBytes })

type Paced<P extends Progress> = P extends { kind: 'step' } ? P & { secondsLeft: number | null } : P

/** Announces progress, steps with the seconds that are left. */
function paced<P extends Progress>(emit: Emit<Paced<P>>): Emit<P> {
  const pace = new Pace()
  return (progress) =>
    emit(
      (progress.kind === 'step'
        ? { ...progress, secondsLeft: pace.step(progress) }
        : pace.rest(progress)) as Paced<P>,
    )
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
