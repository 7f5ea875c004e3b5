import { createAlign } from '@/app/align'
import { createCutouts } from '@/app/cutouts'
import { createEngineClient, type EngineClient } from '@/app/engine'
import { createFusing, randomSeed, type FinishedRun } from '@/app/fusing'
import { createImporting } from '@/app/importing'
import { createLibrary } from '@/app/library'
import { recallMemory, recallUnfinished } from '@/app/modelMemory'
import { createModelsClient } from '@/app/models'
import type { Parameters } from '@/app/parameters'
import { pickFiles } from '@/app/pickFiles'
import { openPixels } from '@/app/pixels/client'
import { keepPlan } from '@/app/planning'
import { createPreferences, recallAutomatic } from '@/app/preferences'
import { createReferences } from '@/app/references'
import { createResults } from '@/app/results'
import { createRunning } from '@/app/running'
import { loadSamples } from '@/app/samples'
import { recallView, rememberView } from '@/app/viewMemory'
import { createWeights } from '@/app/weights'
import { problemOf, type Problem } from '@/base/errors'
import { replaceDocument, setSetting } from '@/document/commands'
import { candidateAssets } from '@/document/alignQueries'
import { setMode } from '@/document/fluxCommands'
import { assetsOf, resultMark } from '@/document/queries'
import { createDocumentStore } from '@/document/store'
import { emptyDocument } from '@/schema/document'
import { claim, createAutosave, openLatest } from '@/storage/documents'
import { createAlignStore } from '@/ui/stores/align'
import { createDialogStore, type PictureRole } from '@/ui/stores/dialogs'
import { createModelsStore } from '@/ui/stores/models'
import { createPreferencesStore } from '@/ui/stores/preferences'
import { createRunStore } from '@/ui/stores/run'
import { createShelfStore } from '@/ui/stores/shelf'
import { createToastStore } from '@/ui/stores/toasts'
import { createViewStore } from '@/ui/stores/view'
import type { Studio } from '@/ui/studio'
import { isArchive, isWeightFile } from '@/ui/weightFiles'

export interface RunningStudio {
  studio: Studio
  engine: EngineClient
}

