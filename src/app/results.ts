import type { Importing } from '@/app/importing'
import type { Library } from '@/app/library'
import type { Pixels } from '@/app/pixels/client'
import type { ListedResult } from '@/app/pixels/protocol'
import type { FinishedRun } from '@/app/fusing'
import { drawMapSheet } from '@/app/mapSheet'
import { acceptResult, addForeground } from '@/document/commands'
import { setMode, useAsPlaceBackground } from '@/document/fluxCommands'
import { baseLayer, findLayer, fuseTargets, placeRecipeOf, resultMark } from '@/document/queries'
import type { DocumentStore } from '@/document/store'
import type { ForegroundLayer, FusionDocument } from '@/schema/document'
import { seedOf, type Recipe } from '@/schema/recipe'
import type { RunStore } from '@/ui/stores/run'
import type { ShelfItem, ShelfStore } from '@/ui/stores/shelf'
import type { ToastStore } from '@/ui/stores/toasts'
import type { ViewStore } from '@/ui/stores/view'
import type { AlignRecord, ResponseMaps } from '@/worker/protocol'

interface ResultsOptions {
  document: DocumentStore
  view: ViewStore
  run: RunStore
  shelf: ShelfStore
  toasts: ToastStore
  pixels: Pixels
  library: Library
  importing: Importing
}

export interface Results {
  /** Reads the history once at the start. */
  load(): Promise<void>
  /** Keeps a finished picture and shows it. */
  onResult(done: FinishedRun): Promise<void>
  /** Keeps a finished picture; its id in the history, null where it could not be stored. */
  keep(done: FinishedRun): Promise<string | null>
  /** How an aligned picture of this session came about. */
  record(id: string): AlignRecord | null
  /** A fused picture becomes a layer; a composed or aligned one what fits the document: background or layer. */
  accept(): void
  acceptAs(use: 'background' | 'layer'): void
  exportMaps(): Promise<void>
  discard(): void
  download(): Promise<void>
  stage(id: string): Promise<void>
  downloadStored(id: string): Promise<void>
  restore(id: string): Promise<void>
  remove(id: string): Promise<void>
}

