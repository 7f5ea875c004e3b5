import { createCutouts } from '@/app/cutouts'
import { createDeletedResults } from '@/app/deletedResults'
import { createDocuments, recallOwn } from '@/app/documents'
import { createEngineClient, type EngineClient } from '@/engine/client'
import { createFusing } from '@/app/fusing'
import { createGallery } from '@/app/gallery'
import { createFuses } from '@/app/fuses'
import { watchEviction } from '@/app/eviction'
import { createImporting } from '@/app/importing'
import { watchInterruptions } from '@/app/interruptions'
import { createLibrary } from '@/app/library'
import { recallCutter, recallMemory, recallUnfinished } from '@/app/modelMemory'
import { takeLaunched } from '@/app/launched'
import { createModelsClient } from '@/app/models'
import { createModes, type Modes } from '@/app/modes'
import { createOffline } from '@/app/offline'
import type { Parameters } from '@/app/parameters'
import { pickFiles } from '@/app/pickFiles'
import { openPixels } from '@/app/pixels/client'
import { keepPlan } from '@/app/planning'
import { keepReading } from '@/app/reading'
import { keepPrompts, recallPrompts } from '@/app/promptMemory'
import { createProjects } from '@/app/projects'
import { createResults } from '@/app/results'
import { createRunning } from '@/app/running'
import { loadSamples } from '@/app/samples'
import { keepSwept } from '@/app/sweeping'
import { recallView, rememberView } from '@/app/viewMemory'
import { createWeights } from '@/app/weights'
import { recallArithmetic, rememberArithmetic } from '@/app/arithmeticMemory'
import { keepLanguage } from '@/app/speaking'
import { recallSettings, rememberSettings } from '@/app/settingsMemory'
import { keepAppearance } from '@/app/appearance'
import { problemOf, type Problem } from '@/base/errors'
import { newId } from '@/base/id'
import { randomSeed } from '@/base/seed'
import { setMode, setSetting } from '@/document/commands'
import { foremost } from '@/document/layers'
import { modeOf } from '@/document/modes'
import { assetsOf, shownAssets } from '@/document/queries'
import { createDocumentStore } from '@/document/store'
import { emptyDocument } from '@/schema/document'
import { openLatest } from '@/storage/documents'
import { enter } from '@/storage/sweep'
import { createDocumentsStore } from '@/ui/stores/documents'
import { createDialogStore, type PictureRole } from '@/ui/stores/dialogs'
import { createModelsStore } from '@/ui/stores/models'
import { createPromptsStore } from '@/ui/stores/prompts'
import { createQueueStore } from '@/ui/stores/queue'
import { createRunStore, isHeld } from '@/ui/stores/run'
import { createSettingsStore } from '@/ui/stores/settings'
import { createShelfStore } from '@/ui/stores/shelf'
import { createToastStore } from '@/ui/stores/toasts'
import { createTourStore } from '@/ui/stores/tour'
import { createViewStore } from '@/ui/stores/view'
import type { Studio } from '@/ui/studio'
import { isProjectFile, isWeightFile } from '@/ui/weightFiles'
import { say } from '@/words/say'

export interface RunningStudio {
  studio: Studio
  engine: EngineClient
  /** Saves what is not saved yet; says whether everything is. Never throws. */
  save(): Promise<boolean>
}

const ENGINE_LOST = 'It has been started again and your document is intact; press Fuse to try again.'

