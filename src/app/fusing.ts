import type { EngineClient } from '@/app/engine'
import type { Library } from '@/app/library'
import type { Parameters } from '@/app/parameters'
import type { Pixels } from '@/app/pixels/client'
import { unreachable, type Problem } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import type { Drawable } from '@/canvas/drawable'
import type { ScenePreview } from '@/canvas/staging'
import { replaceDocument, setSetting } from '@/document/commands'
import { fuseTargets, readiness, recipeAssets, recipeOf } from '@/document/queries'
import type { DocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import type { ModelRef, Recipe } from '@/schema/recipe'
import type { ModelsStore } from '@/ui/stores/models'
import type { RunStore } from '@/ui/stores/run'
import type { ToastStore } from '@/ui/stores/toasts'
import type { EngineInfo, FuseEvent, FuseStats, Outcome, ResponseMaps, Stage } from '@/worker/protocol'

interface FusingOptions {
  document: DocumentStore
  run: RunStore
  models: ModelsStore
  toasts: ToastStore
  pixels: Pixels
  library: Library
  engine: EngineClient
  parameters: Parameters
  /** A finished picture: store it, then stage it. */
  onResult(done: {
    asset: AssetRef
    recipe: Recipe
    foregroundIds: string[]
    stats: FuseStats
    maps: ResponseMaps | null
  }): Promise<void>
}

export interface Fusing {
  startEngine(): Promise<void>
  fuse(): Promise<void>
  stop(): void
}

/** What a stage is called while it runs. */
const STAGES: Record<Stage, string> = {
  text: 'Reading the prompt',
  pictures: 'Reading the pictures',
  transformer: 'Loading the transformer',
  decode: 'Developing the picture',
}

/** "12 of 48 MB", "0.3 of 6.7 GB" */
function amounts(done: number, total: number): string {
  const [unit, name] = total >= 1e9 ? [1e9, 'GB'] : [1e6, 'MB']
  const one = (bytes: number) => (bytes / unit).toFixed(total < 10 * unit ? 1 : 0)
  return `${one(done)} of ${one(total)} ${name}`
}

/** Runs jobs on the engine and keeps the run store in step with what comes back. */
export function createFusing(options: FusingOptions): Fusing {
  const { document, run, models, toasts, pixels, library, engine, parameters, onResult } = options
  let starts = 0
  let starting: Promise<void> = Promise.resolve()

  const startEngine = (): Promise<void> => (starting = start())

  const start = async (): Promise<void> => {
    const attempt = ++starts
    const backend = parameters.backend ?? document.getState().document.settings.backend
    run.setState({ engine: { kind: 'starting' }, backendChoice: backend })
    const { modelUrl, runtimeUrl } = parameters
    const done = await engine.start({ backend, modelUrl, runtimeUrl })
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

  const idle = () => run.setState({ run: { kind: 'idle' }, previews: [] })

  const failed = (problem: Problem) => {
    idle()
    run.setState({ problem })
    toasts.actions.problem(problem, { label: 'Try again', run: () => void fuse() })
    if (problem.code === 'device-lost' || problem.code === 'out-of-memory') void startEngine()
  }

  const progress = (stage: string, fraction: number | null, secondsLeft: number | null = null) =>
    run.setState((state) =>
      state.run.kind === 'running' ? { run: { ...state.run, stage, fraction, secondsLeft } } : {},
    )

  const finish = async (
    { image, stats, maps }: Extract<FuseEvent, { kind: 'done' }>,
    recipe: Recipe,
    foregroundIds: string[],
  ) => {
    progress('Keeping the result', 1)
    const done = await pixels.importRaster(image, `Result, seed ${recipe.seed}`)
    if (!done.ok) return failed(done.problem)
    const { run: now } = run.getState()
    if (now.kind === 'running' && now.stopping) {
      idle()
      return toasts.actions.note('Stopped. Nothing was changed.')
    }
    library.add(done.value)
    await onResult({ asset: done.value.asset, recipe, foregroundIds, stats, maps })
    idle()
  }

  const handle = (event: FuseEvent, recipe: Recipe, foregroundIds: string[]): void => {
    switch (event.kind) {
      case 'queued':
        return progress('Waiting for the engine', null)
      case 'loading': {
        const { loadedBytes, totalBytes } = event
        const share = totalBytes > 0 ? loadedBytes / totalBytes : null
        return progress(`Loading the model, ${amounts(loadedBytes, totalBytes)}`, share)
      }
      case 'encoding': {
        const which = event.foregrounds > 1 ? ` ${event.foreground + 1} of ${event.foregrounds}` : ''
        return progress(`Reading the scene${which}`, null)
      }
      case 'step': {
        if (event.preview) showPreview(event.preview.rect, event.preview.image)
        return progress(
          `Fusing, step ${event.step} of ${event.steps}`,
          event.step / event.steps,
          event.secondsLeft,
        )
      }
      case 'stage':
        return progress(STAGES[event.stage], event.total > 0 ? event.done / event.total : null)
      case 'compositing':
        return progress('Applying at full resolution', null)
      case 'done':
        return void finish(event, recipe, foregroundIds)
      case 'cancelled':
        idle()
        return toasts.actions.note('Stopped. Nothing was changed.')
      case 'failed':
        return event.problem.code === 'cancelled' ? idle() : failed(event.problem)
      default:
        return unreachable(event)
    }
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

  const fuse = async (): Promise<void> => {
    // A retry may come while the engine is being started again.
    await starting
    const { engine: status, run: current } = run.getState()
    if (current.kind === 'running' || status.kind !== 'ready') return
    const { installed, memoryGB } = models.getState()
    if (!readiness(document.getState().document, installed).ready) return
    const { settings } = document.getState().document
    if (settings.randomSeed) setSetting(document, 'seed', randomSeed())
    const doc = document.getState().document
    const foregroundIds = doc.mode === 'place' ? fuseTargets(doc).map((layer) => layer.id) : []
    const recipe = recipeOf(doc, builtIn(status.info), installed)
    const jobId = crypto.randomUUID()
    run.setState({
      run: {
        kind: 'running',
        jobId,
        stage: 'Getting ready',
        fraction: null,
        secondsLeft: null,
        stopping: false,
      },
      previews: [],
      staged: null,
      problem: null,
    })
    const wanted = recipeAssets(recipe)
    const rasters: Raster[] = []
    for (const asset of wanted) {
      const read: Outcome<Raster> = await pixels.raster(asset)
      if (!read.ok) return failed(read.problem)
      rasters.push(read.value)
    }
    const now = run.getState().run
    if (now.kind !== 'running' || now.jobId !== jobId) return
    if (now.stopping) return idle()
    // The built-in model is small; only the others are planned.
    const memory = recipe.model.parts.length > 0 ? { memoryBytes: memoryGB * 1e9 } : {}
    engine.fuse({ id: jobId, ...withPixels(recipe, rasters), ...memory }, (event) => {
      const { run: latest } = run.getState()
      if (latest.kind === 'running' && latest.jobId === jobId) handle(event, recipe, foregroundIds)
    })
  }

  return {
    startEngine,
    fuse,
    stop() {
      const { run: current } = run.getState()
      if (current.kind !== 'running' || current.stopping) return
      run.setState({ run: { ...current, stopping: true, stage: 'Stopping' } })
      engine.cancel(current.jobId)
    },
  }
}

/** A job's recipe with its pixels, given in the order of `recipeAssets`. */
function withPixels(recipe: Recipe, rasters: Raster[]) {
  if (recipe.mode === 'compose') return { mode: recipe.mode, recipe, references: rasters }
  const [background, ...foregrounds] = rasters
  return { mode: recipe.mode, recipe, background, foregrounds }
}

/** The model that ships, as recipes refer to it. */
const builtIn = ({ model }: EngineInfo): ModelRef => ({ name: model.name, hash: model.hash, parts: [] })

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
