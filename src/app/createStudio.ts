import { createCutouts } from '@/app/cutouts'
import { createEngineClient, type EngineClient } from '@/app/engine'
import { createFusing, randomSeed } from '@/app/fusing'
import { createImporting } from '@/app/importing'
import { createLibrary } from '@/app/library'
import type { Parameters } from '@/app/parameters'
import { pickFiles } from '@/app/pickFiles'
import { openPixels } from '@/app/pixels/client'
import { createResults } from '@/app/results'
import { loadSamples } from '@/app/samples'
import { recallView, rememberView } from '@/app/viewMemory'
import { problemOf, type Problem } from '@/base/errors'
import { replaceDocument, setSetting } from '@/document/commands'
import { assetsOf } from '@/document/queries'
import { createDocumentStore } from '@/document/store'
import { emptyDocument } from '@/schema/document'
import { claim, createAutosave, openLatest } from '@/storage/documents'
import { createDialogStore, type PictureRole } from '@/ui/stores/dialogs'
import { createRunStore } from '@/ui/stores/run'
import { createShelfStore } from '@/ui/stores/shelf'
import { createToastStore } from '@/ui/stores/toasts'
import { createViewStore } from '@/ui/stores/view'
import type { Studio } from '@/ui/studio'

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
  const importing = createImporting({ document, view, dialogs, toasts, shelf, pixels, library })
  const results = createResults({ document, view, run, shelf, toasts, pixels, library, importing })
  const engine = createEngineClient((problem, told) => {
    if (!told) toasts.actions.problem(problem)
    void fusing.startEngine()
  })
  const fusing = createFusing({
    document,
    run,
    toasts,
    pixels,
    library,
    engine,
    parameters,
    onResult: (done) => results.onResult(done),
  })

  const loadPictures = () => {
    const { document: doc } = document.getState()
    const shown = [...(doc.background ? [doc.background] : []), ...doc.layers.map((layer) => layer.asset)]
    library.load(shown, (_asset, problem: Problem) => toasts.actions.problem(problem))
    const staged = run.getState().staged?.asset.hash
    library.retain(new Set([...assetsOf(doc).map(({ hash }) => hash), ...(staged ? [staged] : [])]))
  }
  document.subscribe((state, last) => {
    if (state.document === last.document) return
    loadPictures()
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
    const sure =
      document.getState().document.background === null ||
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
    cutouts: createCutouts(pixels, library),
    canvas: { cancelGesture: () => false },
    actions: {
      openBackground: () => open('background'),
      addForegrounds: () => open('foreground'),
      importFiles: (files, role) => whenFree(() => importing.importFiles(files, role)),
      loadSample: (sample) => whenFree(() => importing.loadSample(sample)),
      newDocument: () => void newDocument(),
      cutOut: (layerId) => importing.cutOut(layerId),
      fuse: () => fusing.fuse(),
      stop: () => fusing.stop(),
      accept: () => results.accept(),
      discard: () => results.discard(),
      async anotherSeed() {
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
    },
  }

  void fusing.startEngine()
  void results.load()
  void loadSamples(window.document.baseURI).then((samples) => shelf.setState({ samples }))
  return { studio, engine }
}
