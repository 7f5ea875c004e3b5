/** What the user takes away from Place: as a picture or with its layers. */
import type { TakenPicture } from '@/app/mode'
import type { Geometries } from '@/app/place/geometries'
import type { AppServices } from '@/app/services'
import type { DrawnPicture, PastedLayer } from '@/app/pixels/layered'
import type { Called } from '@/assets/layered'
import { lookOf } from '@/base/look'
import { mergedWith, mergeLayers, unmergeable } from '@/document/layerCommands'
import { baseLayer, seenAbove, topResult } from '@/document/layers'
import { acceptedOnTop, litCutouts, standsAs } from '@/document/place/files'
import { groundOf, placedForeground } from '@/document/place/queries'
import { seedOf } from '@/document/queries'
import type { AssetRef } from '@/schema/common'
import type { FusionDocument, Layer } from '@/schema/document'
import type { PlacedForeground, PlaceScene } from '@/schema/modes/place'
import type { StagedResult } from '@/ui/stores/run'
import type { Outcome } from '@/worker/protocol'
import { say, sayText } from '@/words/say'

interface TakingOptions extends Pick<
  AppServices,
  'document' | 'pixels' | 'toasts' | 'library' | 'importing'
> {
  geometries: Geometries
}

type Made = Pick<StagedResult, 'asset' | 'recipe'> & Partial<Called>
type Staged = StagedResult<'place'> | null

interface Taking {
  take(staged: Staged): Promise<TakenPicture | null>
  takeLayers(staged: Staged): Promise<TakenPicture | null>
  /** A layer and all that is seen below it become the background: one step. */
  merge(id: string): Promise<void>
}

export function createTaking(options: TakingOptions): Taking {
  const { document, pixels, toasts, library, importing, geometries } = options
  const lit = async (
    base: AssetRef,
    foregrounds: readonly PlacedForeground[],
    called: readonly Called[],
    scene: PlaceScene,
  ): Promise<DrawnPicture> => ({
    ...{ base, foregrounds, called, scene },
    shapes: await geometries.settled(foregrounds),
  })
  /** The document as it stands: in its light where the canvas shows that. */
  const standing = (picture: AssetRef, doc: FusionDocument): Promise<DrawnPicture> => {
    const result = doc.layers[topResult(doc)]
    const base = { ...picture, ...(result ? calledAs(result) : {}) }
    const cutouts = litCutouts(doc)
    if (cutouts.length > 0) return lit(base, cutouts.map(placedForeground), cutouts.map(calledAs), doc.scene)
    return Promise.resolve({ base, scene: null, layers: seenAbove(doc).map(pastedLayer) })
  }
  const layersOf = async (made: Made | null, base: AssetRef, doc: FusionDocument) => {
    if (!made) return pixels.encodeLayers({ kind: 'drawn', recipe: null, picture: await standing(base, doc) })
    const { asset, recipe, name = 'Result', locked } = made
    const whole = { kind: 'made' as const, asset, recipe, called: { name, locked } }
    if (recipe.mode !== 'place') return pixels.encodeLayers({ ...whole, base })
    const { background, foregrounds, scene } = recipe
    if (!scene) return pixels.encodeLayers({ ...whole, base: background })
    const picture = await lit(background, foregrounds, foregroundsCalled(foregrounds, doc), scene)
    return pixels.encodeLayers({ kind: 'drawn', recipe, picture })
  }

  /** @param encode gets what a model made, where that is all that is seen */
  const taken = async (
    staged: Staged,
    encode: (made: Made | null, base: AssetRef, doc: FusionDocument) => Promise<Outcome<Blob>>,
  ): Promise<TakenPicture | null> => {
    const doc = document.getState().document
    const base = baseLayer(doc)
    if (!base) return null
    const made = staged ?? acceptedOnTop(doc)
    const done = await encode(made, base, doc)
    if (done.ok)
      return {
        file: done.value,
        stem: doc.background?.name ?? base.name,
        seed: made && seedOf(made.recipe),
        ground: groundOf(doc, staged?.recipe),
      }
    toasts.actions.problem(done.problem)
    return null
  }

  let merging = false
  const merge = async (id: string): Promise<void> => {
    const doc = document.getState().document
    const ids = mergedWith(document, id).map((layer) => layer.id)
    const below = { ...doc, layers: doc.layers.slice(0, doc.layers.findIndex((one) => one.id === id) + 1) }
    const base = baseLayer(below)
    if (!base) return
    const name = doc.background?.name ?? base.name
    const done = await pixels.merge(await standing(base, below), name, groundOf(below))
    if (!done.ok) return toasts.actions.problem(done.problem)
    const { picture, beside } = done.value
    const { asset } = picture
    const left = beside.map((index) => seenAbove(below)[index].id)
    const merged = ids.filter((one) => !left.includes(one))
    library.add(picture)
    await importing.persist(asset.hash)
    const now = document.getState().document
    // What was changed meanwhile is not in it.
    const isSame = now.layers === doc.layers && now.background === doc.background
    if (isSame && merged.length > 0) return mergeLayers(document, merged, asset)
    if (!document.liveAssets().includes(asset.hash)) library.forget(asset.hash)
    if (isSame)
      return toasts.actions.note(say('Nothing of it lies on the picture, so there is nothing to merge.'))
    toasts.actions.note(say('The layers were changed meanwhile, so they are not merged. Merge them again.'))
  }

  return {
    async merge(id) {
      if (merging) return
      const problem = unmergeable(document, id)
      if (problem) return toasts.actions.note(sayText(problem))
      merging = true
      await merge(id).finally(() => (merging = false))
    },
    take: (staged) =>
      taken(staged, async (made, base, doc) =>
        made ? pixels.encodeResult(made.asset, made.recipe) : pixels.flatten(await standing(base, doc)),
      ),
    takeLayers: (staged) => taken(staged, layersOf),
  }
}

const calledAs = ({ name, locked = false }: Layer): Called => ({ name, locked })

/** What the document calls a recipe's foregrounds: as its layers that still stand there, each one's, else as their files. */
function foregroundsCalled(foregrounds: readonly PlacedForeground[], doc: FusionDocument): Called[] {
  const layers = [...doc.layers]
  return foregrounds.map((foreground) => {
    const at = layers.findIndex((layer) => standsAs(foreground, layer))
    return at < 0 ? { name: foreground.asset.name } : calledAs(layers.splice(at, 1)[0])
  })
}

const pastedLayer = (layer: Layer): PastedLayer =>
  layer.kind === 'foreground'
    ? { kind: 'cutout', ...calledAs(layer), ...placedForeground(layer) }
    : {
        ...{ kind: 'whole', ...calledAs(layer), asset: layer.asset },
        ...lookOf(layer),
        ...(layer.mask ? { mask: layer.mask } : {}),
      }