/** Opens the last document and wires stores, workers and storage together. */
export async function createStudio(parameters: Parameters): Promise<RunningStudio> {
  const settings = createSettingsStore(recallSettings())
  rememberSettings(settings)
  keepAppearance(settings)
  const toasts = createToastStore()
  await keepLanguage(settings, toasts)
  let forgetful = false
  const opened = await openLatest(recallOwn(), (problem) => toasts.actions.problem(problem)).catch(
    (error: unknown) => {
      // Storage may be forbidden (private windows); the studio works, without memory.
      forgetful = true
      toasts.actions.problem(problemOf(error))
      const document = emptyDocument(newId())
      return { document, elsewhere: null, restored: false, release: () => Promise.resolve() }
    },
  )
  const recalled = recallView(opened.document.id)
  const document = createDocumentStore(opened.document)
  document.actions.select(recalled.selection)
  const view = createViewStore(recalled.view)
  const run = createRunStore(recallArithmetic())
  const prompts = createPromptsStore(recallPrompts())
  const listPrompt = keepPrompts({ prompts, document, run })
  const tour = createTourStore()
  const dialogs = createDialogStore()
  const shelf = createShelfStore()
  // Where locks are forbidden no other tab can be waited for, and none clears up: the studio works all the same.
  const pixels = openPixels(enter().catch(() => undefined))
  const library = createLibrary(pixels, shelf)
  const models = createModelsStore(recallMemory(), recallUnfinished(), recallCutter())
  const appModeOf: Modes['of'] = (one) => modes.of(one)
  const importing = createImporting({
    ...{ document, view, dialogs, toasts, shelf, models, pixels, library },
    makeFree: () => makeFree(),
  })
  const results = createResults({
    ...{ document, view, run, shelf, toasts, pixels, library, importing },
    appModeOf,
    onMade: () => void gallery.onMade(),
  })
  const deleted = createDeletedResults({ shelf, toasts, pixels, results })
  const gallery = createGallery({ shelf, settings, toasts, dialogs, pixels, results, deleted })
  const engine = createEngineClient(ENGINE_LOST, (problem, told) => {
    if (!told) toasts.actions.problem(problem)
    void fusing.startEngine()
  })
  const running = createRunning({ run, toasts, restart: () => void fusing.startEngine() })
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
    appModeOf,
  })
  const queue = createQueueStore()
  const fuses = createFuses({
    onAsked: listPrompt,
    ...{ document, run, models, toasts, queue, running, fusing, results, appModeOf },
    onSeveral: (ids) => ({
      label: say('Side by side'),
      run: () => dialogs.setState({ dialog: { kind: 'gallery', beside: ids } }),
    }),
  })
  const modes = createModes({
    ...{ document, view, run, models, toasts, pixels, library },
    ...{ importing, engine, running, fusing, fuses, results, parameters },
    openPictures: (role) => openPictures(role),
  })

  const weights = createWeights({ models, client: createModelsClient(), engine, toasts })
  keepPlan({ document, models, run, engine })
  keepReading({ document, models, run, engine })

  const loadPictures = () => {
    const { document: doc } = document.getState()
    library.load(shownAssets(doc), (_asset, problem: Problem) => toasts.actions.problem(problem))
    const staged = run.getState().staged?.asset.hash
    library.retain(new Set([...assetsOf(doc).map(({ hash }) => hash), ...(staged ? [staged] : [])]))
  }
  const keepSharp = () => {
    const { document: doc, selection } = document.getState()
    library.prefer(foremost(doc, selection, run.getState().staged?.asset ?? null))
  }
  document.subscribe((state, last) => {
    keepSharp()
    if (state.document === last.document) return
    loadPictures()
    // Undo and redo may turn to another mode; a result of the one that is left goes back into the strip.
    const { staged } = run.getState()
    if (staged && staged.recipe.mode !== state.document.mode) results.discard()
    else if (staged && appModeOf(staged.recipe).leaves?.(staged.recipe, state.document, last.document))
      results.discard()
    followBackend()
  })
  // The switch, undo and redo, another document: whoever changes the choice, the engine follows, once nothing runs on it.
  const followBackend = (): void => {
    const { run: now, backendChoice } = run.getState()
    if (parameters.backend !== null || now.kind === 'running') return
    if (document.getState().document.settings.backend !== backendChoice) void fusing.startEngine()
  }
  run.subscribe((state, last) => {
    if (state.staged !== last.staged) keepSharp()
    if (state.run.kind !== last.run.kind) followBackend()
  })
  keepSharp()
  loadPictures()

  const documents = createDocuments({
    ...{ opened, document, view, run, shelf, dialogs, toasts, pixels, library },
    documents: createDocumentsStore(),
    ask: importing.ask,
    discard: () => results.discard(),
  })
  watchEviction({ document, toasts, pixels, autosave: documents.autosave })
  const projects = createProjects({
    ...{ document, toasts, pixels, importing, results },
    documents: documents.store,
    isFree: () => documents.isFree(),
    onTaken: () => void gallery.onTaken(),
    open: (id) => documents.open(id),
  })
  keepSwept({ document, run, shelf, pixels, queue })
  watchInterruptions({
    ...{ document, run, queue, shelf, models, toasts, pixels },
    busy: () => documents.store.getState().transfer !== null || modes.every.some((mode) => mode.busy?.()),
    fuse: () => void fuses.fuse(),
    again: () => modeNow().again?.(),
    openModels: () => openModels(),
  })
  const leave = () => {
    rememberView(document, view)
    void documents.autosave.flush()
  }
  window.addEventListener('pagehide', leave)
  window.addEventListener('pagehide', () => void deleted.settle())
  window.document.addEventListener('visibilitychange', leave)
  window.document.addEventListener('freeze', leave)

  /** Pictures may not change under a run that works on the document. */
  const isFree = (): boolean => {
    if (!isHeld(run.getState())) return true
    toasts.actions.note(say('Wait for the run to finish, or stop it, before you add pictures.'))
    return false
  }
  /** A staged result is put back on the shelf. */
  const makeFree = (): boolean => {
    const free = isFree()
    if (free) results.discard()
    return free
  }
  const modeNow = () => appModeOf(document.getState().document)
  const openModels = () => dialogs.setState({ dialog: { kind: 'models' } })

  /**
   * Weights among dropped files go to the model manager (or to who is cutting out), projects become documents, a mode's own
   * files go to it, pictures where the mode wants them.
   */
  const importFiles = async (files: File[], role: PictureRole | 'auto') => {
    const dropped = files.filter(isWeightFile)
    if (dropped.length > 0 && dialogs.getState().dialog?.kind === 'cutout') void weights.takeCutters(dropped)
    else if (dropped.length > 0) {
      openModels()
      void weights.inspect(dropped)
    }
    void projects.open(files.filter(isProjectFile))
    let pictures = files.filter((file) => !isWeightFile(file) && !isProjectFile(file))
    for (const { ownFiles } of modes.every) {
      if (!ownFiles) continue
      for (const file of pictures.filter(ownFiles.isOne)) await ownFiles.open(file)
      pictures = pictures.filter((file) => !ownFiles.isOne(file))
    }
    if (pictures.length > 0) await modeNow().addPictures(pictures, role)
  }
  const openPictures = (role: PictureRole) => {
    if (isFree()) void pickFiles(role === 'foreground').then((files) => importing.importFiles(files, role))
  }

  const base = new URL('./', window.document.baseURI).href
  const offline = createOffline({
    ...{ base, toasts, models },
    save: () => documents.autosave.flush(),
  })

  const studio: Studio = {
    limits: {
      insecure: !window.isSecureContext,
      singleThreaded: window.isSecureContext && !window.crossOriginIsolated,
      forgetful,
    },
    document,
    view,
    run,
    toasts,
    dialogs,
    settings,
    prompts,
    tour,
    shelf,
    drawables: library.drawables,
    onDrawable: (listener) => library.onDrawable(listener),
    models,
    queue: fuses.queue,
    weights,
    modes: modes.services,
    documents,
    projects,
    gallery,
    offline,
    cutouts: createCutouts({ pixels, library, engine, run, models }),
    canvas: { cancelGesture: () => false },
    actions: {
      openBackground: () => openPictures('background'),
      addForegrounds: () => openPictures('foreground'),
      importFiles,
      loadSample: (sample) => importing.loadSample(sample),
      cutOut: (layerId) => importing.cutOut(layerId),
      removeDust: (layerId) => importing.removeDust(layerId),
      fuse: () => fuses.fuse(),
      stop: () => fusing.stop(),
      accept: () => void results.accept(),
      discard: () => results.discard(),
      another: () => modeNow().another(),
      choosePictures: () => modeNow().choosePictures(),
      toggleOverlay: () => modeNow().toggleOverlay?.(),
      stepBack: () => modeNow().stepBack?.(),
      download: () => results.download(),
      downloadLayers: () => results.downloadLayers(),
      canExportDeep: () => results.canExportDeep(),
      async pictureMemory() {
        const held = await pixels.held()
        return { drawn: library.bytes(), worker: held.ok ? held.value : 0 }
      },
      exportDeep: (signal) => results.exportDeep(signal),
      exportAs: (format, quality, signal) => results.exportAs(format, quality, signal),
      stageResult: (id) => results.stage(id),
      downloadResult: (id) => results.downloadStored(id),
      restoreResult: (id) => results.restore(id),
      moreResults: () => results.load(),
      deleteResult: (id) => deleted.remove(id),
      removeResult: (id) => results.remove(id),
      setBackend(backend) {
        const same = document.getState().document.settings.backend === backend
        const forced = parameters.backend !== null
        parameters.backend = null
        setSetting(document, 'backend', backend)
        if (same && forced) void fusing.startEngine()
      },
      setArithmetic(arithmetic) {
        if (run.getState().arithmetic === arithmetic) return
        run.setState({ arithmetic })
        rememberArithmetic(arithmetic)
        void fusing.startEngine()
      },
      restartEngine: () => void fusing.startEngine(),
      rollSeed: () => setSetting(document, 'seed', randomSeed()),
      setMode(mode) {
        if (!isHeld(run.getState())) setMode(document, mode)
      },
      acceptAs: (use) => results.acceptAs(use),
      openModels,
      openGallery: () => dialogs.setState({ dialog: { kind: 'gallery' } }),
      openSettings: () => dialogs.setState({ dialog: { kind: 'settings' } }),
      openDocuments: () => dialogs.setState({ dialog: { kind: 'documents' } }),
      async startTour() {
        // It is about Place.
        if (!modeOf(document.getState().document).onCanvas) await documents.startNew('place')
        const { document: doc } = document.getState()
        if (!modeOf(doc).onCanvas) return
        tour.setState({ step: doc.background === null ? 0 : 1 })
        settings.setState({ toured: true })
      },
      openProjects: () => void pickFiles(true, '.inlay').then((files) => projects.open(files)),
    },
  }

  void fusing.startEngine()
  void results.load()
  void weights.load()
  for (const mode of modes.every) void mode.load?.()
  void loadSamples(window.document.baseURI).then((samples) => shelf.setState({ samples }))
  takeLaunched(
    base,
    (files) => void importFiles(files, 'auto'),
    (problem) => toasts.actions.problem(problem),
  )
  void offline.start()
  return {
    studio,
    engine,
    save: () => documents.autosave.flush(),
  }
}
