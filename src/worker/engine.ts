/** Job queue, model residency, progress and recovery around the modes' pipelines. */
import { createBackend, type ChosenBackend } from '@/backend/create'
import { fail, InlayError, isAbort, problemOf, type ErrorCode, type Problem } from '@/base/errors'
import { Once } from '@/base/once'
import { createQueue } from '@/base/queue'
import { releaseAll } from '@/base/release'
import { probeDevice } from '@/backend/probe'
import type { BackendName } from '@/backend/types'
import { ENGINE_MODES, EXTRA_WORK } from '@/pipelines/modes'
import type { ExtraKind } from '@/pipelines/reports'
import type { EngineContext, EngineMode, ExtraWork } from '@/pipelines/shared/engineMode'
import type { Progress } from '@/pipelines/shared/report'
import { KEPT_BEFOREHAND } from '@/schema/modes/kleinWords'
import { BUILT_IN, BUILT_IN_NAMES, type BuiltInFamily } from '@/schema/pack'
import type { Recipe } from '@/schema/recipe'
import { kernelChoices } from '@/storage/kernelChoices'
import { probeDisk } from '@/storage/probe'
import { createPromptCache } from '@/storage/promptCache'
import type { PromptReading } from '@/text/reading'
import { findInstalled } from '@/weights/packs/installed'
import { openPack, type OpenPack } from '@/weights/packs/pack'
import { createTextStore } from '@/weights/texts/keptTexts'
import { DeviceOwner } from '@/worker/deviceOwner'
import { KeptModels } from '@/worker/keptModels'
import type {
  BuiltInInfo,
  EngineInfo,
  EngineOptions,
  ExtraEvent,
  ExtraJob,
  FuseEvent,
  FuseJob,
  JobEvent,
  MemoryPlan,
  Probe,
} from '@/worker/protocol'

type BuiltIn = EngineInfo['builtIn']
/** `moves` is memory of the event that nobody here looks at again. */
type Emit<E> = (event: E, moves?: ArrayBufferLike[]) => void

/** What a run may take where the page does not say. */
const DEFAULT_BUDGET = 8e9

const modeOf = ({ mode }: Recipe): EngineMode => ENGINE_MODES[mode]

/** Problems of what was asked for: device and models are as good as before. */
const HARMLESS: ReadonlySet<ErrorCode> = new Set([
  'empty-foreground',
  'bad-box',
  'bad-recipe',
  'missing-asset',
  'unsupported',
])

/** How a job is told to stop, and to stop even finishing. */
interface Stops {
  stop: AbortController
  now: AbortController
}

const signalsOf = ({ stop, now }: Stops) => ({ signal: stop.signal, stopNow: now.signal })

export class Engine {
  private options: EngineOptions | null = null
  private readonly packs: { [F in BuiltInFamily]: Once<OpenPack<F>> } = {
    painter: new Once(),
    painter2: new Once(),
    scene: new Once(),
    geometry: new Once(),
    cutout: new Once(),
  }
  private readonly device = new DeviceOwner()
  private readonly models = new KeptModels()
  private readonly prompts = createPromptCache()
  private readonly texts = createTextStore('texts', KEPT_BEFOREHAND)
  /** What was measured, each on its backend: a GPU's speed says nothing of the processor's. */
  private readonly probes = new Map<BackendName, Probe>()
  private readonly jobs = new Map<string, Stops>()
  /** Jobs and restarts take turns. */
  private readonly inTurn = createQueue()
  /** Settles with the last start, and never fails. */
  private started: Promise<unknown> = Promise.resolve()

  /** Chooses the backend and reads the manifests of what ships; running jobs end first. */
  start(options: EngineOptions): Promise<EngineInfo> {
    for (const { stop, now } of this.jobs.values()) {
      stop.abort()
      now.abort()
    }
    const started = this.inTurn(async () => {
      this.options = options
      await this.stop()
      // What cannot be read now is asked for again by whoever needs it, and said then.
      const builtIn = BUILT_IN.map(async (family) => [
        family,
        await this.pack(family).then(infoOf, () => null),
      ])
      return this.info(await this.backend(), Object.fromEntries(await Promise.all(builtIn)) as BuiltIn)
    })
    this.started = started.catch(() => undefined)
    return started
  }

