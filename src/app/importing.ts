import { createAsk, type Ask } from '@/app/asking'
import type { Library } from '@/app/library'
import { persistStorage } from '@/app/persist'
import type { Pixels } from '@/app/pixels/client'
import { freePixels, type PreparedPicture } from '@/app/pixels/protocol'
import { problemOf, type Problem } from '@/base/errors'
import { fitInBox, type Rect } from '@/base/geometry'
import { createQueue } from '@/base/queue'
import {
  addForeground,
  replaceAsset,
  setBackground,
  setPrompt,
  setStretch,
  setVisible,
} from '@/document/commands'
import { defaultBox, findLayer } from '@/document/layers'
import { modeOf } from '@/document/modes'
import { setLightSource, setScene } from '@/document/place/commands'
import { recipeAssets } from '@/document/queries'
import { applyRecipe, lostOf } from '@/document/restore'
import type { DocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import type { ForegroundLayer } from '@/schema/document'
import type { Recipe } from '@/schema/recipe'
import type { CutoutAnswer, DialogStore, PictureRole } from '@/ui/stores/dialogs'
import type { ModelsStore } from '@/ui/stores/models'
import type { Sample, ShelfStore } from '@/ui/stores/shelf'
import type { ToastStore } from '@/ui/stores/toasts'
import type { ViewStore } from '@/ui/stores/view'
import { say, sayText } from '@/words/say'

interface ImportingOptions {
  document: DocumentStore
  view: ViewStore
  dialogs: DialogStore
  toasts: ToastStore
  shelf: ShelfStore
  models: ModelsStore
  pixels: Pixels
  library: Library
  /** Makes ready for other pictures; false where a run forbids them, and the user has been told. */
  makeFree(): boolean
}

export interface Importing {
  importFiles(files: File[], role: PictureRole | 'auto'): Promise<void>
  loadSample(sample: Sample): Promise<void>
  restoreRecipe(recipe: Recipe): Promise<void>
  cutOut(layerId: string): Promise<void>
  removeDust(layerId: string): Promise<void>
  /**
   * Decodes a picture; one that carries its recipe asks whether to restore that. Null where nothing is left to use.
   */
  readPicture(file: File): Promise<PreparedPicture | null>
  askCutout(hash: string, name: string): Promise<CutoutAnswer>
  /** Stores a picture, before the document names it; it stays usable in this tab when that fails. Never throws. */
  persist(hash: string): Promise<void>
  /**
   * Opens pictures, one lot after the other, while the studio says so. What goes wrong is told, and never keeps the
   * next from being opened. Not to be called from within `work`.
   */
  busy(work: () => Promise<void>): Promise<void>
  ask: Ask
  makeFree(): boolean
}

const EMPTY: Problem = {
  code: 'empty-foreground',
  message: 'This picture is fully transparent.',
  hint: 'Choose a picture with something visible in it.',
}

/** From files, samples and recipes to backgrounds and foregrounds. */
export function createImporting(options: ImportingOptions): Importing {
  const { document, view, dialogs, toasts, shelf, models, pixels, library, makeFree } = options

  const ask = createAsk(dialogs)
  const inTurn = createQueue()

  const persist = async (hash: string): Promise<void> => {
    const done = await pixels.persist(hash)
    if (!done.ok)
      toasts.actions.problem(done.problem, { label: say('Try again'), run: () => void persist(hash) })
  }

  /** One undoable step; what fails leaves no trace and nothing open. */
  const step = (label: string, change: () => void): void => {
    document.actions.begin(label)
    try {
      change()
    } catch (error) {
      document.actions.cancel()
      throw error
    }
    document.actions.commit()
  }

  const putBackground = (picture: PreparedPicture): void => {
    library.add(picture)
    setBackground(document, picture.asset)
    // Accepted results show the old background; they stay in the list, hidden.
    for (const layer of document.getState().document.layers)
      if (layer.kind === 'result' && (layer.visible || layer.aside)) setVisible(document, layer.id, false)
  }

  const useAsBackground = (picture: PreparedPicture): void => {
    void persistStorage()
    const first = document.getState().document.background === null
    step(first ? 'Set background' : 'Replace background', () => putBackground(picture))
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
      drop(picture)
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
    await persist(asset.hash)
    const { box, drawn } = boxFor(content)
    step(`Add ${asset.name}`, () => {
      const id = addForeground(document, asset, box)
      if (drawn && view.getState().stretchBoxes) setStretch(document, id, true)
      document.actions.select(id)
    })
    view.actions.setPendingBox(null)
    view.actions.setTool('select')
  }

  const drop = (picture: PreparedPicture): void => {
    freePixels(picture)
    void pixels.forget(picture.asset.hash)
  }

  const askCutout = (hash: string, name: string) =>
    ask<CutoutAnswer>({ kind: 'cancel' }, (answer) => ({ kind: 'cutout', hash, name, answer }))

  const readPicture = async (file: File): Promise<PreparedPicture | null> => {
    const done = await pixels.importFile(file, file.name || say('Pasted picture'))
    if (!done.ok) {
      toasts.actions.problem(done.problem)
      return null
    }
    const { picture, recipe, recipeProblem, notes } = done.value
    for (const note of notes) toasts.actions.note(sayText(note))
    if (recipeProblem) toasts.actions.problem(recipeProblem)
    if (recipe) {
      const carried = await pixels.importCarried(file)
      const missing = (await missingFrom(recipe)).map(({ name }) => name)
      const choice = await ask<'restore' | 'picture' | null>(null, (answer) => ({
        kind: 'recipe',
        name: file.name,
        recipe,
        missing,
        answer,
      }))
      if (choice !== 'picture') {
        drop(picture)
        for (const hash of carried.ok ? carried.value : [])
          await (choice === 'restore' ? persist(hash) : pixels.forget(hash))
        if (choice === 'restore') await restoreRecipe(recipe)
        return null
      }
      for (const hash of carried.ok ? carried.value : []) void pixels.forget(hash)
    }
    return picture
  }

  const importOne = async (file: File, role: PictureRole | 'auto'): Promise<void> => {
    if (!makeFree()) return
    const picture = await readPicture(file)
    if (!picture) return
    const asBackground =
      role === 'background' || (role === 'auto' && !document.getState().document.background)
    if (asBackground) await persist(picture.asset.hash)
    // A run may have begun meanwhile.
    if (!makeFree()) return drop(picture)
    if (asBackground) useAsBackground(picture)
    else await useAsForeground(picture)
  }

  /** The pictures of a recipe that this browser does not have, as often as it names them. */
  const missingFrom = async (recipe: Recipe): Promise<AssetRef[]> => {
    const checked = await Promise.all(
      recipeAssets(recipe).map(async (asset) => ({ asset, found: await pixels.has(asset.hash) })),
    )
    return checked.filter(({ found }) => !found.ok || !found.value).map(({ asset }) => asset)
  }

  const restoreRecipe = async (recipe: Recipe): Promise<void> => {
    const lost = await missingFrom(recipe)
    const hashes = new Set(lost.map(({ hash }) => hash))
    applyRecipe(document, recipe, models.getState().installed, hashes)
    const { document: doc } = document.getState()
    if (modeOf(doc).onCanvas && doc.background) view.actions.fit(doc.background)
    tellRestored(lost.length, lostOf(recipe))
  }

  const tellRestored = (pictures: number, lost: string | null) => {
    const done =
      pictures === 0
        ? say('The recipe is restored.')
        : say(
            pictures === 1
              ? 'The recipe is restored without {n} picture that this browser does not have.'
              : 'The recipe is restored without {n} pictures that this browser does not have.',
            { n: pictures },
          )
    toasts.actions.note(lost === null ? done : `${done} ${sayText(lost)}`)
  }

  const busy = async (work: () => Promise<void>): Promise<void> => {
    shelf.setState(({ importing }) => ({ importing: importing + 1 }))
    try {
      await inTurn(work)
    } catch (error) {
      toasts.actions.problem(problemOf(error))
    } finally {
      shelf.setState(({ importing }) => ({ importing: importing - 1 }))
    }
  }

  const fetchFile = async (address: string, name: string): Promise<File> => {
    const response = await fetch(address)
    if (!response.ok) throw new Error(`${response.status} for ${name}`)
    return new File([await response.blob()], name)
  }

  /** All pictures of a sample, or none, and the user has been told. */
  const readSample = async (sample: Sample): Promise<PreparedPicture[] | null> => {
    const files = await Promise.all([
      fetchFile(sample.background, say('{title} – scene', { title: sayText(sample.title) })),
      ...sample.foregrounds.map(({ picture, name }) => fetchFile(picture, sayText(name))),
    ]).catch((error: unknown) => {
      toasts.actions.problem({
        code: 'network',
        message: `The sample “${sample.title}” could not be loaded.`,
        hint: 'Check that the studio is still being served, then try again.',
        detail: String(error),
      })
      return null
    })
    if (!files) return null
    const opened: PreparedPicture[] = []
    let whole = true
    for (const file of files) {
      const done = await pixels.importFile(file, file.name)
      if (done.ok) opened.push(done.value.picture)
      else {
        toasts.actions.problem(done.problem)
        whole = false
      }
    }
    if (whole) await Promise.all(opened.map(({ asset }) => persist(asset.hash)))
    if (whole && makeFree()) return opened
    for (const picture of opened) drop(picture)
    return null
  }

  const openSample = async (sample: Sample): Promise<void> => {
    if (!makeFree()) return
    const pictures = await readSample(sample)
    if (!pictures) return
    const [background, ...objects] = pictures
    void persistStorage()
    step(`Open ${sample.title}`, () => {
      putBackground(background)
      objects.forEach((object, index) => {
        library.add(object)
        const [x, y, width, height] = sample.foregrounds[index].box
        document.actions.select(addForeground(document, object.asset, { x, y, width, height }))
      })
      // A sample's prompt is empty; what was typed before would be words about another picture.
      setPrompt(document, '')
      const { scene } = sample
      if (scene) setScene(document, 'Set light', (draft) => Object.assign(draft, scene))
      else setLightSource(document, 'photo')
    })
    view.actions.fit(background.asset)
  }

  return {
    ask,
    askCutout,
    makeFree,
    busy,
    persist,
    readPicture,
    restoreRecipe,
    async importFiles(files, role) {
      // Each file is a lot of its own: one that fails does not take the others along.
      await Promise.all(files.map((file) => busy(() => importOne(file, role))))
    },

    loadSample: (sample) => busy(() => openSample(sample)),

    async cutOut(layerId) {
      const layer = findLayer(document.getState().document, layerId)
      if (layer?.kind !== 'foreground') return
      const before = library.drawables(layer.asset.hash)?.content
      const answer = await askCutout(layer.asset.hash, layer.name)
      if (answer.kind !== 'cut') return
      await persist(answer.hash)
      const after = library.drawables(answer.hash)?.content
      const asset = { ...layer.asset, hash: answer.hash }
      replaceAsset(document, layerId, asset, before && after ? keepPlace(layer, before, after) : undefined)
    },

    async removeDust(layerId) {
      const layer = findLayer(document.getState().document, layerId)
      if (layer?.kind !== 'foreground') return
      const done = await pixels.removeDust(layer.asset.hash)
      if (!done.ok) return toasts.actions.problem(done.problem)
      library.add(done.value)
      await persist(done.value.asset.hash)
      // What matters stays where it is: only what did not count is gone.
      replaceAsset(
        document,
        layerId,
        { ...layer.asset, hash: done.value.asset.hash },
        undefined,
        'Remove dust from',
      )
    },
  }
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
