/** What the user takes away from Place: as a picture or with its layers. */
import type { TakenPicture } from '@/app/mode'
import type { Geometries } from '@/app/place/geometries'
import type { AppServices } from '@/app/services'
import type { DrawnPicture, PastedLayer } from '@/app/pixels/layered'
import { lookOf } from '@/base/look'
import { mergedWith, mergeLayers, unmergeable } from '@/document/layerCommands'
import { baseLayer, fuseTargets, seenAbove, topResult } from '@/document/layers'
import { drawsLayers, groundOf, placedForeground } from '@/document/place/queries'
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

type Made = Pick<StagedResult, 'asset' | 'recipe'>
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
    scene: PlaceScene,
  ): Promise<DrawnPicture> => ({
    ...{ base, foregrounds, scene },
    shapes: await geometries.settled(foregrounds),
  })
  /** The document as it stands: in its light where the canvas shows that. */
  const standing = (base: AssetRef, doc: FusionDocument): Promise<DrawnPicture> => {
    const seen = seenAbove(doc)
    const cutouts = fuseTargets(doc)
    const { scene } = doc
    if (drawsLayers(doc) && cutouts.length > 0 && cutouts.length === seen.length)
      return lit(base, cutouts.map(placedForeground), scene)
    return Promise.resolve({ base, scene: null, layers: seen.map(pastedLayer) })
  }
  const layersOf = async (made: Made | null, base: AssetRef, doc: FusionDocument) => {
    if (!made) return pixels.encodeLayers({ kind: 'drawn', recipe: null, picture: await standing(base, doc) })
    const { asset, recipe } = made
    if (recipe.mode !== 'place') return pixels.encodeLayers({ kind: 'made', base, asset, recipe })
    const { background, foregrounds, scene } = recipe
    return pixels.encodeLayers(
      scene
        ? { kind: 'drawn', recipe, picture: await lit(background, foregrounds, scene) }
        : { kind: 'made', base: background, asset, recipe },
    )
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
    const { asset } = done.value
    library.add(done.value)
    await importing.persist(asset.hash)
    const now = document.getState().document
    // What was changed meanwhile is not in it.
    if (now.layers === doc.layers && now.background === doc.background)
      return mergeLayers(document, ids, asset)
    if (!document.liveAssets().includes(asset.hash)) library.forget(asset.hash)
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

const pastedLayer = (layer: Layer): PastedLayer =>
  layer.kind === 'foreground'
    ? { kind: 'cutout', ...placedForeground(layer) }
    : {
        kind: 'whole',
        asset: { ...layer.asset, name: layer.name },
        ...lookOf(layer),
        ...(layer.mask ? { mask: layer.mask } : {}),
      }

/** The accepted result that is seen, where nothing lies over it. */
function acceptedOnTop(doc: FusionDocument): Made | null {
  if (seenAbove(doc).length > 0) return null
  const result = doc.layers[topResult(doc)]
  return result?.kind === 'result' ? result : null
}