  /** Exactly one of done, cancelled, failed is the last event. */
  fuse(job: FuseJob, emit: Emit<FuseEvent>): Promise<void> {
    return this.job(job.id, emit, (stops) => this.runFuse(job, emit, stops))
  }

  /** The same for a job of another kind. */
  extra(job: ExtraJob, emit: Emit<ExtraEvent>): Promise<void> {
    return this.job(job.id, emit, (stops) => this.runExtra(job, emit, stops))
  }

  private async job(
    id: string,
    emit: Emit<JobEvent<never>>,
    work: (stops: Stops) => Promise<void>,
  ): Promise<void> {
    const stops = { stop: new AbortController(), now: new AbortController() }
    const { signal } = stops.stop
    const turn = async (): Promise<void> => {
      try {
        await work(stops)
      } catch (error) {
        // What is finished after a stop may fail like anything else.
        const cancelled = signal.aborted && isAbort(error)
        const problem = await this.afterFailure(error, cancelled)
        emit(cancelled ? { kind: 'cancelled' } : { kind: 'failed', problem })
      }
    }
    this.jobs.set(id, stops)
    emit({ kind: 'queued' })
    try {
      await this.inTurn(turn, signal)
    } catch {
      // It was cancelled before its turn.
      emit({ kind: 'cancelled' })
    } finally {
      this.jobs.delete(id)
    }
  }

  /** Stops a job; told so once more, it drops what it had finished by then, too. */
  cancel(jobId: string): void {
    const stops = this.jobs.get(jobId)
    if (stops?.stop.signal.aborted) stops.now.abort()
    stops?.stop.abort()
  }

  /** For tests of the recovery: destroys the GPU device under a running or coming job. */
  async loseDevice(): Promise<void> {
    const chosen = await this.device.current()
    chosen?.backend.loseDevice()
  }

  private async runFuse(
    { recipe, rasters, memoryBytes }: FuseJob,
    emit: Emit<FuseEvent>,
    stops: Stops,
  ): Promise<void> {
    const started = performance.now()
    const context = await this.context(memoryBytes)
    const { backend } = context
    backend.assertAlive()
    const run = { ...context, ...signalsOf(stops), onLoading: loading(emit), onProgress: paced(emit) }
    const { wasStopped, ...finished } = await modeOf(recipe).run(run, recipe, rasters)
    const { image, report, moves, ...stats } = finished
    // A lost device lets runs resolve without an error: its results must not be believed.
    backend.assertAlive()
    ;(wasStopped ? run.stopNow : run.signal).throwIfAborted()
    const seconds = { ...stats.seconds, total: secondsSince(started) }
    emit(
      {
        kind: 'done',
        image,
        report,
        stats: {
          ...stats,
          backend: backend.name,
          arithmetic: backend.arithmetic,
          seconds,
          ...backend.memory(),
        },
        ...(wasStopped ? { wasStopped } : {}),
      },
      [image.data.buffer, ...moves],
    )
  }

  private async runExtra<K extends ExtraKind>(
    { kind, recipe, rasters, memoryBytes }: ExtraJob<K>,
    emit: Emit<ExtraEvent<K>>,
    stops: Stops,
  ): Promise<void> {
    const started = performance.now()
    const context = await this.context(memoryBytes)
    const { backend } = context
    backend.assertAlive()
    const run = { ...context, ...signalsOf(stops), onLoading: loading(emit), onProgress: paced(emit) }
    const work: ExtraWork<K> = EXTRA_WORK[kind]
    await work(run, recipe, rasters, (item) => {
      backend.assertAlive()
      // It may be announced again, so it is copied.
      emit({ kind: 'item', item })
    })
    backend.assertAlive()
    run.signal.throwIfAborted()
    emit({ kind: 'done', seconds: secondsSince(started) })
  }

  /** What a mode works with. */
  private async context(memoryBytes = DEFAULT_BUDGET): Promise<EngineContext> {
    const { backend } = await this.backend()
    const { models, prompts, texts } = this
    return {
      backend,
      models,
      prompts,
      texts,
      speed: this.probes.get(backend.name) ?? null,
      memoryBytes,
      find: ({ hash }) => findInstalled(hash),
      builtIn: (family) => this.pack(family),
    }
  }

