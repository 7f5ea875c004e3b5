import type { Library } from '@/app/library'
import type { Pixels } from '@/app/pixels/client'
import type { PreparedPicture } from '@/app/pixels/protocol'
import type { Problem } from '@/base/errors'
import { fitInBox, type Rect } from '@/base/geometry'
import {
  addForeground,
  replaceAsset,
  setBackground,
  setPrompt,
  setStretch,
  setVisible,
} from '@/document/commands'
import { removeCandidate } from '@/document/alignCommands'
import { alignAssets } from '@/document/alignQueries'
import { defaultBox, findLayer, recipeAssets } from '@/document/queries'
import { applyRecipe } from '@/document/restore'
import type { DocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import type { ForegroundLayer } from '@/schema/document'
import type { Recipe } from '@/schema/recipe'
import { persistStorage } from '@/storage/quota'
import type { CutoutAnswer, DialogState, DialogStore, PictureRole } from '@/ui/stores/dialogs'
import type { ModelsStore } from '@/ui/stores/models'
import type { Sample, ShelfStore } from '@/ui/stores/shelf'
import type { ToastStore } from '@/ui/stores/toasts'
import type { ViewStore } from '@/ui/stores/view'

interface ImportingOptions {
  document: DocumentStore
  view: ViewStore
  dialogs: DialogStore
  toasts: ToastStore
  shelf: ShelfStore
  models: ModelsStore
  pixels: Pixels
  library: Library
}

export interface Importing {
  importFiles(files: File[], role: PictureRole | 'auto'): Promise<void>
  loadSample(sample: Sample): Promise<void>
  restoreRecipe(recipe: Recipe): Promise<void>
  cutOut(layerId: string): Promise<void>
  /**
   * Decodes a picture; one that carries its recipe asks whether to restore that. Null where nothing is left to use.
   */
  readPicture(file: File): Promise<PreparedPicture | null>
  askCutout(hash: string, name: string): Promise<CutoutAnswer>
  /** Stores a picture; it stays usable in this tab when that fails. */
  persist(hash: string): void
  /** Runs something while the studio says that it is opening pictures. */
  busy(work: () => Promise<void>): Promise<void>
  /** Opens a dialog that answers once; null when it is closed. */
  ask<T>(make: (answer: (value: T) => void) => DialogState): Promise<T>
}

const EMPTY: Problem = {
  code: 'empty-foreground',
  message: 'This picture is fully transparent.',
  hint: 'Choose a picture with something visible in it.',
}

/** From files, samples and recipes to backgrounds and foregrounds. */
export function createImporting(options: ImportingOptions): Importing {
  const { document, view, dialogs, toasts, shelf, models, pixels, library } = options

  const ask = <T>(make: (answer: (value: T) => void) => DialogState): Promise<T> =>
    new Promise((resolve) => {
      const answer = (value: T) => {
        dialogs.setState({ dialog: null })
        resolve(value)
      }
      dialogs.setState({ dialog: make(answer) })
    })

  /** Stores a picture in the background; it stays usable in this tab when that fails. */
  const persist = (hash: string) => {
    void pixels.persist(hash).then((done) => {
      if (!done.ok) toasts.actions.problem(done.problem, { label: 'Try again', run: () => persist(hash) })
    })
  }

  const useAsBackground = (picture: PreparedPicture) => {
    library.add(picture)
    persist(picture.asset.hash)
    void persistStorage()
    const { background, layers } = document.getState().document
    const first = background === null
    const nested = document.getState().inGesture
    if (!nested) document.actions.begin(first ? 'Set background' : 'Replace background')
    setBackground(document, picture.asset)
    // Accepted results show the old background; they stay in the list, hidden.
    for (const layer of layers)
      if (layer.kind === 'result' && layer.visible) setVisible(document, layer.id, false)
    if (!nested) document.actions.commit()
    if (first || view.getState().fitted) view.actions.fit(picture.asset)
  }

  /** The box for a new foreground: the drawn one, else a good place for its visible content. */
  const boxFor = (content: Rect): { box: Rect; drawn: boolean } => {
    const { pendingBox } = view.getState()
    const background = document.getState().document.background ?? { width: 1024, height: 1024 }
    if (pendingBox) return { box: pendingBox, drawn: true }
    const box = defaultBox(content, background)
    return { box: { ...box, x: Math.round(box.x), y: Math.round(box.y) }, drawn: false }
  }

  const useAsForeground = async (picture: PreparedPicture): Promise<void> => {
    if (!picture.content) {
      toasts.actions.problem({ ...EMPTY, detail: picture.asset.name })
      return
    }
    library.add(picture)
    let asset = picture.asset
    let content = picture.content
    if (picture.opaque) {
      const answer = await askCutout(asset.hash, asset.name)
      if (answer.kind !== 'keep') void pixels.forget(asset.hash)
      if (answer.kind === 'cancel') return
      if (answer.kind === 'cut') {
        asset = { ...asset, hash: answer.hash }
        content = library.drawables(answer.hash)?.content ?? content
      }
    }
    persist(asset.hash)
    const { box, drawn } = boxFor(content)
    document.actions.begin(`Add ${asset.name}`)
    const id = addForeground(document, asset, box)
    if (drawn && view.getState().stretchBoxes) setStretch(document, id, true)
    document.actions.commit()
    document.actions.select(id)
    view.actions.setPendingBox(null)
    view.actions.setTool('select')
  }

  const askCutout = (hash: string, name: string) =>
    ask<CutoutAnswer>((answer) => ({ kind: 'cutout', hash, name, answer }))

  const readPicture = async (file: File): Promise<PreparedPicture | null> => {
    const done = await pixels.importFile(file, file.name || 'Pasted picture')
    if (!done.ok) {
      toasts.actions.problem(done.problem)
      return null
    }
    const { picture, recipe, recipeProblem, notes } = done.value
    for (const note of notes) toasts.actions.note(note)
    if (recipeProblem) toasts.actions.problem(recipeProblem)
    if (recipe) {
      const missing = await missingFrom(recipe)
      const choice = await ask<'restore' | 'picture' | null>((answer) => ({
        kind: 'recipe',
        name: file.name,
        recipe,
        missing,
        answer,
      }))
      if (choice !== 'picture') {
        picture.bitmap.close()
        void pixels.forget(picture.asset.hash)
        if (choice === 'restore') await restoreRecipe(recipe)
        return null
      }
    }
    return picture
  }

  const importOne = async (file: File, role: PictureRole | 'auto'): Promise<void> => {
    const picture = await readPicture(file)
    if (!picture) return
    const asBackground =
      role === 'background' || (role === 'auto' && !document.getState().document.background)
    if (asBackground) useAsBackground(picture)
    else await useAsForeground(picture)
  }

  const missingFrom = async (recipe: Recipe): Promise<string[]> => {
    const checked = await Promise.all(
      recipeAssets(recipe).map(async (asset) => ({ asset, found: await pixels.has(asset.hash) })),
    )
    return checked.filter(({ found }) => !found.ok || !found.value).map(({ asset }) => asset.name)
  }

  const restoreRecipe = async (recipe: Recipe): Promise<void> => {
    const { installed } = models.getState()
    const isHere = async ({ asset }: { asset: AssetRef }) => {
      const found = await pixels.has(asset.hash)
      return found.ok && found.value
    }
    if (recipe.mode === 'align') {
      const starts = alignAssets(recipe)
      const here = await Promise.all(starts.map((asset) => isHere({ asset })))
      const lost = starts.filter((_, index) => !here[index])
      document.actions.begin('Restore recipe')
      applyRecipe(document, recipe, installed)
      for (const { id, start } of document.getState().document.align.candidates)
        if (start.kind === 'picture' && lost.some(({ hash }) => hash === start.asset.hash))
          removeCandidate(document, id)
      document.actions.commit()
      return tellRestored(lost.length)
    }
    if (recipe.mode === 'compose') {
      const here = await Promise.all(recipe.references.map(isHere))
      const references = recipe.references.filter((_, index) => here[index])
      applyRecipe(document, { ...recipe, references }, installed)
      return tellRestored(recipe.references.length - references.length)
    }
    const here = await Promise.all(recipe.foregrounds.map(isHere))
    const found = await pixels.has(recipe.background.hash)
    const whole = found.ok && found.value
    const current = document.getState().document.background
    document.actions.begin('Restore recipe')
    applyRecipe(
      document,
      { ...recipe, foregrounds: recipe.foregrounds.filter((_, index) => here[index]) },
      installed,
    )
    // Without its own background the rest is restored onto the one that is open, boxes moved in proportion.
    if (!whole) setBackground(document, current)
    document.actions.commit()
    const background = whole ? recipe.background : current
    if (background) view.actions.fit(background)
    tellRestored(here.filter((one) => !one).length + (whole ? 0 : 1))
  }

  const tellRestored = (lost: number) =>
    toasts.actions.note(
      lost === 0
        ? 'The recipe is restored.'
        : `The recipe is restored without ${lost} picture${lost > 1 ? 's' : ''} that this browser does not have.`,
    )

  const busy = async (work: () => Promise<void>): Promise<void> => {
    shelf.setState(({ importing }) => ({ importing: importing + 1 }))
    try {
      await work()
    } finally {
      shelf.setState(({ importing }) => ({ importing: importing - 1 }))
    }
  }

  const fetchFile = async (address: string, name: string): Promise<File> => {
    const response = await fetch(address)
    if (!response.ok) throw new Error(`${response.status} for ${name}`)
    return new File([await response.blob()], name)
  }

  return {
    ask,
    askCutout,
    busy,
    persist,
    readPicture,
    restoreRecipe,
    importFiles: (files, role) =>
      busy(async () => {
        for (const file of files) await importOne(file, role)
      }),

    loadSample: (sample) =>
      busy(async () => {
        const [back, front] = await Promise.all([
          fetchFile(sample.background, `${sample.title} – scene`),
          fetchFile(sample.foreground, objectOf(sample)),
        ]).catch((error: unknown) => {
          toasts.actions.problem({
            code: 'network',
            message: `The sample “${sample.title}” could not be loaded.`,
            hint: 'Check that the studio is still being served, then try again.',
            detail: String(error),
          })
          return [null, null]
        })
        if (!back || !front) return
        const scene = await pixels.importFile(back, back.name)
        const object = await pixels.importFile(front, front.name)
        for (const done of [scene, object]) if (!done.ok) toasts.actions.problem(done.problem)
        if (!scene.ok || !object.ok) return
        const [x, y, width, height] = sample.box
        document.actions.begin(`Open ${sample.title}`)
        useAsBackground(scene.value.picture)
        library.add(object.value.picture)
        persist(object.value.picture.asset.hash)
        const id = addForeground(document, object.value.picture.asset, { x, y, width, height })
        setPrompt(document, sample.prompt)
        document.actions.commit()
        document.actions.select(id)
        view.actions.fit(scene.value.picture.asset)
      }),

    async cutOut(layerId) {
      const layer = findLayer(document.getState().document, layerId)
      if (layer?.kind !== 'foreground') return
      const before = library.drawables(layer.asset.hash)?.content
      const answer = await askCutout(layer.asset.hash, layer.name)
      if (answer.kind !== 'cut') return
      persist(answer.hash)
      const after = library.drawables(answer.hash)?.content
      const asset = { ...layer.asset, hash: answer.hash }
      replaceAsset(document, layerId, asset, before && after ? keepPlace(layer, before, after) : undefined)
    },
  }
}

/** What a sample places, in the words of its prompt: "Red mug". */
function objectOf({ prompt, title }: Sample): string {
  const words = prompt.split(/ (?:on|in|under|from) /)[0].replace(/^an? /, '')
  return words ? words[0].toUpperCase() + words.slice(1) : title
}

/** Where the smaller content goes so that its pixels stay where they were; contents in asset px, boxes in background px. */
function keepPlace({ box, stretch, flipX }: ForegroundLayer, before: Rect, after: Rect): Rect {
  const placed = fitInBox(before, box, stretch)
  const left = after.x - before.x
  const right = before.x + before.width - (after.x + after.width)
  const scaleX = placed.width / before.width
  const scaleY = placed.height / before.height
  return {
    x: placed.x + (flipX ? right : left) * scaleX,
    y: placed.y + (after.y - before.y) * scaleY,
    width: after.width * scaleX,
    height: after.height * scaleY,
  }
}
