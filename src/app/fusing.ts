import type { EngineClient } from '@/engine/client'
import type { Library } from '@/app/library'
import type { FinishedRun } from '@/app/finishedRun'
import type { AppMode } from '@/app/mode'
import type { Parameters } from '@/app/parameters'
import type { Pixels } from '@/app/pixels/client'
import { freePixels } from '@/app/pixels/protocol'
import { resultName } from '@/app/pictureName'
import type { Running } from '@/app/running'
import { unreachable } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { opaqueDrawable, type Drawable } from '@/canvas/drawable'
import type { ScenePreview } from '@/canvas/staging'
import { builtInFamily } from '@/document/models'
import { recipeAssets } from '@/document/queries'
import type { DocumentStore } from '@/document/store'
import type { FusionDocument } from '@/schema/document'
import { NO_MODEL, type ModelRef } from '@/schema/modelRef'
import type { Mode, RecipeOf } from '@/schema/modes'
import type { ModelsStore } from '@/ui/stores/models'
import { isMaking, type RunStore } from '@/ui/stores/run'
import type { ToastStore } from '@/ui/stores/toasts'
import type { EngineInfo, FuseEvent, Outcome, ReportOf } from '@/worker/protocol'
import { say } from '@/words/say'

/** What a run is called while it runs (in English, as stages are) and when it has been stopped, whose its result is, and how to try again. */
interface RunWords {
  verb: string
  stopped: string
  documentId: string
  retry(): void
}

interface FusingOptions {
  document: DocumentStore
  run: RunStore
  models: ModelsStore
  toasts: ToastStore
  pixels: Pixels
  library: Library
  engine: EngineClient
  running: Running
  parameters: Parameters
  /** The app's side of a document's mode, or of a recipe's. */
  appModeOf(one: { mode: Mode }): AppMode
}

export interface Fusing {
  startEngine(): Promise<void>
  /** Ends when the engine has started, well or not. */
  ready(): Promise<void>
  /** Runs one recipe as a job that `running` shows. Null when it was stopped, or failed and that has been told. */
  runRecipe<M extends Mode>(
    jobId: string,
    recipe: RecipeOf<M>,
    words: RunWords,
  ): Promise<FinishedRun<M> | null>
  stop(): void
}

