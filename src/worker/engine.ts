/** Job queue, model residency, progress and recovery around the pipelines. */
import { createBackend, type ChosenBackend } from '@/backend/create'
import { fail, InlayError, problemOf, type Problem } from '@/base/errors'
import { loadPlaceModel, place, type PlaceModel, type PlaceProgress } from '@/pipelines/place'
import { openPack, readPack, type OpenPack } from '@/weights/pack'
import type { EngineInfo, EngineOptions, FuseEvent, FuseJob } from '@/worker/protocol'

type Emit = (event: FuseEvent) => void

export class Engine {
  private options: EngineOptions | null = null
  private pack: OpenPack<'mini'> | null = null
  private chosen: ChosenBackend | null = null
  private net: PlaceModel | null = null
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
    const net = await this.loadNet(emit, signal)
    const load = (performance.now() - started) / 1000
    const { backend } = await this.backend()
    const pack = this.pack ?? fail('internal', 'The engine has no model.', 'Reload the page.')
    const timer = new StepTimer()
    const report = (progress: PlaceProgress): void => {
      switch (progress.kind) {
        case 'encoding':
        case 'compositing':
          emit(progress)
          return
        case 'step':
          emit({ ...progress, secondsLeft: timer.secondsLeft(progress.step, progress.steps) })
      }
    }
    const { image, seconds } = await place(net, pack.manifest.words, job, report, signal)
    // A lost device lets runs resolve without an error: its results must not be believed.
    backend.assertAlive()
    signal.throwIfAborted()
    const total = (performance.now() - started) / 1000
    emit({
      kind: 'done',
      image,
      stats: {
        backend: backend.name,
        seconds: { load, ...seconds, total },
        steps: job.recipe.steps,
        ...backend.memory(),
        modelHash: pack.hash,
      },
    })
  }

  private async loadNet(emit: Emit, signal: AbortSignal): Promise<PlaceModel> {
    const { backend } = await this.backend()
    backend.assertAlive()
    if (this.net) return this.net
    const options = this.options ?? fail('internal', 'The engine was not started.', 'Reload the page.')
    this.pack ??= await openPack(options.modelUrl, 'mini')
    const { manifest } = this.pack
    const source = await readPack(
      this.pack,
      (loadedBytes, totalBytes) => emit({ kind: 'loading', loadedBytes, totalBytes }),
      signal,
    )
    this.net = await loadPlaceModel(backend, manifest, source)
    return this.net
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
    const harmless = error instanceof InlayError && ['empty-foreground', 'bad-box'].includes(problem.code)
    if (!harmless) await this.stop()
    return problem
  }

  private async stop(): Promise<void> {
    const { net, chosen } = this
    this.net = null
    this.chosen = null
    this.pack = null
    try {
      net?.dispose()
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

/** Seconds left from the pace so far; the first step is not known before it ends. */
class StepTimer {
  private readonly started = performance.now()

  secondsLeft(step: number, steps: number): number | null {
    if (step === 0) return null
    return ((performance.now() - this.started) / 1000 / step) * (steps - step)
  }
}
