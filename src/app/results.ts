import type { Importing } from '@/app/importing'
import type { Library } from '@/app/library'
import type { Pixels } from '@/app/pixels/client'
import { freePixels, type ListedResult } from '@/app/pixels/protocol'
import type { FinishedRun } from '@/app/finishedRun'
import type { AppMode, TakenPicture } from '@/app/mode'
import { pictureName, resultName } from '@/app/pictureName'
import { saveFile } from '@/app/saveFile'
import type { Problem } from '@/base/errors'
import { FORMAT_ENDINGS, type LossyFormat } from '@/base/pictureFormats'
import { modeOf } from '@/document/modes'
import { seedOf } from '@/document/queries'
import type { DocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import type { Mode } from '@/schema/modes'
import type { Recipe } from '@/schema/recipe'
import type { RunStore, StagedResult } from '@/ui/stores/run'
import type { ShelfItem, ShelfStore } from '@/ui/stores/shelf'
import type { ToastStore } from '@/ui/stores/toasts'
import type { ViewStore } from '@/ui/stores/view'
import type { Outcome, ReportOf } from '@/worker/protocol'
import { say } from '@/words/say'

interface ResultsOptions {
  document: DocumentStore
  view: ViewStore
  run: RunStore
  shelf: ShelfStore
  toasts: ToastStore
  pixels: Pixels
  library: Library
  importing: Importing
  /** The app's side of a document's mode, or of a recipe's. */
  appModeOf(one: { mode: Mode }): AppMode
  /** A result that was made is stored. */
  onMade(): void
}

export interface Results {
  /** Lists results that have just been stored, newer than all that are listed. */
  list(results: readonly ListedResult[]): void
  /** Reads the newest part of the history, then with every call the next older one. */
  load(): Promise<void>
  /** Keeps a finished picture, and shows it where it is still wanted by then. Its id, null where it could not be stored. */
  onResult(done: FinishedRun, isWanted: () => boolean): Promise<string | null>
  /** Keeps a finished picture in the history, without showing it. */
  keep(done: FinishedRun): Promise<void>
  /** Keeps the staged picture as one more result, as it was changed by hand. */
  keepStaged(): Promise<void>
  /**
   * Reads the picture of the newest stored result of such a recipe again; older ones are listed for it. Its pixels are the
   * caller's to forget. Null where there is none.
   */
  pictureOf(isMeant: (recipe: Recipe) => boolean): Promise<AssetRef | null>
  /** What its mode told of a picture of this session. */
  report(id: string): ReportOf<Mode> | null
  /** "Result, seed 7": what a stored picture is called where it is used as a picture. */
  nameOf(id: string): string
  /** The staged result becomes what its mode makes of it. */
  accept(): Promise<void>
  acceptAs(use: 'background' | 'layer'): void
  discard(): void
  download(): Promise<void>
  downloadLayers(): Promise<void>
  exportAs(format: LossyFormat, quality: number, signal: AbortSignal): Promise<boolean>
  /** Whether the picture can be had as PNG of 16 bits a channel. */
  canExportDeep(): Promise<boolean>
  exportDeep(signal: AbortSignal): Promise<boolean>
  stage(id: string): Promise<void>
  downloadStored(id: string): Promise<void>
  restore(id: string): Promise<void>
  /** Deletes a result for good, at once. */
  remove(id: string): Promise<void>
  /** Takes results from the lists whose files are gone, or about to go. */
  drop(ids: readonly string[]): void
}

/** Reports are large (Align's hold three runs); those of the latest results are kept. */
const REPORTS = 12

const ASIDE: Problem = {
  code: 'bad-recipe',
  message: 'Some results could not be read.',
  hint: 'They were set aside, not deleted: the list of documents has them, for you to download.',
}

/** The staged result and the history of results. */
export function createResults(options: ResultsOptions): Results {
  const { document, view, run, shelf, toasts, pixels, library, importing, appModeOf } = options

  const item = ({ thumbnail, ...rest }: ListedResult): ShelfItem => ({
    ...rest,
    thumbnail: URL.createObjectURL(thumbnail),
  })
  /** Deleted ones can still be shown: whoever has one's id may ask for it until they are gone. */
  const find = (id: string): ShelfItem | undefined => {
    const { results, deleted } = shelf.getState()
    return [...results, ...deleted].find((one) => one.id === id)
  }
  /** What modes tell of their results is not stored: it lives as long as the page. */
  const reports = new Map<string, ReportOf<Mode>>()
  const remember = (id: string, report: ReportOf<Mode>) => {
    reports.set(id, report)
    for (const old of [...reports.keys()].slice(0, -REPORTS)) reports.delete(old)
  }
  let next: number | null = Infinity
  let writingLayers = false

  const discard = () => {
    run.setState({ staged: null })
    view.actions.setPeek(false)
  }

  const isLive = (hash: string): boolean => document.liveAssets().includes(hash)

  // However a picture leaves the canvas: the history has it, and what lies in memory, up to 160 MB, is given back.
  run.subscribe(({ staged }, { staged: last }) => {
    if (!last || last.asset.hash === staged?.asset.hash) return
    const { hash } = last.asset
    if (isLive(hash)) return
    void pixels.forget(hash)
    library.forget(hash)
  })

  /** Gives the pixels of a picture back that has just been made or read: the page works on without it. */
  const giveBack = (hash: string): void => {
    void pixels.forget(hash)
    if (!isLive(hash) && run.getState().staged?.asset.hash !== hash) library.forget(hash)
  }

  /** Shows a picture that has just been made or read. Should somebody have turned away, it waits in the strip. */
  const put = (staged: StagedResult, wanted = true): void => {
    const { hash } = staged.asset
    const shown = wanted && document.getState().document.mode === staged.recipe.mode
    // One that lies there or in the document already has its pixels kept for that.
    if (!shown || isLive(hash) || run.getState().staged?.asset.hash === hash) giveBack(hash)
    if (!shown) return
    view.actions.setDivider(appModeOf(staged.recipe).dividerFor(staged.recipe))
    run.setState({ staged })
  }

  const settle = async (): Promise<void> => {
    const { staged } = run.getState()
    if (staged) await appModeOf(staged.recipe).settle?.()
  }

  const stage = async (id: string): Promise<void> => {
    await settle()
    const entry = find(id)
    const file = await pixels.resultFile(id)
    if (!entry || !file.ok) {
      if (!file.ok) toasts.actions.problem(file.problem)
      return
    }
    if (await appModeOf(entry.recipe).makeRoom(entry.recipe)) return show(entry, file.value)
  }

  const show = async (entry: ShelfItem, file: Blob): Promise<void> => {
    const done = await pixels.importFile(file, resultName(entry.recipe))
    if (!done.ok) return toasts.actions.problem(done.problem)
    library.add(done.value.picture)
    const { asset } = done.value.picture
    put({
      asset,
      recipe: entry.recipe,
      foregroundIds: appModeOf(entry.recipe).madeOf(entry.recipe, document.getState().document),
      resultId: entry.id,
      stats: null,
      report: reports.get(entry.id) ?? null,
    })
  }

  const list = (newest: readonly ListedResult[]): void => {
    const isListed = ({ id }: ShelfItem): boolean => newest.some((one) => one.id === id)
    // A project that is opened brings back what was deleted.
    for (const one of shelf.getState().deleted) if (isListed(one)) URL.revokeObjectURL(one.thumbnail)
    shelf.setState(({ results, deleted }) => ({
      // In another tab it may have been deleted, and listed here all along.
      results: [...newest.map(item), ...results.filter((one) => !isListed(one))],
      deleted: deleted.filter((one) => !isListed(one)),
    }))
  }

  /** Into the history; its id there, null where it could not be stored. */
  const store = async ({
    asset,
    recipe,
    report,
    documentId,
  }: Pick<StagedResult, 'asset' | 'recipe' | 'report'> & { documentId: string }): Promise<string | null> => {
    const stored = await pixels.addResult(asset, recipe, documentId)
    if (!stored.ok) {
      toasts.actions.problem(stored.problem)
      return null
    }
    const { id } = stored.value
    list([stored.value])
    options.onMade()
    if (report) remember(id, report)
    return id
  }

  const load = async (): Promise<void> => {
    if (next === null) return
    const done = await pixels.listResults(next)
    if (!done.ok) return toasts.actions.problem(done.problem)
    const { results, broken } = done.value
    next = done.value.next
    const { results: shown, deleted } = shelf.getState()
    const known = new Set([...shown, ...deleted].map(({ id }) => id))
    const older = results.filter(({ id }) => !known.has(id)).map(item)
    shelf.setState((state) => ({ results: [...state.results, ...older], moreResults: next !== null }))
    if (broken > 0) toasts.actions.problem(ASIDE)
  }

  /** A result that is listed, or is found while older ones are. */
  const listed = async (isMeant: (recipe: Recipe) => boolean): Promise<ShelfItem | null> => {
    const find = () => shelf.getState().results.find(({ recipe }) => isMeant(recipe))
    for (let before: number | null = NaN; !find() && before !== next;) {
      before = next
      await load()
    }
    return find() ?? null
  }

  const drop = (ids: readonly string[]): void => {
    for (const id of ids) {
      const entry = find(id)
      reports.delete(id)
      if (entry) URL.revokeObjectURL(entry.thumbnail)
    }
    const isLeft = ({ id }: ShelfItem): boolean => !ids.includes(id)
    shelf.setState(({ results, deleted }) => ({
      results: results.filter(isLeft),
      deleted: deleted.filter(isLeft),
    }))
    const { staged } = run.getState()
    if (staged?.resultId && ids.includes(staged.resultId))
      run.setState({ staged: { ...staged, resultId: null } })
  }

  /** Saves what some encoder makes of the picture; false where there is none, it was stopped, or it failed, which is told. */
  const exported = async (
    ending: Parameters<typeof pictureName>[0],
    signal: AbortSignal,
    encode: (taken: TakenPicture, port: MessagePort) => Promise<Outcome<Blob>>,
  ): Promise<boolean> => {
    const taken = await appModeOf(document.getState().document).take(run.getState().staged)
    if (!taken || signal.aborted) return false
    const done = await encode(
      taken,
      pixels.progressPort(signal, () => undefined),
    )
    if (signal.aborted) return false
    if (done.ok) saveFile(done.value, pictureName(ending, taken.stem, taken.seed))
    else toasts.actions.problem(done.problem)
    return done.ok
  }

  return {
    discard,
    list,
    stage,
    load,
    drop,
    acceptAs(use) {
      const { staged } = run.getState()
      if (staged) appModeOf(staged.recipe).acceptAs?.(staged, use)
    },
    async keep(done) {
      await store(done)
      giveBack(done.asset.hash)
    },
    async onResult(done, isWanted) {
      const { asset, recipe, foregroundIds, stats, report } = done
      const resultId = await store(done)
      put({ asset, recipe, foregroundIds, resultId, stats, report }, isWanted())
      return resultId
    },
    async keepStaged() {
      const { staged } = run.getState()
      if (!staged) return
      const resultId = await store({ ...staged, documentId: document.getState().document.id })
      run.setState((now) =>
        now.staged?.asset.hash === staged.asset.hash ? { staged: { ...now.staged, resultId } } : {},
      )
    },
    async pictureOf(isMeant) {
      const entry = await listed(isMeant)
      if (!entry) return null
      const file = await pixels.resultFile(entry.id)
      if (!file.ok) return null
      const done = await pixels.importFile(file.value, resultName(entry.recipe))
      if (!done.ok) return null
      freePixels(done.value.picture)
      return done.value.picture.asset
    },
    report: (id) => reports.get(id) ?? null,

    nameOf(id) {
      const recipe = find(id)?.recipe
      return recipe ? resultName(recipe) : say('Result')
    },

    async accept() {
      await settle()
      const { staged } = run.getState()
      if (staged) appModeOf(staged.recipe).accept(staged)
    },

    async download() {
      const { staged } = run.getState()
      const taken = await appModeOf(document.getState().document).take(staged)
      if (taken) saveFile(taken.file, pictureName('png', taken.stem, taken.seed))
    },

    exportAs: (format, quality, signal) =>
      exported(FORMAT_ENDINGS[format], signal, ({ file }, port) =>
        pixels.encodeAs(file, format, quality, port),
      ),

    async canExportDeep() {
      const ground = appModeOf(document.getState().document).groundOf?.(run.getState().staged)
      const done = ground && (await pixels.hasDeep(ground))
      return done?.ok === true && done.value
    },

    exportDeep: (signal) =>
      exported('png', signal, ({ file, ground }, port) => pixels.encodeDeep(file, ground, port)),

    async downloadLayers() {
      const doc = document.getState().document
      const { takeLayers } = appModeOf(doc)
      if (!takeLayers || !doc.background || writingLayers) return
      writingLayers = true
      toasts.actions.note(say('Writing the Photoshop document …'))
      const taken = await takeLayers(run.getState().staged).finally(() => (writingLayers = false))
      if (taken) saveFile(taken.file, pictureName('psd', taken.stem, taken.seed))
    },

    async downloadStored(id) {
      const file = await pixels.resultFile(id)
      const recipe = find(id)?.recipe
      if (!file.ok) return toasts.actions.problem(file.problem)
      saveFile(
        file.value,
        recipe
          ? pictureName('png', modeOf(recipe).stemOf(recipe), seedOf(recipe))
          : pictureName('png', 'result'),
      )
    },

    async restore(id) {
      const entry = find(id)
      if (!entry) return
      await settle()
      discard()
      await importing.restoreRecipe(entry.recipe)
    },

    async remove(id) {
      const done = await pixels.removeResult(id)
      if (!done.ok) return toasts.actions.problem(done.problem)
      drop([id])
    },
  }
}