/** Runs jobs that end in one picture. */
export function createFusing(options: FusingOptions): Fusing {
  const { document, run, models, toasts, pixels, library, engine, running, parameters, appModeOf } = options
  let starts = 0
  let starting: Promise<void> = Promise.resolve()

  const startEngine = (): Promise<void> => (starting = start())

  const start = async (): Promise<void> => {
    const attempt = ++starts
    const backend = parameters.backend ?? document.getState().document.settings.backend
    run.setState({ engine: { kind: 'starting' }, backendChoice: backend })
    const { packUrls, runtimeUrl } = parameters
    const { arithmetic } = run.getState()
    const done = await engine.start({ backend, arithmetic, packUrls, runtimeUrl })
    if (attempt !== starts) return
    const probe = done.ok ? done.value.probe : null
    models.setState({ probing: probe ? { kind: 'done', probe } : { kind: 'none' } })
    run.setState({
      engine: done.ok ? { kind: 'ready', info: done.value } : { kind: 'failed', problem: done.problem },
    })
  }

  const stopped = (words: RunWords) => {
    running.idle()
    toasts.actions.note(words.stopped)
    return null
  }

  const watch = (event: FuseEvent, mode: Mode) => {
    if (event.kind !== 'step' || !isMaking(run.getState())) return
    if (event.preview) showPreview(event.preview.rect, event.preview.image)
    if (event.detail) run.setState({ step: { mode, shown: event.detail } })
  }

  const showPreview = (rect: ScenePreview['rect'], image: Raster) => {
    const picture = drawableOf(image)
    run.setState(({ previews }) => ({
      previews: [
        ...previews.filter((one) => JSON.stringify(one.rect) !== JSON.stringify(rect)),
        { rect, picture },
      ],
    }))
  }

  const runRecipe = async <M extends Mode>(
    jobId: string,
    recipe: RecipeOf<M>,
    words: RunWords,
  ): Promise<FinishedRun<M> | null> => {
    const rasters: Raster[] = []
    for (const asset of recipeAssets(recipe)) {
      const read: Outcome<Raster> = await pixels.raster(asset)
      if (!read.ok) {
        running.failed(read.problem, words.retry)
        return null
      }
      rasters.push(read.value)
    }
    if (!running.isShown(jobId)) return null
    if (running.isStopping()) return stopped(words)
    const memory = memoryOf(recipe.model, models.getState().memoryGB)
    const last = await running.follow<FuseEvent>(
      jobId,
      words.verb,
      (onEvent) => engine.fuse({ id: jobId, recipe, rasters, ...memory }, onEvent),
      (event) => watch(event, recipe.mode),
    )
    if (!running.isShown(jobId)) return null
    switch (last.kind) {
      case 'cancelled':
        return stopped(words)
      case 'failed':
        running.failed(last.problem, words.retry)
        return null
      case 'done':
        return finish(last, recipe, words)
      default:
        return unreachable(last)
    }
  }

  const finish = async <M extends Mode>(
    { image, stats, report, wasStopped }: Extract<FuseEvent, { kind: 'done' }>,
    recipe: RecipeOf<M>,
    words: RunWords,
  ): Promise<FinishedRun<M> | null> => {
    running.progress('Keeping the result', 1)
    const kept = appModeOf(recipe).keepsPixels ? { ...image, data: image.data.slice() } : null
    const done = await pixels.importRaster(image, resultName(recipe))
    if (!done.ok) {
      running.failed(done.problem, words.retry)
      return null
    }
    // Several are kept as well when the stop comes after the last of them was made.
    const areKept = wasStopped || (report && 'others' in report && (report.others ?? []).length > 0)
    if (running.isDropped() || (running.isStopping() && !areKept)) {
      freePixels(done.value)
      void pixels.forget(done.value.asset.hash)
      return stopped(words)
    }
    if (running.isStopping()) toasts.actions.note(say('Stopped. The pictures that were finished are kept.'))
    library.add(done.value)
    return {
      asset: done.value.asset,
      recipe,
      documentId: words.documentId,
      foregroundIds: [],
      stats,
      // A job's report is that of its recipe's mode.
      report: report as ReportOf<M>,
      pixels: kept,
    }
  }

  return {
    startEngine,
    ready: () => starting,
    runRecipe,
    stop() {
      const { run: current } = run.getState()
      // Once more only while something is being finished all the same.
      if (current.kind !== 'running' || (current.stopping && !current.finishing)) return
      const dropped = current.stopping
      run.setState({ run: { ...current, stopping: true, finishing: false, dropped, stage: 'Stopping' } })
      engine.cancel(current.jobId)
    },
  }
}

/** The built-in models are small; only the others are planned. */
export const memoryOf = ({ parts }: ModelRef, memoryGB: number): { memoryBytes?: number } =>
  parts.length > 0 ? { memoryBytes: memoryGB * 1e9 } : {}

/** The model that ships for the document's mode, as recipes refer to it. */
export function builtInOf(doc: FusionDocument, { builtIn }: EngineInfo): ModelRef {
  const family = builtInFamily(doc)
  const model = family && builtIn[family]
  return model ? { name: model.name, hash: model.hash, parts: [] } : NO_MODEL
}

/** A small opaque picture as something to draw, without waiting. */
function drawableOf(image: Raster): Drawable {
  const canvas = new OffscreenCanvas(image.width, image.height)
  canvas.getContext('2d')?.putImageData(new ImageData(image.data, image.width, image.height), 0, 0)
  return opaqueDrawable(canvas)
}
