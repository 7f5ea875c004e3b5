/** What the user takes away from Place: as a picture or with its layers. */
import type { TakenPicture } from '@/app/mode'
import type { Geometries } from '@/app/place/geometries'
import type { AppServices } from '@/app/services'
import { baseLayer, fuseTargets, topResult } from '@/document/layers'
import { placeRecipeOf } from '@/document/place/queries'
import { seedOf } from '@/document/queries'
import type { AssetRef } from '@/schema/common'
import type { FusionDocument } from '@/schema/document'
import { NO_MODEL } from '@/schema/modelRef'
import type { PlacedForeground, PlaceScene } from '@/schema/modes/place'
import type { StagedResult } from '@/ui/stores/run'
import type { Outcome } from '@/worker/protocol'

interface TakingOptions extends Pick<AppServices, 'document' | 'pixels' | 'toasts'> {
  geometries: Geometries
}

type Made = Pick<StagedResult, 'asset' | 'recipe'>
type Staged = StagedResult<'place'> | null

interface Taking {
  take(staged: Staged): Promise<TakenPicture | null>
  takeLayers(staged: Staged): Promise<TakenPicture | null>
}

export function createTaking({ document, pixels, toasts, geometries }: TakingOptions): Taking {
  const drawn = async (base: AssetRef, foregrounds: readonly PlacedForeground[], scene?: PlaceScene) => ({
    base,
    foregrounds,
    scene: scene ?? null,
    shapes: scene ? await geometries.settled(foregrounds) : [],
  })
  /** The document as it stands. */
  const standing = (base: AssetRef, doc: FusionDocument) => {
    const shown = fuseTargets(doc).length > 0 ? placeRecipeOf(doc, NO_MODEL) : null
    return drawn(base, shown?.foregrounds ?? [], shown?.scene)
  }
  const layersOf = async (made: Made | null, base: AssetRef, doc: FusionDocument) => {
    if (!made) return pixels.encodeLayers({ kind: 'drawn', recipe: null, ...(await standing(base, doc)) })
    const { asset, recipe } = made
    if (recipe.mode !== 'place') return pixels.encodeLayers({ kind: 'made', base, asset, recipe })
    const { background, foregrounds, scene } = recipe
    return pixels.encodeLayers(
      scene
        ? { kind: 'drawn', recipe, ...(await drawn(background, foregrounds, scene)) }
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
      }
    toasts.actions.problem(done.problem)
    return null
  }

  return {
    take: (staged) =>
      taken(staged, async (made, base, doc) =>
        made ? pixels.encodeResult(made.asset, made.recipe) : pixels.flatten(await standing(base, doc)),
      ),
    takeLayers: (staged) => taken(staged, layersOf),
  }
}

/** The accepted result that is seen, where nothing is to be fused onto it. */
function acceptedOnTop(doc: FusionDocument): Made | null {
  if (fuseTargets(doc).length > 0) return null
  const result = doc.layers[topResult(doc)]
  return result?.kind === 'result' ? result : null
}
