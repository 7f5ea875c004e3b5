/** Keeps the canvas's preview of the built-in layers up with the document. */
import type { Geometries } from '@/app/place/geometries'
import type { Pixels } from '@/app/pixels/client'
import type { GroundPreview } from '@/app/pixels/ground'
import type { FrontPreview } from '@/app/pixels/masks'
import { opaqueDrawable, type Drawable } from '@/canvas/drawable'
import { litCutouts } from '@/document/place/files'
import { placeRecipeOf } from '@/document/place/queries'
import type { DocumentStore } from '@/document/store'
import { masksInUse, MINI_2, type PlacedForeground, type PlaceRecipe } from '@/schema/modes/place'
import type { ViewStore } from '@/ui/stores/view'

interface LightingOptions {
  document: DocumentStore
  view: ViewStore
  pixels: Pixels
  geometries: Geometries
}

/** With more cut-outs a draft would come too late for the hand that drags. */
const MOST_DRAFTED = 16

/**
 * One preview is drawn at a time; what changed meanwhile is drawn next. What no network has seen yet stands on its outline
 * until it has. While something is dragged previews are drafts, and drawn well once it is let go; of many cut-outs only that.
 */
export function keepLighting({ document, view, pixels, geometries }: LightingOptions): void {
  let drawn = { what: '', draft: false }
  let drawnFront = ''
  let busy = false

  const show = (preview: GroundPreview | null, foregrounds: readonly PlacedForeground[], ids: string[]) => {
    const { ground } = view.getState()
    view.setState({
      ground: preview && {
        darkening: opaqueDrawable(preview.darkening),
        reflection: opaqueDrawable(preview.reflection),
        objects: preview.objects.map(({ index, bitmap, rect }) => ({
          id: ids[index],
          placement: foregrounds[index],
          picture: opaqueDrawable(bitmap),
          rect,
        })),
      },
    })
    const old = ground
      ? [ground.darkening, ground.reflection, ...ground.objects.map((one) => one.picture)]
      : []
    for (const picture of old) close(picture)
  }

  const showFront = (preview: FrontPreview | null) => {
    const old = view.getState().front?.picture
    view.setState({ front: preview && { picture: opaqueDrawable(preview.image), rect: preview.rect } })
    if (old) close(old)
  }

  /** What is in front depends on less than the ground does, and is larger. */
  const followFront = async (recipe: PlaceRecipe | null, wanted: string) => {
    drawnFront = wanted
    const done = recipe && wanted ? await pixels.previewFront(recipe) : null
    showFront(done?.ok ? done.value : null)
  }

  const follow = async () => {
    if (busy) return
    busy = true
    try {
      for (;;) {
        const { document: doc, inGesture: draft } = document.getState()
        const cutouts = litCutouts(doc)
        if (draft && cutouts.length > MOST_DRAFTED) return
        const recipe = cutouts.length > 0 ? plain(placeRecipeOf(doc, MINI_2)) : null
        const shapes = recipe ? geometries.known(recipe.foregrounds) : []
        const what = JSON.stringify([recipe, shapes.map((shape) => shape !== null)])
        // A draft is no better than what is there, however it was drawn.
        if (what === drawn.what && (draft || !drawn.draft)) return
        drawn = { what, draft: draft && recipe !== null }
        const done = recipe && (await pixels.previewGround(recipe, shapes, draft))
        // A preview that cannot be drawn is none; the run itself will say what is wrong.
        show(
          done?.ok ? done.value : null,
          recipe?.foregrounds ?? [],
          cutouts.map(({ id }) => id),
        )
        const front = frontOf(recipe)
        if (front !== drawnFront) await followFront(recipe, front)
      }
    } finally {
      busy = false
    }
  }

  document.subscribe((state, last) => {
    if (state.document !== last.document || state.inGesture !== last.inGesture) void follow()
  })
  geometries.onKnown(() => void follow())
  void follow()
}

/** The canvas mixes the objects itself: how they are mixed is no reason to draw them anew. */
const plain = (recipe: PlaceRecipe): PlaceRecipe => ({
  ...recipe,
  foregrounds: recipe.foregrounds.map(({ opacity: _opacity, blend: _blend, ...placed }) => placed),
})

/** All that the picture of what is in front is drawn from; empty where nothing is. */
function frontOf(recipe: PlaceRecipe | null): string {
  const { front } = masksInUse(recipe?.scene)
  return recipe && front ? `${recipe.background.hash} ${front.hash}` : ''
}

/** Frees the pixels of a preview. */
function close({ levels }: Drawable): void {
  for (const level of levels) if (level instanceof ImageBitmap) level.close()
}