  /** How a recipe of imported models would run; waits for a start, but not for a running job. */
  async plan(recipe: Recipe, memoryBytes: number): Promise<MemoryPlan> {
    await this.started
    return modeOf(recipe).plan(await this.context(memoryBytes), recipe)
  }

  /** What is read of the prompt; waits for a start, but not for a running job. */
  async reading(recipe: Recipe): Promise<PromptReading> {
    await this.started
    return modeOf(recipe).reading(await this.context(), recipe)
  }

  /** Measures the device and the disk, after what is queued. */
  probe(): Promise<Probe> {
    return this.inTurn(async () => {
      const { backend, adapter } = await this.backend()
      const speed = { ...(await probeDevice(backend)), diskGBps: await probeDisk() }
      const typical = Object.values(ENGINE_MODES).flatMap((mode) => mode.typical(speed))
      const probe = { backend: backend.name, adapter, ...speed, typical }
      this.probes.set(backend.name, probe)
      return probe
    })
  }

  /** The manifest of a model that ships. */
  private async pack<F extends BuiltInFamily>(family: F): Promise<OpenPack<F>> {
    const { packUrls } = this.options ?? fail('internal', 'The engine was not started.', 'Reload the page.')
    const once: Once<OpenPack<F>> = this.packs[family]
    const url = packUrls[family]
    if (url === null)
      fail(
        'missing-asset',
        `${BUILT_IN_NAMES[family]} does not come with this studio.`,
        'Choose another model.',
      )
    return once.get(() => openPack(url, family))
  }

  private async backend(): Promise<ChosenBackend> {
    const options = this.options ?? fail('internal', 'The engine was not started.', 'Reload the page.')
    const { backend, runtimeUrl, arithmetic } = options
    return this.device.open(() => createBackend(backend, runtimeUrl, { memory: kernelChoices, arithmetic }))
  }

  private info({ backend, reason, adapter }: ChosenBackend, builtIn: BuiltIn): EngineInfo {
    return {
      backend: backend.name,
      arithmetic: backend.arithmetic,
      reason,
      adapter,
      probe: this.probes.get(backend.name) ?? null,
      builtIn,
      lacking: BUILT_IN.filter((family) => this.options?.packUrls[family] === null),
    }
  }

  /** A failed job may leave a broken device or half-loaded weights: the next job starts from nothing. */
  private async afterFailure(error: unknown, cancelled: boolean): Promise<Problem> {
    let problem = problemOf(error)
    let harmless = cancelled || (error instanceof InlayError && HARMLESS.has(problem.code))
    try {
      const chosen = await this.device.current()
      chosen?.backend.assertAlive()
    } catch (lost) {
      problem = problemOf(lost)
      harmless = false
    }
    if (!harmless) await this.stop()
    return problem
  }

  private async stop(): Promise<void> {
    for (const family of BUILT_IN) void this.packs[family].take()
    try {
      await releaseAll([() => this.models.close(), () => this.device.close()])
    } catch {
      // A lost device takes with it all that we would free.
    }
  }
}

/** What the page hears of a model that ships. */
function infoOf({ manifest, hash }: OpenPack<BuiltInFamily>): BuiltInInfo {
  const { name, licence, config } = manifest
  return {
    name,
    hash,
    size: 'size' in config ? config.size : null,
    words: 'words' in manifest ? manifest.words : [],
    licence,
  }
}

const secondsSince = (start: number): number => (performance.now() - start) / 1000

const loading =
  (emit: Emit<JobEvent<never>>) =>
  (loadedBytes: number, totalBytes: number): void =>
    emit({ kind: 'loading', loadedBytes, totalBytes })

/** Announces progress, steps with the seconds that are left. */
function paced<S>(emit: Emit<JobEvent<S>>): (progress: Progress<S>) => void {
  const pace = new Pace()
  return (progress) =>
    emit(progress.kind === 'step' ? { ...progress, secondsLeft: pace.step(progress) } : pace.rest(progress))
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