/** The staged result and the history of results. */
export function createResults(options: ResultsOptions): Results {
  const { document, view, run, shelf, toasts, pixels, library, importing } = options

  const item = ({ id, time, recipe, thumbnail }: ListedResult): ShelfItem => ({
    id,
    time,
    recipe,
    thumbnail: URL.createObjectURL(thumbnail),
  })
  const find = (id: string) => shelf.getState().results.find((one) => one.id === id)
  /** Response maps and records are not stored: they live as long as the page. */
  const maps = new Map<string, ResponseMaps>()
  const records = new Map<string, AlignRecord>()

  const discard = () => {
    run.setState({ staged: null })
    view.actions.setPeek(false)
  }

  const stage = async (id: string): Promise<void> => {
    const entry = find(id)
    const file = await pixels.resultFile(id)
    if (!entry || !file.ok) {
      if (!file.ok) toasts.actions.problem(file.problem)
      return
    }
    if (entry.recipe.mode !== 'place') {
      setMode(document, entry.recipe.mode)
      return show(entry, file.value)
    }
    setMode(document, 'place')
    // Nothing is open that could be lost: bring back what the result was made of.
    if (!document.getState().document.background) await importing.restoreRecipe(entry.recipe)
    const size = document.getState().document.background
    const same =
      size?.width === entry.recipe.background.width && size.height === entry.recipe.background.height
    if (!same) {
      toasts.actions.problem(
        {
          code: 'bad-recipe',
          message: 'This result was made on another background.',
          hint: 'Restore its recipe first; what is open now can be brought back with undo.',
        },
        { label: 'Restore recipe', run: () => void importing.restoreRecipe(entry.recipe) },
      )
      return
    }
    return show(entry, file.value)
  }

  const show = async (entry: ShelfItem, file: Blob): Promise<void> => {
    const done = await pixels.importFile(file, `Result, ${resultMark(entry.recipe)}`)
    if (!done.ok) return toasts.actions.problem(done.problem)
    library.add(done.value.picture)
    const { asset } = done.value.picture
    view.actions.setDivider(dividerFor(entry.recipe))
    const foregroundIds = madeOf(entry.recipe, document.getState().document)
    run.setState({
      staged: {
        asset,
        recipe: entry.recipe,
        foregroundIds,
        resultId: entry.id,
        stats: null,
        maps: maps.get(entry.id) ?? null,
        align: records.get(entry.id) ?? null,
      },
    })
  }

  const keep = async ({ asset, recipe, maps: response, align }: FinishedRun): Promise<string | null> => {
    const stored = await pixels.addResult(asset, recipe)
    if (!stored.ok) {
      toasts.actions.problem(stored.problem)
      return null
    }
    const { id } = stored.value
    shelf.setState(({ results }) => ({ results: [item(stored.value), ...results] }))
    if (response) maps.set(id, response)
    if (align) records.set(id, align.record)
    return id
  }

  const undo = { label: 'Undo', run: () => document.actions.undo() }

  const acceptAs = (use: 'background' | 'layer'): void => {
    const { staged } = run.getState()
    if (!staged) return
    importing.persist(staged.asset.hash)
    const made = staged.recipe.mode === 'align' ? 'Aligned' : 'Composed'
    const content = { ...staged.asset, name: `${made}, ${resultMark(staged.recipe)}` }
    if (use === 'background') {
      useAsPlaceBackground(document, content)
      view.actions.fit(content)
      toasts.actions.note('The picture is now the background of Place.', undo)
    } else {
      document.actions.begin('Add as layer')
      addForeground(document, content)
      setMode(document, 'place')
      document.actions.commit()
      toasts.actions.note('The picture is now a layer of Place. Cut it out to place its object alone.', undo)
    }
    discard()
  }

  return {
    discard,
    stage,
    acceptAs,
    async exportMaps() {
      const { staged } = run.getState()
      const picture = staged && library.drawables(staged.asset.hash)
      if (!staged?.maps || !picture || staged.recipe.mode !== 'compose') return
      const sheet = await drawMapSheet(picture, staged.maps, staged.recipe)
      save(sheet, fileName('response-maps', seedOf(staged.recipe)))
    },
    async load() {
      const done = await pixels.listResults()
      if (done.ok) shelf.setState({ results: done.value.map(item) })
      else toasts.actions.problem(done.problem)
    },

    keep,
    async onResult(done) {
      const { asset, recipe, foregroundIds, stats } = done
      const resultId = await keep(done)
      view.actions.setDivider(dividerFor(recipe))
      // Should somebody have turned away meanwhile, the result waits in the strip.
      if (document.getState().document.mode !== recipe.mode) return
      const align = done.align?.record ?? null
      run.setState({ staged: { asset, recipe, foregroundIds, resultId, stats, maps: done.maps, align } })
    },
    record: (id) => records.get(id) ?? null,

    accept() {
      const { staged } = run.getState()
      if (!staged) return
      if (staged.recipe.mode !== 'place')
        return acceptAs(document.getState().document.background ? 'layer' : 'background')
      importing.persist(staged.asset.hash)
      acceptResult(document, staged)
      discard()
      toasts.actions.note('The result is now a layer.', undo)
    },

    async download() {
      const { staged } = run.getState()
      const doc = document.getState().document
      if (doc.mode !== 'place') {
        if (!staged) return
        const done = await pixels.encodeResult(staged.asset, staged.recipe)
        if (!done.ok) return toasts.actions.problem(done.problem)
        return save(done.value, nameOf(staged.recipe))
      }
      const base = baseLayer(doc)
      if (!base) return
      const targets = fuseTargets(doc)
      const top = doc.layers.findLast((layer) => layer.kind === 'result' && layer.visible)
      const result = findLayer(doc, top?.id ?? null)
      const accepted = targets.length === 0 && result?.kind === 'result' ? result : null
      const picture = staged ?? accepted
      const done = picture
        ? await pixels.encodeResult(picture.asset, picture.recipe)
        : await pixels.flatten(
            base,
            targets.length > 0 ? placeRecipeOf(doc, { name: '', hash: '', parts: [] }) : null,
          )
      if (!done.ok) return toasts.actions.problem(done.problem)
      save(done.value, fileName(doc.background?.name ?? base.name, picture ? seedOf(picture.recipe) : null))
    },

    async downloadStored(id) {
      const file = await pixels.resultFile(id)
      const recipe = find(id)?.recipe
      if (!file.ok) return toasts.actions.problem(file.problem)
      save(file.value, recipe ? nameOf(recipe) : fileName('result', null))
    },

    async restore(id) {
      const entry = find(id)
      if (!entry) return
      discard()
      await importing.restoreRecipe(entry.recipe)
    },

    async remove(id) {
      const done = await pixels.removeResult(id)
      if (!done.ok) return toasts.actions.problem(done.problem)
      const entry = find(id)
      maps.delete(id)
      records.delete(id)
      if (entry) URL.revokeObjectURL(entry.thumbnail)
      shelf.setState(({ results }) => ({ results: results.filter((one) => one.id !== id) }))
      if (run.getState().staged?.resultId === id)
        run.setState(({ staged }) => ({ staged: staged ? { ...staged, resultId: null } : null }))
    },
  }
}

/** The foregrounds of a document that a recipe was made of, as far as they still stand where they stood. */
function madeOf(recipe: Recipe, doc: FusionDocument): string[] {
  if (recipe.mode !== 'place') return []
  const same = (layer: ForegroundLayer) =>
    recipe.foregrounds.some(
      ({ asset, box }) =>
        asset.hash === layer.asset.hash &&
        box.x === layer.box.x &&
        box.y === layer.box.y &&
        box.width === layer.box.width &&
        box.height === layer.box.height,
    )
  return doc.layers.filter((layer) => layer.kind === 'foreground' && same(layer)).map((layer) => layer.id)
}

/** In the middle, or through the object where that stands aside: both sides need something to compare. */
function dividerFor(recipe: Recipe): number {
  if (recipe.mode !== 'place') return 0.5
  const { background, foregrounds } = recipe
  const box = foregrounds.at(-1)?.box
  if (!box) return 0.5
  const middle = background.width / 2
  if (box.x < middle && middle < box.x + box.width) return 0.5
  return Math.min(0.9, Math.max(0.1, (box.x + box.width / 2) / background.width))
}

const STEMS = { compose: 'composed', align: 'aligned' } as const

/** What the file of a result is called. */
const nameOf = (recipe: Recipe): string =>
  fileName(recipe.mode === 'place' ? recipe.background.name : STEMS[recipe.mode], seedOf(recipe))

function fileName(background: string, seed: number | null): string {
  const stem = background
    .replace(/\.[a-z0-9]+$/i, '')
    .replace(/[^\p{L}\p{N}-]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  return `${stem || 'picture'}-inlay${seed === null ? '' : `-${seed}`}.png`
}

function save(file: Blob, name: string): void {
  const link = window.document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