/** Opens the last document and wires stores, workers and storage together. */
export async function createStudio(parameters: Parameters): Promise<RunningStudio> {
  const toasts = createToastStore()
  const opened = await openLatest({ onBroken: (problem) => toasts.actions.problem(problem) }).catch(
    (error: unknown) => {
      // Storage may be forbidden (private windows); the studio works, without memory.
      toasts.actions.problem(problemOf(error))
      const document = emptyDocument(crypto.randomUUID())
      return { document, openElsewhere: false, restored: false, release: () => undefined }
    },
  )
  const initial = parameters.steps
    ? { ...opened.document, settings: { ...opened.document.settings, steps: parameters.steps } }
    : opened.document
  const recalled = recallView(opened.document.id)
  const document = createDocumentStore(initial)
  document.actions.select(recalled.selection)
  const view = createViewStore(recalled.view)
  const run = createRunStore()
  const dialogs = createDialogStore()
  const shelf = createShelfStore()
  const pixels = openPixels()
  const library = createLibrary(pixels, shelf)
  const models = createModelsStore(recallMemory(), recallUnfinished())
  const align = createAlignStore()
  const preferences = createPreferencesStore(recallAutomatic())
  const importing = createImporting({ document, view, dialogs, toasts, shelf, models, pixels, library })
  const references = createReferences({ document, toasts, pixels, library, importing })
  const results = createResults({ document, view, run, shelf, toasts, pixels, library, importing })
  const engine = createEngineClient((problem, told) => {
    if (!told) toasts.actions.problem(problem)
    void fusing.startEngine()
  })
  const running = createRunning({ run, toasts, restart: () => void fusing.startEngine() })
  const pairs = createPreferences({ preferences, run, toasts })
  /** Preference training hears of every aligned picture before it is shown. */
  const tellPairs = async ({ recipe, align: aligned }: FinishedRun, keep?: boolean) => {
    if (aligned && recipe.mode === 'align') await pairs.onAligned({ recipe, ...aligned }, keep)
  }
  const fusing = createFusing({
    document,
    run,
    models,
    toasts,
    pixels,
    library,
    engine,
    running,
    parameters,
    async onResult(done) {
      await tellPairs(done)
      await results.onResult(done)
    },
  })
  const aligning = createAlign({
    document,
    run,
    models,
    toasts,
    align,
    pixels,
    library,
    importing,
    engine,
    running,
    fusing,
    async onPair(done) {
      // Who has pairs made wants pairs.
      await tellPairs(done, true)
      await results.keep(done)
    },
  })

  const weights = createWeights({ models, client: createModelsClient(), engine, toasts })
  keepPlan({ document, models, run, engine })

  const loadPictures = () => {
    const { document: doc } = document.getState()
    const shown = [
      ...(doc.background ? [doc.background] : []),
      ...[...doc.layers, ...doc.references].map(({ asset }) => asset),
      ...candidateAssets(doc.align),
    ]
    library.load(shown, (_asset, problem: Problem) => toasts.actions.problem(problem))
    const staged = run.getState().staged?.asset.hash
    library.retain(new Set([...assetsOf(doc).map(({ hash }) => hash), ...(staged ? [staged] : [])]))
  }
  document.subscribe((state, last) => {
    if (state.document === last.document) return
    loadPictures()
    // Undo and redo may turn to another mode; a result of the one that is left goes back into the strip.
    const { staged } = run.getState()
    if (staged && staged.recipe.mode !== state.document.mode) results.discard()
    // Another pair: what lies there is an older one's target.
    const { base, reference } = state.document.align
    if (
      staged?.recipe.mode === 'align' &&
      (base !== last.document.align.base || reference !== last.document.align.reference)
    )
      results.discard()
    // The switch, undo and redo: whoever changes the choice, the engine follows.
    const { backend } = state.document.settings
    if (backend !== last.document.settings.backend && parameters.backend === null) void fusing.startEngine()
  })
  loadPictures()

  const autosave = createAutosave(document, {
    onStatus(status) {
      shelf.setState({ save: status.kind })
      if (status.kind === 'failed') toasts.actions.problem(status.problem)
    },
  })
  window.addEventListener('pagehide', () => {
    rememberView(document, view)
    void autosave.flush()
  })
  window.document.addEventListener('visibilitychange', () => {
    if (window.document.visibilityState !== 'hidden') return
    rememberView(document, view)
    void autosave.flush()
  })
  if (opened.openElsewhere)
    toasts.actions.note('Your last document is open in another tab; this tab starts a new one.')

  let release = opened.release
  const newDocument = async () => {
    const { background, references: listed, align: part } = document.getState().document
    const sure =
      (background === null && listed.length === 0 && part.candidates.length === 0) ||
      (await importing.ask<boolean>((answer) => ({ kind: 'confirm-new', answer })))
    if (!sure) return
    await autosave.flush()
    const fresh = emptyDocument(crypto.randomUUID())
    const { backend } = document.getState().document.settings
    release()
    release = (await claim(fresh.id)) ?? (() => undefined)
    results.discard()
    replaceDocument(document, {
      ...fresh,
      settings: { ...fresh.settings, backend, steps: parameters.steps ?? fresh.settings.steps },
    })
    view.actions.setPendingBox(null)
  }

  /** Pictures may not change under a run; a staged result is put back on the shelf. */
  const whenFree = async (work: () => Promise<void>): Promise<void> => {
    if (run.getState().run.kind === 'running') {
      toasts.actions.note('Wait for the run to finish, or stop it, before you add pictures.')
      return
    }
    results.discard()
    await work()
  }
  const modeNow = () => document.getState().document.mode
  const addReferences = (files: File[]) => importing.busy(() => references.add(files))
  const openModels = () => dialogs.setState({ dialog: { kind: 'models' } })

  /** Weights among dropped files go to the model manager, archives to the pairs, pictures where the mode wants them. */
  const importFiles = async (files: File[], role: PictureRole | 'auto') => {
    const dropped = files.filter(isWeightFile)
    const archives = files.filter(isArchive)
    const pictures = files.filter((file) => !isWeightFile(file) && !isArchive(file))
    if (dropped.length > 0) {
      openModels()
      void weights.inspect(dropped)
    }
    for (const archive of archives) await pairs.importArchive(archive)
    if (pictures.length === 0) return
    const mode = modeNow()
    if (mode === 'compose') await addReferences(pictures)
    else if (mode === 'align') await whenFree(() => aligning.addPictures(pictures))
    else await whenFree(() => importing.importFiles(pictures, role))
  }
  const open = (role: PictureRole) =>
    void whenFree(async () => importing.importFiles(await pickFiles(role === 'foreground'), role))

  const studio: Studio = {
    document,
    view,
    run,
    toasts,
    dialogs,
    shelf,
    drawables: library.drawables,
    onDrawable: (listener) => library.onDrawable(listener),
    models,
    weights,
    preferences,
    pairs,
    align: {
      ...aligning,
      store: align,
      choosePictures: () => void pickFiles(true).then((files) => whenFree(() => aligning.addPictures(files))),
      record: (id) => results.record(id),
    },
    cutouts: createCutouts(pixels, library),
    canvas: { cancelGesture: () => false },
    actions: {
      openBackground: () => open('background'),
      addForegrounds: () => open('foreground'),
      importFiles,
      loadSample: (sample) => whenFree(() => importing.loadSample(sample)),
      newDocument: () => void newDocument(),
      cutOut: (layerId) => importing.cutOut(layerId),
      fuse: () => fusing.fuse(),
      stop: () => fusing.stop(),
      accept: () => results.accept(),
      discard: () => results.discard(),
      async anotherSeed() {
        if (modeNow() === 'align') return aligning.anotherBase()
        setSetting(document, 'seed', randomSeed())
        results.discard()
        await fusing.fuse()
      },
      download: () => results.download(),
      stageResult: (id) => results.stage(id),
      downloadResult: (id) => results.downloadStored(id),
      restoreResult: (id) => results.restore(id),
      deleteResult: (id) => results.remove(id),
      setBackend(backend) {
        const same = document.getState().document.settings.backend === backend
        const forced = parameters.backend !== null
        parameters.backend = null
        setSetting(document, 'backend', backend)
        if (same && forced) void fusing.startEngine()
      },
      restartEngine: () => void fusing.startEngine(),
      rollSeed: () => setSetting(document, 'seed', randomSeed()),
      setMode(mode) {
        if (run.getState().run.kind !== 'running') setMode(document, mode)
      },
      addReferences: () => void pickFiles(true).then(addReferences),
      cutOutReference: (id) => references.cutOut(id),
      async referenceFromResult(id) {
        const result = shelf.getState().results.find((one) => one.id === id)
        if (result)
          await importing.busy(() => references.addResult(id, `Result, ${resultMark(result.recipe)}`))
      },
      acceptAs: (use) => results.acceptAs(use),
      exportMaps: () => results.exportMaps(),
      openModels,
    },
  }

  void fusing.startEngine()
  void results.load()
  void weights.load()
  void pairs.load()
  void loadSamples(window.document.baseURI).then((samples) => shelf.setState({ samples }))
  return { studio, engine }
}
