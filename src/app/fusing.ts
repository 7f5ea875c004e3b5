import type { EngineClient } from '@/app/engine'
import type { Library } from '@/app/library'
import type { Parameters } from '@/app/parameters'
import type { Pixels } from '@/app/pixels/client'
import type { Running } from '@/app/running'
import { unreachable } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import type { Drawable } from '@/canvas/drawable'
import type { ScenePreview } from '@/canvas/staging'
import { replaceDocument, setSetting } from '@/document/commands'
import { engineOf } from '@/document/models'
import { fuseTargets, readiness, recipeAssets, recipeOf, resultMark } from '@/document/queries'
import type { DocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import type { FusionDocument } from '@/schema/document'
import type { ModelRef, Recipe } from '@/schema/recipe'
import type { ModelsStore } from '@/ui/stores/models'
import type { RunStore } from '@/ui/stores/run'
import type { ToastStore } from '@/ui/stores/toasts'
import type {
  AlignRecord,
  EngineInfo,
  FuseEvent,
  FuseJob,
  FuseStats,
  Outcome,
  ResponseMaps,
} from '@/worker/protocol'

/** A finished picture and what is known of it. */
export interface FinishedRun {
  asset: AssetRef
  recipe: Recipe
  foregroundIds: string[]
  stats: FuseStats
  maps: ResponseMaps | null
  /** Of Align alone: how it came about, and the target's pixels once more. */
  align: { record: AlignRecord; target: Raster } | null
}

/** What a run is called while it runs and when it has been stopped, and how to try again. */
interface RunWords {
  verb: string
  stopped: string
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
  /** A finished picture: store it, then stage it. */
  onResult(done: FinishedRun): Promise<void>
}

export interface Fusing {
  startEngine(): Promise<void>
  fuse(): Promise<void>
  /** Runs one recipe as a job that `running` shows. Null when it was stopped, or failed and that has been told. */
  runRecipe(jobId: string, recipe: Recipe, words: RunWords): Promise<FinishedRun | null>
  stop(): void
}

/** Runs jobs that end in one picture. */
export function createFusing(options: FusingOptions): Fusing {
  const { document, run, models, toasts, pixels, library, engine, running, parameters, onResult } = options
  let starts = 0
  let starting: Promise<void> = Promise.resolve()

  const startEngine = (): Promise<void> => (starting = start())

  const start = async (): Promise<void> => {
    const attempt = ++starts
    const backend = parameters.backend ?? document.getState().document.settings.backend
    run.setState({ engine: { kind: 'starting' }, backendChoice: backend })
    const { modelUrl, painterUrl, runtimeUrl } = parameters
    const done = await engine.start({ backend, modelUrl, painterUrl, runtimeUrl })
    if (attempt !== starts) return
    run.setState({
      engine: done.ok ? { kind: 'ready', info: done.value } : { kind: 'failed', problem: done.problem },
    })
    if (done.ok) takeDefaults(done.value.model.defaultSteps)
  }

  /** A document in which nothing has been done yet starts with the model's own number of steps. */
  const takeDefaults = (steps: number) => {
    const { document: doc, canUndo, canRedo } = document.getState()
    const untouched = doc.background === null && doc.layers.length === 0 && !canUndo && !canRedo
    if (untouched && parameters.steps === null && doc.settings.steps !== steps)
      replaceDocument(document, { ...doc, settings: { ...doc.settings, steps } })
  }

  const stopped = (words: RunWords) => {
    running.idle()
    toasts.actions.note(words.stopped)
    return null
  }

  const watch = (event: FuseEvent) => {
    if (event.kind !== 'step') return
    if (event.preview) showPreview(event.preview.rect, event.preview.image)
    if (event.frame) run.setState({ frame: event.frame })
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

  const runRecipe: Fusing['runRecipe'] = async (jobId, recipe, words) => {
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
    const job = jobOf(jobId, recipe, rasters, models.getState().memoryGB)
    const last = await running.follow<FuseEvent>(
      jobId,
      words.verb,
      (onEvent) => engine.fuse(job, onEvent),
      watch,
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

  const finish = async (
    { image, stats, maps, align }: Extract<FuseEvent, { kind: 'done' }>,
    recipe: Recipe,
    words: RunWords,
  ): Promise<FinishedRun | null> => {
    running.progress('Keeping the result', 1)
    const aligned = align && { record: align, target: { ...image, data: image.data.slice() } }
    const done = await pixels.importRaster(image, `Result, ${resultMark(recipe)}`)
    if (!done.ok) {
      running.failed(done.problem, words.retry)
      return null
    }
    if (running.isStopping()) return stopped(words)
    library.add(done.value)
    return { asset: done.value.asset, recipe, foregroundIds: [], stats, maps, align: aligned }
  }

  const fuse = async (): Promise<void> => {
    // A retry may come while the engine is being started again.
    await starting
    const { engine: status, run: current } = run.getState()
    if (current.kind === 'running' || status.kind !== 'ready') return
    const { installed } = models.getState()
    if (!readiness(document.getState().document, installed).ready) return
    const { settings, mode } = document.getState().document
    if (settings.randomSeed && mode !== 'align') setSetting(document, 'seed', randomSeed())
    const doc = document.getState().document
    const foregroundIds = doc.mode === 'place' ? fuseTargets(doc).map((layer) => layer.id) : []
    const recipe = recipeOf(doc, builtInOf(doc, status.info), installed)
    const done = await runRecipe(running.begin('fuse'), recipe, {
      verb: 'Fusing',
      stopped: 'Stopped. Nothing was changed.',
      retry: () => void fuse(),
    })
    if (!done) return
    await onResult({ ...done, foregroundIds })
    running.idle()
  }

  return {
    startEngine,
    fuse,
    runRecipe,
    stop() {
      const { run: current } = run.getState()
      if (current.kind !== 'running' || current.stopping) return
      run.setState({ run: { ...current, stopping: true, stage: 'Stopping' } })
      engine.cancel(current.jobId)
    },
  }
}

/** A recipe as a job with its pixels, given in the order of `recipeAssets`. */
function jobOf(id: string, recipe: Recipe, rasters: Raster[], memoryGB: number): FuseJob {
  const memory = memoryOf(recipe.model, memoryGB)
  switch (recipe.mode) {
    case 'place': {
      const [background, ...foregrounds] = rasters
      return { mode: 'place', id, recipe, background, foregrounds, ...memory }
    }
    case 'compose':
      return { mode: 'compose', id, recipe, references: rasters, ...memory }
    case 'align':
      return { mode: 'align', id, recipe, pictures: rasters, ...memory }
    default:
      return unreachable(recipe)
  }
}

/** The built-in models are small; only the others are planned. */
export const memoryOf = ({ parts }: ModelRef, memoryGB: number): { memoryBytes?: number } =>
  parts.length > 0 ? { memoryBytes: memoryGB * 1e9 } : {}

/** The model that ships for the document's mode, as recipes refer to it. */
export function builtInOf(doc: FusionDocument, { model, painter }: EngineInfo): ModelRef {
  const { name, hash } = engineOf(doc) === 'painter' ? painter : model
  return { name, hash, parts: [] }
}

export const randomSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] % 1_000_000

/** A small opaque picture as something to draw, without waiting. */
function drawableOf(image: Raster): Drawable {
  const canvas = new OffscreenCanvas(image.width, image.height)
  canvas.getContext('2d')?.putImageData(new ImageData(image.data, image.width, image.height), 0, 0)
  const { width, height } = image
  return {
    image: canvas,
    proxyScale: 1,
    width,
    height,
    content: { x: 0, y: 0, width, height },
    opaqueAt: () => true,
  }
}
